"""A stand-in for psycopg 3 and the server behind it: its errors, transactions and the statements in use.

It behaves as psycopg was seen to behave with PostgreSQL: a broken connection raises OperationalError once and
is closed afterwards, a closed one raises InterfaceError, a transaction block commits at its end and rolls back
on error.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

PARAMETERS = {
    "host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "connect_timeout",
    "tcp_user_timeout", "application_name", "autocommit", "prepare_threshold",
}  # fmt: skip  # a set of names
CREATED_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Error(Exception):
    pass


class InterfaceError(Error):
    pass


class DatabaseError(Error):
    pass


class OperationalError(DatabaseError):
    pass


class DataError(DatabaseError):
    pass


@dataclass
class Tables:
    orders: dict[uuid.UUID, str] = field(default_factory=dict)
    items: dict[uuid.UUID, list[tuple[int, str, int]]] = field(default_factory=dict)
    schemas: list[str] = field(default_factory=list)


class Server:
    """What survives connections; tests read it and make it fail."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.connections: list[Connection] = []
        self.down: Exception | None = None
        self.failing: dict[str, Exception] = {}
        """Exceptions by the first words of the statement that shall raise them."""

    def connect(self, **parameters: Any) -> Connection:
        assert set(parameters) <= PARAMETERS, set(parameters) - PARAMETERS
        if self.down:
            raise self.down
        self.connections.append(Connection(self, parameters))
        return self.connections[-1]

    def module(self) -> ModuleType:
        module = ModuleType("psycopg")
        for error in (Error, InterfaceError, DatabaseError, OperationalError, DataError):
            setattr(module, error.__name__, error)
        module.connect = self.connect  # type: ignore[attr-defined]  # a module made on the spot has no declared names
        return module


class Rows:
    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._rows = list(rows)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


class Connection:
    def __init__(self, server: Server, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        self.closed = False
        self.dropped = False
        """Set by a test: the proxy has closed its side, which shows with the next statement."""
        self.statements: list[str] = []
        self.outcomes: list[str] = []
        self._server = server
        self._pending: Tables | None = None

    def close(self) -> None:
        self.closed = True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        assert self._pending is None, "a transaction within a transaction"
        self._pending = deepcopy(self._server.tables)
        try:
            yield
        except BaseException:
            self.outcomes.append("rollback")
            raise
        else:
            self._server.tables = self._pending
            self.outcomes.append("commit")
        finally:
            self._pending = None

    def execute(self, query: str | bytes, params: Sequence[Any] | None = None) -> Rows:
        if self.closed:
            raise InterfaceError("the connection is closed")
        if self.dropped:
            self.closed = True
            raise OperationalError("server closed the connection unexpectedly")
        text = " ".join((query.decode() if isinstance(query, bytes) else query).split())
        self.statements.append(text)
        assert text.count("%s") == len(params or ())
        for start, error in self._server.failing.items():
            if text.startswith(start):
                self.closed = isinstance(error, OperationalError)
                raise error
        return Rows(self._run(text, list(params or ())))

    def _run(self, text: str, params: list[Any]) -> list[tuple[Any, ...]]:
        tables = self._pending or self._server.tables
        if text == "select 1":
            return [(1,)]
        if text.startswith("select pg_advisory_xact_lock"):
            assert self._pending is not None, "released at once outside a transaction"
            return [("",)]
        if text.startswith("-- Tables of the orders API"):
            tables.schemas.append(text)
            return []
        if text.startswith("insert into orders "):
            order_id, customer = params
            tables.orders[order_id] = customer
            return [(CREATED_AT,)]
        if text.startswith("insert into order_items "):
            order_id, positions, skus, quantities = params
            assert order_id in tables.orders, "violates the foreign key"
            tables.items[order_id] = list(zip(positions, skus, quantities, strict=True))
            return []
        if text.startswith("select orders.customer"):
            (order_id,) = params
            rows = sorted(tables.items.get(order_id, []))
            return [(tables.orders[order_id], CREATED_AT, sku, quantity) for _, sku, quantity in rows]
        raise AssertionError(f"an unknown statement: {text}")
