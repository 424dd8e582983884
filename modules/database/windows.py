"""Daily backup windows and weekly maintenance windows: their form, their length, and that they do not overlap.

Source: rds API model, PreferredBackupWindow and PreferredMaintenanceWindow: in UTC, at least 30 minutes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.tokens import is_token

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOMENT = rf"(?:{'|'.join(_DAYS)}):{_TIME}"
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_SHORTEST_MINUTES = 30
_LONGEST_MAINTENANCE_MINUTES = _DAY_MINUTES

BackupWindow = Annotated[
    str,
    Matching(
        rf"{_TIME}-{_TIME}",
        "a backup window reads like 02:00-02:30, in UTC (rds API model)",
        "write begin and end",
    ),
]
MaintenanceWindow = Annotated[
    str,
    Matching(
        rf"{_MOMENT}-{_MOMENT}",
        "a maintenance window reads like sun:03:00-sun:03:30, in UTC (rds API model)",
        "write begin and end, days in lowercase",
    ),
]


def window_problems(backup: str | None, maintenance: str | None) -> Iterator[Problem]:
    """Windows that are too short or too long, and a maintenance window in which backups are made."""
    backups = _daily(backup) if backup and not is_token(backup) else ()
    maintains = _weekly(maintenance) if maintenance and not is_token(maintenance) else ()
    if backups and _minutes(backups[0]) < _SHORTEST_MINUTES:
        yield _length("backup_window", backup, _minutes(backups[0]), "at least 30 minutes")
    if maintains and not _SHORTEST_MINUTES <= _minutes(maintains[0]) <= _LONGEST_MAINTENANCE_MINUTES:
        yield _length("maintenance_window", maintenance, _minutes(maintains[0]), "30 minutes to 24 hours")
    if any(_overlap(one, other) for one in backups for other in maintains):
        yield Problem(
            "",
            f'backup_window is "{backup}" and maintenance_window is "{maintenance}"',
            "they do not overlap (rds API model)",
            "move one of the two",
        )


def _daily(window: str) -> tuple[range, ...]:
    """The window of each day, in minutes of the week."""
    begin, end = (_clock(moment) for moment in window.split("-"))
    length = (end - begin) % _DAY_MINUTES
    return tuple(range(start, start + length) for start in range(begin, _WEEK_MINUTES, _DAY_MINUTES))


def _weekly(window: str) -> tuple[range, ...]:
    begin, end = (_DAYS.index(moment[:3]) * _DAY_MINUTES + _clock(moment[4:]) for moment in window.split("-"))
    return (range(begin, begin + (end - begin) % _WEEK_MINUTES),)


def _clock(moment: str) -> int:
    hours, minutes = re.findall(r"\d\d", moment)
    return int(hours) * 60 + int(minutes)


def _minutes(window: range) -> int:
    return len(window)


def _overlap(one: range, other: range) -> bool:
    """Whether two windows share a minute; either may run into the next week."""
    return any(
        max(one.start, other.start + shift) < min(one.stop, other.stop + shift)
        for shift in (-_WEEK_MINUTES, 0, _WEEK_MINUTES)
    )


def _length(field: str, window: str | None, minutes: int, allowed: str) -> Problem:
    return Problem(
        "", f'{field} is "{window}", {minutes} minutes', f"it takes {allowed} (rds API model)", "move its end"
    )
