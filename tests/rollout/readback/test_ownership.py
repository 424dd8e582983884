from __future__ import annotations

import pytest

from rollout.readback.ownership import Owner, tag_map

OWNER = Owner("acme-dev-orders-api")


@pytest.mark.parametrize(
    "name",
    [
        "acme-dev-orders-api",
        "acme-dev-orders-api-database",
        "/aws/lambda/acme-dev-orders-api-api",
        "/aws/rds/instance/acme-dev-orders-api-database/postgresql",
        "alias/acme-dev-orders-api",
        "acme_dev_orders_api_api_2026",
    ],
)
def test_names_of_the_stack(name: str) -> None:
    assert OWNER.names(name)


@pytest.mark.parametrize(
    "name",
    ["", "acme-dev-orders-api2", "acme-dev-orders-api2-database", "acme-dev-orders", "x-acme-dev-orders-api", "/aws/"],
)
def test_names_of_others(name: str) -> None:
    assert not OWNER.names(name)


@pytest.mark.parametrize(
    ("tags", "own"),
    [
        ({"org": "acme", "env": "dev", "stack": "orders_api"}, True),
        ({"Name": "acme-dev-orders-api-nat-a"}, True),
        ({"org": "acme", "env": "prod", "stack": "orders_api"}, False),
        ({"org": "acme", "env": "dev", "stack": "orders_api2"}, False),
        ({"org": "acme", "env": "prod", "stack": "orders_api", "Name": "acme-dev-orders-api"}, False),
        ({"stack": "orders_api"}, False),
        ({"Name": "acme-dev-billing"}, False),
        ({}, False),
    ],
)
def test_tags(tags: dict[str, str], *, own: bool) -> None:
    assert OWNER.tags(tags) is own


def test_tags_in_every_spelling() -> None:
    assert tag_map([{"Key": "a", "Value": "1"}]) == {"a": "1"}
    assert tag_map([{"TagKey": "a", "TagValue": "1"}], "TagKey", "TagValue") == {"a": "1"}
    assert tag_map(None) == {}


def test_a_stack_that_begins_with_our_name_claims_its_own() -> None:
    owner = Owner("acme-dev-orders-api", others=("acme-dev-orders-api-v2", "acme-dev-orders", "acme-dev"))
    assert owner.names("acme-dev-orders-api-database")
    assert owner.names("acme-dev-orders-api-v20")
    assert not owner.names("acme-dev-orders-api-v2")
    assert not owner.names("/aws/lambda/acme-dev-orders-api-v2-api")
    assert not owner.tags({"Name": "acme-dev-orders-api-v2-nat-a"})
