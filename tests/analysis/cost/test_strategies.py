"""Ways out of a VPC side by side, with the traffic from which each is cheaper than one NAT gateway."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.cost import Egress, Usage, egress, usd
from analysis.cost.strategies import ENDPOINTS, IPV6, NAT_PER_ZONE, ONE_NAT
from analysis.plan import Plan
from analysis.reach.model import Destination, Kind, Need, Origin
from analysis.reach.needs import ANY_SERVICE
from tests.analysis.cost.documents import PRICES, plan_of

VPC, API = "aws_vpc.main", "aws_lambda_function.api"
NAT = "aws_nat_gateway.a"


def network(zones: str = "ab", **more: Any) -> Plan:
    vpc = "vpc-0123456789abcdef0"
    subnets = {
        f"aws_subnet.{zone}": {
            "id": f"subnet-0123456789abcdef{zone}", "vpc_id": vpc, "availability_zone": f"us-east-1{zone}",
            "cidr_block": "10.0.0.0/24",
        }
        for zone in zones
    }  # fmt: skip
    ids = [each["id"] for each in subnets.values()]
    function = {"function_name": "api", "vpc_config": [{"subnet_ids": ids, **more.pop("vpc_config", {})}]}
    resources: dict[str, dict[str, Any]] = {VPC: {"id": vpc}, **subnets, API: function, NAT: {"subnet_id": ids[0]}}
    return plan_of(resources, before=resources, **more)


def need(plan: Plan, name: str, kind: Kind = Kind.SERVICE, **more: Any) -> Need:
    function = plan.at(API)
    assert function is not None
    unknown = more.pop("unknown", "")
    return Need(function, Origin(function), Destination(kind, name, **more), ("because",), unknown)


def compared(plan: Plan, *needed: Need, usage: dict[str, Any] | None = None) -> Egress:
    (found,) = egress(plan, Usage.parse(usage or {}), prices=PRICES, needed=needed)
    return found


def row(found: Egress, name: str) -> tuple[str | None, str | None, str | None]:
    (one,) = [each for each in found.strategies if each.name == name]
    numbers = (one.fixed_usd, one.monthly_usd, one.break_even_gb)
    fixed, monthly, even = (None if number is None else usd(number) for number in numbers)
    return fixed, monthly, even


def test_five_services_in_two_zones() -> None:
    plan = network()
    services = ("kms", "logs", "secretsmanager", "sqs", "sts")
    usage = {"nat_gateways": {NAT: {"gb": 100}}}
    found = compared(plan, *(need(plan, name) for name in (*services, "s3", "dynamodb")), usage=usage)
    assert (found.vpc, found.zones, found.services) == (VPC, 2, services)
    assert found.free_services == ("dynamodb", "s3")
    assert found.gb_a_month == 100
    assert row(found, ONE_NAT) == ("36.50", "41.00", None)
    assert row(found, NAT_PER_ZONE) == ("73.00", "77.50", None)
    assert row(found, ENDPOINTS) == ("73.00", "74.00", "1042.86")  # (73.00 - 36.50) / 0.035
    assert found.beside_nat is not None
    assert usd(found.beside_nat.gb_a_month_together) == "2085.71"  # 73.00 / 0.035


def test_at_the_break_even_both_cost_the_same() -> None:
    plan = network("abc")
    found = compared(plan, *(need(plan, name) for name in ("kms", "sqs")))
    nat, _, endpoints, _ = found.strategies
    assert endpoints.break_even_gb is not None
    assert nat.fixed_usd is not None
    assert endpoints.fixed_usd is not None
    assert nat.fixed_usd + Decimal("0.045") * endpoints.break_even_gb == (
        endpoints.fixed_usd + Decimal("0.01") * endpoints.break_even_gb
    )


def test_two_endpoints_in_two_zones_are_always_cheaper_than_a_nat_gateway() -> None:
    plan = network()
    found = compared(plan, *(need(plan, name) for name in ("kms", "sqs")))
    assert row(found, ENDPOINTS) == ("29.20", None, "0.00")


def test_free_services_alone_cost_nothing() -> None:
    plan = network()
    found = compared(plan, need(plan, "s3"), usage={"nat_gateways": {"*": {"gb": 1_000}}})
    assert row(found, ENDPOINTS) == ("0.00", "0.00", "0.00")


def test_endpoints_lead_to_no_host_on_the_internet() -> None:
    plan = network()
    found = compared(plan, need(plan, "sqs"), need(plan, "api.stripe.com", Kind.INTERNET))
    endpoints = found.strategies[2]
    assert (endpoints.applies, endpoints.why) == (False, (f"{API} needs api.stripe.com on the internet",))


def test_services_that_the_plan_does_not_tell_make_endpoints_undecidable() -> None:
    plan = network()
    endpoints = compared(plan, need(plan, "sqs"), need(plan, ANY_SERVICE)).strategies[2]
    assert (endpoints.applies, endpoints.why) == (None, (f"{API} calls services that the plan does not tell",))


def test_a_service_in_another_region_has_no_endpoint_here() -> None:
    plan = network()
    endpoints = compared(plan, need(plan, "sqs", region="eu-west-1")).strategies[2]
    assert (endpoints.applies, endpoints.why) == (False, (f"{API} needs sqs in eu-west-1",))


def test_ipv6_needs_ranges_and_leave() -> None:
    found = compared(network()).strategies[3]
    assert (found.name, found.applies, found.fixed_usd, found.usd_per_gb) == (IPV6, False, Decimal(0), Decimal(0))
    assert found.why == (
        "aws_subnet.a has no IPv6 range",
        "aws_subnet.b has no IPv6 range",
        f"{API} has no ipv6_allowed_for_dual_stack",
    )


def test_a_zone_that_is_not_known_is_not_counted() -> None:
    function = {"function_name": "api", "vpc_config": [{"subnet_ids": ["subnet-0fedcba9876543210"]}]}
    (found,) = egress(plan_of({API: function}), prices=PRICES, needed=())
    assert (found.vpc, found.zones) == ("", None)
    assert found.unknown == ("the zone of subnet-0fedcba9876543210",)
    assert row(found, NAT_PER_ZONE) == (None, None, None)
    assert row(found, ONE_NAT) == ("36.50", None, None)


def test_without_prices_there_is_no_comparison() -> None:
    plan = network(region="eu-west-1")
    (found,) = egress(plan, prices=PRICES, needed=())
    assert found.unknown[0] == "the price of nat_gateway.hours in eu-west-1"
    assert row(found, ONE_NAT) == (None, None, None)
    assert found.beside_nat is None


def test_needs_are_found_in_the_plan_without_any_given() -> None:
    (found,) = egress(network(), prices=PRICES)
    assert found.functions == (API,)


def test_functions_in_no_vpc_have_no_way_to_compare() -> None:
    assert egress(plan_of({API: {"function_name": "api"}}), prices=PRICES) == ()
