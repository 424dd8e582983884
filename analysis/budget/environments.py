"""How many environments of a function can run at once."""

from __future__ import annotations

from analysis.budget.callables import is_reservation_unknown, reserved_of
from analysis.budget.concurrency import Side
from analysis.budget.provisions import most_of
from analysis.budget.view import number_at
from analysis.plan import Resource
from modules.core.concurrency import Concurrency

_ROTATION = "secretsmanager.amazonaws.com"


class Environments:
    """Environments of functions, by what bounds them.

    Args:
        side: a plan, after or before it.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._sources: dict[Resource, int] = {}
        self._is_open: set[Resource] = set()
        state = side.state
        for entry in state.of("aws_lambda_event_source_mapping"):
            if entry.get("enabled") is not False:
                self._bound(entry, "function_name", number_at(entry, "scaling_config.maximum_concurrency", 0))
        for entry in state.of("aws_secretsmanager_secret_rotation"):
            self._bound(entry, "rotation_lambda_arn", 1)
        for entry in state.of("aws_lambda_permission"):
            if entry.get("principal") != _ROTATION:
                self._bound(entry, "function_name", None)
        for entry in state.of("aws_lambda_function_url"):
            self._bound(entry, "function_name", None)

    def most(self, function: Resource) -> tuple[int | None, str]:
        """Most environments at once, and what is not known of it; None where only the account's quota bounds them."""
        provided = self._side.by_function.get(function, [])
        address = self._side.state.view.address(function)
        if is_reservation_unknown(function):
            return None, f"reserved_concurrent_executions of {address}"
        sources = None if function in self._is_open else self._sources.get(function)
        return Concurrency(address, reserved_of(function), most_of(provided), sources).most, ""

    def _bound(self, entry: Resource, path: str, most: int | None) -> None:
        """Count in who invokes a function: at most so often at once, or without a bound."""
        function = self._side.callables.named(entry, path).function
        if function is not None and most:
            self._sources[function] = self._sources.get(function, 0) + most
        elif function is not None:
            self._is_open.add(function)
