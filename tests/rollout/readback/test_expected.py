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
        "internet_egress_reason": "calls the payment provider",
        "environment": {"LEVEL": "7"},
    },
}


def expected(**changes: dict[str, Any]) -> Expected:
    settings = {name: {**value, **changes.get(name, {})} for name, value in SETTINGS.items()}
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
