"""Databases, proxies and caches admit security groups, and no addresses."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.network.rules import INGRESS
from analysis.network.strays import Part
from analysis.network.targets import DATABASE_TYPES, targets_of
from analysis.reach.needs_hosts import ports_of
from policies.policy import Policy, Severity, Verdict
from policies.samples import merged, resource
from policies.shared.network import judged
from policies.shared.network_samples import EVERYWHERE, LATER_NAMED, inline_rule, later, ref, rule
from policies.shared.security_group_samples import VPC, cache, group_ids, inside, named
from policies.shared.security_groups import Entry, entries_of
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each database by the ingress rules of its security groups that hold its port."""
    for database in view.plan.of(*DATABASE_TYPES):
        faults, doubts = list[str](), list[str]()
        ports = ports_of(view.plan, database)
        for target in targets_of(view.network, database):
            doubts += [f"which security groups it has is not known: {text}" for text in target.group_doubts]
            for group in target.groups:
                entries, open_ = entries_of(view, group, INGRESS)
                doubts += open_
                for entry in entries:
                    wrong, unsure = _of(entry, group, ports)
                    faults += wrong
                    doubts += unsure
        yield judged(database, faults, doubts)


def _of(entry: Entry, group: Part, ports: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """What is wrong with a rule of a database's group, and what of it is not known."""
    holds = entry.holds_any(ports)
    if holds is False or entry.direction_doubt:
        return [], [f"{entry.place}: {entry.direction_doubt}"] if entry.direction_doubt else []
    ranges = [*map(str, entry.cidrs), *(f"the range of {part}" for part in entry.containers)]
    if not ranges:
        return [], [f"whether {entry.place} admits addresses is not known: {text}" for text in entry.cidr_doubts]
    message = f"{entry.place} of its security group {group} admits {' and '.join(ranges)} on {entry.service}"
    return ([message], []) if holds else ([], [f"{message}, and whether that holds its port is not known"])


POLICY = Policy(
    id="CKV2_LNET_202",
    title="Databases, proxies and caches admit security groups only, and no ranges of addresses",
    severity=Severity.HIGH,
    types=DATABASE_TYPES,
    why="A range of addresses admits whatever gets one of them, today and later: every function, instance and load "
    "balancer of its subnets. A security group admits only who carries it.",
    source="VPC guide, security group rules: referenced security groups; RDS guide, controlling access with security "
    "groups",
    fix="Name the security groups that connect, or a prefix list, in place of the addresses.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("callers", "by_group", "world", "vpc", "other_port", "unknown_range", "unknown_world"),
            inside("in_itself", inline_rule(6379, security_groups=group_ids("callers"))),
            inside("subnet", inline_rule(6379, cidr_blocks=["10.0.0.0/24"])),
            inside("all", inline_rule(0, protocol="-1", cidr_blocks=["10.0.0.0/24"])),
            later("range", "10.0.0.0/24"),
            later("group", ref("aws_security_group.by_group")),
            later("open", ref("aws_security_group.world")),
            rule(
                "ingress", "by_group", "by_group", 6379, referenced_security_group_id=ref("aws_security_group.callers")
            ),
            rule("ingress", "world", "world", 6379, cidr_ipv4=EVERYWHERE),
            rule("ingress", "vpc", "vpc", 6379, cidr_ipv4=ref("aws_vpc.main", "cidr_block")),
            rule("ingress", "other_port", "other_port", 22, cidr_ipv4="10.0.0.0/24"),
            rule("ingress", "unknown_range", "unknown_range", 6379, cidr_ipv4=LATER_NAMED.format("range")),
            cache("passes_by_group", "by_group"),
            cache("passes_by_group_in_itself", "in_itself"),
            cache("passes_with_addresses_on_another_port", "other_port"),
            cache("fails_with_every_address", "world"),
            cache("fails_with_addresses_of_vpc", "vpc"),
            cache("fails_with_addresses_of_subnet", "by_group", "subnet"),
            cache("fails_with_all_protocols", "all"),
            cache("unknown_then_fails_by_range", "unknown_range"),
            cache("unknown_then_passes_by_group", LATER_NAMED.format("group")),
            cache("unknown_then_fails_by_group", LATER_NAMED.format("open")),
        ),
        merged(
            VPC,
            named("callers", "old"),
            resource(
                "aws_security_group_rule",
                "old",
                type="ingress",
                security_group_id=ref("aws_security_group.old"),
                protocol="tcp",
                from_port=6379,
                to_port=6379,
                cidr_blocks=["10.0.0.0/16"],
            ),
            inside("own", inline_rule(6379, security_groups=group_ids("callers"))),
            cache("passes_by_group", "own"),
            cache("fails_with_an_old_rule", "old"),
        ),
    ),
)
