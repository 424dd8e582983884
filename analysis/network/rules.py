"""Rules of security groups, in all three spellings: blocks of the group, and the two kinds of rule resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.network.answer import Answer, both, either
from analysis.network.lookups import GROUP, SUBNETS, VPCS, Lookups
from analysis.network.peer import LAST_PORT, Peer, Port
from analysis.network.ranges import EVERYWHERE, Range, covered, is_everywhere, is_public, range_of
from analysis.network.strays import Part
from analysis.plan import UNKNOWN, Resource

INGRESS, EGRESS = "ingress", "egress"
_EVERY_PROTOCOL = frozenset({"-1", "all"})
_TCP = frozenset({"tcp", "6"})


@dataclass(frozen=True)
class Service:
    """Protocol and ports of a rule; None for what is not known."""

    protocol: str | None
    first: int | None = None
    last: int | None = None
    port_of: frozenset[Resource] = frozenset()

    def takes(self, port: Port) -> Answer:
        """Whether it holds a TCP port."""
        if self.protocol in _EVERY_PROTOCOL:
            return Answer.YES
        if self.protocol is None:
            return Answer.UNKNOWN
        if self.protocol not in _TCP:
            return Answer.NO
        if self.first is None or self.last is None:
            return Answer.YES if port.owner in self.port_of and port.owner is not None else Answer.UNKNOWN
        if port.number is None:
            return Answer.YES if self.first <= 0 and self.last >= LAST_PORT else Answer.UNKNOWN
        return Answer.YES if self.first <= port.number <= self.last else Answer.NO

    @property
    def is_every_protocol(self) -> bool:
        """Whether it holds all protocols."""
        return self.protocol in _EVERY_PROTOCOL

    def __str__(self) -> str:
        """How it reads in a sentence."""
        if self.is_every_protocol:
            return "all protocols"
        protocol = "an unknown protocol" if self.protocol is None else self.protocol.upper()
        if self.protocol in _TCP:
            protocol = "TCP"
        if self.first is None or self.last is None:
            return f"{protocol} on ports known only after apply"
        return f"{protocol} {self.first}" if self.first == self.last else f"{protocol} {self.first} to {self.last}"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        address: resource that holds it.
        direction: `ingress` or `egress`.
        services: what it lets through; where several stand here, it is one of them and not certain which.
        ranges: ranges it names.
        containers: VPCs and subnets whose range it names, where the range is known only after apply.
        groups: security groups it names.
        prefix_lists: prefix lists it names, by address, id or service.
        unknown: what else it names and cannot be told.
        is_certain: whether the group has it for certain.
    """

    address: str
    direction: str
    services: tuple[Service, ...]
    ranges: tuple[Range, ...] = ()
    containers: frozenset[Part] = frozenset()
    groups: frozenset[Part] = frozenset()
    prefix_lists: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    is_certain: bool = True

    def takes(self, port: Port) -> Answer:
        """Whether it holds a port."""
        answers = {service.takes(port) for service in self.services}
        return answers.pop() if len(answers) == 1 else Answer.UNKNOWN

    def names(self, peer: Peer) -> Answer:
        """Whether it holds the other side."""
        answer = Answer.UNKNOWN if self.unknown else Answer.NO
        if self.groups and peer.by_group:
            if self.groups & set(peer.groups):
                return Answer.YES
            answer = either(answer, Answer.UNKNOWN if peer.doubts else Answer.NO)
        if self.prefix_lists & peer.prefix_lists or self.containers & peer.containers:
            return Answer.YES
        if self.containers and not (peer.is_public or peer.ranges):
            answer = either(answer, Answer.UNKNOWN)
        return either(answer, self._ranges_hold(peer))

    def admits(self, peer: Peer, port: Port) -> Answer:
        """Whether it lets this port of, or from, the other side through."""
        answer = both(self.takes(port), self.names(peer))
        return answer if self.is_certain or answer is Answer.NO else Answer.UNKNOWN

    def _ranges_hold(self, peer: Peer) -> Answer:
        ranges = [entry for entry in self.ranges if entry.version == peer.version]
        if any(is_everywhere(entry) for entry in ranges):
            return Answer.YES
        if peer.is_public:
            public = [entry for entry in ranges if is_public(entry)]
            return covered_everywhere(public, peer.version)
        if not peer.ranges:
            return Answer.UNKNOWN if ranges else Answer.NO
        answers = {covered(entry, ranges) for entry in peer.ranges if entry.version == peer.version}
        return answers.pop() if len(answers) == 1 else (Answer.UNKNOWN if answers else Answer.NO)

    @property
    def is_open(self) -> bool:
        """Whether it names every address of IPv4 or IPv6."""
        return self.is_certain and any(is_everywhere(entry) for entry in self.ranges)


def covered_everywhere(ranges: list[Range], version: int) -> Answer:
    """Whether ranges hold every public address, some, or none."""
    if not ranges:
        return Answer.NO
    return covered(EVERYWHERE[version], ranges)


class RuleReader:
    """Reads rules out of a plan."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups, self._plan = lookups, lookups.plan

    def of_rule(self, resource: Resource) -> Rule:
        """The rule of an `aws_security_group_rule`."""
        direction = resource.get("type")
        unknown = ("type",) if direction is UNKNOWN else ()
        groups = self._lookups.parts(resource, "source_security_group_id", GROUP)
        if not self._plan.is_configured(resource, "source_security_group_id") and groups.unknown:
            groups = type(groups)()
        own = self._lookups.parts(resource, "security_group_id", GROUP).known if resource.get("self") is True else ()
        rule = self._rule(resource, "", str(direction), "protocol", ("cidr_blocks", "ipv6_cidr_blocks"))
        return Rule(
            rule.address,
            rule.direction,
            rule.services,
            rule.ranges,
            rule.containers,
            frozenset((*groups.known, *own)),
            rule.prefix_lists,
            (*rule.unknown, *groups.unknown, *unknown),
        )

    def of_separate_rule(self, resource: Resource) -> Rule:
        """The rule of an `aws_vpc_security_group_ingress_rule` or `aws_vpc_security_group_egress_rule`."""
        direction = INGRESS if "ingress" in resource.type else EGRESS
        groups = self._lookups.parts(resource, "referenced_security_group_id", GROUP)
        rule = self._rule(resource, "", direction, "ip_protocol", ("cidr_ipv4", "cidr_ipv6"), "prefix_list_id")
        return Rule(
            rule.address,
            direction,
            rule.services,
            rule.ranges,
            rule.containers,
            frozenset(groups.known),
            rule.prefix_lists,
            (*rule.unknown, *groups.unknown),
        )

    def of_blocks(self, group: Resource, direction: str) -> Iterator[Rule]:
        """The rules that stand in the group itself."""
        blocks = group.blocks(direction)
        pending = [block for block in blocks if block.get("security_groups") is UNKNOWN]
        everything = tuple(self._service(group, f"{block.path}.", "protocol") for block in pending)
        for block in blocks:
            rule = self._rule(
                group, f"{block.path}.", direction, "protocol", ("cidr_blocks", "ipv6_cidr_blocks"), count=len(blocks)
            )
            groups = self._lookups.parts(group, f"{block.path}.security_groups", GROUP)
            own = (group,) if block.get("self") is True else ()
            uncertain = block in pending and len(pending) > 1 and len(groups.known) > 1
            yield Rule(
                rule.address,
                direction,
                rule.services,
                rule.ranges,
                rule.containers,
                frozenset((*(() if uncertain else groups.known), *own)),
                rule.prefix_lists,
                (*rule.unknown, *groups.unknown),
            )
            if uncertain:  # blocks of a group share what they name: which block names which group is not told
                yield Rule(group.address, direction, everything, groups=frozenset(groups.known))

    def _rule(
        self,
        resource: Resource,
        prefix: str,
        direction: str,
        protocol: str,
        cidrs: tuple[str, str],
        lists: str = "prefix_list_ids",
        count: int = 1,
    ) -> Rule:
        ranges, containers, unknown = list[Range](), set[Part](), list[str]()
        for path in cidrs:
            value = resource.get(f"{prefix}{path}")
            for entry in value if isinstance(value, list) else [value]:
                known = range_of(entry)
                if known is not None:
                    ranges.append(known)
                elif entry is UNKNOWN:
                    named = self.named_ranges(resource, f"{prefix}{path}") if count == 1 else frozenset()
                    containers |= named
                    unknown.extend(() if named else (f"{prefix}{path}",))
        found, listed, doubts = self.prefix_lists(resource, f"{prefix}{lists}")
        services = (self._service(resource, prefix, protocol),)
        ranges.extend(found)
        return Rule(
            resource.address,
            direction,
            services,
            tuple(ranges),
            frozenset(containers),
            prefix_lists=listed,
            unknown=(*unknown, *doubts),
        )

    def _service(self, resource: Resource, prefix: str, protocol: str) -> Service:
        name = resource.get(f"{prefix}{protocol}")
        ports = [resource.get(f"{prefix}{path}") for path in ("from_port", "to_port")]
        first, last = (int(port) if isinstance(port, int | float) else None for port in ports)
        sources = [self._plan.links(resource, f"{prefix}{path}") for path in ("from_port", "to_port")]
        port_of = frozenset(sources[0].resources) & frozenset(sources[1].resources)
        return Service(None if name is UNKNOWN else str(name).lower(), first, last, port_of)

    def named_ranges(self, resource: Resource, path: str) -> frozenset[Part]:
        """The VPC or subnet whose own range an attribute names as a whole."""
        links = self._plan.links(resource, path, *VPCS, *SUBNETS)
        names = {"cidr_block", "ipv6_cidr_block"}
        exact = all(attribute in names for _, attribute in links.sources) and links.is_complete
        return frozenset(links.resources) if exact else frozenset()

    def prefix_lists(self, resource: Resource, path: str) -> tuple[list[Range], frozenset[str], tuple[str, ...]]:
        """The prefix lists that an attribute names: their ranges, names of those that AWS keeps, what is unknown."""
        links = self._plan.links(resource, path, "aws_vpc_endpoint", "aws_ec2_managed_prefix_list", "aws_prefix_list")
        ranges, listed, unknown = list[Range](), set[str](links.literals), list[str](links.unresolved)
        for source in links.resources:
            if source.type == "aws_vpc_endpoint" or source.mode == "data":
                listed |= prefix_list_names(source)
                continue
            entries = self._entries(source)
            ranges.extend(entry for entry in entries if entry is not None)
            unknown.extend(f"{source.address}.entry" for entry in entries if entry is None)
        return ranges, frozenset(listed), tuple(dict.fromkeys(unknown))

    def _entries(self, source: Resource) -> list[Range | None]:
        value = source.get("entry")
        found: list[Range | None] = [range_of(block.get("cidr")) for block in source.blocks("entry")]
        if value is UNKNOWN and self._plan.is_configured(source, "entry"):
            found.append(None)
        separate = self._plan.referrers(source, "aws_ec2_managed_prefix_list_entry", via="prefix_list_id")
        return found + [range_of(entry.get("cidr")) for entry in separate]


def prefix_list_names(source: Resource) -> frozenset[str]:
    """What a prefix list that AWS keeps is known by: address, id and, for data sources, the service's name."""
    texts: list[Any] = [source.address, source.get("prefix_list_id"), source.get("id"), source.get("name")]
    return frozenset(text for text in texts if isinstance(text, str))
