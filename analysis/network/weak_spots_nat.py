"""Weak spots of NAT: one gateway for several zones, and traffic across zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.finding import Finding, Level
from analysis.network.lookups import SUBNETS
from analysis.network.network import Network
from analysis.network.placed import zones
from analysis.network.routes import INTERFACE, NAT_GATEWAY
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource


def one_nat_for_zones(network: Network) -> Iterator[Finding]:
    """An outage of the zone of the only NAT gateway cuts the subnets of every zone off."""
    every = _users(network)
    counted = _by_vpc(every)
    for nat, subnets in every.items():
        found, vpcs = zones(subnets), _vpcs(subnets)
        alone = all(len(counted[vpc]) == 1 for vpc in vpcs)
        if len(found) > 1 and alone and not _is_regional(network, nat):
            message = f"subnets in {', '.join(sorted(found))} all leave by it; an outage of its zone cuts all off"
            fix = "add a NAT gateway in each zone, with a route table for each"
            yield Finding("one-nat-for-zones", Level.WARNING, str(nat), "a NAT gateway in each zone", message, fix)


def nat_in_other_zone(network: Network) -> Iterator[Finding]:
    """Traffic to a NAT gateway in another zone costs more, and stops with either zone."""
    every = _users(network)
    counted = _by_vpc(every)
    for nat, subnets in every.items():
        vpcs = _vpcs(subnets)
        if not isinstance(nat, Resource) or _is_regional(network, nat):
            continue
        if all(len(counted[vpc]) == 1 for vpc in vpcs):
            continue
        own, _ = network.subnets_of(nat, "subnet_id")
        home = zones(own)
        for subnet in subnets:
            if len(home) == 1 and subnet.zone and subnet.zone not in home:
                zone = next(iter(home))
                message = f"{subnet} in {subnet.zone} leaves by it, although it stands in {zone}"
                missing = f"a route of {subnet} to a NAT gateway in {subnet.zone}"
                fix = "lead each route table to the NAT gateway of its own zone"
                yield Finding("nat-in-other-zone", Level.WARNING, nat.address, missing, message, fix)


def _users(network: Network) -> dict[Part, tuple[Subnet, ...]]:
    """Subnets by the NAT gateway or instance that they leave by."""
    found: dict[Part, dict[Subnet, None]] = {}
    for resource in network.plan.of(*SUBNETS):
        subnet = network.vpcs.subnet(resource)
        table = network.routes.table_of(subnet).only
        for route in network.default_routes(table) if table is not None else ():
            if route.kind in {NAT_GATEWAY, INTERFACE} and route.target is not None:
                found.setdefault(route.target, {})[subnet] = None
    return {nat: tuple(subnets) for nat, subnets in found.items()}


def _by_vpc(every: Mapping[Part, tuple[Subnet, ...]]) -> dict[Part | None, list[Part]]:
    found: dict[Part | None, list[Part]] = {}
    for nat, subnets in every.items():
        for vpc in _vpcs(subnets):
            found.setdefault(vpc, []).append(nat)
    return found


def _vpcs(subnets: tuple[Subnet, ...]) -> set[Part | None]:
    return {subnet.vpc for subnet in subnets}


def _is_regional(network: Network, nat: Part) -> bool:
    if not isinstance(nat, Resource):
        return True
    mode = network.lookups.setting(nat, "availability_mode", "zonal")
    return mode is UNKNOWN or mode == "regional"
