"""What functions may open, as numbers and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modules.core.concurrency import Concurrency
from modules.core.errors import ConfigError


@dataclass(frozen=True)
class Demand:
    """What one function may open.

    Attributes:
        function: its construct path.
        environments: most of them at once.
        each: connections of each.
    """

    function: str
    environments: int
    each: int

    @property
    def connections(self) -> int:
        """Connections at worst."""
        return self.environments * self.each

    def __str__(self) -> str:
        return f"{self.function} {self.environments} x {self.each}"

    def fix(self, room: int, otherwise: str) -> str:
        """What to do: a reserved concurrency that fits into `room`, and something else where none does."""
        fitting = room // self.each
        return f"set the reserved_concurrency of {self.function} to at most {fitting}" if fitting > 0 else otherwise


def demand_of(concurrency: Concurrency, *, each: int, where: str) -> Demand:
    """What a function may open; nothing where its concurrency has no bound.

    Raises:
        ConfigError: an environment would open no connection.
    """
    if each < 1:
        raise ConfigError.single(
            where,
            f"connections_per_environment of {concurrency.function} is {each}",
            "each environment opens 1 at least",
            "set 1 or more",
        )
    return Demand(concurrency.function, concurrency.most or 0, each)


def total(demands: Iterable[Demand]) -> int:
    """Connections of all demands."""
    return sum(demand.connections for demand in demands)


def listed(demands: Iterable[Demand]) -> str:
    """Every demand with its numbers."""
    return ", ".join(map(str, demands))
