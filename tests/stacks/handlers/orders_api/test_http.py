from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest

from tests.stacks.handlers.orders_api.conftest import Api, Logs
from tests.stacks.handlers.orders_api.fake_psycopg import DataError, OperationalError, Server

ORDER = {"customer": "Ada", "items": [{"sku": "tea", "quantity": 2}, {"sku": "cup", "quantity": 1}]}


def test_an_order_is_created_and_read_back(api: Api, server: Server) -> None:
    status, created = api.http("POST", "/orders", ORDER)
    assert status == 201
    assert created == {"id": created["id"], "created_at": "2026-11-21T12:00:00+00:00", **ORDER}
    assert server.tables.orders == {uuid.UUID(created["id"]): "Ada"}
    assert api.http("GET", f"/orders/{created['id']}") == (200, created)
    assert api.http("GET", f"/orders/{created['id'].upper()}/") == (200, created)


def test_order_and_items_are_one_transaction(api: Api, server: Server) -> None:
    api.http("POST", "/orders", ORDER)
    (connection,) = server.connections
    assert connection.outcomes == ["commit"]
    assert [text.split(" (")[0] for text in connection.statements] == [
        "insert into orders",
        "insert into order_items",
    ]


def test_an_encoded_body_is_read(api: Api) -> None:
    body = base64.b64encode(json.dumps(ORDER).encode()).decode()
    assert api.http("POST", "/orders", body, isBase64Encoded=True)[0] == 201


@pytest.mark.parametrize(("stage", "path"), [("dev", "/dev/health"), ("dev", "/health"), ("$default", "/health")])
def test_a_named_stage_is_no_part_of_the_path(api: Api, stage: str, path: str) -> None:
    context = {"http": {"method": "get"}, "stage": stage}
    assert api.http("GET", path, requestContext=context) == (200, {"status": "ok"})


def test_a_stages_name_within_a_name_stays(api: Api) -> None:
    context = {"http": {"method": "GET"}, "stage": "he"}
    assert api.http("GET", "/health", requestContext=context)[0] == 200


@pytest.mark.parametrize("body", [None, "", "{", "\ud83d", '{"customer": 1' + "9" * 5_000 + "}", "[" * 100_000])
def test_a_body_that_is_not_json_is_refused(api: Api, body: str | None) -> None:
    assert api.http("POST", "/orders", body) == (
        400,
        {"error": "bad_request", "details": ["the body is not JSON"]},
    )


@pytest.mark.parametrize("body", ["not base64", base64.b64encode(b"\xff\xfe\xfd").decode(), "é"])
def test_a_body_that_is_not_encoded_json_is_refused(api: Api, body: str) -> None:
    status, answer = api.http("POST", "/orders", body, isBase64Encoded=True)
    assert (status, answer["details"]) == (400, ["the body is not JSON"])


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ([], ["an order is a JSON object"]),
        (
            {},
            ["customer is text of 1 to 200 printable characters", "items is a list of 1 to 100 objects"],
        ),
        (ORDER | {"customer": "  "}, ["customer is text of 1 to 200 printable characters"]),
        (ORDER | {"customer": "x" * 201}, ["customer is text of 1 to 200 printable characters"]),
        (ORDER | {"customer": "a\0b"}, ["customer is text of 1 to 200 printable characters"]),
        (ORDER | {"customer": "\ud800"}, ["customer is text of 1 to 200 printable characters"]),
        (ORDER | {"items": []}, ["items is a list of 1 to 100 objects"]),
        (ORDER | {"items": ORDER["items"][0]}, ["items is a list of 1 to 100 objects"]),
        (ORDER | {"items": [{"sku": "a", "quantity": 1}] * 101}, ["items is a list of 1 to 100 objects"]),
        (
            ORDER | {"items": [{"sku": "a", "quantity": 1}, "tea", {"sku": 7, "quantity": True}]},
            [
                "items[1] is an object with sku and quantity",
                "items[2].sku is text of 1 to 64 printable characters",
                "items[2].quantity is a whole number from 1 to 10000",
            ],
        ),
        *(
            (
                ORDER | {"items": [{"sku": "a", "quantity": quantity}]},
                ["items[0].quantity is a whole number from 1 to 10000"],
            )
            for quantity in (0, -1, 10_001, 1.0, "1", None)
        ),
    ],
)
def test_every_problem_of_an_order_is_told(api: Api, server: Server, body: object, details: list[str]) -> None:
    assert api.http("POST", "/orders", body) == (400, {"error": "bad_request", "details": details})
    assert server.connections == []


@pytest.mark.parametrize("order_id", [str(uuid.UUID(int=1)), "17", "%00"])
def test_an_absent_order_is_not_found(api: Api, order_id: str) -> None:
    assert api.http("GET", f"/orders/{order_id}") == (
        404,
        {"error": "not_found", "details": ["there is no such order"]},
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/orders"), ("DELETE", "/orders/1"), ("POST", "/orders/1/items")],
)
def test_another_route_is_not_found(api: Api, method: str, path: str) -> None:
    assert api.http(method, path) == (
        404,
        {"error": "not_found", "details": [f"there is no {method} {path}"]},
    )


def test_an_unreachable_database_is_503(api: Api, server: Server, logs: Logs) -> None:
    server.down = OperationalError("connection refused")
    for method, path, body in (("GET", "/health", None), ("POST", "/orders", ORDER)):
        assert api.http(method, path, body) == (
            503,
            {"error": "unavailable", "details": ["the database cannot be reached, try again"]},
        )
    assert [entry["level"] for entry in logs.entries] == ["ERROR", "ERROR"]
    assert "connection refused" in logs.text


@pytest.mark.parametrize("error", [DataError("a secret detail"), KeyError("a secret detail")])
def test_an_unexpected_failure_is_500_rolled_back_and_not_shown(
    api: Api, server: Server, logs: Logs, error: Exception
) -> None:
    server.failing["insert into order_items"] = error
    assert api.http("POST", "/orders", ORDER) == (500, {"error": "internal_error", "request_id": "request-1"})
    assert server.tables.orders == {}
    assert server.connections[0].outcomes == ["rollback"]
    assert [entry["message"] for entry in logs.entries] == ["connected", "unexpected failure"]
    assert "a secret detail" in logs.text
    server.failing.clear()
    assert api.http("POST", "/orders", ORDER)[0] == 201
    assert len(server.connections) == 1


def test_a_created_order_is_logged_as_fields(api: Api, logs: Logs) -> None:
    order: Any = api.http("POST", "/orders", ORDER)[1]
    assert logs.entries[-1] == {
        "level": "INFO",
        "message": "order created",
        "order_id": order["id"],
        "items": 2,
    }
