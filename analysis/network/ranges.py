"""Address ranges: which hold which, and what remains of one without another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from analysis.network.answer import Answer

Range = IPv4Network | IPv6Network

EVERYWHERE_4, EVERYWHERE_6 = IPv4Network("0.0.0.0/0"), IPv6Network("::/0")
IPV4, IPV6 = 4, 6

EVERYWHERE: dict[int, Range] = {IPV4: EVERYWHERE_4, IPV6: EVERYWHERE_6}
"""All addresses of a version of IP."""

_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Ranges in which no host of the internet lies (IANA special-purpose address registries)."""


def range_of(value: Any) -> Range | None:
    """The range that a text such as `10.0.0.0/16` names; None for anything else."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def holds(outer: Range, inner: Range) -> bool:
    """Whether all addresses of `inner` lie in `outer`."""
    if isinstance(outer, IPv4Network):
        return isinstance(inner, IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and inner.subnet_of(outer)


def meet(left: Range, right: Range) -> bool:
    """Whether two ranges have an address in common."""
    return left.version == right.version and left.overlaps(right)


def is_everywhere(given: Range) -> bool:
    """Whether it is `0.0.0.0/0` or `::/0`."""
    return given.prefixlen == 0


def is_public(given: Range) -> bool:
    """Whether hosts of the internet lie in it."""
    return not any(holds(private, given) for private in _NOT_PUBLIC)


def without(whole: Range, part: Range) -> Iterator[Range]:
    """What remains of `whole` without `part`, which lies in it."""
    if isinstance(whole, IPv4Network):
        yield from whole.address_exclude(IPv4Network(part))
    else:
        yield from whole.address_exclude(IPv6Network(part))


def covered(inner: Range, outers: Iterable[Range]) -> Answer:
    """Whether all addresses of `inner` lie in some of `outers`: yes, no (none does), or unknown (some do)."""
    rest, touched = [inner], False
    for outer in outers:
        remaining: list[Range] = []
        for piece in rest:
            if holds(outer, piece):
                touched = True
            elif holds(piece, outer):
                touched = True
                remaining.extend(without(piece, outer))
            else:
                remaining.append(piece)
        rest = remaining
    if not rest:
        return Answer.YES
    return Answer.UNKNOWN if touched else Answer.NO
