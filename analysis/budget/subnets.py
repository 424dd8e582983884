"""Subnets as scopes, and how many addresses each has."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from analysis.budget.claims import Claim, Scope
from analysis.budget.model import Limit
from analysis.budget.places import Place
from analysis.budget.states import After, Before
from analysis.budget.view import SUBNETS, View
from analysis.plan import Resource
from modules.core.limits import VPC_RESERVED_ADDRESSES_PER_SUBNET as RESERVED

RULE = "addresses-per-subnet"
_BITS = 32


@dataclass(frozen=True)
class Subnet:
    """A subnet.

    Attributes:
        scope: the subnet as a scope.
        limit: addresses for use.
        prefix: bits of its IPv4 range; 0 where it is not known.
        used: addresses in use when the plan was made; 0 where AWS was not asked.
        is_ipv6_only: whether it has no IPv4 addresses.
    """

    scope: Scope
    limit: Limit
    prefix: int = 0
    used: int = 0
    is_ipv6_only: bool = False


class Subnets:
    """All subnets of several plans, and those that they name by id.

    Args:
        states: the plans.
    """

    def __init__(self, states: Sequence[tuple[After, Before]]) -> None:
        self._found: dict[str, Subnet] = {}
        self._views = {after.view.name: after.view for after, _ in states}
        for after, before in states:
            for entry in (*after.of(*SUBNETS), *after.view.plan.of("aws_subnet", mode="data")):
                key = after.key(entry)
                if key not in self._found or not self._found[key].prefix:
                    self._found[key] = _subnet(after.view, key, entry)
            for entry in before.of(*SUBNETS):
                key = before.key(entry)
                self._found.setdefault(key, _subnet(before.view, key, entry))

    def at(self, key: str, view: View, place: Place) -> Subnet:
        """A subnet by its key."""
        if key not in self._found:
            label = view.labels.get(key, key)
            limit = Limit(None, f"the range of {label}, which is no resource of the plan")
            self._found[key] = Subnet(Scope(f"subnet {key}", label, place), limit)
        return self._found[key]

    def limits(self) -> dict[tuple[str, str], Limit]:
        """Addresses of each subnet, by rule and key of its scope."""
        return {(RULE, subnet.scope.key): subnet.limit for subnet in self._found.values()}

    def others(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """What others than the plans used already of subnets that AWS was asked about.

        Args:
            claims: what the plans used and will use of subnets.
        """
        own: dict[str, Fraction] = {}
        for claim in claims:
            if claim.rule == RULE:
                own[claim.scope.key] = own.get(claim.scope.key, Fraction()) + claim.before
        for subnet in self._found.values():
            used = subnet.used - ceil(own.get(subnet.scope.key, 0))
            if used > 0:
                yield Claim(
                    RULE, subnet.scope, subnet.scope.address, used, used, note="in use by others when it was read"
                )


def _subnet(view: View, key: str, entry: Resource) -> Subnet:
    address = view.address(entry)
    scope = Scope(f"subnet {key}", address, view.place(entry), address)
    cidr = entry.get("cidr_block")
    if entry.get("ipv6_native") is True:
        return Subnet(scope, Limit(None, "it has no IPv4 addresses"), is_ipv6_only=True)
    bits = entry.get("ipv4_netmask_length")
    if isinstance(cidr, str):
        prefix, label = ipaddress.ip_network(cidr, strict=False).prefixlen, cidr
    elif isinstance(bits, int) and bits:
        prefix, label = bits, f"/{bits}"
    else:
        return Subnet(scope, Limit(None, f"cidr_block of {address}"))
    size = 2 ** (_BITS - prefix)
    usable = size - RESERVED
    free = entry.get("available_ip_address_count")
    used = usable - free if entry.mode == "data" and isinstance(free, int) else 0
    source = f"{label} has {size} addresses, of which AWS keeps {RESERVED}; VPC guide"
    return Subnet(scope, Limit(usable, source), prefix, used)
