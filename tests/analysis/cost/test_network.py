"""Networks: hours by zone, addresses, and GB; 730 hours a month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.cost import Status, usd
from tests.analysis.cost.documents import costed, line, plan_of

ENDPOINT = "aws_vpc_endpoint.sqs"


def nat(count: int) -> dict[str, Any]:
    gateways = {f"aws_nat_gateway.public[{index}]": {"connectivity_type": "public"} for index in range(count)}
    return {**gateways, **{f"aws_eip.nat[{index}]": {"domain": "vpc"} for index in range(count)}}


def endpoint(zones: int, kind: str = "Interface") -> dict[str, Any]:
    return {"vpc_endpoint_type": kind, "subnet_ids": [f"subnet-0123456789abcdef{index}" for index in range(zones)]}


@pytest.mark.parametrize(("count", "total"), [(1, "36.50"), (2, "73.00"), (3, "109.50")])
def test_nat_gateways_with_their_addresses(count: int, total: str) -> None:
    found = costed(plan_of(nat(count)))
    assert usd(found.totals.fixed_usd) == total
    assert line(found, "aws_nat_gateway.public[0]", "nat_gateway.hours").monthly_usd == Decimal("32.850")
    assert line(found, "aws_eip.nat[0]", "public_ipv4.hours").monthly_usd == Decimal("3.650")


def test_data_through_a_nat_gateway() -> None:
    found = costed(plan_of(nat(2)), {"nat_gateways": {"aws_nat_gateway.public[0]": {"gb": 100}, "*": {"gb": 7}}})
    assert line(found, "aws_nat_gateway.public[0]", "nat_gateway.gb").monthly_usd == Decimal("4.500")
    assert line(found, "aws_nat_gateway.public[1]", "nat_gateway.gb").monthly_usd == Decimal("0.315")


def test_zones_of_a_regional_nat_gateway_are_counted_or_unknown() -> None:
    some = {"availability_mode": "regional", "availability_zone_address": [{"availability_zone": z} for z in "ab"]}
    found = costed(plan_of({"aws_nat_gateway.a": some, "aws_nat_gateway.b": {"availability_mode": "regional"}}))
    assert usd(found.totals.fixed_usd) == "65.70"
    assert [each.reason for each in found.undecidable] == [
        "unknown: how many zones it expands to, which AWS decides by the VPC's workloads"
    ]


@pytest.mark.parametrize(("zones", "total"), [(1, "7.30"), (2, "14.60"), (3, "21.90")])
def test_interface_endpoints_are_billed_by_zone(zones: int, total: str) -> None:
    found = costed(plan_of({ENDPOINT: endpoint(zones)}), {"endpoints": {ENDPOINT: {"gb": 10}}})
    assert usd(found.totals.fixed_usd) == total
    assert usd(found.totals.usage_usd) == "0.10"


def test_five_endpoints_in_two_zones_cost_as_much_as_two_nat_gateways() -> None:
    endpoints = {f"aws_vpc_endpoint.e[{index}]": endpoint(2) for index in range(5)}
    assert costed(plan_of(endpoints)).totals.fixed_usd == costed(plan_of(nat(2))).totals.fixed_usd == 73


def test_gateway_endpoints_are_free() -> None:
    found = costed(plan_of({ENDPOINT: endpoint(0, "Gateway")}))
    assert [(each.monthly_usd, each.status) for each in found.lines] == [(Decimal(0), Status.PRICED)]


def test_zones_of_an_endpoint_are_followed_to_subnets() -> None:
    subnets: dict[str, dict[str, Any]] = {f"aws_subnet.private[{index}]": {} for index in range(2)}
    plan = plan_of(
        {**subnets, ENDPOINT: {"vpc_endpoint_type": "Interface"}},
        unknown={ENDPOINT: {"subnet_ids": True}, **{each: {"id": True} for each in subnets}},
        references={ENDPOINT: {"subnet_ids": ["aws_subnet.private"]}},
    )
    assert usd(costed(plan).totals.fixed_usd) == "14.60"


def test_subnets_that_are_associated_one_by_one_count() -> None:
    associated = [f"aws_vpc_endpoint_subnet_association.a[{index}]" for index in range(3)]
    plan = plan_of(
        {
            ENDPOINT: {"vpc_endpoint_type": "Interface"},
            **{each: {"subnet_id": f"subnet-0123456789abcdef{index}"} for index, each in enumerate(associated)},
        },
        unknown={
            ENDPOINT: {"subnet_ids": True, "id": True},
            **{each: {"vpc_endpoint_id": True} for each in associated},
        },
        references={"aws_vpc_endpoint_subnet_association.a": {"vpc_endpoint_id": [f"{ENDPOINT}.id"]}},
    )
    assert usd(costed(plan).totals.fixed_usd) == "21.90"


def test_subnets_that_the_plan_does_not_tell_make_an_endpoint_undecidable() -> None:
    plan = plan_of(
        {ENDPOINT: {"vpc_endpoint_type": "Interface"}},
        unknown={ENDPOINT: {"subnet_ids": True}},
        references={ENDPOINT: {"subnet_ids": ["local.subnets"]}},
    )
    found = costed(plan)
    assert [(each.item, each.reason) for each in found.undecidable] == [
        ("endpoint.hours", "unknown: subnet_ids (local.subnets)")
    ]
    assert found.totals.fixed_usd == 0


def test_a_public_load_balancer_has_an_address_in_each_zone() -> None:
    subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    values = {"load_balancer_type": "application", "internal": False, "subnets": subnets}
    found = costed(plan_of({"aws_lb.api": values}), {"load_balancers": {"aws_lb.*": {"lcu": 1.5}}})
    assert line(found, "aws_lb.api", "alb.hours").monthly_usd == Decimal("16.4250")
    assert line(found, "aws_lb.api", "public_ipv4.hours").monthly_usd == Decimal("7.300")
    assert line(found, "aws_lb.api", "alb.lcu_hours").monthly_usd == Decimal("8.7600")
    internal = costed(plan_of({"aws_lb.api": {**values, "internal": True}}))
    assert not [each for each in internal.lines if each.item == "public_ipv4.hours"]


def test_a_network_load_balancer_has_no_price_known() -> None:
    found = costed(plan_of({"aws_lb.api": {"load_balancer_type": "network"}}))
    assert [each.reason for each in found.without_price] == ["no price is known of network load balancer in us-east-1"]


def test_data_to_the_internet_has_a_price_as_far_as_it_is_known() -> None:
    plan = plan_of({"aws_vpc.v": {}})
    assert costed(plan, {"internet_gb": 1_000}).totals.usage_usd == 90
    assert costed(plan, {"internet_gb": 1_000}, free_tier=True).totals.usage_usd == 81
    beyond = costed(plan, {"internet_gb": 20_000})
    assert [each.reason for each in beyond.without_price] == [
        "no price is known of data to the internet above 10240 GB a month"
    ]
