"""Weekly and daily windows, as minutes of a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import Matching

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_WEEKLY = rf"(?:{'|'.join(_DAYS)}):{_TIME}"

MaintenanceWindow = Annotated[
    str,
    Matching(
        rf"{_WEEKLY}-{_WEEKLY}",
        "a maintenance window reads like sun:05:00-sun:06:00, in UTC",
        "correct it",
        literal=True,
    ),
]
"""A weekly window."""

SnapshotWindow = Annotated[
    str,
    Matching(rf"{_TIME}-{_TIME}", "a snapshot window reads like 03:00-04:00, in UTC", "correct it", literal=True),
]
"""A daily window."""

DailyTime = Annotated[str, Matching(_TIME, "a time of the day reads like 03:00, in UTC", "correct it", literal=True)]
"""A time of the day."""


def window_problems(maintenance: str, snapshot: str) -> Iterator[Problem]:
    """Windows that are too short, or that meet on some day: ElastiCache refuses both.

    Args:
        maintenance: weekly window.
        snapshot: daily window; empty without snapshots.
    """
    start, length = _weekly(maintenance)
    if length < limits.CACHE_SHORTEST_WINDOW_MINUTES:
        yield _too_short("maintenance_window", maintenance, length, "elasticache API model")
    if not snapshot:
        return
    daily_start, daily_length = _daily(snapshot)
    if daily_length < limits.CACHE_SHORTEST_WINDOW_MINUTES:
        yield _too_short("snapshot_window", snapshot, daily_length, "ElastiCache guide")
    if any(_meet(start, length, day * _DAY + daily_start, daily_length) for day in range(len(_DAYS))):
        yield Problem(
            "",
            f'snapshot_window is "{snapshot}"',
            f'it and maintenance_window "{maintenance}" must not overlap (CreateReplicationGroup)',
            "move one of them",
        )


def _too_short(field: str, given: str, length: int, source: str) -> Problem:
    return Problem(
        "",
        f'{field} is "{given}", {length} minutes',
        f"it takes at least {limits.CACHE_SHORTEST_WINDOW_MINUTES} minutes ({source})",
        "make it longer",
    )


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _weekly(window: str) -> tuple[int, int]:
    start, end = (_DAYS.index(side[:3]) * _DAY + _minutes(side[4:]) for side in window.split("-"))
    return start, (end - start) % _WEEK


def _daily(window: str) -> tuple[int, int]:
    start, end = map(_minutes, window.split("-"))
    return start, (end - start) % _DAY


def _meet(start: int, length: int, other: int, other_length: int) -> bool:
    return (other - start) % _WEEK < length or (start - other) % _WEEK < other_length
