"""Network ACLs: which one a subnet has, and what it lets through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from analysis.network.answer import Check, no, unknown, yes
from analysis.network.lookups import ACL, SUBNET, Lookups, Parts
from analysis.network.peer import FIRST_ANSWER_PORT, LAST_ANSWER_PORT, LAST_PORT, Peer, Port
from analysis.network.ranges import (
    EVERYWHERE,
    EVERYWHERE_4,
    EVERYWHERE_6,
    Range,
    holds,
    is_public,
    meet,
    range_of,
    without,
)
from analysis.network.rules import EGRESS, INGRESS
from analysis.network.strays import Part, Strays
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource

_PROTOCOLS = frozenset({"-1", "all", "tcp", "6"})
_EVERY_PROTOCOL = frozenset({"-1", "all"})
_DEFAULT = "the default "
Piece = tuple[Range, int, int]


@dataclass(frozen=True)
class AclRule:
    """One rule of a network ACL that may hold TCP; None for what is not known."""

    number: int | None
    allows: bool | None
    ranges: tuple[Range, ...]
    first: int | None
    last: int | None
    is_certain: bool = True


_ALLOW_ALL = (AclRule(100, allows=True, ranges=(EVERYWHERE_4, EVERYWHERE_6), first=0, last=LAST_PORT),)


class NetworkAcls:
    """The network ACLs of a plan. What a VPC gets by default lets everything through, until it is adopted."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups, self._plan = lookups, lookups.plan
        self._acls: dict[Part, Parts] = {}
        self._rules: dict[tuple[Part, str], tuple[AclRule, ...]] = {}

    def of(self, subnet: Subnet) -> Parts:
        """The network ACL of a subnet."""
        if subnet.part not in self._acls:
            self._acls[subnet.part] = self._of(subnet)
        return self._acls[subnet.part]

    def _of(self, subnet: Subnet) -> Parts:
        explicit = self._explicit.get(subnet.part)
        if explicit is not None:
            return explicit
        doubt = self._doubt_of_default(subnet)
        if doubt or subnet.vpc is None:
            return Parts(unknown=(doubt or f"the VPC of {subnet}",))
        return Parts((self._lookups.default(subnet.vpc, ACL),))

    def _doubt_of_default(self, subnet: Subnet) -> str:
        if isinstance(subnet.part, str) or subnet.part.mode == "data":
            return f"the network ACL of {subnet}, which is outside the plan"
        stray = self._floating.first(subnet.part)
        if stray:
            return f"the subnet of {stray}"
        if isinstance(subnet.vpc, str) or (subnet.vpc is not None and subnet.vpc.mode == "data"):
            return f"the default network ACL of {subnet.vpc}, which is outside the plan"
        stray = "" if subnet.vpc is None else self._lookups.unadopted(ACL, subnet.vpc)
        return f"the VPC of {stray}" if stray else ""

    def request(self, subnet: Subnet, direction: str, peer: Peer, port: Port) -> Check:
        """Whether the ACL of a subnet lets the request to a port through."""
        ports = (0, LAST_PORT) if port.number is None else (port.number, port.number)
        return self._check(subnet, direction, peer, ports, f"{port}")

    def answers(self, subnet: Subnet, direction: str, peer: Peer) -> Check:
        """Whether the ACL of a subnet lets answers through, which go to ephemeral ports."""
        ports = (FIRST_ANSWER_PORT, LAST_ANSWER_PORT)
        return self._check(subnet, direction, peer, ports, f"answers on TCP {ports[0]} to {ports[1]}")

    def is_open(self, subnet: Subnet) -> bool:
        """Whether a subnet has, for certain, an ACL that lets everything through."""
        acl = self.of(subnet).only
        return isinstance(acl, str) and acl.startswith(_DEFAULT)

    def _check(self, subnet: Subnet, direction: str, peer: Peer, ports: tuple[int, int], what: str) -> Check:
        way = "from" if direction == INGRESS else "to"
        parts = self.of(subnet)
        acl = parts.only
        if acl is None:
            return unknown(parts.unknown[0] if parts.unknown else parts.doubt(f"the network ACL of {subnet}"))
        if isinstance(acl, str) and acl.startswith(_DEFAULT):
            return yes("everything", "")
        doubt = self._doubt(acl, direction)
        if doubt:
            return unknown(doubt, f"check that it lets {what} {way} {peer.name} through", str(acl))
        ranges = peer.acl_ranges or (EVERYWHERE[peer.version],)
        allowed, denied, open_ = self._split(acl, direction, ranges, ports, is_public_only=peer.is_public)
        if not denied and not open_ and allowed:
            return yes(f"{direction} of {what}", str(acl))
        sentence = f"an {direction} rule of the network ACL {acl} that allows {what} {way} {peer.name}"
        lost = any(network in ranges for network, _, _ in denied)
        if lost or (denied and not allowed and not open_):
            return no(sentence, "add the rule with a number before those that deny it", str(acl))
        part = "" if open_ else ": it lets only a part of them through"
        doubt = f"whether the network ACL {acl} lets {what} {way} {peer.name} through{part}"
        return unknown(doubt, f"add {sentence}", str(acl))

    def _split(
        self, acl: Part, direction: str, ranges: tuple[Range, ...], ports: tuple[int, int], *, is_public_only: bool
    ) -> tuple[list[Piece], list[Piece], list[Piece]]:
        """What is allowed, what is denied, and what cannot be told."""
        rest: list[Piece] = [(entry, *ports) for entry in ranges]
        allowed, denied, open_ = list[Piece](), list[Piece](), list[Piece]()
        for rule in self.rules(acl, direction):
            certain = rule.is_certain and rule.allows is not None and rule.number is not None
            taken, rest = _divide(rest, rule)
            (open_ if not certain else allowed if rule.allows else denied).extend(taken)
        denied.extend(rest)
        if is_public_only:
            allowed, denied, open_ = (
                [piece for piece in pieces if is_public(piece[0])] for pieces in (allowed, denied, open_)
            )
        return allowed, denied, open_

    def rules(self, acl: Part, direction: str) -> tuple[AclRule, ...]:
        """The rules of an ACL that may hold TCP, in the order in which they are asked; the unnumbered first."""
        key = (acl, direction)
        if key not in self._rules:
            if isinstance(acl, str):
                found: tuple[AclRule, ...] = _ALLOW_ALL if acl.startswith(_DEFAULT) else ()
            else:
                found = tuple(self._own(acl, direction))
            found = (*found, *self._separate.get(key, ()))
            self._rules[key] = tuple(sorted(found, key=lambda rule: -1 if rule.number is None else rule.number))
        return self._rules[key]

    def _doubt(self, acl: Part, direction: str) -> str:
        if isinstance(acl, str) or acl.mode == "data":
            return f"the rules of {acl}, which is outside the plan"
        if self._lookups.setting(acl, direction, []) is UNKNOWN:
            return f"the {direction} rules of {acl}"
        stray = self._floating_rules.first(acl)
        return f"the network ACL of {stray}" if stray else ""

    def _own(self, acl: Resource, direction: str) -> Iterator[AclRule]:
        before = () if self._plan.is_configured(acl, direction) else self._changing.get(str(acl.get("id")), ())
        gone = {rule.get("rule_number") for rule in before if bool(rule.get("egress")) == (direction == EGRESS)}
        for block in acl.blocks(direction):
            if block.get("rule_no") in gone:  # the state still lists what the plan changes or destroys
                continue
            yield from self._rule(acl, f"{block.path}.", "rule_no", "action")

    def _rule(self, resource: Resource, prefix: str, number: str, action: str) -> Iterator[AclRule]:
        values = {
            name: resource.get(f"{prefix}{name}") for name in (number, action, "protocol", "from_port", "to_port")
        }
        cidrs = [resource.get(f"{prefix}{name}") for name in ("cidr_block", "ipv6_cidr_block")]
        protocol = values["protocol"]
        if protocol is not UNKNOWN and str(protocol).lower() not in _PROTOCOLS:
            return
        ranges = tuple(known for value in cidrs if (known := range_of(value)) is not None)
        every = protocol is not UNKNOWN and str(protocol).lower() in _EVERY_PROTOCOL
        first, last = (0, LAST_PORT) if every else (_whole(values["from_port"]), _whole(values["to_port"]))
        yield AclRule(
            number=_whole(values[number]),
            allows=None if values[action] is UNKNOWN else str(values[action]).lower() == "allow",
            ranges=ranges or ((EVERYWHERE_4, EVERYWHERE_6) if UNKNOWN in cidrs else ()),
            first=0 if first is None else first,
            last=LAST_PORT if last is None else last,
            is_certain=UNKNOWN not in cidrs and first is not None and last is not None and protocol is not UNKNOWN,
        )

    @cached_property
    def _changing(self) -> dict[str, list[Mapping[str, object]]]:
        return self._lookups.changing("network_acl_id", "aws_network_acl_rule")

    @cached_property
    def _separate(self) -> dict[tuple[Part, str], list[AclRule]]:
        found: dict[tuple[Part, str], list[AclRule]] = {}
        for entry in self._plan.of("aws_network_acl_rule"):
            direction = EGRESS if entry.get("egress") is True else INGRESS
            acl = self._lookups.parts(entry, "network_acl_id", ACL)
            for part in acl.known:
                for rule in self._rule(entry, "", "rule_number", "rule_action"):
                    doubtful = AclRule(rule.number, rule.allows, rule.ranges, rule.first, rule.last, is_certain=False)
                    certain = acl.only is not None and entry.get("egress") is not UNKNOWN
                    found.setdefault((part, direction), []).append(rule if certain else doubtful)
        return found

    @cached_property
    def _floating_rules(self) -> Strays:
        every = self._plan.of("aws_network_acl_rule")
        return self._lookups.strays(e for e in every if not self._lookups.parts(e, "network_acl_id", ACL).known)

    @cached_property
    def _explicit(self) -> dict[Part, Parts]:
        found: dict[Part, Parts] = {}
        for owner in self._plan.of(*ACL.types):
            for subnet in self._lookups.parts(owner, "subnet_ids", SUBNET).known:
                found[subnet] = found.get(subnet, Parts()) | Parts((owner,))
        for entry in self._plan.of("aws_network_acl_association"):
            subnets = self._lookups.parts(entry, "subnet_id", SUBNET)
            acl = self._lookups.parts(entry, "network_acl_id", ACL)
            for subnet in subnets.known:
                doubtful = acl | Parts(unknown=(f"{entry.address}.subnet_id",))
                found[subnet] = acl if subnets.only is not None else doubtful
        return found

    @cached_property
    def _floating(self) -> Strays:
        """ACLs and associations of which not every subnet is known."""
        found = list[Resource]()
        for acl in self._plan.of("aws_network_acl"):
            if self._lookups.setting(acl, "subnet_ids", []) is UNKNOWN or acl.get("subnet_ids") not in (UNKNOWN, None):
                parts = self._lookups.parts(acl, "subnet_ids", SUBNET)
                found.extend([acl] if parts.unknown else [])
        for entry in self._plan.of("aws_network_acl_association"):
            found.extend([] if self._lookups.parts(entry, "subnet_id", SUBNET).known else [entry])
        return self._lookups.strays(found)


def _divide(pieces: list[Piece], rule: AclRule) -> tuple[list[Piece], list[Piece]]:
    """What a rule takes of the pieces, and what it leaves."""
    rest, taken = pieces, list[Piece]()
    for given in rule.ranges:
        left: list[Piece] = []
        for piece, entry in product(rest, (given,)):
            network, first, last = piece
            low, high = max(first, rule.first or 0), min(last, LAST_PORT if rule.last is None else rule.last)
            if low > high or not meet(network, entry):
                left.append(piece)
                continue
            inner = network if holds(entry, network) else entry
            taken.append((inner, low, high))
            if inner != network:
                left.extend((other, first, last) for other in without(network, inner))
            left.extend((inner, *ports) for ports in ((first, low - 1), (high + 1, last)) if ports[0] <= ports[1])
        rest = left
    return taken, rest


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
