"""No security group admits every address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.network.lookups import GROUP
from analysis.network.rules import INGRESS
from analysis.plan import UNKNOWN, Plan, Resource
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import cloud, group, merged, resource
from policies.shared.network import judged
from policies.shared.network_samples import EVERYWHERE, LATER_NAMED, groups, inline_rule, later, public, ref, rule
from policies.shared.per_plan import per_plan
from policies.shared.security_groups import INGRESS_RULE, RULE, Entry, holders
from policies.view import View

_BALANCERS, _LISTENERS = ("aws_lb", "aws_alb"), ("aws_lb_listener", "aws_alb_listener")
_WEB = (80, 443)


@dataclass
class _Doors:
    """Ports that public load balancers listen on, which everybody has to reach.

    Attributes:
        ports: by security group.
        doubts: why a group may be that of a public load balancer; by group, and of all under None.
    """

    ports: dict[Resource, set[int]] = field(default_factory=dict)
    doubts: dict[Resource | None, str] = field(default_factory=dict)


def judge(view: View) -> Iterator[Verdict]:
    """Each group and each rule resource by the addresses that it admits, on whatever port."""
    doors = _doors(view.plan)
    for holder, entries, doubts in holders(view, INGRESS):
        faults, open_ = list[str](), list(doubts)
        for entry in entries:
            own = f"its {entry.path.removesuffix('.')} " if entry.path else ""
            if not entry.everywhere:
                open_ += [f"whether it admits every address is not known: {text}" for text in _doubts(entry)]
                continue
            message = f"{own}{'admits' if own else 'it admits'} {entry.service} from {entry.everywhere}"
            doubt = entry.direction_doubt or _door(view, doors, holder, entry)
            if doubt is None:
                continue
            if doubt:
                open_.append(f"{message}, and {doubt}")
            else:
                faults.append(message)
        yield judged(holder, faults, open_)


def _doubts(entry: Entry) -> tuple[str, ...]:
    return (*entry.cidr_doubts, *entry.list_doubts)


def _door(view: View, doors: _Doors, holder: Resource, entry: Entry) -> str | None:
    """Why a rule may be that of a public load balancer: None if it is, empty if it is not."""
    named = [holder] if entry.path else view.network.lookups.parts(holder, "security_group_id", GROUP).known
    first, last = entry.ports
    for group_ in named:
        if isinstance(group_, Resource) and first == last and first in doors.ports.get(group_, ()):
            return None
    for group_ in (*named, None):
        if not isinstance(group_, str) and group_ in doors.doubts and first == last:
            return doors.doubts[group_]
    return ""


@per_plan
def _doors(plan: Plan) -> _Doors:
    doors = _Doors()
    for balancer in plan.of(*_BALANCERS):
        internal = balancer.get("internal")
        if internal is True:
            continue
        links = plan.links(balancer, "security_groups", *GROUP.types)
        listeners = plan.referrers(balancer, *_LISTENERS, via="load_balancer_arn")
        ports = {port for entry in listeners if isinstance(port := entry.get("port"), int)}
        if links.unresolved:
            doors.doubts[None] = f"whether {balancer}, a public load balancer, carries the group is not known"
        for group_ in links.resources:
            if (
                internal is UNKNOWN
                and balancer.values.get("internal") is None
                and plan.is_configured(balancer, "internal")
            ):
                doors.doubts[group_] = f"whether its load balancer {balancer} is public is not known"
            else:
                doors.ports.setdefault(group_, set()).update(_WEB, ports)
    return doors


_WORLD_6 = "::/0"
_VPC = resource("aws_vpc", "main", cidr_block="10.0.0.0/16")


def _old(name: str, /, group_name: str, **body: Any) -> Sample:
    settings = {
        "type": "ingress",
        "security_group_id": ref(f"aws_security_group.{group_name}"),
        "protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        **body,
    }
    return resource(RULE, name, **settings)


def _with(name: str, *rules: Mapping[str, Any]) -> Sample:
    """A group with rules in itself."""
    body = {"description": "Sample", "vpc_id": ref("aws_vpc.main"), "ingress": list(rules)}
    return resource("aws_security_group", name, name=cloud(name), **body)


POLICY = Policy(
    id="CKV2_LNET_201",
    title="No security group admits every address",
    severity=Severity.CRITICAL,
    types=("aws_security_group", "aws_default_security_group", RULE, INGRESS_RULE),
    why="A rule for 0.0.0.0/0 or ::/0 is one public address away from the internet, on every port and protocol. "
    "Nothing that functions use has to be reached from there but a public load balancer on its listeners' ports.",
    source="Security Hub controls for Amazon EC2, EC2.18 and EC2.19; VPC guide, security group rules",
    fix="Name the security groups that connect in place of the addresses.",
    judge=judge,
    samples=(
        merged(
            _VPC,
            later("world", EVERYWHERE),
            later("within", "10.0.0.0/16"),
            _with("passes_with_a_range", inline_rule(22, cidr_blocks=["10.0.0.0/8"])),
            group("passes_without_rules"),
            _with("fails_with_ssh", inline_rule(22, cidr_blocks=[EVERYWHERE])),
            _with("fails_with_ssh_over_ipv6", inline_rule(22, ipv6_cidr_blocks=[_WORLD_6])),
            _with("fails_with_all_protocols", inline_rule(0, protocol="-1", cidr_blocks=[EVERYWHERE])),
            _with(
                "fails_with_one_of_two",
                inline_rule(5432, cidr_blocks=["10.0.0.0/8"]),
                inline_rule(5433, cidr_blocks=["10.0.0.0/8", EVERYWHERE]),
            ),
            _with("unknown_then_passes_by_range", inline_rule(22, cidr_blocks=[LATER_NAMED.format("within")])),
            _with("unknown_then_fails_by_range", inline_rule(22, cidr_blocks=[LATER_NAMED.format("world")])),
        ),
        merged(
            _VPC,
            groups("passes_bare", "passes_with_rules_apart"),
            later("world", EVERYWHERE),
            later("within", "10.0.0.0/16"),
            later("outward", "egress"),
            resource(
                "aws_ec2_managed_prefix_list",
                "halves",
                name="sample-halves",
                address_family="IPv4",
                max_entries=2,
                entry=[{"cidr": "0.0.0.0/1"}, {"cidr": "128.0.0.0/1"}],
            ),
            _old(
                "passes_with_a_group",
                "passes_bare",
                source_security_group_id=ref("aws_security_group.passes_with_rules_apart"),
            ),
            _old("fails_from_everywhere", "passes_bare", cidr_blocks=[EVERYWHERE]),
            _old(
                "fails_in_two_halves", "passes_bare", from_port=23, to_port=23, cidr_blocks=["0.0.0.0/1", "128.0.0.0/1"]
            ),
            _old("fails_with_all", "passes_bare", protocol="-1", from_port=0, to_port=0, ipv6_cidr_blocks=[_WORLD_6]),
            _old(
                "unknown_then_passes_by_range",
                "passes_bare",
                from_port=24,
                to_port=24,
                cidr_blocks=[LATER_NAMED.format("within")],
            ),
            _old(
                "unknown_then_fails_by_range",
                "passes_bare",
                from_port=25,
                to_port=25,
                cidr_blocks=[LATER_NAMED.format("world")],
            ),
            rule("ingress", "passes_by_vpc", "passes_bare", 5432, cidr_ipv4=ref("aws_vpc.main", "cidr_block")),
            rule("ingress", "fails_on_database_port", "passes_bare", 5432, cidr_ipv4=EVERYWHERE),
            rule("ingress", "fails_with_all_protocols", "passes_bare", None, ip_protocol="-1", cidr_ipv4=EVERYWHERE),
            rule("ingress", "fails_over_ipv6", "passes_bare", 5432, cidr_ipv6=_WORLD_6),
            rule(
                "ingress",
                "fails_by_prefix_list",
                "passes_bare",
                5434,
                prefix_list_id=ref("aws_ec2_managed_prefix_list.halves"),
            ),
            rule(
                "ingress", "unknown_then_passes_by_range", "passes_bare", 5435, cidr_ipv4=LATER_NAMED.format("within")
            ),
            rule("ingress", "unknown_then_fails_by_range", "passes_bare", 5436, cidr_ipv4=LATER_NAMED.format("world")),
            rule("egress", "out", "passes_bare", 443, cidr_ipv4=EVERYWHERE),
            resource(
                "aws_default_security_group",
                "fails_by_default",
                vpc_id=ref("aws_vpc.main"),
                ingress=[inline_rule(443, cidr_blocks=[EVERYWHERE])],
            ),
        ),
        merged(
            _VPC,
            groups("passes_bare"),
            public("a", "b"),
            resource(
                "aws_lb",
                "web",
                name="sample-web",
                subnets=[ref("aws_subnet.public_a"), ref("aws_subnet.public_b")],
                security_groups=[ref("aws_security_group.passes_bare")],
            ),
            rule("ingress", "passes_at_a_public_load_balancer", "passes_bare", 443, cidr_ipv4=EVERYWHERE),
            rule("ingress", "fails_beside_its_listeners", "passes_bare", 22, cidr_ipv4=EVERYWHERE),
        ),
    ),
    replaces={
        "CKV_AWS_24": "it passes all protocols, IPv6 and blocks with nulls, and rule resources in plans; this policy "
        "holds port 22 in every spelling",
        "CKV_AWS_25": "it passes all protocols, IPv6 and blocks with nulls, and rule resources in plans; this policy "
        "holds port 3389 in every spelling",
        "CKV_AWS_260": "it passes all protocols, IPv6 and blocks with nulls, and rule resources in plans; this policy "
        "holds port 80 in every spelling, but for public load balancers, which answer there with a redirect",
        "CKV_AWS_277": "it passes rule resources with ip_protocol -1, IPv6 and blocks with nulls; this policy holds "
        "all protocols in every spelling",
    },
)
