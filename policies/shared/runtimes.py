"""When AWS deprecates each runtime of Lambda, as a table that says from which day it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from analysis.yaml_file import mapping_in

_FILE = Path(__file__).with_name("runtimes.yaml")


@dataclass(frozen=True)
class Runtimes:
    """The table.

    Attributes:
        as_of: day on which it was read.
        families: days by runtime, by language; the runtime that is supported longest comes first.
    """

    as_of: date
    families: Mapping[str, Mapping[str, date]]

    def deprecated_on(self, name: str) -> date | None:
        """The day from which AWS does not patch a runtime; None for one that is not in the table."""
        return next((days[name] for days in self.families.values() if name in days), None)

    def instead_of(self, name: str, today: date) -> str:
        """The runtime of the same language that is supported longest; empty where all are deprecated."""
        days = next((days for days in self.families.values() if name in days), {})
        return next((other for other, day in days.items() if day > today), "")


@cache
def runtimes() -> Runtimes:
    """The table in `runtimes.yaml`."""
    table = mapping_in(_FILE, _FILE.name, fix="take it from the project's repository")
    return Runtimes(table["as_of"], table["deprecated_on"])
