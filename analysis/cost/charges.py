"""Charges: what a resource is billed for, before any price."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from analysis.cost.state import State
from analysis.cost.usage import Usage
from analysis.endpoint_break_even import HOURS_A_MONTH
from analysis.plan import UNKNOWN, Resource


class Kind(StrEnum):
    """Whether something costs by existing, or by being used."""

    FIXED = "fixed"
    USAGE = "usage"


@dataclass(frozen=True)
class Charge:
    """An item that a resource is billed for.

    Attributes:
        address: of the resource; empty for the account.
        region: region; empty where it is not known.
        item: key of a price table, or words for what none has.
        kind: fixed or usage.
        quantity: units a month; None where it is unknown or not declared.
        basis: how the quantity comes about.
        unknown: what is unknown, so that the quantity is not; empty when it is only not declared.
        is_free_tier: whether a free tier may apply.
    """

    address: str
    region: str
    item: str
    kind: Kind
    quantity: Decimal | None
    basis: str = ""
    unknown: str = ""
    is_free_tier: bool = True


Charges = Iterator[Charge]
Calculator = Callable[[State, Resource, Usage], Charges]
"""What a resource of one type is billed for."""


def fixed(
    state: State, resource: Resource, item: str, quantity: Decimal | int | None, basis: str = "", unknown: str = ""
) -> Charge:
    """A charge for what exists."""
    number = None if quantity is None else Decimal(quantity)
    return Charge(resource.address, state.region(resource), item, Kind.FIXED, number, basis, unknown)


def hourly(
    state: State, resource: Resource, item: str, count: Decimal | int | None, what: str = "", unknown: str = ""
) -> Charge:
    """A charge for every hour of a month, `count` times over."""
    if count is None:
        return fixed(state, resource, item, None, unknown=unknown)
    hours = f"{HOURS_A_MONTH} hours"
    return fixed(state, resource, item, count * HOURS_A_MONTH, f"{_shown(count)} {what} x {hours}" if what else hours)


def used(state: State, resource: Resource, item: str, quantity: Decimal | None, basis: str = "") -> Charge:
    """A charge for declared usage; None where none is declared."""
    return Charge(resource.address, state.region(resource), item, Kind.USAGE, quantity, basis)


def undecidable(state: State, resource: Resource, item: str, unknown: str, kind: Kind = Kind.FIXED) -> Charge:
    """A charge whose quantity the plan does not tell."""
    return Charge(resource.address, state.region(resource), item, kind, None, unknown=unknown)


def known(value: Any) -> Any:
    """A value of a plan; None where it is known only after apply."""
    return None if value is UNKNOWN else value


def count_of(state: State, resource: Resource, path: str, *types: str) -> tuple[int | None, str]:
    """How many things an attribute leads to, or None and what is unknown."""
    links = state.links(resource, path, *types)
    if not links.is_complete:
        return None, f"{path} ({', '.join(links.unresolved)})"
    return len(links.resources) + len(links.literals), ""


def _shown(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"
