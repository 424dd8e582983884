"""Network interfaces per VPC and region, and addresses per subnet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from analysis.budget.claims import Claim, Scope, region_scope
from analysis.budget.functions import Attachment, Pair
from analysis.budget.networks import Networks
from analysis.budget.occupants import Occupant
from analysis.budget.places import Place
from analysis.budget.states import After, State
from analysis.budget.subnets import RULE as PER_SUBNET
from analysis.budget.subnets import Subnets

PER_VPC, PER_REGION = "interfaces-per-vpc", "interfaces-per-region"
_KEPT = "published versions keep the subnets and security groups they have"


def function_claims(functions: Sequence[Attachment], networks: Networks, subnets: Subnets) -> Iterator[Claim]:
    """Interfaces and addresses of functions; what several share counts for the first of them.

    Args:
        functions: functions in VPCs, of all plans.
        networks: VPCs of subnets and groups.
        subnets: subnets as scopes.
    """
    before = _first((entry, pair) for entry in functions for pair in entry.before)
    after = _first((entry, pair) for entry in functions for pair in (*entry.pairs, *entry.kept))
    for entry in functions:
        for pair in dict.fromkeys((*entry.pairs, *entry.kept, *entry.before)):
            was, will = before.get(pair) is entry, after.get(pair) is entry
            if was or will:
                note = _KEPT if pair in entry.kept else ""
                yield from _pair(entry, pair, (int(was), int(will)), note, networks, subnets)
        if entry.unknown:
            yield from _unknown(entry, networks)


def other_claims(occupants: Sequence[tuple[State, Occupant]], networks: Networks, subnets: Subnets) -> Iterator[Claim]:
    """Interfaces and addresses of everything else.

    Args:
        occupants: each with the side of its plan.
        networks: VPCs of subnets and groups.
        subnets: subnets as scopes.
    """
    for state, entry in occupants:
        view, after = state.view, isinstance(state, After)
        place, address = view.place(entry.resource), view.address(entry.resource)
        unknown = entry.subnets.unknown if after else ""

        def claim(rule: str, scope: Scope, count: Fraction | int, *, unknown: str = "") -> Claim:
            before, will = (0, count) if after else (count, 0)  # noqa: B023  # called within the loop's turn only
            return Claim(rule, scope, address, before, will, unknown, entry.note)  # noqa: B023  # likewise

        if entry.is_hyperplane:
            keys = (*entry.subnets.keys, *entry.groups.keys)
            vpc = networks.scope(keys, place, vpc=state.keys(entry.resource, "vpc_id").first, address=address)
            yield claim(PER_VPC, vpc, entry.interfaces, unknown=unknown)
        yield claim(PER_REGION, region_scope(place), entry.interfaces, unknown=unknown)
        for key in entry.subnets.keys:
            subnet = subnets.at(key, view, place)
            if not subnet.is_ipv6_only:
                yield claim(PER_SUBNET, subnet.scope, entry.addresses)
        if unknown:
            yield claim(PER_SUBNET, _somewhere(address, place), 0, unknown=unknown)


def _first(entries: Iterator[tuple[Attachment, Pair]]) -> dict[Pair, Attachment]:
    found: dict[Pair, Attachment] = {}
    for entry, pair in entries:
        found.setdefault(pair, entry)
    return found


def _pair(
    entry: Attachment, pair: Pair, count: tuple[int, int], note: str, networks: Networks, subnets: Subnets
) -> Iterator[Claim]:
    place = entry.view.place(entry.resource)
    vpc = networks.scope((pair[0], *sorted(pair[1])), place, vpc=entry.vpc, address=entry.address)
    subnet = subnets.at(pair[0], entry.view, place)
    scopes = {PER_VPC: vpc, PER_REGION: region_scope(place), PER_SUBNET: subnet.scope}
    for rule, scope in scopes.items():
        if rule != PER_SUBNET or not subnet.is_ipv6_only:
            yield Claim(rule, scope, entry.address, *count, note=note)


def _unknown(entry: Attachment, networks: Networks) -> Iterator[Claim]:
    place, address = entry.view.place(entry.resource), entry.address
    keys = (*entry.subnets.keys, *entry.groups.keys)
    vpc = networks.scope(keys, place, vpc=entry.vpc, address=address)
    yield Claim(PER_VPC, vpc, address, unknown=entry.unknown)
    yield Claim(PER_REGION, region_scope(place), address, unknown=entry.unknown)
    if entry.subnets.unknown:
        yield Claim(PER_SUBNET, _somewhere(address, place), address, unknown=entry.subnets.unknown)


def _somewhere(address: str, place: Place) -> Scope:
    return Scope(f"subnets of {address}", f"the subnets of {address}", place, address)
