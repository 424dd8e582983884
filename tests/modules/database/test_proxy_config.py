"""Proxies: what RDS Proxy refuses and the provider lets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database import DatabaseProxyConfig
from tests.modules.core.samples import CI, NUMBER_TOKEN, around, fields_of, refuses_or_keeps, sentence

BORROW_SOURCE = "rds API model; the provider lets 3600 through"
RANGES = {
    "max_connections_percent": (
        1,
        100,
        "an RDS Proxy's pool takes 1 to 100 percent of max_connections (rds API model)",
    ),
    "max_idle_connections_percent": (
        0,
        100,
        "an RDS Proxy's idle pool takes 0 to 100 percent of max_connections (rds API model)",
    ),
    "connection_borrow_timeout_seconds": (
        0,
        300,
        f"an RDS Proxy's connection_borrow_timeout takes 0 to 300 seconds ({BORROW_SOURCE})",
    ),
    "idle_client_timeout_seconds": (
        1,
        28_800,
        "an RDS Proxy's idle_client_timeout takes 1 to 28800 seconds (RDS guide: 8 hours)",
    ),
}


@pytest.mark.parametrize("field", RANGES)
def test_a_number_is_taken_up_to_both_ends_and_refused_beyond(field: str) -> None:
    lowest, highest, rule = RANGES[field]
    pool = {"max_connections_percent": 100, "max_idle_connections_percent": 0}
    for value in (lowest, highest, NUMBER_TOKEN):
        assert getattr(DatabaseProxyConfig.parse({**pool, field: value}), field) == value
    for value in (lowest - 1, highest + 1, 3_600 if highest == 300 else -1):
        expected = f"{field} is {value}; {rule}; set a value from {lowest} to {highest}"
        assert sentence(DatabaseProxyConfig, {field: value}) == expected


def test_the_idle_pool_is_part_of_the_pool() -> None:
    fields = {"max_connections_percent": 50, "max_idle_connections_percent": 51}
    assert sentence(DatabaseProxyConfig, fields) == (
        "max_idle_connections_percent is 51; it is at most max_connections_percent (50) (RDS API); set it to 50 or less"
    )
    assert DatabaseProxyConfig.parse({**fields, "max_idle_connections_percent": 50}).max_idle_connections_percent == 50


@pytest.mark.parametrize("field", ["max_connections_percent", "max_idle_connections_percent"])
def test_a_pool_that_is_known_only_later_is_not_compared(field: str) -> None:
    assert getattr(DatabaseProxyConfig.parse({field: NUMBER_TOKEN}), field) == NUMBER_TOKEN


def test_the_defaults_leave_connections_to_administrators_and_wait_less_than_a_function() -> None:
    config = DatabaseProxyConfig()
    assert config.max_connections_percent < 100
    assert config.connection_borrow_timeout_seconds < 30


@CI
@given(
    fields_of(
        DatabaseProxyConfig,
        {field: around(lowest, highest) for field, (lowest, highest, _) in RANGES.items()}
        | {"alarms": st.fixed_dictionaries({}, optional={"enabled": st.booleans()})},
    )
)
def test_a_proxy_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(DatabaseProxyConfig, data)
