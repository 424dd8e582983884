"""What a network is billed for: NAT gateways, endpoints, public addresses, load balancers."""

from __future__ import annotations

from analysis.cost.charges import Charge, Charges, Kind, count_of, fixed, hourly, undecidable, used
from analysis.cost.state import State
from analysis.cost.usage import Usage, use_of
from analysis.endpoint_break_even import HOURS_A_MONTH
from analysis.plan import UNKNOWN, Links, Resource

_OWN_POOL = "ipv4pool-"
_WITHOUT_PUBLIC_IPV4 = "dualstack-without-public-ipv4"


def nat_charges(state: State, gateway: Resource, usage: Usage) -> Charges:
    """A NAT gateway by the hour and GB; a regional one by the hour of each zone."""
    mode = state.setting(gateway, "availability_mode", "zonal")
    declared = use_of(usage.nat_gateways, gateway.address)
    gb = declared.gb if declared else None
    if mode == "regional":
        zones = gateway.blocks("availability_zone_address")
        unknown = "how many zones it expands to, which AWS decides by the VPC's workloads"
        yield hourly(state, gateway, "nat_gateway.regional_hours", len(zones) or None, "zones", unknown)
        yield used(state, gateway, "nat_gateway.regional_gb", gb)
        return
    yield hourly(state, gateway, "nat_gateway.hours", 1)
    yield used(state, gateway, "nat_gateway.gb", gb)


def address_charges(state: State, address: Resource, usage: Usage) -> Charges:
    """An elastic IP, in use or not; one of the account's own range is not billed."""
    del usage
    pool = address.get("public_ipv4_pool", "")
    if pool is UNKNOWN or not str(pool).startswith(_OWN_POOL):
        yield hourly(state, address, "public_ipv4.hours", 1)


def endpoint_charges(state: State, endpoint: Resource, usage: Usage) -> Charges:
    """An endpoint: a gateway costs nothing, an interface by the hour of each zone and by the GB."""
    kind = state.setting(endpoint, "vpc_endpoint_type", "Gateway")
    if kind is UNKNOWN:
        yield undecidable(state, endpoint, "endpoint.hours", "vpc_endpoint_type")
    elif kind == "Gateway":
        yield fixed(state, endpoint, "gateway endpoint", 1)
    elif kind != "Interface":
        yield fixed(state, endpoint, f"{kind} endpoint", 1)
    else:
        zones, unknown = _zones(state, endpoint)
        yield hourly(state, endpoint, "endpoint.hours", zones, "zones", unknown)
        declared = use_of(usage.endpoints, endpoint.address)
        yield used(state, endpoint, "endpoint.gb", declared.gb if declared else None)


def load_balancer_charges(state: State, balancer: Resource, usage: Usage) -> Charges:
    """An Application Load Balancer by the hour and capacity unit; its public addresses too."""
    kind = state.setting(balancer, "load_balancer_type", "application")
    if kind is UNKNOWN:
        yield undecidable(state, balancer, "load balancer", "load_balancer_type")
        return
    if kind != "application":
        yield fixed(state, balancer, f"{kind} load balancer", 1)
        return
    yield hourly(state, balancer, "alb.hours", 1)
    declared = use_of(usage.load_balancers, balancer.address)
    yield used(state, balancer, "alb.lcu_hours", declared.lcu * HOURS_A_MONTH if declared else None)
    internal = state.setting(balancer, "internal", default=False)
    if internal is UNKNOWN:
        yield undecidable(state, balancer, "public_ipv4.hours", "internal")
    elif not internal and state.setting(balancer, "ip_address_type", "ipv4") != _WITHOUT_PUBLIC_IPV4:
        mapped = len(balancer.blocks("subnet_mapping")) if state.is_configured(balancer, "subnet_mapping") else 0
        zones, unknown = (mapped, "") if mapped else count_of(state, balancer, "subnets", "aws_subnet")
        yield hourly(state, balancer, "public_ipv4.hours", zones, "public addresses", unknown)


def account_charges(usage: Usage, region: str) -> Charges:
    """What no resource stands for: traffic and custom metrics of the whole account."""
    amounts = {
        "internet.gb": usage.internet_gb,
        "cross_zone.gb": usage.cross_zone_gb,
        "metrics.custom": usage.custom_metrics,
    }
    for item, quantity in amounts.items():
        if quantity:
            yield Charge("", region, item, Kind.USAGE, quantity, "declared for the account")


def _zones(state: State, endpoint: Resource) -> tuple[int | None, str]:
    """Zones of an interface endpoint: each of its subnets lies in another one."""
    path = "subnet_ids"
    if not state.is_configured(endpoint, path) and state.is_configured(endpoint, "subnet_configuration"):
        return len(endpoint.blocks("subnet_configuration")) or None, "subnet_configuration"
    found = state.links(endpoint, path, "aws_subnet")
    associations = state.endpoint_subnets.get(endpoint, ())
    if associations and found.unresolved == (path,):  # set by associations only, so nothing in the endpoint names them
        found = Links()
    for association in associations:
        found |= state.links(association, "subnet_id", "aws_subnet")
    if not found.is_complete:
        return None, f"{path} ({', '.join(found.unresolved)})"
    return len(found.resources) + len(found.literals), ""
