"""Ways out of a VPC side by side: NAT gateways, interface endpoints, IPv6.

What each costs before any traffic and for each GB, and the traffic from which it is cheaper than one NAT gateway. Data
to the internet and between zones are left out: they cost the same whichever way is taken, or are not told by a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from analysis.cost.places import Place, places_of
from analysis.cost.prices import Prices
from analysis.cost.usage import Usage
from analysis.endpoint_break_even import FREE_SERVICES, HOURS_A_MONTH, BreakEven, break_even
from analysis.endpoint_break_even import Prices as TrafficPrices
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.reach.model import Kind, Need
from analysis.reach.needs import ANY_SERVICE, needs

ONE_NAT, NAT_PER_ZONE = "one NAT gateway", "a NAT gateway in each zone"
ENDPOINTS, IPV6 = "interface endpoints, no NAT gateway", "IPv6 through an egress-only internet gateway"
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Strategy:
    """One way out.

    Attributes:
        name: such as `one NAT gateway`.
        applies: whether everything that functions need is reached by it; None where the plan does not tell.
        why: why it does not apply, or what is unknown; empty where it applies.
        fixed_usd: USD a month before any traffic; None where it is not known.
        usd_per_gb: USD for each GB; None where it is not known.
        monthly_usd: USD a month with the declared traffic; None where something is not known.
        break_even_gb: GB a month from which it is cheaper than one NAT gateway, 0 for always; None for never.
    """

    name: str
    applies: bool | None
    why: tuple[str, ...]
    fixed_usd: Decimal | None
    usd_per_gb: Decimal | None
    monthly_usd: Decimal | None
    break_even_gb: Decimal | None


@dataclass(frozen=True)
class Egress:
    """The ways out of one VPC.

    Attributes:
        vpc: address or id of the VPC; empty where it cannot be told.
        region: region of its functions; empty where it is not known.
        functions: addresses of the functions in it.
        zones: zones that they stand in; None where one cannot be told.
        services: endpoints that cost something, of the services that functions call.
        free_services: services with gateway endpoints, among them.
        gb_a_month: declared traffic through its NAT gateways and interface endpoints; None where none is declared.
        strategies: in a fixed order.
        beside_nat: traffic from which endpoints pay beside a NAT gateway that stays; None without prices or zones.
        unknown: what cannot be told, such as a price or a zone.
    """

    vpc: str
    region: str
    functions: tuple[str, ...]
    zones: int | None
    services: tuple[str, ...]
    free_services: tuple[str, ...]
    gb_a_month: Decimal | None
    strategies: tuple[Strategy, ...]
    beside_nat: BreakEven | None
    unknown: tuple[str, ...] = ()


def egress(
    plan: Plan,
    usage: Usage | None = None,
    *,
    prices: Prices,
    needed: Iterable[Need] | None = None,
    region: str = "",
) -> tuple[Egress, ...]:
    """The ways out of each VPC that functions stand in.

    Args:
        plan: the plan.
        usage: declared traffic of NAT gateways and endpoints.
        prices: price tables.
        needed: what functions need to reach; found in the plan without it.
        region: region of functions that the plan does not tell the region of.

    Returns:
        One for each VPC, by its address.
    """
    places = places_of(plan, usage or Usage())
    by_function: dict[Resource, list[Need]] = {}
    for need in needs(plan) if needed is None else needed:
        by_function.setdefault(need.function, []).append(need)
    return tuple(
        _compared(plan, str(vpc or ""), places[vpc], by_function, prices, region)
        for vpc in sorted(places, key=lambda vpc: str(vpc or ""))
        if places[vpc].functions
    )


def _compared(
    plan: Plan,
    vpc: str,
    place: Place,
    needed: Mapping[Resource, list[Need]],
    prices: Prices,
    region: str,
) -> Egress:
    own = [need for function in place.functions for need in needed.get(function, ())]
    regions = {plan.region(function) or region for function in place.functions}
    where = regions.pop() if len(regions) == 1 else ""
    called = sorted({need.destination.name for need in own if _is_called(need)})
    zones = {subnet.zone for subnet in place.subnets}
    unknown = [*place.unknown, *(f"the zone of {subnet}" for subnet in place.subnets if not subnet.zone)]
    count = None if unknown or not zones else len(zones)
    paid, free = [name for name in called if name not in FREE_SERVICES], [n for n in called if n in FREE_SERVICES]
    rates = {name: _rate(prices, where, name, unknown) for name in ("nat", "ipv4", "nat_gb", "endpoint", "endpoint_gb")}
    nat = _sum(rates["nat"], rates["ipv4"])
    each = None if rates["endpoint"] is None or count is None else rates["endpoint"] * count * len(paid)
    rows = [
        (ONE_NAT, True, (), nat, rates["nat_gb"]),
        (NAT_PER_ZONE, True, (), None if nat is None or count is None else nat * count, rates["nat_gb"]),
        (ENDPOINTS, *_by_endpoints(own), each, rates["endpoint_gb"] if paid else _ZERO),
        (IPV6, *_by_ipv6(place), _ZERO, _ZERO),
    ]
    first = (nat, rates["nat_gb"])
    return Egress(
        vpc=vpc,
        region=where,
        functions=tuple(function.address for function in place.functions),
        zones=count,
        services=tuple(paid),
        free_services=tuple(free),
        gb_a_month=place.gb,
        strategies=tuple(_strategy(*row, gb=place.gb, base=first) for row in rows),
        beside_nat=_beside(where, count, paid, prices),
        unknown=tuple(dict.fromkeys(unknown)),
    )


_ITEMS = {
    "nat": ("nat_gateway.hours", True),
    "ipv4": ("public_ipv4.hours", True),
    "nat_gb": ("nat_gateway.gb", False),
    "endpoint": ("endpoint.hours", True),
    "endpoint_gb": ("endpoint.gb", False),
}


def _rate(prices: Prices, region: str, name: str, unknown: list[str]) -> Decimal | None:
    item, is_hourly = _ITEMS[name]
    price = prices.find(region, item)
    if price is None:
        unknown.append(f"the price of {item} in {region}" if region else "the region of the functions")
        return None
    return price.price * HOURS_A_MONTH if is_hourly else price.price


def _sum(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left + right


def _is_called(need: Need) -> bool:
    destination = need.destination
    return destination.kind is Kind.SERVICE and not destination.region and destination.name != ANY_SERVICE


def _by_endpoints(own: Iterable[Need]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether endpoints alone are enough."""
    never, unknown = dict[str, None](), dict[str, None]()
    for need in own:
        destination = need.destination
        where = f"{need.function.address} needs {destination.name}"
        if destination.kind is Kind.INTERNET:
            (unknown if need.unknown else never)[f"{where} on the internet"] = None
        elif destination.kind is Kind.SERVICE and destination.name == ANY_SERVICE:
            unknown[f"{need.function.address} calls services that the plan does not tell"] = None
        elif destination.kind is Kind.SERVICE and destination.region:
            (unknown if need.unknown else never)[f"{where} in {destination.region}"] = None
    if never:
        return False, tuple(never)
    return (None, tuple(unknown)) if unknown else (True, ())


def _by_ipv6(place: Place) -> tuple[bool | None, tuple[str, ...]]:
    """Whether functions have IPv6; what they call must answer over it, which no plan tells."""
    without = [f"{subnet} has no IPv6 range" for subnet in place.subnets if subnet.has_ipv6 is False]
    for function in place.functions:
        allowed = function.get("vpc_config.ipv6_allowed_for_dual_stack", default=False)
        if allowed is False:
            without.append(f"{function.address} has no ipv6_allowed_for_dual_stack")
    if without:
        return False, tuple(without)
    unknown = [f"whether {subnet} has an IPv6 range" for subnet in place.subnets if subnet.has_ipv6 is UNKNOWN]
    return None, (*unknown, "whether everything that functions call answers over IPv6")


def _strategy(
    name: str,
    applies: bool | None,  # noqa: FBT001  # three values, one of them None
    why: tuple[str, ...],
    fixed: Decimal | None,
    per_gb: Decimal | None,
    *,
    gb: Decimal | None,
    base: tuple[Decimal | None, Decimal | None],
) -> Strategy:
    monthly = None if fixed is None or per_gb is None or gb is None else fixed + per_gb * gb
    return Strategy(name, applies, why, fixed, per_gb, monthly, _cheaper_from(fixed, per_gb, *base))


def _cheaper_from(
    fixed: Decimal | None, per_gb: Decimal | None, nat: Decimal | None, nat_gb: Decimal | None
) -> Decimal | None:
    if fixed is None or per_gb is None or nat is None or nat_gb is None:
        return None
    if fixed <= nat and per_gb <= nat_gb:
        return None if (fixed, per_gb) == (nat, nat_gb) else _ZERO
    return (fixed - nat) / (nat_gb - per_gb) if per_gb < nat_gb else None


def _beside(region: str, zones: int | None, services: list[str], prices: Prices) -> BreakEven | None:
    hour, nat, endpoint = (prices.find(region, _ITEMS[name][0]) for name in ("endpoint", "nat_gb", "endpoint_gb"))
    if hour is None or nat is None or endpoint is None or not zones or nat.price <= endpoint.price:
        return None
    traffic = TrafficPrices(
        date=hour.dated.isoformat(),
        source=hour.source,
        nat_gb=nat.price,
        endpoint_hour=hour.price,
        endpoint_gb=endpoint.price,
    )
    return break_even(region, zones=zones, services=services, prices=traffic)
