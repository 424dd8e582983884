from __future__ import annotations

from typing import Any

import pytest

from tests.stacks.handlers.orders_api.conftest import SOURCE, Api, Logs
from tests.stacks.handlers.orders_api.fake_psycopg import DataError, OperationalError, Server

ORDER = {"customer": "Ada", "items": [{"sku": "tea", "quantity": 2}]}


def test_actions_answer_without_an_http_envelope(api: Api) -> None:
    created = api.invoke({"action": "create_order", "order": ORDER})
    assert created == {"id": created["id"], "created_at": "2026-11-21T12:00:00+00:00", **ORDER}
    assert api.invoke({"action": "get_order", "id": created["id"]}) == created
    assert api.invoke({"action": "health"}) == {"status": "ok"}


def test_migrate_applies_the_schema_in_one_locked_transaction(api: Api, server: Server) -> None:
    assert api.invoke({"action": "migrate"}) == {"status": "migrated"}
    (connection,) = server.connections
    assert connection.outcomes == ["commit"]
    assert connection.statements[0] == "select pg_advisory_xact_lock(%s)"
    assert server.tables.schemas == [" ".join((SOURCE / "schema.sql").read_text().split())]


def test_every_statement_of_the_schema_may_run_again() -> None:
    lines = (SOURCE / "schema.sql").read_text().splitlines()
    statements = "\n".join(line.split("--")[0] for line in lines).split(";")[:-1]
    assert len(statements) == 2
    assert all(statement.strip().startswith("create table if not exists") for statement in statements)


@pytest.mark.parametrize(
    ("event", "name", "message"),
    [
        ({}, "RequestError", "action is one of create_order, get_order, health, migrate"),
        ({"action": "drop"}, "RequestError", "action is one of create_order, get_order, health, migrate"),
        (
            {"action": ["migrate"]},
            "RequestError",
            "action is one of create_order, get_order, health, migrate",
        ),
        ({"action": "create_order"}, "RequestError", "an order is a JSON object"),
        ({"action": "get_order", "id": None}, "NotFoundError", "there is no such order"),
    ],
)
def test_a_refused_call_fails(api: Api, event: dict[str, Any], name: str, message: str) -> None:
    with pytest.raises(Exception, match=f"^{message}$") as caught:
        api.invoke(event)
    assert type(caught.value).__name__ == name


def test_an_unexpected_failure_is_logged_and_fails_the_call(api: Api, server: Server, logs: Logs) -> None:
    server.failing["-- Tables"] = DataError("wrong")
    with pytest.raises(DataError, match=r"^wrong$"):
        api.invoke({"action": "migrate"})
    assert server.connections[0].outcomes == ["rollback"]
    assert logs.entries[-1] == {"level": "ERROR", "message": "direct call failed", "action": "migrate"}


def test_an_unreachable_database_fails_the_call(api: Api, server: Server) -> None:
    server.down = OperationalError("connection refused")
    with pytest.raises(Exception, match=r"^the database cannot be reached \(OperationalError\)$") as caught:
        api.invoke({"action": "create_order", "order": ORDER})
    assert type(caught.value).__name__ == "UnavailableError"
