"""Functions by whatever names them: a reference, an alias, a name, an ARN."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.budget.functions import FUNCTION
from analysis.budget.states import State
from analysis.budget.view import number_at
from analysis.plan import UNKNOWN, Resource

ALIAS = "aws_lambda_alias"
_ARN_PARTS = 7
LATEST = "$LATEST"


@dataclass(frozen=True)
class Named:
    """The function that an attribute names.

    Attributes:
        function: the function; None where it is no resource of the plan.
        alias: the alias; None where it is no resource of the plan.
        name: how a function outside the plan is called; empty for one of the plan.
        qualifier: alias or version that the name itself holds; empty for none.
        unknown: what is not known; empty where one function is named.
    """

    function: Resource | None = None
    alias: Resource | None = None
    name: str = ""
    qualifier: str = ""
    unknown: str = ""


class Callables:
    """Functions and aliases of a plan, after or before it.

    Args:
        state: the plan.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._by_name: dict[str, Resource] = {}
        self._aliases: dict[tuple[Resource | None, str], Resource] = {}
        for function in state.of(FUNCTION):
            name = function.get("function_name")
            if isinstance(name, str):
                self._by_name.setdefault(name, function)
        for alias in state.of(ALIAS):
            owner = self.named(alias, "function_name").function
            name = alias.get("name")
            if owner is not None and isinstance(name, str):
                self._aliases[owner, name] = alias

    def named(self, resource: Resource, path: str) -> Named:
        """The function that the attribute at a dotted path names."""
        found, unknown = self._state.follow(resource, path, FUNCTION, ALIAS)
        functions = [entry for entry in found if entry.type == FUNCTION]
        aliases = [entry for entry in found if entry.type == ALIAS]
        text = resource.get(path)
        if isinstance(text, str) and text:
            named = self.of_text(text)
            if named.function is not None or not found:
                return named
        if len(aliases) == 1:
            inner = self.named(aliases[0], "function_name")
            return Named(inner.function, aliases[0], inner.name, unknown=inner.unknown)
        if len(functions) == 1:
            return Named(functions[0])
        return Named(unknown=unknown or f"{path} of {self._state.view.address(resource)}")

    def alias(self, function: Resource | None, name: str) -> Resource | None:
        """The alias of a function with that name; None where it is no resource of the plan."""
        return self._aliases.get((function, name))

    def of_text(self, text: str) -> Named:
        """A function by name, ARN, or `NAME:QUALIFIER`."""
        parts = text.split(":")
        if len(parts) >= _ARN_PARTS and parts[0] == "arn":
            parts = parts[_ARN_PARTS - 1 :]
        name, qualifier = parts[0], parts[1] if len(parts) > 1 else ""
        function = self._by_name.get(name)
        alias = self.alias(function, qualifier) if function is not None and qualifier else None
        return Named(function, alias, "" if function is not None else name, qualifier)


def reserved_of(function: Resource) -> int | None:
    """Reserved concurrency; None where it reserves nothing, or the plan does not tell."""
    number = number_at(function, "reserved_concurrent_executions", -1)
    return None if number is None or number < 0 else number


def is_reservation_unknown(function: Resource) -> bool:
    """Whether the plan does not tell what the function reserves."""
    return function.get("reserved_concurrent_executions") is UNKNOWN
