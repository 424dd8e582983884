"""Proxies: what RDS Proxy refuses and the provider lets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database import DatabaseProxyConfig, ExistingProxyConfig
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
        assert sentence(DatabaseProxyConfig, {"max_idle_connections_percent": 0, field: value}) == expected


def test_the_idle_pool_is_part_of_the_pool() -> None:
    fields = {"max_connections_percent": 50, "max_idle_connections_percent": 51}
    assert sentence(DatabaseProxyConfig, fields) == (
        "max_idle_connections_percent is 51; it is at most max_connections_percent (50) (RDS API); set it to 50 or less"
    )
    assert DatabaseProxyConfig.parse({**fields, "max_idle_connections_percent": 50}).max_idle_connections_percent == 50


def test_half_of_the_pool_is_idle_when_nothing_is_said() -> None:
    assert DatabaseProxyConfig().max_idle_connections_percent == 45
    assert DatabaseProxyConfig(max_connections_percent=27).max_idle_connections_percent == 13
    assert DatabaseProxyConfig.parse({"max_connections_percent": NUMBER_TOKEN}).max_idle_connections_percent == 45


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"iam_auth": "DISABLED"},
            (
                'iam_auth is "DISABLED" without a reason; a password can be taken away and used elsewhere, and an IAM '
                "token lasts 15 minutes; set iam_auth_off_reason"
            ),
        ),
        (
            {"debug_logging": True},
            "debug_logging is True without a reason; the text of statements holds data; set debug_logging_reason",
        ),
        (
            {"debug_logging_reason": "why not"},
            'debug_logging_reason is "why not"; debug_logging is as safe as by default; remove it',
        ),
        (
            {"iam_auth_off_reason": "why not"},
            'iam_auth_off_reason is "why not"; iam_auth is as safe as by default; remove it',
        ),
        (
            {"default_auth_scheme": "IAM_AUTH"},
            "iam_users is empty; the proxy's role may sign in the users it names only; name them",
        ),
        (
            {"iam_users": ["web"]},
            'iam_users holds web; default_auth_scheme is "NONE"; remove it, or set default_auth_scheme: IAM_AUTH',
        ),
        (
            {
                "default_auth_scheme": "IAM_AUTH",
                "iam_users": ["web"],
                "iam_auth": "DISABLED",
                "iam_auth_off_reason": "x",
            },
            (
                'iam_auth is "DISABLED"; default_auth_scheme "IAM_AUTH" knows no passwords (rds API model); '
                "remove one of the two"
            ),
        ),
        (
            {"endpoints": {f"e{number}": {} for number in range(21)}},
            "endpoints has 21 entries; a proxy takes 20 beside its default one (RDS guide); remove some",
        ),
        (
            {"endpoints": {"reader": {"role": "READ"}}},
            'endpoints.reader.role is "READ"; an endpoint\'s role is one of READ_ONLY, READ_WRITE; choose one of them',
        ),
        (
            {"endpoints": {"Reader": {}}},
            (
                'endpoints.Reader is "Reader"; an endpoint\'s name has 1 to 20 lowercase letters, digits and single '
                "hyphens, a letter first; shorten or correct it"
            ),
        ),
        (
            {"client_password_auth_type": "SQL_SERVER_AUTHENTICATION"},
            (
                'client_password_auth_type is "SQL_SERVER_AUTHENTICATION"; a client\'s password authentication is one '
                "of MYSQL_CACHING_SHA2_PASSWORD, MYSQL_NATIVE_PASSWORD, POSTGRES_MD5, POSTGRES_SCRAM_SHA_256; choose "
                "one of them"
            ),
        ),
        (
            {"session_pinning_filters": ["EXCLUDE_ALL"]},
            (
                'session_pinning_filters[0] is "EXCLUDE_ALL"; a session pinning filter is one of '
                "EXCLUDE_VARIABLE_SETS; choose one of them"
            ),
        ),
    ],
)
def test_what_a_proxy_refuses(fields: dict[str, Any], expected: str) -> None:
    assert sentence(DatabaseProxyConfig, fields) == expected


def test_what_is_less_safe_is_taken_with_a_reason() -> None:
    reasons = {"iam_auth_off_reason": "its driver knows no tokens", "debug_logging_reason": "for an hour"}
    config = DatabaseProxyConfig.parse({"iam_auth": "DISABLED", "debug_logging": True, **reasons})
    assert (config.iam_auth, config.debug_logging) == ("DISABLED", True)


def test_endpoints_lead_to_readers_by_default() -> None:
    assert DatabaseProxyConfig.parse({"endpoints": {"reader": {}}}).endpoints["reader"].role == "READ_ONLY"


EXISTING = {
    "name": "shared", "engine": "postgres", "host": "shared.proxy-abc.eu-west-1.rds.amazonaws.com",
    "resource_id": "prx-0123456789abcdef0", "security_group_id": "sg-0123456789abcdef0", "users": ["web"],
    "database_name": "orders",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("users", [], "users is empty; functions sign in as one of them; name at least one"),
        (
            "resource_id",
            "shared",
            (
                'resource_id is "shared"; a proxy\'s resource id reads like prx-0123456789abcdef0; copy the end of '
                "its ARN from RDS; it is not the name"
            ),
        ),
        (
            "host",
            "https://shared",
            (
                'host is "https://shared"; a host reads like orders.proxy-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com; '
                "copy the endpoint from RDS, without its port"
            ),
        ),
        (
            "pool_connections",
            0,
            (
                "pool_connections is 0; a pool takes 1 to 100000 connections (MySQL and MariaDB manuals); set a value "
                "from 1 to 100000"
            ),
        ),
    ],
)
def test_an_existing_proxy_is_named_as_rds_names_it(field: str, value: Any, rule: str) -> None:
    assert ExistingProxyConfig.parse(EXISTING).engine_data.port == 5432
    assert sentence(ExistingProxyConfig, {**EXISTING, field: value}) == rule


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
