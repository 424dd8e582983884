"""Prices read from the price list, against stubs that check every request by botocore's own shapes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from analysis.cost.prices import Confidence, Price, RegionPrices
from modules.core.errors import TargetError
from rollout.price_list import PLACES, UNITS, instance_places, is_usage
from rollout.prices import Refreshed, _Query, _query, read_prices

REGION = "eu-west-1"
Product = dict[str, Any]


def product(
    service: str, usage: str, unit: str, *tiers: tuple[str, str], family: str = "", currency: str = "USD", **more: str
) -> Product:
    """A product as the price list has it; tiers as begin and price."""
    begins = [begin for begin, _ in tiers]
    dimensions = {
        f"X.JRTCKXETXF.{index}": {
            "unit": unit,
            "beginRange": begin,
            "endRange": [*begins[1:], "Inf"][index],
            "description": f"${price} per {unit}",
            "appliesTo": [],
            "rateCode": f"X.JRTCKXETXF.{index}",
            "pricePerUnit": {currency: price},
        }
        for index, (begin, price) in enumerate(tiers)
    }
    attributes = {
        "servicecode": service,
        "usagetype": usage,
        "regionCode": REGION,
        "locationType": "AWS Region",
        **more,
    }
    term = {"priceDimensions": dimensions, "sku": "X", "effectiveDate": "2026-11-01T00:00:00Z", "termAttributes": {}}
    return {
        "product": {"productFamily": family, "attributes": attributes, "sku": "X"},
        "serviceCode": service,
        "terms": {"OnDemand": {"X.JRTCKXETXF": term}},
        "version": "20261119213015",
        "publicationDate": "2026-11-19T21:30:15Z",
    }


NAT = [
    product("AmazonEC2", "EU-NatGateway-Hours", "Hrs", ("0", "0.0480000000"), family="NAT Gateway"),
    product("AmazonEC2", "EU-NatGateway-Bytes", "GB", ("0", "0.0480000000"), family="NAT Gateway"),
    product("AmazonEC2", "EU-RegionalNatGateway-Hours", "Hrs", ("0", "0.0490000000"), family="NAT Gateway"),
    product("AmazonEC2", "EU-NatGateway-Prvd-Bytes", "GB", ("0", "0.0000000000"), family="NAT Gateway"),
]
LAMBDA = [
    product(
        "AWSLambda", "EU-Lambda-GB-Second-ARM", "Lambda-GB-Second", ("0", "0.0000133334"),
        ("18750000000", "0.0000106667"), ("7500000000", "0.0000120001"), group="AWS-Lambda-Duration-ARM",
    ),
    product("AWSLambda", "EU-Request", "Requests", ("0", "0.0000002000"), group="AWS-Lambda-Requests"),
]  # fmt: skip


@cache
def client() -> Any:
    """A client of the price list without credentials; it takes a while to make one."""
    make: Any = boto3.session.Session().client
    return make("pricing", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


@contextmanager
def answering(pages: dict[str, list[list[Product]]], classes: Iterable[str] = ()) -> Iterator[None]:
    """Let it answer with these pages by service: to each request, those that fit the filters."""
    with Stubber(client()) as stub:
        for query in dict.fromkeys(_query(place) for place in {**PLACES, **dict(instance_places(classes))}.values()):
            asked = {"ServiceCode": query.service, "Filters": filters_of(query), "FormatVersion": "aws_v1"}
            answers = pages.get(query.service, [[]])
            for index, answer in enumerate(answers):
                fitting = [json.dumps(each) for each in answer if fits(each, query)]
                more = {"NextToken": str(index)} if index + 1 < len(answers) else {}
                params = {**asked, "NextToken": str(index - 1)} if index else asked
                stub.add_response("get_products", {"FormatVersion": "aws_v1", "PriceList": fitting, **more}, params)
        yield
        stub.assert_no_pending_responses()


def filters_of(query: _Query) -> list[dict[str, str]]:
    wanted = [("TERM_MATCH", query.region_attribute, REGION)]
    wanted += [("TERM_MATCH", *each) for each in query.filters]
    wanted += [("CONTAINS", "usagetype", query.contains)] if query.contains else []
    return [{"Type": kind, "Field": name, "Value": value} for kind, name, value in wanted]


def fits(found: Product, query: _Query) -> bool:
    has = {"productFamily": found["product"]["productFamily"], **found["product"]["attributes"]}
    return query.contains in has["usagetype"] and all(has.get(name) == value for name, value in query.filters)


def read(
    pages: dict[str, list[list[Product]]], before: RegionPrices | None = None, classes: tuple[str, ...] = ()
) -> Refreshed:
    with answering(pages, classes):
        return read_prices(client(), REGION, before=before, instance_classes=classes)


def test_prices_are_read_with_their_tiers_day_and_source() -> None:
    found = read({"AWSLambda": [LAMBDA[:1], LAMBDA[1:]], "AmazonEC2": [NAT]})
    assert found.read == (
        "lambda.duration.arm64",
        "lambda.requests",
        "nat_gateway.gb",
        "nat_gateway.hours",
        "nat_gateway.regional_hours",
    )
    items = found.table.items
    assert items["nat_gateway.hours"] == Price(
        unit="hour",
        price=Decimal("0.048"),
        source="AWS price list",
        dated=date(2026, 11, 19),
        confidence=Confidence.HIGH,
    )
    assert items["nat_gateway.regional_hours"].price == Decimal("0.049")
    arm = items["lambda.duration.arm64"]
    assert [(tier.start, tier.price) for tier in arm.above] == [
        (Decimal(7_500_000_000), Decimal("0.0000120001")),
        (Decimal(18_750_000_000), Decimal("0.0000106667")),
    ]
    assert arm.amount(Decimal(8 * 10**9)) == Decimal("106000.5500")
    assert RegionPrices.parse(json.loads(found.table.model_dump_json()) | {"items": items}) == found.table


def test_what_is_not_found_is_named_and_not_written() -> None:
    found = read({"AmazonEC2": [NAT]})
    assert set(found.table.items) == set(found.read)
    assert found.missing["nat_gateway.regional_gb"] == (
        "the price list has no RegionalNatGateway-Bytes of AmazonEC2 in eu-west-1"
    )
    assert found.missing["dashboards"] == "its usage type is not documented"


@pytest.mark.parametrize(
    ("products", "reason"),
    [
        (
            [product("awskms", "eu-west-1-KMS-Keys", "1M Keys", ("0", "1.0"))],
            "the price list bills it by 1M Keys",
        ),
        (
            [product("awskms", "eu-west-1-KMS-Keys", "Keys", ("0", "1.0")),
             product("awskms", "EU-KMS-Keys", "Keys", ("0", "2.0"))],
            "the price list has several prices of KMS-Keys of awskms in eu-west-1",
        ),
        (
            [product("awskms", "eu-west-1-KMS-Keys", "Keys", ("0", "7.0"), currency="CNY")],
            "the price list has no price of it in USD",
        ),
        (
            [product("awskms", "eu-west-1-KMS-Keys", "Keys", ("10", "1.0"))],
            "the price list has no first tier of it",
        ),
        (
            [product("awskms", "us-east-2-KMS-Keys", "Keys", ("0", "1.0"))],
            "the price list has no KMS-Keys of awskms in eu-west-1",
        ),
        (
            [{**product("awskms", "EU-KMS-Keys", "Keys", ("0", "1.0")), "terms": {}}],
            "the price list has 0 on-demand offers of it",
        ),
    ],
)  # fmt: skip
def test_a_price_that_is_not_certain_is_not_taken(products: list[Product], reason: str) -> None:
    found = read({"awskms": [products], "AmazonEC2": [NAT]})
    assert "kms.keys" not in found.table.items
    assert found.missing["kms.keys"] == reason


def test_the_same_price_of_several_products_is_one() -> None:
    proxies = [
        product("AmazonRDS", "EU-RDS:ProxyUsage", "Hrs", ("0", "0.0165"), databaseEngine=engine)
        for engine in ("PostgreSQL", "MySQL")
    ]
    assert read({"AmazonRDS": [proxies]}).table.items["rds_proxy.vcpu_hours"].price == Decimal("0.0165")


def test_instances_are_read_by_class_engine_and_standby() -> None:
    name = "db.r6g.2xlarge"
    common = {"family": "Database Instance", "instanceType": name}
    products = [
        product("AmazonRDS", "EU-InstanceUsage:db.r6g.2xl", "Hrs", ("0", "1"), databaseEngine="PostgreSQL", **common),
        product("AmazonRDS", "EU-Multi-AZUsage:db.r6g.2xl", "Hrs", ("0", "2"), databaseEngine="PostgreSQL", **common),
        product("AmazonRDS", "EU-InstanceUsage:db.r6g.2xl", "Hrs", ("0", "3"), databaseEngine="Oracle", **common),
        product(
            "AmazonRDS", "EU-InstanceUsageIOOptimized:db.r6g.2xl", "Hrs", ("0", "4"),
            databaseEngine="Aurora PostgreSQL", **common,
        ),
        product(
            "AmazonRDS", "EU-InstanceUsage:db.r6g.2xl", "Hrs", ("0", "5"), databaseEngine="Aurora PostgreSQL", **common
        ),
    ]  # fmt: skip
    items = read({"AmazonRDS": [products]}, classes=(name,)).table.items
    assert {key: int(price.price) for key, price in items.items()} == {
        f"rds.instance.aurora-postgresql.{name}.single": 5,
        f"rds.instance.postgres.{name}.multi": 2,
        f"rds.instance.postgres.{name}.single": 1,
    }


def test_what_cannot_be_read_anew_stays_with_its_own_day() -> None:
    old = Price(unit="hour", price=Decimal(9), source="x", dated=date(2020, 1, 1), confidence=Confidence.LOW)
    board = Price(
        unit="dashboard-month", price=Decimal(3), source="x", dated=date(2020, 1, 1), confidence=Confidence.LOW
    )
    before = RegionPrices(region=REGION, items={"nat_gateway.hours": old, "dashboards": board})
    found = read({"AmazonEC2": [NAT]}, before=before)
    assert found.table.items["dashboards"] == board
    assert found.table.items["nat_gateway.hours"].price == Decimal("0.048")
    assert "dashboards" in found.missing


def test_a_region_that_the_list_does_not_have_is_refused() -> None:
    with pytest.raises(TargetError) as refused:
        read({})
    assert str(refused.value) == (
        "prices of eu-west-1: the AWS price list has none; it holds the regions that AWS publishes prices of; check "
        "the region's name"
    )


def test_an_action_that_is_not_allowed_is_named() -> None:
    with Stubber(client()) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "not authorized")
        with pytest.raises(TargetError) as refused:
            read_prices(client(), REGION)
    assert str(refused.value) == (
        "prices of eu-west-1: GetProducts was refused (AccessDeniedException: not authorized); reading prices takes "
        "pricing:GetProducts; allow it"
    )


def test_without_credentials_it_says_how_to_get_some() -> None:
    class Client:
        def get_paginator(self, _: str) -> Any:
            raise NoCredentialsError

    with pytest.raises(TargetError) as refused:
        read_prices(Client(), REGION)
    assert str(refused.value) == (
        "prices of eu-west-1: they cannot be read (Unable to locate credentials); sign in to any account "
        "(AWS_PROFILE), and try again"
    )


@pytest.mark.parametrize(
    ("found", "usage", "region", "same"),
    [
        ("NatGateway-Hours", "NatGateway-Hours", "us-east-1", True),
        ("USE1-NatGateway-Hours", "NatGateway-Hours", "us-east-1", True),
        ("NatGateway-Hours", "NatGateway-Hours", "eu-west-1", False),
        ("EU-NatGateway-Hours", "NatGateway-Hours", "eu-west-1", True),
        ("EUC1-NatGateway-Hours", "NatGateway-Hours", "eu-central-1", True),
        ("EU-RegionalNatGateway-Hours", "NatGateway-Hours", "eu-west-1", False),
        ("eu-west-1-KMS-Keys", "KMS-Keys", "eu-west-1", True),
        ("eu-west-2-KMS-Keys", "KMS-Keys", "eu-west-1", False),
        ("CAN1-TS-LoadBalancerUsage", "LoadBalancerUsage", "ca-central-1", False),
        ("TS-LoadBalancerUsage", "LoadBalancerUsage", "us-east-1", False),
        ("EU-Lambda-Edge-Request", "Request", "eu-west-1", False),
        ("UGW1-Request", "Request", "us-gov-west-1", True),
    ],
)
def test_usage_types_begin_with_the_code_of_their_region(found: str, usage: str, region: str, *, same: bool) -> None:
    assert is_usage(found, usage, region) is same


def test_every_unit_that_is_compared_is_lower_case() -> None:
    assert all(unit == unit.lower() for units in UNITS.values() for unit in units)
