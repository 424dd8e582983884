"""Weak spots of VPC endpoints: zones, route tables, private DNS."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.network.answer import Answer
from analysis.network.network import Network
from analysis.network.placed import functions, zones
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet


def endpoint_in_one_zone(network: Network) -> Iterator[Finding]:
    """An outage of the only zone of an endpoint cuts the functions of every zone off from the service."""
    callers = _subnets_by_vpc(network)
    for endpoint in network.endpoints.every:
        if endpoint.kind != "Interface" or endpoint.vpc is None or endpoint.subnets.unknown:
            continue
        own = zones(network.vpcs.subnet(part) for part in endpoint.subnets.known)
        used = zones(callers.get(endpoint.vpc, ()))
        if len(own) == 1 and len(used) > 1:
            zone = next(iter(own))
            message = f"it stands in {zone} only, and functions in {', '.join(sorted(used))} depend on it"
            missing = f"a subnet in {', '.join(sorted(used - own))}"
            fix = "add a subnet of each zone to subnet_ids"
            yield Finding("endpoint-in-one-zone", Level.WARNING, endpoint.address, missing, message, fix)


def gateway_endpoint_on_some_tables(network: Network) -> Iterator[Finding]:
    """What leaves by a NAT gateway costs for each GB, although the gateway endpoint beside it is free."""
    callers = _subnets_by_vpc(network)
    for endpoint in network.endpoints.every:
        if endpoint.kind != "Gateway" or endpoint.vpc is None or endpoint.tables.unknown:
            continue
        parts = [network.routes.table_of(subnet) for subnet in callers.get(endpoint.vpc, ())]
        tables = {part.only for part in parts if part.only is not None}
        lacking = sorted(str(table) for table in tables - set(endpoint.tables.known) if network.default_routes(table))
        if lacking and tables & set(endpoint.tables.known):
            message = f"functions behind {lacking[0]} reach {endpoint.service} by another route, and pay for each GB"
            fix = "associate the endpoint with every route table of functions"
            rule = "gateway-endpoint-on-some-tables"
            yield Finding(rule, Level.WARNING, endpoint.address, f"{', '.join(lacking)}", message, fix)


def private_dns_without_vpc_dns(network: Network) -> Iterator[Finding]:
    """AWS refuses an endpoint with private DNS in a VPC without DNS support and host names."""
    for endpoint in network.endpoints.every:
        if endpoint.kind != "Interface" or network.endpoints.is_private_dns_off(endpoint):
            continue
        check = network.endpoints.private_dns(endpoint)
        if check.answer is Answer.NO:
            message = f"AWS refuses its private DNS: {check.note} is not true"
            rule = "private-dns-without-vpc-dns"
            yield Finding(rule, Level.ERROR, endpoint.address, check.note, message, check.fix)


def _subnets_by_vpc(network: Network) -> dict[Part, tuple[Subnet, ...]]:
    found: dict[Part, dict[Subnet, None]] = {}
    for function in functions(network):
        for subnet in function.subnets:
            if subnet.vpc is not None:
                found.setdefault(subnet.vpc, {})[subnet] = None
    return {vpc: tuple(subnets) for vpc, subnets in found.items()}
