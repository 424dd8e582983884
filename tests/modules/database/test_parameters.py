"""Parameters by engine: TLS always, slow statements logged, and what may be added."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseConfig
from modules.database.engines import ENGINES
from modules.database.parameters import Parameter, parameters_of
from tests.modules.core.samples import refusal, sentence

NAMES: dict[str, Any] = {"database_name": "stock", "master_username": "owner"}


def values(engine: str, **given: Any) -> dict[str, str]:
    found = parameters_of(ENGINES[engine], **{"slow_query_milliseconds": 1_500, **given})
    return {parameter.name: parameter.value for parameter in found}


@pytest.mark.parametrize(
    ("engine", "name", "value"),
    [
        ("postgres", "rds.force_ssl", "1"),
        ("mysql", "require_secure_transport", "1"),
        ("mariadb", "require_secure_transport", "1"),
        ("aurora-postgresql", "rds.force_ssl", "1"),
        ("aurora-mysql", "require_secure_transport", "ON"),
    ],
)
def test_every_engine_requires_tls(engine: str, name: str, value: str) -> None:
    assert values(engine)[name] == value


def test_slow_statements_are_logged_in_the_units_of_the_engine() -> None:
    postgres = {"log_connections": "1", "log_min_duration_statement": "1500", "log_statement": "ddl"}
    assert values("postgres") == {**postgres, "rds.force_ssl": "1"}
    mysql = {"log_output": "FILE", "long_query_time": "1.5", "slow_query_log": "1"}
    assert values("mysql") == values("mariadb") == {**mysql, "require_secure_transport": "1"}


@pytest.mark.parametrize(("milliseconds", "seconds"), [(1, "0.001"), (250, "0.25"), (1_000, "1"), (60_000, "60")])
def test_mysql_takes_seconds(milliseconds: int, seconds: str) -> None:
    assert values("mysql", slow_query_milliseconds=milliseconds)["long_query_time"] == seconds


def test_max_connections_waits_for_a_restart_of_postgresql_only() -> None:
    def found(engine: str) -> Parameter:
        parameters = parameters_of(ENGINES[engine], slow_query_milliseconds=1_000, max_connections=200)
        return next(parameter for parameter in parameters if parameter.name == "max_connections")

    assert found("postgres") == Parameter("max_connections", "200", waits_for_reboot=True)
    assert found("mysql") == found("mariadb") == Parameter("max_connections", "200")


def test_parameters_are_added_and_may_say_when_they_take_effect() -> None:
    found = parameters_of(
        ENGINES["postgres"],
        slow_query_milliseconds=1_000,
        added={"work_mem": "65536", "log_statement": "none"},
        added_pending_reboot={"shared_preload_libraries": "pg_stat_statements"},
    )
    assert [(parameter.name, parameter.value) for parameter in found if parameter.waits_for_reboot] == [
        ("shared_preload_libraries", "pg_stat_statements")
    ]
    assert {"work_mem": "65536", "log_statement": "none"}.items() <= {p.name: p.value for p in found}.items()
    assert [parameter.name for parameter in found] == sorted(parameter.name for parameter in found)


@pytest.mark.parametrize(
    ("engine", "name", "value", "rule"),
    [
        ("postgres", "rds.force_ssl", "0", "connections take TLS always, set to 1; remove it"),
        ("mysql", "require_secure_transport", "0", "connections take TLS always, set to 1; remove it"),
        ("mariadb", "require_secure_transport", "OFF", "connections take TLS always, set to 1; remove it"),
        ("postgres", "ssl", "0", "connections take TLS always; remove it"),
        ("mysql", "skip_ssl", "1", "connections take TLS always; remove it"),
        ("mysql", "tls_version", "TLSv1.1,TLSv1.2", ("TLS is 1.2 or 1.3; write TLSv1.2, TLSv1.3 or both, as the engine "
         "takes them")),
        ("postgres", "ssl_min_protocol_version", "TLSv1", ("TLS is 1.2 or 1.3; write TLSv1.2, TLSv1.3 or both, as the "
         "engine takes them")),
        ("postgres", "log_min_duration_statement", "-1", ("the field slow_query_milliseconds sets it; set that field "
         "instead")),
        ("mysql", "long_query_time", "3", "the field slow_query_milliseconds sets it; set that field instead"),
        ("mysql", "max_connections", "9", "the field max_connections sets it; set that field instead"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["parameters", "pending_reboot_parameters"])
def test_parameters_that_weaken_tls_or_that_a_field_sets(
    field: str, engine: str, name: str, value: str, rule: str
) -> None:
    given = {**NAMES, "engine": engine, field: {name: value}}
    assert sentence(DatabaseConfig, given) == f'{field}["{name}"] is "{value}"; {rule}'


@pytest.mark.parametrize("value", ["TLSv1.2", "TLSv1.3", "TLSv1.2,TLSv1.3", "TLSv1.2, TLSv1.3"])
def test_recent_tls_is_taken(value: str) -> None:
    assert DatabaseConfig.parse({**NAMES, "engine": "mysql", "parameters": {"tls_version": value}})


def test_a_parameter_has_one_value_and_both_are_text() -> None:
    both = {"parameters": {"work_mem": "1"}, "pending_reboot_parameters": {"work_mem": "2"}}
    assert sentence(DatabaseConfig, {**NAMES, **both}) == (
        "work_mem stands in parameters and in pending_reboot_parameters; a parameter has one value; "
        "remove one of the two"
    )
    assert refusal(DatabaseConfig, {**NAMES, "parameters": {"work_mem": 1, "Work-Mem": "1"}}) == [
        "parameters.work_mem is 1; a parameter's value is text; write it in quotes",
        (
            'parameters.Work-Mem is "Work-Mem"; a parameter\'s name has 1 to 255 lowercase letters, digits, dots and '
            "underscores, a letter first; write it as the parameter group's family has it"
        ),
    ]
