"""Rules of security groups one by one, in all three spellings, each with the resource that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.network.answer import Answer
from analysis.network.lookups import GROUP
from analysis.network.ranges import EVERYWHERE, Range, covered, range_of
from analysis.network.rules import INGRESS, RuleReader, prefix_list_names
from analysis.network.strays import Part
from analysis.plan import UNKNOWN, Plan, Resource
from policies.shared.network import AFTER_APPLY
from policies.shared.per_plan import per_plan
from policies.view import View

RULE, INGRESS_RULE = "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"
EGRESS_RULE = "aws_vpc_security_group_egress_rule"
RULES_OF = {INGRESS: (RULE, INGRESS_RULE), "egress": (RULE, EGRESS_RULE)}
"""Rule resources of a direction."""

_LISTS = ("aws_vpc_endpoint", "aws_prefix_list", "aws_ec2_managed_prefix_list")
_EVERY = frozenset({"-1", "all"})
_TRANSPORT = frozenset({"tcp", "udp", "6", "17"})
_TCP = frozenset({"tcp", "6"})
_FIRST_PORTS, _LAST_PORT = (0, 1), 65_535
_PORTS = ("from_port", "to_port")


@dataclass(frozen=True)
class Entry:
    """One rule as it is written.

    Attributes:
        resource: the rule resource, or the group that holds it as a block.
        path: what its attributes begin with, such as `ingress.0.`; empty for a rule resource.
        cidrs: the ranges that it names and that are known.
        listed: the ranges of the prefix lists that it names.
        containers: VPCs and subnets whose range it names, where the range is known only after apply.
        cidr_doubts: sentences on ranges that it may name.
        list_doubts: sentences on prefix lists of which it is not known what they hold.
        protocol: `tcp`, `-1`, …; UNKNOWN where it is not known.
        ports: first and last port; each may be UNKNOWN or missing.
        direction_doubt: why it may be a rule of the other direction; empty when it is not.
    """

    resource: Resource
    path: str
    cidrs: tuple[Range, ...]
    listed: tuple[Range, ...]
    containers: tuple[Part, ...]
    cidr_doubts: tuple[str, ...]
    list_doubts: tuple[str, ...]
    protocol: Any
    ports: tuple[Any, Any]
    direction_doubt: str = ""

    @property
    def everywhere(self) -> str:
        """The ranges that hold all addresses of IPv4 or IPv6 together, such as `0.0.0.0/0`; empty without such."""
        found = list[str]()
        for version, whole in EVERYWHERE.items():
            mine = [entry for entry in (*self.cidrs, *self.listed) if entry.version == version]
            if mine and covered(whole, mine) is Answer.YES:
                found.extend(map(str, mine))
        return " and ".join(found)

    @property
    def is_every_protocol(self) -> bool | None:
        """Whether it is a rule of all protocols; None where that is not known."""
        return None if self.protocol is UNKNOWN else str(self.protocol).lower() in _EVERY

    @property
    def is_every_port(self) -> bool | None:
        """Whether it holds all ports of TCP or UDP, or all protocols; None where that is not known."""
        if self.protocol is UNKNOWN or UNKNOWN in self.ports:
            return None if not self.is_every_protocol else True
        is_whole = self.ports[0] in _FIRST_PORTS and self.ports[1] == _LAST_PORT
        return bool(self.is_every_protocol) or (str(self.protocol).lower() in _TRANSPORT and is_whole)

    def holds_any(self, ports: Iterable[int]) -> bool | None:
        """Whether it lets one of these TCP ports through; None where that is not known."""
        if self.is_every_protocol is not False:
            return self.is_every_protocol
        if str(self.protocol).lower() not in _TCP:
            return False
        first, last = self.ports
        if not isinstance(first, int | float) or not isinstance(last, int | float):
            return None
        listed = tuple(ports)
        return any(first <= port <= last for port in listed) if listed else None

    @property
    def place(self) -> str:
        """How it is called in a sentence about the resource that holds it, and about another."""
        return f"{self.resource}.{self.path.removesuffix('.')}" if self.path else str(self.resource)

    @property
    def service(self) -> str:
        """Protocol and ports as a sentence has them."""
        if self.is_every_protocol is not False:
            return "all protocols" if self.is_every_protocol else "a protocol that is not known"
        first, last = self.ports
        if UNKNOWN in self.ports:
            return f"{str(self.protocol).upper()} on ports that are not known"
        return (
            f"{str(self.protocol).upper()} {first}"
            if first == last
            else f"{str(self.protocol).upper()} {first} to {last}"
        )


def holders(view: View, direction: str) -> Iterator[tuple[Resource, tuple[Entry, ...], tuple[str, ...]]]:
    """What may hold rules of a direction, with its rules and sentences on rules that are not known."""
    for group in view.plan.of(*GROUP.types):
        if view.setting(group, direction, []) is UNKNOWN:
            yield group, (), (f"its {direction} rules are {AFTER_APPLY}",)
        else:
            yield group, tuple(blocks(view, group, direction)), ()
    for resource in view.plan.of(*RULES_OF[direction]):
        given = resource.get("type") if resource.type == RULE else direction
        if given is UNKNOWN or given == direction:
            doubt = f"its type is {AFTER_APPLY}" if given is UNKNOWN else ""
            yield resource, (_of_resource(view, resource, doubt),), ()


def blocks(view: View, group: Resource, direction: str) -> Iterator[Entry]:
    """Rules that are written in a group itself.

    After an apply, AWS lists the rules of rule resources there too: where the configuration writes none, these are not
    the group's.
    """
    if not view.plan.is_configured(group, direction) and rule_resources(view, group, direction):
        return
    if not view.plan.is_configured(group, direction) and group.get("id") in _changing(view.plan):
        return
    found = group.blocks(direction)
    for block in found:
        yield _entry(view, group, f"{block.path}.", "protocol", "prefix_list_ids", is_alone=len(found) == 1)


def rule_resources(view: View, group: Resource, direction: str) -> tuple[Resource, ...]:
    """Rule resources of a group and a direction."""
    found = view.plan.referrers(group, *RULES_OF[direction], via="security_group_id")
    return tuple(entry for entry in found if entry.type != RULE or entry.get("type") in (direction, UNKNOWN))


def entries_of(view: View, group: Part, direction: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """All rules of a group, in every spelling, and sentences on those that are not known."""
    doubt = view.network.groups.doubt(group, direction)
    if not isinstance(group, Resource):
        return (), (f"this is not known: {doubt}",) if doubt else ()
    listed = [*blocks(view, group, direction)]
    listed += [_of_resource(view, entry, "") for entry in rule_resources(view, group, direction)]
    return tuple(listed), (f"this is not known: {doubt}",) if doubt else ()


def _of_resource(view: View, resource: Resource, doubt: str) -> Entry:
    if resource.type == RULE:
        return _entry(view, resource, "", "protocol", "prefix_list_ids", is_alone=True, doubt=doubt)
    return _entry(view, resource, "", "ip_protocol", "prefix_list_id", is_alone=True)


_CIDRS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")


def _entry(
    view: View, resource: Resource, path: str, protocol: str, lists: str, *, is_alone: bool, doubt: str = ""
) -> Entry:
    reader = RuleReader(view.network.lookups)
    cidrs, listed, containers = list[Range](), list[Range](), dict[Part, None]()
    doubts, list_doubts = list[str](), list[str]()
    for name in _CIDRS:
        value = view.setting(resource, f"{path}{name}")
        for member in value if isinstance(value, list) else [value]:
            if (known := range_of(member)) is not None:
                cidrs.append(known)
            elif member is UNKNOWN:
                named = reader.named_ranges(resource, f"{path}{name}") if is_alone else frozenset()
                containers.update(dict.fromkeys(sorted(named, key=str)))
                doubts.extend([] if named else [f"{path}{name} is {AFTER_APPLY}"])
    if view.setting(resource, f"{path}{lists}") not in (None, "", []):
        more, names, open_ = reader.prefix_lists(resource, f"{path}{lists}")
        listed += more
        list_doubts += [f"what {path}{lists} holds is not known ({text})" for text in open_]
        list_doubts += [
            f"what the prefix list {name} holds is not known" for name in sorted(names - _of_aws(view.plan))
        ]
    first, last = (view.setting(resource, f"{path}{name}") for name in _PORTS)
    given = view.setting(resource, f"{path}{protocol}", "")
    return Entry(
        resource,
        path,
        tuple(cidrs),
        tuple(listed),
        tuple(containers),
        tuple(dict.fromkeys(doubts)),
        tuple(dict.fromkeys(list_doubts)),
        given,
        (first, last),
        doubt,
    )


@per_plan
def _changing(plan: Plan) -> frozenset[object]:
    """Ids of groups with rule resources that the plan changes or destroys: the state still lists those rules."""
    types = {RULE, INGRESS_RULE, EGRESS_RULE}
    return frozenset(
        change.before.get("security_group_id")
        for change in plan.changes
        if change.type in types and change.before is not None
    )


@per_plan
def _of_aws(plan: Plan) -> frozenset[str]:
    """Names of the prefix lists that AWS keeps of its services: none of them holds every address."""
    found = set[str]()
    for entry in (*plan.of(*_LISTS), *plan.of(*_LISTS, mode="data")):
        if entry.type != "aws_ec2_managed_prefix_list" or str(entry.get("name")).startswith("com.amazonaws."):
            found |= prefix_list_names(entry)
    return frozenset(found)
