"""Security groups: what they admit and let out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from analysis.network.answer import Answer, Check, no, unknown, yes
from analysis.network.lookups import GROUP, Lookups
from analysis.network.peer import Peer, Port
from analysis.network.ranges import EVERYWHERE_4, EVERYWHERE_6
from analysis.network.rules import EGRESS, INGRESS, Rule, RuleReader, Service
from analysis.network.strays import Part, Strays
from analysis.plan import UNKNOWN, Resource

_RULE = "aws_security_group_rule"
_SEPARATE = {INGRESS: "aws_vpc_security_group_ingress_rule", EGRESS: "aws_vpc_security_group_egress_rule"}
_EVERYTHING = (Service("-1"),)


class SecurityGroups:
    """The security groups of a plan, with their rules.

    A group that Terraform makes has no rule but those that are written: Terraform removes the egress rule that AWS
    gives every new group. A VPC's default group that nothing adopts keeps AWS's rules: everything out, and everything
    in from itself.
    """

    def __init__(self, lookups: Lookups) -> None:
        self._lookups, self._plan, self._reader = lookups, lookups.plan, RuleReader(lookups)
        self._known: dict[tuple[Part, str], tuple[Rule, ...]] = {}

    def rules(self, group: Part, direction: str) -> tuple[Rule, ...]:
        """The rules of a group that are known, in the order of their addresses."""
        key = (group, direction)
        if key not in self._known:
            own = self._own(group, direction)
            self._known[key] = (*own, *self._separate.get(key, ()))
        return self._known[key]

    def doubt(self, group: Part, direction: str) -> str:
        """Why a group may have rules that are not known; empty when it has none."""
        if isinstance(group, str):
            return "" if group.startswith("the default ") else f"the rules of {group}, which is outside the plan"
        if group.mode == "data":
            return f"the rules of {group}, which is outside the plan"
        value = self._lookups.setting(group, direction, [])
        if value is UNKNOWN:
            return f"the {direction} rules of {group}"
        stray = self._floating[direction].first(group)
        return f"the security group of {stray}" if stray else ""

    def admits(self, groups: Iterable[Part], direction: str, peer: Peer, port: Port) -> Check:
        """Whether an interface with these groups lets a connection with the other side through."""
        listed = sorted(groups, key=str)
        maybe: list[Rule] = []
        for group in listed:
            for rule in self.rules(group, direction):
                answer = rule.admits(peer, port)
                if answer is Answer.YES:
                    return yes(f"{direction} of {port}", rule.address)
                if answer is Answer.UNKNOWN:
                    maybe.append(rule)
        names, way = " or ".join(map(str, listed)), "from" if direction == INGRESS else "to"
        if maybe:
            what = f"whether {maybe[0].address} lets {port} {way} {peer.name} through"
            return unknown(what, "write the rule so that the plan tells its port and its other side", maybe[0].address)
        doubts = [doubt for group in listed if (doubt := self.doubt(group, direction))]
        if doubts:
            return unknown(doubts[0], f"check that it lets {port} {way} {peer.name} through", str(listed[0]))
        if not listed:
            return unknown("the security groups")
        missing = f"an {direction} rule of {names} for {port} {way} {peer.name}"
        return no(missing, "add the rule", str(listed[0]))

    def _own(self, group: Part, direction: str) -> tuple[Rule, ...]:
        if isinstance(group, str):
            return self._of_aws(group, direction) if group.startswith("the default ") else ()
        if group.mode == "data":
            return ()
        rules = tuple(self._reader.of_blocks(group, direction))
        if group.get("id") not in self._changing or self._plan.is_configured(group, direction):
            return rules
        return tuple(replace(rule, is_certain=False) for rule in rules)

    def _of_aws(self, group: str, direction: str) -> tuple[Rule, ...]:
        if direction == EGRESS:
            return (Rule(group, direction, _EVERYTHING, (EVERYWHERE_4, EVERYWHERE_6)),)
        return (Rule(group, direction, _EVERYTHING, groups=frozenset({group})),)

    @cached_property
    def _changing(self) -> frozenset[str]:
        """Ids of groups with rule resources that the plan changes or destroys."""
        return frozenset(self._lookups.changing("security_group_id", _RULE, *_SEPARATE.values()))

    @cached_property
    def _resources(self) -> tuple[tuple[Resource, Rule], ...]:
        return tuple(self._rule_resources())

    def _rule_resources(self) -> Iterator[tuple[Resource, Rule]]:
        for resource in self._plan.of(_RULE):
            yield resource, self._reader.of_rule(resource)
        for kind in _SEPARATE.values():
            for resource in self._plan.of(kind):
                yield resource, self._reader.of_separate_rule(resource)

    @cached_property
    def _separate(self) -> dict[tuple[Part, str], list[Rule]]:
        found: dict[tuple[Part, str], list[Rule]] = {}
        for resource, rule in self._resources:
            parts = self._lookups.parts(resource, "security_group_id", GROUP)
            if parts.only is not None:
                found.setdefault((parts.only, rule.direction), []).append(rule)
                continue
            for group in parts.known:  # one of them has it
                doubtful = Rule(
                    rule.address, rule.direction, rule.services, unknown=("security_group_id",), is_certain=False
                )
                found.setdefault((group, rule.direction), []).append(doubtful)
        return found

    @cached_property
    def _floating(self) -> dict[str, Strays]:
        """Rules of which not even the group is known."""
        found: dict[str, list[Resource]] = {INGRESS: [], EGRESS: []}
        for resource, rule in self._resources:
            if not self._lookups.parts(resource, "security_group_id", GROUP).known:
                for direction in (rule.direction,) if rule.direction in found else (INGRESS, EGRESS):
                    found[direction].append(resource)
        return {direction: self._lookups.strays(entries) for direction, entries in found.items()}
