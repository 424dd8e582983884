"""Orders: what a valid one is, and how it is stored and read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from problems import NotFoundError, RequestError

MAX_CUSTOMER_LENGTH = 200
MAX_SKU_LENGTH = 64
MAX_ITEMS = 100
MAX_QUANTITY = 10_000

_SCHEMA = Path(__file__).with_name("schema.sql")
_MIGRATION_LOCK = 7_305_001  # any number that no other user of the database takes

_INSERT_ORDER = "insert into orders (id, customer) values (%s, %s) returning created_at"
_INSERT_ITEMS = """
    insert into order_items (order_id, position, sku, quantity)
    select %s, item.* from unnest(%s::integer[], %s::text[], %s::integer[]) as item
"""
_SELECT_ORDER = """
    select orders.customer, orders.created_at, order_items.sku, order_items.quantity
    from orders join order_items on order_items.order_id = orders.id
    where orders.id = %s
    order by order_items.position
"""


@dataclass(frozen=True)
class Item:
    """One line of an order."""

    sku: str
    quantity: int


@dataclass(frozen=True)
class NewOrder:
    """An order that has been checked and not been stored."""

    customer: str
    items: tuple[Item, ...]

    @classmethod
    def parse(cls, data: object) -> NewOrder:
        """Check plain data.

        Raises:
            RequestError: with one sentence for each problem.
        """
        if not isinstance(data, dict):
            raise RequestError("an order is a JSON object")
        problems = list(_problems(data))
        if problems:
            raise RequestError(*problems)
        return cls(data["customer"], tuple(Item(item["sku"], item["quantity"]) for item in data["items"]))


def _problems(data: dict[str, Any]) -> Iterator[str]:
    if not _is_text(data.get("customer"), MAX_CUSTOMER_LENGTH):
        yield f"customer is text of 1 to {MAX_CUSTOMER_LENGTH} printable characters"
    items = data.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        yield f"items is a list of 1 to {MAX_ITEMS} objects"
        return
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            yield f"items[{index}] is an object with sku and quantity"
            continue
        if not _is_text(item.get("sku"), MAX_SKU_LENGTH):
            yield f"items[{index}].sku is text of 1 to {MAX_SKU_LENGTH} printable characters"
        quantity = item.get("quantity")
        if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
            yield f"items[{index}].quantity is a whole number from 1 to {MAX_QUANTITY}"


def _is_text(value: object, longest: int) -> bool:
    """Printable also keeps out NUL and lone surrogates, which PostgreSQL's text cannot hold."""
    return isinstance(value, str) and value.isprintable() and 1 <= len(value.strip()) <= len(value) <= longest


def create(connection: psycopg.Connection[Any], order: NewOrder) -> dict[str, Any]:
    """Store an order with its items, all or nothing."""
    order_id = uuid.uuid4()
    rows = [(position, item.sku, item.quantity) for position, item in enumerate(order.items, start=1)]
    positions, skus, quantities = (list(column) for column in zip(*rows, strict=True))
    with connection.transaction():
        inserted = connection.execute(_INSERT_ORDER, (order_id, order.customer)).fetchall()
        connection.execute(_INSERT_ITEMS, (order_id, positions, skus, quantities))
    ((created_at,),) = inserted
    return _shown(order_id, order.customer, created_at, [(item.sku, item.quantity) for item in order.items])


def read(connection: psycopg.Connection[Any], order_id: object) -> dict[str, Any]:
    """An order with its items.

    Raises:
        NotFoundError: when there is none; an id that is no UUID cannot have one.
    """
    try:
        key = uuid.UUID(str(order_id))
    except ValueError:
        raise NotFoundError("there is no such order") from None
    rows = connection.execute(_SELECT_ORDER, (key,)).fetchall()
    if not rows:
        raise NotFoundError("there is no such order")
    customer, created_at = rows[0][:2]
    return _shown(key, customer, created_at, [row[2:] for row in rows])


def migrate(connection: psycopg.Connection[Any]) -> None:
    """Apply the schema; of two migrations at once, one waits for the other."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        connection.execute(_SCHEMA.read_bytes())


def _shown(order_id: uuid.UUID, customer: str, created_at: Any, items: list[Any]) -> dict[str, Any]:
    return {
        "id": str(order_id),
        "customer": customer,
        "created_at": created_at.isoformat(),
        "items": [{"sku": sku, "quantity": quantity} for sku, quantity in items],
    }
