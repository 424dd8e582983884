"""Python runtimes of Lambda, as of `AS_OF` (AWS runtime lifecycle table, as cfn-lint 1.58.0 packages it).

AWS moves these dates now and then: the table is dated, and a date is quoted, never computed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 20)
"""Day on which the table was read."""


@dataclass(frozen=True)
class Runtime:
    """A managed runtime.

    Attributes:
        name: identifier, such as `python3.13`.
        deprecated_on: day after which AWS stops patching it.
        lowest_provider: first AWS provider major version that accepts it.
    """

    name: str
    deprecated_on: date
    lowest_provider: int = 5

    @property
    def is_deprecated(self) -> bool:
        """Whether it was deprecated when the table was read."""
        return self.deprecated_on <= AS_OF


RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        Runtime("python3.9", date(2025, 12, 15)),
        Runtime("python3.10", date(2026, 10, 31)),
        Runtime("python3.11", date(2027, 6, 30)),
        Runtime("python3.12", date(2028, 10, 31)),
        Runtime("python3.13", date(2029, 6, 30)),
        Runtime("python3.14", date(2029, 6, 30), lowest_provider=6),
    )
}
"""Runtimes by name."""
