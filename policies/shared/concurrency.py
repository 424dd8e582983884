"""What policies on databases and on concurrency read of a plan: functions, what invokes them, what is kept ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.budget.concurrency import Side, side
from analysis.budget.provisions import Provision, most_of
from analysis.budget.states import After
from analysis.budget.view import views
from analysis.plan import UNKNOWN, Resource
from policies.view import View

PROVISIONED_CONFIG, SCALING_TARGET = "aws_lambda_provisioned_concurrency_config", "aws_appautoscaling_target"
MAXIMUM = "scaling_config.maximum_concurrency"


def side_of(view: View) -> Side:
    """Functions of the plan, with what names them and what is provisioned for them."""
    (seen,) = views((view.plan,), account=view.account, region=view.region)
    return side(After(seen))


def reserved(view: View, function: Resource) -> Any:
    """Reserved concurrency of a function: a number, None where it reserves nothing, or UNKNOWN."""
    value = view.setting(function, "reserved_concurrent_executions")
    if value is UNKNOWN or value is None:
        return value
    return int(value) if int(value) >= 0 else None


@dataclass(frozen=True)
class Provisioned:
    """Provisioned concurrency of one function, together.

    Attributes:
        most: environments, as far as they are known.
        unknown: what is not known of them; empty where all is.
    """

    most: int
    unknown: str = ""


def provisioned(found: Side, function: Resource) -> Provisioned:
    """What is provisioned for a function by all that names it, or may."""
    own = found.by_function.get(function, [])
    unknown = next((entry.unknown for entry in own if entry.unknown), "")
    return Provisioned(most_of(own), unknown or _stray(found))


def _stray(found: Side) -> str:
    """Something that provisions for a function that cannot be told."""
    return next((entry.unknown for entry in found.provisions if _is_stray(entry)), "")


def _is_stray(entry: Provision) -> bool:
    return entry.named.function is None and bool(entry.named.unknown)
