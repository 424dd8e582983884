"""How many environments of a function can run at once, for whatever must have room for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True)
class Concurrency:
    """What bounds the environments of one function that run at once; all numbers are literals.

    Attributes:
        function: the function's construct path, for sentences.
        reserved: reserved concurrency; None where it takes what the account has left.
        provisioned: provisioned concurrency, which is always there and is part of the reserved one; 0 for none.
        event_source_maximum: sum of the maximum concurrency of its event sources, where these alone invoke it; None
            where something else may invoke it too, or a source has no maximum.
    """

    function: str
    reserved: int | None = None
    provisioned: int = 0
    event_source_maximum: int | None = None

    @property
    def most(self) -> int | None:
        """Most environments at once; None where only the account's quota bounds them."""
        bounds = [bound for bound in (self.reserved, self.event_source_maximum) if bound is not None]
        return max(min(bounds), self.provisioned) if bounds else None


class ConnectionBudget(Protocol):
    """Something with room for a number of connections, such as a database or a proxy in front of one."""

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        """Count a function in.

        Raises:
            ConfigError: there is no room for it.
        """


@dataclass(frozen=True)
class ConnectionDemand:
    """What one connected function takes of a budget.

    Attributes:
        budget: what must have room.
        connections_per_environment: connections that each environment of the function keeps open.
        event_source_maximum: see `Concurrency`; told by whoever connects.
    """

    budget: ConnectionBudget
    connections_per_environment: int = 1
    event_source_maximum: int | None = None

    def admit(self, concurrency: Concurrency) -> None:
        """Count a function in.

        Raises:
            ConfigError: there is no room for it.
        """
        told = self.event_source_maximum
        known = concurrency if told is None else replace(concurrency, event_source_maximum=told)
        self.budget.admit(known, connections_per_environment=self.connections_per_environment)
