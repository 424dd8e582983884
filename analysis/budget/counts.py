"""Resources that are counted one by one: addresses, endpoints, NAT gateways, subnets, VPCs, security groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.budget.claims import Claim, Scope, region_scope
from analysis.budget.limits import KINDS
from analysis.budget.networks import Networks
from analysis.budget.places import Place
from analysis.budget.states import After, State
from analysis.budget.view import GROUPS, SUBNETS, VPCS
from analysis.plan import UNKNOWN, Resource

_OWN_POOL = "ipv4pool-ec2-"
_REGIONAL = "regional"
_NAT = "nat-gateways-per-zone"


def count_claims(state: State, networks: Networks) -> Iterator[Claim]:
    """One for each resource.

    Args:
        state: a plan, after or before it.
        networks: VPCs of subnets.
    """
    for rule, types in _PER_REGION.items():
        for entry in state.of(*types):
            if not _is_own_address(entry):
                yield _claim(state, rule, region_scope(state.view.place(entry)), entry)
    for entry in state.of("aws_vpc_endpoint"):
        yield _endpoint(state, entry, networks)
    for entry in state.of(*SUBNETS):
        place, vpc = state.view.place(entry), state.keys(entry, "vpc_id", *VPCS).first
        scope = networks.scope((state.key(entry),), place, vpc=vpc, address=state.view.address(entry))
        yield _claim(state, "subnets-per-vpc", scope, entry)
    gateways = [entry for entry in state.of("aws_nat_gateway") if entry.get("availability_mode") != _REGIONAL]
    for entry in gateways:
        yield _nat(state, entry, is_crowded=len(gateways) > (KINDS[_NAT].default or 0))


_PER_REGION = {
    "elastic-ips-per-region": ("aws_eip",),
    "security-groups-per-region": GROUPS,
    "vpcs-per-region": VPCS,
}


def _endpoint(state: State, entry: Resource, networks: Networks) -> Claim:
    place = state.view.place(entry)
    if entry.get("vpc_endpoint_type", "Gateway") == "Gateway":
        return _claim(state, "gateway-endpoints-per-region", region_scope(place), entry)
    subnets = state.keys(entry, "subnet_ids", *SUBNETS).keys
    vpc = state.keys(entry, "vpc_id", *VPCS).first
    scope = networks.scope(subnets, place, vpc=vpc, address=state.view.address(entry))
    return _claim(state, "interface-endpoints-per-vpc", scope, entry)


def _nat(state: State, entry: Resource, *, is_crowded: bool) -> Claim:
    """One gateway of its zone; where the zone is not known, it matters once there are more than fit into one."""
    place = state.view.place(entry)
    subnets, unknown = state.follow(entry, "subnet_id", *SUBNETS)
    zone = subnets[0].get("availability_zone") if len(subnets) == 1 else None
    if isinstance(zone, str) and not unknown:
        return _claim(state, _NAT, _zone(place, zone), entry)
    claim = _claim(state, _NAT, _zone(place, "a zone that is not known"), entry)
    is_open = is_crowded and isinstance(state, After)
    return replace(claim, unknown=f"the zone of {state.view.address(entry)}") if is_open else claim


def _zone(place: Place, zone: str) -> Scope:
    region = region_scope(place)
    return Scope(f"{region.key}/{zone}", f"{place.words}, {zone}", place)


def _claim(state: State, rule: str, scope: Scope, entry: Resource) -> Claim:
    after = isinstance(state, After)
    return Claim(rule, scope, state.view.address(entry), int(not after), int(after))


def _is_own_address(entry: Resource) -> bool:
    """Whether an address comes of a range that the account brought itself, which no quota counts (EC2 guide)."""
    pool = entry.get("public_ipv4_pool")
    return pool is not None and pool is not UNKNOWN and str(pool).startswith(_OWN_POOL)
