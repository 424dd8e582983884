"""Runs and facts of plans as plain JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from modules.core.errors import ConfigError
from rollout.domain.errors import StoreError
from rollout.domain.model import PlanFacts, Run

FORMAT = 1
"""Version of what is written here; another one is refused."""

_T = TypeVar("_T")
_RUN = TypeAdapter(Run)
_FACTS = TypeAdapter(PlanFacts)


def run_as_json(run: Run) -> dict[str, Any]:
    """A run as plain JSON values."""
    return {"format": FORMAT, **_RUN.dump_python(run, mode="json")}


def run_from_json(data: Mapping[str, Any], *, where: str = "run") -> Run:
    """The run that `run_as_json` wrote.

    Args:
        data: what it wrote.
        where: the run, as people know it.

    Raises:
        StoreError: it is of another format, or incomplete.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        given = data.get("format") if isinstance(data, Mapping) else None
        raise StoreError(
            f"{where}: its format is {given}; this version of lambdanet reads format {FORMAT}; use the version that "
            "planned the run, or plan a new one"
        )
    run = _read(_RUN, {key: value for key, value in data.items() if key != "format"}, where)
    _require_time_zone(where, run.created_at)
    return run


def facts_as_json(facts: PlanFacts) -> dict[str, Any]:
    """Facts of a plan as plain JSON values."""
    written: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    return written


def facts_from_json(data: Mapping[str, Any], *, where: str = "plan") -> PlanFacts:
    """The facts that `facts_as_json` wrote.

    Args:
        data: what it wrote.
        where: the plan, as people know it.

    Raises:
        StoreError: they are incomplete, or hold what no plan has.
    """
    facts = _read(_FACTS, data, where)
    _require_time_zone(where, facts.planned_at, facts.expires_at)
    return facts


def _read(adapter: TypeAdapter[_T], data: Mapping[str, Any], where: str) -> _T:
    try:
        return adapter.validate_python(data)
    except (ValidationError, ConfigError) as error:
        places = (
            sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)})
            if isinstance(error, ValidationError)
            else [str(error)]
        )
        raise _refused(where, ", ".join(places)) from error


def _require_time_zone(where: str, *times: datetime) -> None:
    if any(time.tzinfo is None for time in times):
        raise _refused(where, "a time without a time zone")


def _refused(where: str, given: str) -> StoreError:
    return StoreError(
        f"{where}: is not as a rollout writes it ({given}); it was changed, or written by another version of "
        "lambdanet; plan a new run"
    )
