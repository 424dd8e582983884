"""Security-group rules from a function's group to another, which something with a network interface carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.plan import UNKNOWN, Block, Plan, Resource
from analysis.reach.model import Destination, Kind
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_hosts import HOSTS, ports_of

_GROUPS = ("aws_security_group", "aws_default_security_group")
_FUNCTION_GROUPS = "vpc_config.security_group_ids"
_NO_TARGETS = ("aws_instance", "aws_lb")
_EGRESS, _INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"


@dataclass(frozen=True)
class _Rule:
    """A rule that names two groups."""

    address: str
    source: Resource
    target: Resource
    ports: tuple[int, ...]
    is_sure: bool = True


@dataclass
class GroupTargets:
    """Who carries which security group, and where rules lead.

    Args:
        plan: the plan.
    """

    plan: Plan
    _rules: dict[Resource, list[_Rule]] = field(default_factory=dict)
    _carriers: dict[Resource, list[Resource]] = field(default_factory=dict)
    _users: dict[Resource, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the rules and the carriers once."""
        for rule in self._all_rules():
            if rule.source is not rule.target:
                self._rules.setdefault(rule.source, []).append(rule)
        for entry in self.plan.of(*(kind for kind, host in HOSTS.items() if host.groups)):
            for group in self.plan.links(entry, HOSTS[entry.type].groups, *_GROUPS).resources:
                self._users[group] = self._users.get(group, 0) + 1
                if entry.type not in _NO_TARGETS:
                    self._carriers.setdefault(group, []).append(entry)
        for function in self.plan.of("aws_lambda_function"):
            for group in self.plan.links(function, _FUNCTION_GROUPS, *_GROUPS).resources:
                self._users[group] = self._users.get(group, 0) + 1

    def evidence(self, function: Resource) -> Iterator[Evidence]:
        """What rules of a function's groups say of where its requests go."""
        for group in self.plan.links(function, _FUNCTION_GROUPS, *_GROUPS).resources:
            for rule in self._rules.get(group, ()):
                for target in self._carriers.get(rule.target, ()):
                    ports = ports_of(self.plan, target) or rule.ports
                    reason = f"{rule.address} leads from {group.address} to {rule.target.address} of {target.address}"
                    unknown = ""
                    if not rule.is_sure:
                        unknown = f"which of its blocks names {rule.target.address} is known only after apply"
                    elif self._users[group] > 1:
                        unknown = f"{group.address} is not the function's alone"
                    place = Destination(Kind.RESOURCE, target.address, resource=target, ports=ports)
                    yield Evidence(function, place, reason, unknown)

    def _all_rules(self) -> Iterator[_Rule]:
        for entry in self.plan.of(_EGRESS, _INGRESS):
            yield from self._between(entry, "referenced_security_group_id", is_egress=entry.type == _EGRESS)
        for entry in self.plan.of("aws_security_group_rule"):
            yield from self._between(entry, "source_security_group_id", is_egress=entry.get("type") == "egress")
        for group in self.plan.of(*_GROUPS):
            for side in ("egress", "ingress"):
                blocks = group.blocks(side)
                for block in blocks:
                    yield from self._in_block(group, block, len(blocks), is_egress=side == "egress")

    def _between(self, entry: Resource, other: str, *, is_egress: bool) -> Iterator[_Rule]:
        ports = _ports(entry.get("from_port"), entry.get("to_port"))
        for own in self.plan.links(entry, "security_group_id", *_GROUPS).resources:
            for named in self.plan.links(entry, other, *_GROUPS).resources:
                yield _Rule(entry.address, *((own, named) if is_egress else (named, own)), ports)

    def _in_block(self, group: Resource, block: Block, blocks: int, *, is_egress: bool) -> Iterator[_Rule]:
        value = block.get("security_groups")
        if value in (None, []):
            return
        links = self.plan.links(group, f"{block.path}.security_groups", *_GROUPS)
        is_sure = blocks == 1 or len(links.resources) <= 1 or value is not UNKNOWN
        ports = _ports(block.get("from_port"), block.get("to_port"))
        for named in links.resources:
            ends = (group, named) if is_egress else (named, group)
            yield _Rule(f"{group.address}.{block.path}", *ends, ports, is_sure)


def _ports(first: object, last: object) -> tuple[int, ...]:
    return (first,) if isinstance(first, int) and first == last and first > 0 else ()
