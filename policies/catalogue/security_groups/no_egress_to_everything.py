"""Security groups let out what is called, and not everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.network.lookups import GROUP
from analysis.network.rules import EGRESS
from analysis.network.strays import Part
from analysis.plan import Resource
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import cloud, merged, resource
from policies.shared.network import functions_in_vpc, groups_of, judged
from policies.shared.network_samples import EVERYWHERE, LATER_NAMED, inline_rule, later, ref, rule
from policies.shared.security_group_samples import VPC, caller, named
from policies.shared.security_groups import EGRESS_RULE, RULE, Entry, holders
from policies.view import View

_OF_AWS = "the default "


def judge(view: View) -> Iterator[Verdict]:
    """Each group and rule resource by what it lets out to everywhere, and to anything where functions carry it.

    A function itself is judged by groups that no resource of the plan is: a VPC's default one, which lets out
    everything, and groups outside the plan.
    """
    carried = set[Part]()
    for function in functions_in_vpc(view):
        groups, doubts = groups_of(view, function)
        carried.update(groups)
        own = [group for group in groups if isinstance(group, str) or group.mode == "data"]
        faults = [f"{group} lets all protocols out to every address" for group in own if _is_default(group)]
        outside = [
            f"what {group}, which is outside the plan, lets out is not known" for group in own if not _is_default(group)
        ]
        strays = [text for group in groups if (text := view.network.groups.doubt(group, EGRESS)) and group not in own]
        known = [f"this is not known: {text}" for text in strays]
        yield judged(function, faults, (*doubts, *outside, *known))
    for holder, entries, open_ in holders(view, EGRESS):
        faults, doubts = list[str](), open_
        for entry in entries:
            wrong, unsure = _of(entry, is_carried=_carries(view, holder, entry, carried))
            faults += wrong
            doubts = (*doubts, *unsure)
        yield judged(holder, faults, doubts)


def _is_default(group: Part) -> bool:
    return isinstance(group, str) and group.startswith(_OF_AWS)


def _carries(view: View, holder: Resource, entry: Entry, carried: set[Part]) -> bool:
    """Whether a rule is one of a group that a function carries."""
    if entry.path:
        return holder in carried
    return view.network.lookups.parts(holder, "security_group_id", GROUP).only in carried


def _of(entry: Entry, *, is_carried: bool) -> tuple[list[str], list[str]]:
    """What is wrong with an egress rule, and what of it is not known."""
    own = f"its {entry.path.removesuffix('.')} lets" if entry.path else "it lets"
    message = f"{own} {entry.service} out" + (f" to {entry.everywhere}" if entry.everywhere else "")
    is_wide = entry.is_every_port if entry.everywhere else (is_carried and entry.is_every_protocol)
    if is_wide:
        tail = "" if entry.everywhere else " of a function, which calls named ports only"
        return ([], [f"{message}, and {entry.direction_doubt}"]) if entry.direction_doubt else ([message + tail], [])
    if is_wide is None:
        return [], [f"{message}, and whether that is everything is not known"]
    if entry.is_every_port is not False and (entry.cidr_doubts or entry.list_doubts):
        reasons = (*entry.cidr_doubts, *entry.list_doubts)
        return [], [f"whether it lets everything out to every address is not known: {text}" for text in reasons]
    return [], []


def _out(name: str, *rules: dict[str, Any]) -> Sample:
    """A security group with egress rules in itself."""
    body = {"description": "Sample", "vpc_id": ref("aws_vpc.main"), "egress": list(rules)}
    return resource("aws_security_group", name, name=cloud(name), **body)


def _old(name: str, port: int, protocol: str) -> Sample:
    """An `aws_security_group_rule` out to everywhere."""
    return resource(
        RULE,
        name,
        type=EGRESS,
        security_group_id=ref("aws_security_group.passes_bare"),
        protocol=protocol,
        from_port=port,
        to_port=port,
        cidr_blocks=[EVERYWHERE],
    )


POLICY = Policy(
    id="CKV2_LNET_204",
    title="Security groups let out named ports only, and those of functions never all protocols",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function", "aws_security_group", "aws_default_security_group", RULE, EGRESS_RULE),
    why="Code that is taken over can send anything anywhere through such a rule, and a missing rule to what a function "
    "needs is never noticed. A function calls a few ports: 443 of services, and those of its databases.",
    source="VPC guide, security group rules; Well-Architected Security Pillar, SEC05-BP02",
    fix="Name the port and the destination, such as TCP 443 to the security group of the endpoints.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("passes_bare", "passes_empty", "passes_of_function"),
            _out("passes_with_https", inline_rule(443, cidr_blocks=[EVERYWHERE])),
            _out("passes_with_all_to_a_range", inline_rule(0, protocol="-1", cidr_blocks=["10.0.0.0/16"])),
            _out("fails_with_all", inline_rule(0, protocol="-1", cidr_blocks=[EVERYWHERE])),
            _out("fails_with_all_over_ipv6", inline_rule(0, protocol="-1", ipv6_cidr_blocks=["::/0"])),
            _out("fails_with_every_port", inline_rule(0, to_port=65535, cidr_blocks=[EVERYWHERE])),
            _out("fails_with_all_of_function", inline_rule(0, protocol="-1", cidr_blocks=["10.0.0.0/16"])),
            caller("passes_with_named_ports", "passes_with_https"),
            caller("passes_as_its_group_fails", "fails_with_all_of_function", "passes_of_function"),
            caller("unknown_then_passes_by_group", LATER_NAMED.format("group")),
            later("group", ref("aws_security_group.passes_bare")),
            later("protocol", "tcp"),
            later("world", EVERYWHERE),
            rule("egress", "passes_with_https", "passes_bare", cidr_ipv4=EVERYWHERE),
            rule("egress", "fails_with_all", "passes_bare", None, ip_protocol="-1", cidr_ipv4=EVERYWHERE),
            rule(
                "egress",
                "fails_with_all_to_a_group",
                "passes_of_function",
                None,
                ip_protocol="-1",
                referenced_security_group_id=ref("aws_security_group.passes_bare"),
            ),
            rule(
                "egress",
                "unknown_then_passes_by_protocol",
                "passes_bare",
                8443,
                ip_protocol=LATER_NAMED.format("protocol"),
                cidr_ipv4=EVERYWHERE,
            ),
            rule(
                "egress",
                "unknown_then_fails_by_range",
                "passes_empty",
                None,
                ip_protocol="-1",
                cidr_ipv4=LATER_NAMED.format("world"),
            ),
        ),
        merged(
            VPC,
            named("passes_bare"),
            _old("passes_with_https", 443, "tcp"),
            _old("fails_with_all", 0, "-1"),
        ),
        merged(
            VPC,
            caller("fails_with_the_default_group", ref("aws_vpc.main", "default_security_group_id")),
        ),
    ),
    replaces={
        "CKV_AWS_382": "it passes rule resources with ip_protocol -1, aws_security_group_rule in plans, and blocks "
        "with nulls; this policy holds all of them",
    },
)
