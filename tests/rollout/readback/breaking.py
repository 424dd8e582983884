"""Break one thing of the sample stack, see exactly which checks notice, put it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rollout.readback.check import Check, Clients
from rollout.readback.expected import Expected
from tests.rollout.readback.sample_stack import SampleStack

Aspect = Callable[[Clients, Mapping[str, Any], Expected], Iterable[Check]]
Step = Callable[[SampleStack], object]
Failing = Callable[[SampleStack], list[tuple[str, str, str]]]


@dataclass(frozen=True)
class Case:
    """`failing` gives subject, expected and found of every check that must fail; all others must hold."""

    name: str
    broken: Step
    restored: Step
    failing: Failing

    def __str__(self) -> str:
        return self.name


def call(service: str, operation: str, **parameters: Any) -> Step:
    """One API call; a parameter may be a function of the stack."""

    def run(stack: SampleStack) -> object:
        given = {name: value(stack) if callable(value) else value for name, value in parameters.items()}
        return getattr(stack.client(service), operation)(**given)

    return run


def changed(
    service: str, operation: str, common: Mapping[str, Any], bad: Mapping[str, Any], good: Mapping[str, Any]
) -> tuple[Step, Step]:
    """The same call twice: with the bad values, and with the good ones again."""
    return call(service, operation, **common, **bad), call(service, operation, **common, **good)


def failed(stack: SampleStack, aspect: Aspect) -> list[tuple[str, str, str]]:
    checks = list(aspect(stack.client, stack.outputs, stack.expected))
    assert checks
    return sorted((check.subject, check.expected, check.found) for check in checks if not check.held)


def verify(case: Case, stack: SampleStack, aspect: Aspect) -> None:
    case.broken(stack)
    try:
        assert failed(stack, aspect) == sorted(case.failing(stack))
    finally:
        case.restored(stack)
    assert failed(stack, aspect) == []


def listed(*values: str) -> str:
    """How a list of strings reads."""
    return "[" + ", ".join(f'"{value}"' for value in sorted(values)) + "]"
