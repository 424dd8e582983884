"""When AWS deprecates each runtime of Lambda: those of the modules' table, and those that nobody may use any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from modules.function.runtimes import RUNTIMES

_GONE = {
    "dotnetcore3.1": "2023-04-03", "dotnetcore2.1": "2022-01-05", "dotnetcore2.0": "2019-05-30",
    "dotnetcore1.0": "2019-06-27", "nodejs12.x": "2023-03-31", "nodejs10.x": "2021-07-30", "nodejs8.10": "2020-03-06",
    "nodejs6.10": "2019-08-12", "nodejs4.3": "2020-03-05", "nodejs4.3-edge": "2020-03-05", "nodejs": "2016-08-30",
    "python3.6": "2022-07-18", "python2.7": "2021-07-15", "ruby2.5": "2021-07-30",
}  # fmt: skip
"""Runtimes whose functions can no longer be updated, which Terraform written by hand may still name (AWS runtime
lifecycle table, as cfn-lint 1.58.0 packages it)."""


_VERSION = re.compile(r"[^a-z].*")


def deprecated_on(name: str) -> date | None:
    """The day from which AWS does not patch a runtime; None for one that no table holds."""
    if name in RUNTIMES:
        return RUNTIMES[name].deprecated_on
    return date.fromisoformat(_GONE[name]) if name in _GONE else None


def instead_of(name: str, today: date) -> str:
    """The newest runtime of the same language that AWS supports on a day; empty where it supports none."""
    return next(_supported(name, today), "")


def _supported(name: str, today: date) -> Iterator[str]:
    language = RUNTIMES[name].family if name in RUNTIMES else _VERSION.sub("", name).removesuffix("core")
    for runtime in RUNTIMES.values():  # the newest of a language first
        if runtime.family == language and runtime.deprecated_on > today:
            yield runtime.name
