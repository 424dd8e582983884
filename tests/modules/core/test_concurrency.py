"""How many environments of a function run at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from modules.core.concurrency import Concurrency, ConnectionDemand


@pytest.mark.parametrize(
    ("reserved", "provisioned", "event_source_maximum", "most"),
    [
        (None, 0, None, None),
        (None, 5, None, None),  # provisioned environments are there, and more may be beside them
        (0, 0, None, 0),
        (10, 0, None, 10),
        (10, 0, 40, 10),
        (10, 0, 4, 4),
        (None, 0, 4, 4),
        (10, 6, 4, 6),
    ],
)
def test_the_lowest_bound_counts_and_what_is_provisioned_is_always_there(
    reserved: int | None, provisioned: int, event_source_maximum: int | None, most: int | None
) -> None:
    assert Concurrency("api", reserved, provisioned, event_source_maximum).most == most


@dataclass
class Budget:
    """A budget that remembers whom it was asked to admit."""

    admitted: list[tuple[Concurrency, int]] = field(default_factory=list)

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        """Count a function in."""
        self.admitted.append((concurrency, connections_per_environment))


def test_a_demand_adds_what_only_whoever_connects_knows() -> None:
    budget, api = Budget(), Concurrency("api", reserved=10)
    ConnectionDemand(budget).admit(api)
    ConnectionDemand(budget, connections_per_environment=2, event_source_maximum=4).admit(api)
    assert budget.admitted == [(api, 1), (Concurrency("api", 10, 0, 4), 2)]
