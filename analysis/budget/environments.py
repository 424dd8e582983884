"""How many environments of a function can run at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.budget.callables import is_reservation_unknown, reserved_of
from analysis.budget.concurrency import Side
from analysis.budget.provisions import most_of
from analysis.budget.view import number_at
from analysis.plan import Resource
from modules.core.concurrency import Concurrency

_ROTATION = "secretsmanager.amazonaws.com"


@dataclass(frozen=True)
class Bound:
    """Most environments of a function at once.

    Attributes:
        most: their number; None where only the account's quota bounds them, or it is not known.
        is_kept: whether nothing exceeds it: a reservation does that, and event sources only ask for no more.
        unknown: what is not known of it; empty where it is.
    """

    most: int | None
    is_kept: bool = False
    unknown: str = ""


class Environments:
    """Environments of functions, by what bounds them.

    Args:
        side: a plan, after or before it.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._sources: dict[Resource, int] = {}
        self._is_open: set[Resource] = set()
        self._rotations: set[Resource] = set()
        state = side.state
        for entry in state.of("aws_lambda_event_source_mapping"):
            if entry.get("enabled") is not False:
                self._bound(entry, "function_name", number_at(entry, "scaling_config.maximum_concurrency", 0))
        for entry in state.of("aws_secretsmanager_secret_rotation"):
            self._bound(entry, "rotation_lambda_arn", 1)
            self._rotations.update(self._functions(entry, "rotation_lambda_arn"))
        for entry in state.of("aws_lambda_permission"):
            if entry.get("principal") != _ROTATION:
                self._bound(entry, "function_name", None)
        for entry in state.of("aws_lambda_function_url"):
            self._bound(entry, "function_name", None)

    def most(self, function: Resource) -> Bound:
        """Most environments at once."""
        address = self._side.state.view.address(function)
        if is_reservation_unknown(function):
            return Bound(None, unknown=f"reserved_concurrent_executions of {address}")
        provided = most_of(self._side.by_function.get(function, []))
        sources = None if function in self._is_open else self._sources.get(function)
        reserved = reserved_of(function)
        most = Concurrency(address, reserved, provided, sources if reserved is None else None).most
        is_kept = reserved is not None or (sources is not None and function in self._rotations)
        return Bound(most, is_kept=is_kept)

    def _bound(self, entry: Resource, path: str, most: int | None) -> None:
        """Count in who invokes a function: at most so often at once, or without a bound."""
        for function in self._functions(entry, path):
            if most:
                self._sources[function] = self._sources.get(function, 0) + most
            else:
                self._is_open.add(function)

    def _functions(self, entry: Resource, path: str) -> Iterator[Resource]:
        function = self._side.callables.named(entry, path).function
        if function is not None:
            yield function

    def is_rotation(self, function: Resource) -> bool:
        """Whether Secrets Manager invokes it to rotate a secret."""
        return function in self._rotations
