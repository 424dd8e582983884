"""Budgets of connections for tests, and what was told of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modules.core.concurrency import Concurrency
from modules.core.errors import ConfigError
from modules.database.connection_budgets import Capacity, DatabaseBudget
from modules.database.connection_budgets import capacity_of as capacity
from modules.database.connection_pools import PoolBudget

MEDIUM = capacity("postgres", instance_class="db.t4g.medium")
MEDIUM_WORDS = "max_connections 450 (postgres, db.t4g.medium, at most, by its nominal memory)"
DATABASE, PROXY, API, WORKER = "orders/database", "orders/proxy", "orders/api", "orders/worker"
WAITS = "what exceeds the pool waits for connection_borrow_timeout_seconds and then fails"
ASK = (
    "set max_connections; a database reports its number for SHOW VARIABLES LIKE 'max_connections', or in PostgreSQL "
    "SHOW max_connections"
)
Told = list[tuple[str, str, str]]


def refusal(build: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


def database(of: Capacity = MEDIUM) -> tuple[DatabaseBudget, Told]:
    told: Told = []
    return DatabaseBudget(DATABASE, of, warn=lambda *words: told.append(words)), told


def pool(of: Capacity = MEDIUM, percent: float = 90, reason: str = "") -> tuple[PoolBudget, Told]:
    budget, told = database(of)
    made = PoolBudget(
        PROXY, database=budget, percent=percent, oversubscription_reason=reason, warn=lambda *words: told.append(words)
    )
    return made, told


def admit(budget: DatabaseBudget | PoolBudget, function: str, reserved: int | None, each: int = 1) -> None:
    budget.admit(Concurrency(function, reserved), connections_per_environment=each)
