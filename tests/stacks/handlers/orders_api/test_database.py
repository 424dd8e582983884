from __future__ import annotations

from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import certifi
import pytest

from tests.stacks.handlers.orders_api.conftest import ENVIRONMENT, Api, Logs
from tests.stacks.handlers.orders_api.fake_psycopg import InterfaceError, OperationalError, Server

ORDER = {"customer": "Ada", "items": [{"sku": "tea", "quantity": 2}]}


def test_the_connection_is_verified_bounded_and_leaves_no_state_in_the_proxy(api: Api, server: Server) -> None:
    api.http("GET", "/health")
    parameters = dict(server.connections[0].parameters)
    assert parameters.pop("password")
    assert parameters == {
        "host": "proxy.example.com",
        "port": 5432,
        "dbname": "shop",
        "user": "orders",
        "sslmode": "verify-full",
        "sslrootcert": certifi.where(),
        "connect_timeout": 5,
        "tcp_user_timeout": 5_000,
        "application_name": "acme-dev-orders-api",
        "autocommit": True,
        "prepare_threshold": None,
    }


def test_the_password_is_an_iam_token_signed_for_this_user_and_host(api: Api, server: Server) -> None:
    api.http("GET", "/health")
    token = urlsplit("https://" + server.connections[0].parameters["password"])
    assert (token.hostname, token.port, token.path) == ("proxy.example.com", 5432, "/")
    query = {name: values[0] for name, values in parse_qs(token.query, strict_parsing=True).items()}
    assert query["Action"] == "connect"
    assert query["DBUser"] == "orders"
    assert query["X-Amz-Expires"] == "900"
    assert query["X-Amz-Security-Token"] == "session-token-of-a-test"
    key, _, scope = query["X-Amz-Credential"].partition("/")
    assert key == "AKIDEXAMPLE"
    assert scope.split("/")[1:] == ["eu-west-1", "rds-db", "aws4_request"]
    assert len(query["X-Amz-Signature"]) == 64


def test_no_secret_is_logged(api: Api, server: Server, logs: Logs) -> None:
    api.http("POST", "/orders", ORDER)
    server.connections[0].dropped = True
    api.http("GET", "/health")
    server.failing["select 1"] = OperationalError("gone")
    api.http("GET", "/health")
    text = logs.text
    assert "connected" in text
    for secret in ("X-Amz-Signature", ENVIRONMENT["AWS_SECRET_ACCESS_KEY"], ENVIRONMENT["AWS_SESSION_TOKEN"]):
        assert secret not in text


def test_importing_the_handler_connects_to_nothing(handler: ModuleType, server: Server) -> None:
    assert handler.database is not None
    assert server.connections == []


def test_health_asks_the_database(api: Api, server: Server) -> None:
    api.http("GET", "/health")
    assert server.connections[0].statements == ["select 1"]


def test_invocations_share_a_connection_that_answers(api: Api, server: Server) -> None:
    for _ in range(3):
        api.http("POST", "/orders", ORDER)
    (connection,) = server.connections
    assert connection.statements.count("select 1") == 2


def test_a_connection_that_the_proxy_closed_is_replaced_with_a_new_token(
    api: Api, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["first", "second"])
    monkeypatch.setattr(api.module.database._rds, "generate_db_auth_token", lambda **_: next(tokens))
    assert api.http("GET", "/health")[0] == 200
    server.connections[0].dropped = True
    assert api.http("POST", "/orders", ORDER)[0] == 201
    first, second = server.connections
    assert first.closed
    assert [connection.parameters["password"] for connection in (first, second)] == ["first", "second"]


def test_a_connection_closed_on_this_side_is_replaced(api: Api, server: Server) -> None:
    api.http("GET", "/health")
    server.connections[0].close()
    assert api.http("GET", "/health")[0] == 200
    assert len(server.connections) == 2


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("gone")])
def test_a_connection_lost_on_the_way_is_dropped_and_the_order_not_repeated(
    api: Api, server: Server, error: Exception
) -> None:
    server.failing["insert into order_items"] = error
    assert api.http("POST", "/orders", ORDER)[0] == 503
    (connection,) = server.connections
    assert connection.closed
    assert connection.outcomes == ["rollback"]
    assert server.tables.orders == {}
    server.failing.clear()
    assert api.http("POST", "/orders", ORDER)[0] == 201
    assert len(server.connections) == 2


def test_missing_variables_are_all_named(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DB_HOST")
    monkeypatch.setenv("DB_USER", "")
    with pytest.raises(RuntimeError, match=r"^environment variables are not set: DB_HOST, DB_USER$"):
        api.invoke({"action": "health"})
