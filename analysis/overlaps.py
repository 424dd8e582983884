"""Networks that reach each other and have the same addresses, told from configurations alone.

Networks with the same transit gateway reach each other, and so do those that the settings of rollouts call routed, as
peered ones. A packet to an address that two of them have goes to one of them only, and AWS refuses to peer them (VPC
peering guide: CIDR blocks that match or overlap).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from modules.core.errors import Problem
from modules.core.target import Target

_NETWORK_FIELDS = {"cidr", "secondary_cidrs", "egress"}
"""Fields of a network that is built; the addresses of one that exists already are not in the configuration."""

_NOT_ROUTED = ipaddress.IPv4Network("100.64.0.0/10")
"""Shared address space (RFC 6598), which secondary ranges are taken from to be used again in every network: behind a
transit gateway it is hidden by private NAT (VPC guide). Peering refuses it nevertheless."""

_SHOWN = 5


@dataclass(frozen=True)
class Routed:
    """Targets whose networks reach each other.

    Attributes:
        why: such as `rollout.yaml: routed[0]`, for sentences.
        targets: their names.
    """

    why: str
    targets: frozenset[str]


@dataclass(frozen=True, order=True)
class Addresses:
    """A range of a network.

    Attributes:
        first: first address, as a number.
        last: last address.
        range: the range, such as `10.0.0.0/16`.
        place: the target with the field, such as `dev/main/us-east-1/orders_api network.cidr`.
        target: the target's name.
        gateway: transit gateway that the range is routed through; empty for none.
    """

    first: int
    last: int
    range: str
    place: str
    target: str
    gateway: str


class AddressOverlaps:
    """Ranges of networks that reach each other, held against each other.

    Called with targets and their configurations, it gives the problems: one for each range that holds others.
    It sorts, and compares neighbours; a fleet of thousands of targets takes milliseconds.

    Args:
        routed: groups of targets whose networks reach each other.
    """

    def __init__(self, routed: Sequence[Routed] = ()) -> None:
        self._routed = tuple(routed)

    def __call__(self, configs: Iterable[tuple[Target, BaseModel]]) -> Iterator[Problem]:
        """One problem for each widest range that another one lies in, or is the same as."""
        ranges = sorted(each for target, config in configs for each in addresses_of(target, config))
        told: set[tuple[str, tuple[str, ...]]] = set()
        for why, members in self._groups(ranges):
            for widest, inside in _overlapping(members):
                key = (widest.place, tuple(each.place for each in inside))
                if key not in told:  # the same networks may be routed in several ways
                    told.add(key)
                    yield _problem(widest, inside, why)

    def _groups(self, ranges: Sequence[Addresses]) -> Iterator[tuple[str, list[Addresses]]]:
        gateways: dict[str, list[Addresses]] = {}
        for each in ranges:
            if each.gateway:
                gateways.setdefault(each.gateway, []).append(each)
        for gateway, members in sorted(gateways.items()):
            yield f"they share the transit gateway {gateway}", members
        for group in self._routed:
            yield f"they reach each other ({group.why})", [each for each in ranges if each.target in group.targets]


def addresses_of(target: Target, config: BaseModel) -> Iterator[Addresses]:
    """Every range of every network in a stack's configuration, whatever the stack.

    Args:
        target: where the stack goes.
        config: its configuration. A model is a network's if it has the fields `cidr`, `secondary_cidrs` and `egress`.
    """
    place = f"{target.env}/{target.account}/{target.region}/{target.stack}"
    for path, network in _networks(config, ""):
        gateway = getattr(network.egress, "transit_gateway_id", "")
        for number, text in enumerate((network.cidr, *network.secondary_cidrs)):
            try:
                known = ipaddress.IPv4Network(text)
            except ValueError:  # none, as IPAM gives it, or a value that is known later only
                continue
            field = f"secondary_cidrs[{number - 1}]" if number else "cidr"
            is_hidden = number > 0 and known.subnet_of(_NOT_ROUTED)
            yield Addresses(
                int(known.network_address),
                int(known.broadcast_address),
                str(known),
                f"{place} {f'{path}.' if path else ''}{field}",
                target.name,
                "" if is_hidden else gateway,
            )


def _networks(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        if type(value).model_fields.keys() >= _NETWORK_FIELDS:
            yield path, value
        for name in type(value).model_fields:
            yield from _networks(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _networks(member, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _networks(member, f"{path}[{index}]")


def _overlapping(ranges: Sequence[Addresses]) -> Iterator[tuple[Addresses, list[Addresses]]]:
    """Each widest range with those that lie in it; ranges are nested or apart, as CIDRs are."""
    ordered = sorted(ranges, key=lambda each: (each.first, -each.last, each.place))
    widest, inside = None, list[Addresses]()
    for each in ordered:
        if widest is not None and each.last <= widest.last:
            inside.append(each)
            continue
        if widest is not None and inside:
            yield widest, inside
        widest, inside = each, []
    if widest is not None and inside:
        yield widest, inside


def _problem(widest: Addresses, inside: Sequence[Addresses], why: str) -> Problem:
    shown = ", ".join(f"{each.range} of {each.place}" for each in inside[:_SHOWN])
    more = f" and {len(inside) - _SHOWN} more" if len(inside) > _SHOWN else ""
    where, _, field = widest.place.partition(" ")
    given = f"{field} {widest.range} has addresses of {shown}{more}"
    fix = "give each a range of its own, or have IPAM do it"
    return Problem(where, given, f"{why}, so each address may stand once", fix)
