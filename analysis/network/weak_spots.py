"""What works until something else fails or grows, and what AWS will refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.finding import Finding
from analysis.network import (
    weak_spots_databases,
    weak_spots_endpoints,
    weak_spots_functions,
    weak_spots_nat,
    weak_spots_rules,
)
from analysis.network.network import Network

CHECKS: tuple[Callable[[Network], Iterator[Finding]], ...] = (
    weak_spots_functions.function_in_one_zone,
    weak_spots_functions.function_in_public_subnet,
    weak_spots_functions.function_egress_to_everything,
    weak_spots_functions.function_admits_ingress,
    weak_spots_nat.one_nat_for_zones,
    weak_spots_nat.nat_in_other_zone,
    weak_spots_endpoints.endpoint_in_one_zone,
    weak_spots_endpoints.gateway_endpoint_on_some_tables,
    weak_spots_endpoints.private_dns_without_vpc_dns,
    weak_spots_databases.database_in_one_zone,
    weak_spots_databases.database_in_public_subnet,
    weak_spots_databases.database_around_proxy,
    weak_spots_rules.ingress_from_everywhere,
    weak_spots_rules.database_open_to_addresses,
    weak_spots_rules.group_without_rules,
)
"""Every check, one for each rule."""


def weak_spots(network: Network) -> tuple[Finding, ...]:
    """The weak spots of a plan's networks, sorted; only what is certain."""
    return tuple(sorted({finding for check in CHECKS for finding in check(network)}))
