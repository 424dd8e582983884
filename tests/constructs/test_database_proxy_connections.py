"""Proxies, owned and existing: how many connections functions may borrow."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from tests.constructs.functions import Made, refusal
from tests.constructs.proxies import WHERE, cluster, existing, instance, proxy, statements, warnings

pytestmark = pytest.mark.synth


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source)


def test_functions_that_want_more_than_the_pool_holds(made: Made) -> None:
    through = proxy(made, instance(made))
    made.function(reserved_concurrency=400).connect_to(through, user="owner")
    worker = made.function("worker", reserved_concurrency=30)
    assert refusal(lambda: worker.connect_to(through, user="owner")) == (
        f"{WHERE}: 430 connections may be borrowed at once (dev-main-eu-west-1-orders/api 400 x 1, "
        "dev-main-eu-west-1-orders/worker 30 x 1); the pool holds 405 (90 percent of max_connections 450 (postgres, "
        "db.t4g.medium, at most, by its nominal memory)); set max_connections_percent to at least 96"
    )


def test_an_unbounded_function_is_warned_of(made: Made) -> None:
    through = proxy(made, instance(made))
    made.function(reserved_concurrency=None, unreserved_reason="a test").connect_to(through, user="owner")
    [told] = warnings(made)
    assert told == (
        f"{WHERE}: only the account's quota bounds the environments of dev-main-eu-west-1-orders/api; what exceeds the "
        "pool waits for connection_borrow_timeout_seconds and then fails; the pool holds 405 (90 percent of "
        "max_connections 450 (postgres, db.t4g.medium, at most, by its nominal memory)); set the reserved_concurrency "
        "of dev-main-eu-west-1-orders/api to at most 405"
    )


def test_two_proxies_share_what_the_database_has(made: Made) -> None:
    database = instance(made)
    proxy(made, database)
    with pytest.raises(ConfigError) as refused:
        proxy(made, database, "other", max_connections_percent=20)
    assert str(refused.value) == (
        "dev-main-eu-west-1-orders/other: max_connections_percent is 20, which is 90 connections; the database has "
        "max_connections 450 (postgres, db.t4g.medium, at most, by its nominal memory), and "
        f"{WHERE} has a pool of 405; set max_connections_percent to at most 10"
    )


def test_functions_of_one_group_reach_the_proxy_and_the_database_behind_it(made: Made) -> None:
    database = instance(made)
    through = proxy(made, database)
    made.function().connect_to(through, user="owner")
    made.function("report").connect_to(database, user="report")
    rules = made.resources("aws_vpc_security_group_egress_rule").values()
    groups = {rule.get("referenced_security_group_id") for rule in rules}
    own = {f"${{aws_security_group.{name}.id}}" for name in made.resources("aws_security_group") if "proxy" in name}
    behind = {
        f"${{aws_security_group.{name}.id}}" for name in made.resources("aws_security_group") if "database" in name
    }
    assert (len(own), len(behind)) == (1, 1)
    assert own | behind <= groups


def test_readers_have_a_pool_of_their_own(made: Made) -> None:
    through = proxy(made, cluster(made, min_acu=1, max_acu=1), endpoints={"reader": {}})
    made.function(reserved_concurrency=170).connect_to(through, user="owner")
    reports = made.function("reports", reserved_concurrency=171)
    assert refusal(lambda: reports.connect_to(through, user="owner", endpoint="reader")) == (
        f"{WHERE} endpoint reader: 171 connections may be borrowed at once (dev-main-eu-west-1-orders/reports 171 x "
        "1); the pool holds 170 (90 percent of max_connections 189 (aurora-postgresql, 1 ACU)); set "
        "max_connections_percent to at least 91"
    )


def test_an_existing_proxy_is_connected_to_as_an_owned_one(made: Made) -> None:
    api = made.function()
    api.connect_to(existing(made, pool_connections=50), user="web", endpoint="reader")
    assert made.only("aws_lambda_function")["environment"]["variables"] == {
        "DB_HOST": "shared-ro.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com", "DB_PORT": "3306", "DB_NAME": "orders",
        "DB_USER": "web",
    }  # fmt: skip
    grants = [each for each in statements(made, "api_").values() if each["Action"] == ["rds-db:connect"]]
    assert [each["Resource"] for each in grants] == [
        ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-0123456789abcdef0/web"]
    ]
    [into] = made.resources("aws_vpc_security_group_ingress_rule").values()
    assert (into["security_group_id"], into["from_port"]) == ("sg-0123456789abcdef0", 3306)
    assert not made.resources("aws_db_proxy")


def test_an_existing_proxy_has_a_pool_when_it_is_told(made: Made) -> None:
    shared = existing(made, pool_connections=4)
    assert refusal(lambda: made.function().connect_to(shared, user="web")) == (
        "dev-main-eu-west-1-orders/shared: 5 connections may be borrowed at once (dev-main-eu-west-1-orders/api 5 x "
        "1); the pool holds 4 (100 percent of pool_connections 4 (shared)); set the reserved_concurrency of "
        "dev-main-eu-west-1-orders/api to at most 4"
    )


def test_an_existing_proxy_without_a_pool_is_warned_of(made: Made) -> None:
    made.function().connect_to(existing(made), user="web")
    [told] = warnings(made)
    assert told == (
        "dev-main-eu-west-1-orders/shared: pool_connections is not known (shared); whether the connections of "
        "functions and proxies fit cannot be judged; set pool_connections; a database reports its number for SHOW "
        "VARIABLES LIKE 'max_connections', or in PostgreSQL SHOW max_connections"
    )
