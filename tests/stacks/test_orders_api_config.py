"""The configuration of the stack orders_api: its parts together."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.config import ConfigModel
from stacks import STACKS
from stacks.orders_api_config import OrdersApiConfig
from tests.modules.core.samples import CI, NUMBER_TOKEN, around, fields_of, refusal, refuses_or_keeps, sentence

VALID: dict[str, Any] = {
    "network": {
        "cidr": "10.20.0.0/16",
        "availability_zones": ["eu-west-1a", "eu-west-1b"],
        "endpoints": {"interface": ["secretsmanager"]},
    },
    "database": {"database_name": "orders", "master_username": "orders"},
    "function": {"code": {"source": "handlers/api"}, "reserved_concurrency": 5},
}
WAIT = "proxy.connection_borrow_timeout_seconds"


def with_(**parts: dict[str, Any]) -> dict[str, Any]:
    data = deepcopy(VALID)
    for name, fields in parts.items():
        data[name] = {**data.get(name, {}), **fields}
    return data


def test_the_least_configuration_is_network_database_and_function() -> None:
    config = OrdersApiConfig.parse(VALID)
    assert config.proxy.connection_borrow_timeout_seconds < config.function.timeout_seconds
    assert refusal(OrdersApiConfig, {}) == [
        f"{part} is missing; it has no default; set it" for part in ("network", "database", "function")
    ]


@pytest.mark.parametrize(("timeout", "wait"), [(1, 0), (21, 20), (301, 300), (900, 300), (30, NUMBER_TOKEN)])
def test_a_function_that_outlives_its_wait_for_a_connection_is_taken(timeout: int, wait: float) -> None:
    data = with_(function={"timeout_seconds": timeout}, proxy={"connection_borrow_timeout_seconds": wait})
    assert OrdersApiConfig.parse(data).function.timeout_seconds == timeout


@pytest.mark.parametrize(("timeout", "wait"), [(1, 1), (20, 20), (3, 20), (300, 300)])
def test_a_function_that_dies_before_its_wait_ends_is_refused(timeout: int, wait: int) -> None:
    data = with_(function={"timeout_seconds": timeout}, proxy={"connection_borrow_timeout_seconds": wait})
    assert sentence(OrdersApiConfig, data) == (
        f"{WAIT} is {wait}; it is below function.timeout_seconds ({timeout}), or the function dies before it learns "
        f"why; set it below {timeout}"
    )


def test_a_network_without_the_endpoint_that_the_function_uses_is_refused() -> None:
    assert sentence(OrdersApiConfig, with_(network={"endpoints": {}})) == (
        "network.endpoints.interface lacks secretsmanager; the function reaches secretsmanager through it; "
        "add secretsmanager"
    )


def test_more_environments_than_the_pool_has_connections_are_refused_before_anything_is_synthesized() -> None:
    data = with_(function={"reserved_concurrency": 200}, database={"instance_class": "db.t4g.micro"})

    assert sentence(OrdersApiConfig, data) == (
        "200 connections may be borrowed at once (function 200 x 1); the pool holds 100 (90 percent of max_connections "
        "112 (postgres, db.t4g.micro, at most, by its nominal memory)); set the reserved_concurrency of function to at "
        "most 100"
    )


def test_the_function_speaks_postgresql_only() -> None:
    assert sentence(OrdersApiConfig, with_(database={"engine": "mysql"})) == (
        'database.engine is "mysql"; the function speaks PostgreSQL; set it to postgres'
    )


def test_checks_across_parts_speak_at_once() -> None:
    problems = refusal(OrdersApiConfig, with_(network={"endpoints": {}}, function={"timeout_seconds": 5}), where="dev")
    assert [problem.partition(";")[0] for problem in problems] == [
        f"dev: {WAIT} is 20",
        "dev: network.endpoints.interface lacks secretsmanager",
    ]


def test_problems_of_every_part_come_at_once_with_their_paths() -> None:
    data = with_(
        network={"cidr": "10.20.1.0/16"},
        database={"port": "5432", "multi_az": False},
        function={"memory_mb": True, "code": {"source": "x", "runtime": "python3.9"}},
        proxy={"max_connections_percent": 40, "max_idle_connections_percent": 45},
        alarm_topic={"email_subscriptions": ["team"]},
        key={"deletion_window_days": None},
        proxies={},
    )
    assert [problem.partition(";")[0] for problem in refusal(OrdersApiConfig, data, where="dev")] == [
        'dev network: cidr is "10.20.1.0/16"',
        'dev: database.port is "5432"',
        "dev: function.memory_mb is True",
        "dev proxy: max_idle_connections_percent is 45",
        'dev: alarm_topic.email_subscriptions[0] is "team"',
        "dev: key.deletion_window_days is None",
        "dev: proxies is not a field",
    ]


def models(model: type[ConfigModel]) -> dict[str, type[ConfigModel]]:
    found = {model.__name__: model}
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, ConfigModel):
            found |= models(field.annotation)
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_every_field_of_every_model_says_what_it_is(stack: str) -> None:
    found = models(STACKS[stack].config_model())
    assert len(found) > 5
    for name, model in found.items():
        assert model.__doc__, name
        for field, info in model.model_fields.items():
            assert info.description, f"{name}.{field}"
            assert info.description.rstrip().endswith("."), f"{name}.{field}"


@pytest.mark.parametrize("stack", STACKS)
def test_editors_get_a_schema_that_closes_every_part(stack: str) -> None:
    schema = STACKS[stack].config_model().model_json_schema()
    assert all(part["additionalProperties"] is False for part in (schema, *schema["$defs"].values()))


@pytest.mark.parametrize(
    ("network", "told"),
    [
        (
            {"availability_zones": ["eu-west-1a"], "single_zone_reason": "a demo"},
            (
                "network.availability_zones is eu-west-1a; "
                "an RDS Proxy needs subnets in 2 availability zones (RDS guide); add a zone"
            ),
        ),
        (
            {"endpoints": {"gateway": [], "interface": ["secretsmanager"]}},
            "network.endpoints.gateway lacks s3; the function reaches s3 through it; add s3",
        ),
    ],
)
def test_a_network_that_the_stack_cannot_be_built_in_is_refused(network: dict[str, Any], told: str) -> None:
    assert sentence(OrdersApiConfig, with_(network=network)) == told


def test_a_way_to_the_internet_without_a_route_is_refused() -> None:
    data = with_(network={"egress": "none"}, function={"internet_egress_reason": "pays"})
    assert sentence(OrdersApiConfig, data) == (
        'function.internet_egress_reason is "pays"; network.egress is "none", so no route leads there; '
        "remove it, or set network.egress"
    )


@CI
@given(
    fields_of(
        OrdersApiConfig,
        {
            "network": st.just(VALID["network"]),
            "database": st.just(VALID["database"]),
            "function": st.builds(lambda seconds: {**VALID["function"], "timeout_seconds": seconds}, around(1, 30)),
            "proxy": st.builds(lambda seconds: {"connection_borrow_timeout_seconds": seconds}, around(0, 30)),
        },
    )
)
def test_a_stack_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    config = refuses_or_keeps(OrdersApiConfig, data)
    if isinstance(config, OrdersApiConfig):
        assert config.proxy.connection_borrow_timeout_seconds < config.function.timeout_seconds
