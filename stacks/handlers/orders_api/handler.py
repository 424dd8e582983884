"""The orders API, a Lambda function in a VPC on PostgreSQL behind RDS Proxy.

Over HTTP (payload format 2.0):

    POST /orders         {"customer": "…", "items": [{"sku": "…", "quantity": 1}]}   201 with the order
    GET  /orders/{id}    200 with the order, 404
    GET  /health         200 when the database answers, 503

Called directly, with the same answers unwrapped:

    {"action": "create_order", "order": {…}}
    {"action": "get_order", "id": "…"}
    {"action": "health"}
    {"action": "migrate"}    applies schema.sql; may be repeated

An HTTP caller gets every failure as a status and a JSON body. A direct call fails with the exception, so that
Lambda counts the error, retries asynchronous events and hands them to their failure destination.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import orders
from database import Database
from events import HttpRequest, response
from problems import NotFoundError, RequestError, UnavailableError

logger = logging.getLogger("orders_api")
database = Database()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point of the function."""
    request = HttpRequest.parse(event)
    if request is None:
        return _direct(event)
    request_id = str(getattr(context, "aws_request_id", ""))
    try:
        return response(*_http(request))
    except RequestError as error:
        logger.info("request refused", extra={"status": error.status, "details": list(error.details)})
        return response(error.status, {"error": error.error, "details": list(error.details)})
    except UnavailableError:
        logger.exception("database unavailable", extra={"status": 503})
        return response(503, {"error": "unavailable", "details": ["the database cannot be reached, try again"]})
    except Exception:
        logger.exception("unexpected failure", extra={"status": 500})
        return response(500, {"error": "internal_error", "request_id": request_id})


def _http(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    match request.method, request.path.split("/"):
        case "POST", ["", "orders"]:
            return 201, _create(request.json())
        case "GET", ["", "orders", order_id]:
            return 200, _read(order_id)
        case "GET", ["", "health"]:
            return 200, _health()
        case _:
            raise NotFoundError(f"there is no {request.method} {request.path}")


def _direct(event: dict[str, Any]) -> dict[str, Any]:
    actions: dict[str, Callable[[], dict[str, Any]]] = {
        "create_order": lambda: _create(event.get("order")),
        "get_order": lambda: _read(event.get("id")),
        "health": _health,
        "migrate": _migrate,
    }
    action = event.get("action")
    run = actions.get(action) if isinstance(action, str) else None
    if run is None:
        raise RequestError(f"action is one of {', '.join(actions)}")
    try:
        return run()
    except Exception:
        logger.exception("direct call failed", extra={"action": action})
        raise


def _create(data: object) -> dict[str, Any]:
    new = orders.NewOrder.parse(data)
    with database.connection() as connection:
        order = orders.create(connection, new)
    logger.info("order created", extra={"order_id": order["id"], "items": len(order["items"])})
    return order


def _read(order_id: object) -> dict[str, Any]:
    with database.connection() as connection:
        return orders.read(connection, order_id)


def _health() -> dict[str, Any]:
    with database.connection() as connection:
        connection.execute("select 1")
    return {"status": "ok"}


def _migrate() -> dict[str, Any]:
    with database.connection() as connection:
        orders.migrate(connection)
    logger.info("schema applied")
    return {"status": "migrated"}
