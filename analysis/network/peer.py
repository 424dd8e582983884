"""The other side of a connection, as rules of security groups and network ACLs see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.network.ranges import EVERYWHERE, Range
from analysis.network.strays import Part
from analysis.plan import Resource

FIRST_ANSWER_PORT, LAST_ANSWER_PORT = 1_024, 65_535  # VPC guide, network ACLs: ephemeral ports, NAT gateways included
LAST_PORT = 65_535


@dataclass(frozen=True)
class Peer:
    """Network interfaces at the other side of a connection.

    Attributes:
        name: what it is, for messages.
        groups: their security groups.
        doubts: why not all of their groups are known; empty when they are.
        by_group: whether rules that name their groups count; they do not across every connection of two VPCs.
        ranges: ranges that hold all of their addresses; empty when nothing is known of them.
        containers: VPCs and subnets that they lie in, for rules that name the range of one.
        prefix_lists: prefix lists that hold their addresses.
        is_public: whether they are hosts of the internet or of AWS with public addresses.
        version: 4 or 6.
        owner: resource whose port a rule may name.
    """

    name: str
    groups: tuple[Part, ...] = ()
    doubts: tuple[str, ...] = ()
    by_group: bool = True
    ranges: tuple[Range, ...] = ()
    containers: frozenset[Part] = frozenset()
    prefix_lists: frozenset[str] = frozenset()
    is_public: bool = False
    version: int = 4
    owner: Resource | None = None

    @property
    def acl_ranges(self) -> tuple[Range, ...]:
        """Ranges that a network ACL sees: everything for public hosts."""
        if self.is_public:
            return (EVERYWHERE[self.version],)
        return self.ranges


@dataclass(frozen=True)
class Port:
    """A TCP port that is connected to; None where the plan does not tell which."""

    number: int | None
    owner: Resource | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """How it reads in a sentence."""
        return "TCP" if self.number is None else f"TCP {self.number}"
