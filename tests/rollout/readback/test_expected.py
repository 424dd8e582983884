from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.expected import Expected
from stacks.orders_api_config import OrdersApiConfig
from tests.rollout.readback.sample_stack import SampleStack

SETTINGS: dict[str, Any] = {
    "network": {
        "cidr": "10.20.0.0/16",
        "availability_zones": ["us-east-1b", "us-east-1a"],
        "egress": "nat_per_zone",
        "endpoints": {"gateway": ["s3"], "interface": ["secretsmanager"]},
    },
    "database": {"database_name": "orders", "master_username": "orders"},
    "function": {
        "code": {"source": "stacks/handlers/orders_api"},
        "reserved_concurrency": 20,
        "alias": {"shift": "codedeploy"},
        "internet_egress_reason": "calls the payment provider",
        "environment": {"LEVEL": "7"},
    },
}


def expected(**changes: dict[str, Any]) -> Expected:
    settings = {name: {**SETTINGS.get(name, {}), **changes.get(name, {})} for name in SETTINGS | changes}
    return Expected.from_config(
        OrdersApiConfig.parse(settings).model_dump(),
        prefix="acme-dev-orders-api",
        account_id="123456789012",
        region="us-east-1",
        code_sha256="hash",
    )


def test_a_checked_configuration_says_what_the_sample_stack_expects(stack: SampleStack) -> None:
    stack_expects = {**vars(stack.expected), "code_sha256": "hash"}
    assert vars(expected()) == stack_expects


def test_removal_decides_about_deletion_protection() -> None:
    assert expected().database.deletion_protection
    destroyed = expected(database={"removal": "destroy", "removal_reason": "a trial"})
    assert not destroyed.database.deletion_protection


@pytest.mark.parametrize(
    ("network", "zones", "through"),
    [
        ({}, ("us-east-1a", "us-east-1b"), ("us-east-1a", "us-east-1b")),
        (
            {"egress": {"strategy": "nat_single", "zone": "us-east-1b"}},
            ("us-east-1b",),
            ("us-east-1b", "us-east-1b"),
        ),
        ({"egress": "none"}, (), ("", "")),
    ],
)
def test_ways_out(network: dict[str, Any], zones: tuple[str, ...], through: tuple[str, str]) -> None:
    found = expected(network=network, function={"internet_egress_reason": ""})
    assert found.nat_zones == zones
    assert (found.nat_zone("us-east-1a"), found.nat_zone("us-east-1b")) == through


def test_a_function_that_stays_inside() -> None:
    assert not expected(function={"internet_egress_reason": ""}).function.reaches_internet


@pytest.mark.parametrize(
    ("traffic", "routing"),
    [
        ({"kind": "all_at_once"}, {"type": "AllAtOnce"}),
        (
            {"kind": "canary", "percent": 20, "interval_minutes": 7},
            {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 20, "canaryInterval": 7}},
        ),
        (
            {"kind": "linear", "percent": 25, "interval_minutes": 2},
            {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 25, "linearInterval": 2}},
        ),
    ],
)
def test_traffic_as_codedeploy_describes_it(traffic: dict[str, Any], routing: dict[str, Any]) -> None:
    release = expected(release={"traffic": traffic}).release
    assert release is not None
    assert release.traffic == routing


@pytest.mark.parametrize("alias", [None, {"shift": "at_once"}])
def test_a_function_that_codedeploy_does_not_shift(alias: dict[str, str] | None) -> None:
    assert expected(function={"alias": alias}).release is None
