"""What policies on databases read of a plan: who connects to which database, and what stands in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.budget.callers import Callers, callers
from analysis.budget.concurrency import Side
from analysis.budget.environments import Environments
from analysis.budget.states import After
from analysis.budget.targets import Targets
from analysis.plan import Resource
from policies.shared.concurrency import side_of
from policies.view import View


@dataclass(frozen=True)
class Connections:
    """Who connects to what.

    Attributes:
        side: functions and what names them.
        callers: functions by database or proxy that they connect to.
        targets: proxies and what is behind them.
        environments: what bounds functions.
    """

    side: Side
    callers: Callers
    targets: Targets
    environments: Environments


def connections(view: View) -> Connections:
    """Who connects to what in a plan."""
    side = side_of(view)
    assert isinstance(side.state, After)  # noqa: S101  # `side_of` reads the plan after it
    targets = Targets(side.state)
    return Connections(side, callers(side.state, targets), targets, Environments(side))


def named(resources: Sequence[Resource]) -> str:
    """Addresses in a sentence: `a`, `a and b`, `a, b and 3 more`."""
    addresses = sorted(entry.address for entry in resources)
    if len(addresses) <= _MOST_NAMED:
        return " and ".join([*([", ".join(addresses[:-1])] if addresses[1:] else []), *addresses[-1:]])
    return f"{', '.join(addresses[:_MOST_NAMED])} and {len(addresses) - _MOST_NAMED} more"


_MOST_NAMED = 3
