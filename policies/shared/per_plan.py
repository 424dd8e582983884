"""What several policies make of a plan, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from analysis.plan import Plan

_Made = TypeVar("_Made")


def per_plan(make: Callable[[Plan], _Made]) -> Callable[[Plan], _Made]:
    """A function of a plan that is worked out once for each, and forgotten with it."""
    kept: WeakKeyDictionary[Plan, _Made] = WeakKeyDictionary()

    @wraps(make)
    def once(plan: Plan) -> _Made:
        if plan not in kept:
            kept[plan] = make(plan)
        return kept[plan]

    return once
