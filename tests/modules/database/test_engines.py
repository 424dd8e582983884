"""The table of engines: every entry agrees with itself."""

from __future__ import annotations

import pytest

from modules.core import limits
from modules.database.engines import ENGINES, INSTANCE_ENGINES, MYSQL, POSTGRESQL, Engine

EVERY = pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))


@EVERY
def test_an_entry_agrees_with_itself(engine: Engine) -> None:
    assert engine.default_version in engine.versions
    assert not set(engine.versions) & set(engine.extended_support)
    assert set(engine.default_log_exports) <= set(engine.log_exports)
    assert engine.port == {POSTGRESQL: 5432, MYSQL: 3306}[engine.family]
    prefix = {POSTGRESQL: "POSTGRES_", MYSQL: "MYSQL_"}[engine.family]
    assert all(kind.startswith(prefix) for kind in engine.client_password_types)
    assert len(engine.tls_parameters) == 1
    assert all(name == name.lower() for name in engine.reserved_users | engine.reserved_databases)


@EVERY
def test_what_rds_itself_uses_is_reserved_in_any_case(engine: Engine) -> None:
    assert all(engine.reserves_user(name) for name in ("rdsadmin", "RDSADMIN", "rdsproxyadmin", "rds_superuser"))
    assert not engine.reserves_user("owner")
    assert not engine.reserves_database("orders")


def test_only_aurora_has_clusters_alone() -> None:
    assert INSTANCE_ENGINES == ("postgres", "mysql", "mariadb")
    assert {name for name, engine in ENGINES.items() if engine.is_aurora} == {"aurora-postgresql", "aurora-mysql"}


def test_logs_of_instances_are_those_of_the_configuration() -> None:
    assert {log for name in INSTANCE_ENGINES for log in ENGINES[name].log_exports} == set(limits.RDS_LOG_EXPORTS)


def test_mariadb_knows_no_caching_sha2() -> None:
    assert ENGINES["mariadb"].client_password_types == ("MYSQL_NATIVE_PASSWORD",)
