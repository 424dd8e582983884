"""When a scheduled action of Application Auto Scaling runs: cron, rate and at expressions, and time zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from modules.core.errors import Problem

_SOURCE = "Application Auto Scaling API"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class _Field:
    """One field of a cron expression: its name, the numbers it takes, and words for them in order."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()

    def number(self, text: str) -> int | None:
        """The number that `text` is or stands for; None for anything else, or one out of range."""
        if text.upper() in self.words:
            return self.least + self.words.index(text.upper())
        return int(text) if _is_number(text) and self.least <= int(text) <= self.most else None

    def takes(self, text: str) -> bool:
        """Whether `text` is a list of numbers, ranges and steps, or what only days take."""
        return all(self._takes_part(part) for part in text.split(","))

    def _takes_part(self, part: str) -> bool:
        start, slash, step = part.partition("/")
        if slash and not (_is_number(step) and int(step) > 0):
            return False
        if start == "*":
            return True
        first, dash, last = start.partition("-")
        if dash:
            low, high = self.number(first), self.number(last)
            wraps = self.name == "day of week"  # FRI-MON is a range too
            return low is not None and high is not None and (wraps or low <= high)
        return self.number(start) is not None or (not slash and self._is_special(start))

    def _is_special(self, text: str) -> bool:
        if self.name == "day of month":
            return text in ("L", "LW") or (text.endswith("W") and self.number(text[:-1]) is not None)
        if self.name == "day of week":
            day, hash_mark, which = text.partition("#")
            if hash_mark:
                return self.number(day) is not None and which in ("1", "2", "3", "4", "5")
            return text == "L" or (text.endswith("L") and self.number(text[:-1]) is not None)
        return False


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS),
    _Field("year", 1970, 2199),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def schedule_problems(schedule: str) -> Iterator[Problem]:
    """What Application Auto Scaling would refuse of a schedule, or never run.

    Args:
        schedule: `cron(…)`, `rate(…)` or `at(…)`.
    """
    given = f'schedule is "{schedule}"'
    kind, _, rest = schedule.partition("(")
    inside = rest.removesuffix(")")
    if kind == "cron":
        yield from _cron_problems(given, inside.split())
    elif kind == "rate":
        yield from _rate_problems(given, inside)
    elif not _is_time(inside):
        yield Problem("", given, f"it runs once, at a time such as at(2027-01-04T07:00:00) ({_SOURCE})", "correct it")


def timezone_problems(timezone: str, schedule: str) -> Iterator[Problem]:
    """A time zone that exists, with a schedule that has one.

    Args:
        timezone: its IANA name.
        schedule: a rate has no time zone.
    """
    given = f'timezone is "{timezone}"'
    known = _zones()
    if known and timezone not in known:
        yield Problem("", given, f"it is an IANA time zone, such as Europe/Berlin ({_SOURCE})", "correct it")
    if schedule.startswith("rate(") and timezone != "UTC":
        yield Problem(
            "",
            f'{given} and schedule is "{schedule}"',
            f"a rate has no time zone ({_SOURCE})",
            "remove timezone, or use cron(…)",
        )


def _cron_problems(given: str, parts: list[str]) -> Iterator[Problem]:
    if len(parts) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        yield Problem("", given, f"a cron expression has six fields: {names} ({_SOURCE})", "write all six")
        return
    days = (_DAY_OF_MONTH, _DAY_OF_WEEK)
    for index, (field, part) in enumerate(zip(_FIELDS, parts, strict=True)):
        if not (field.takes(part) or (index in days and part == "?")):
            words = f", or {field.words[0]} to {field.words[-1]}" if field.words else ""
            yield Problem(
                "",
                f'{given}, and its {field.name} is "{part}"',
                f"it takes {field.least} to {field.most}{words}, with * , - and / ({_SOURCE})",
                "correct it",
            )
    if sum(parts[index] == "?" for index in days) != 1:
        yield Problem(
            "", given, f"exactly one of day of month and day of week is ? ({_SOURCE})", "write ? for the other one"
        )


def _rate_problems(given: str, inside: str) -> Iterator[Problem]:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", inside, re.ASCII)
    if found is None or (found[1] == "1") == bool(found[3]):
        yield Problem(
            "",
            given,
            f"a rate is a whole number above 0 and minute, hour or day, in the plural above 1 ({_SOURCE})",
            "write it like rate(1 day) or rate(12 hours)",
        )


def _is_time(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text, re.ASCII):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _zones() -> frozenset[str]:
    """Every time zone that this machine knows; none where it has no time zone database."""
    return frozenset(available_timezones())
