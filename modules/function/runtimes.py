"""Managed runtimes of Lambda, as of `AS_OF` (AWS runtime lifecycle table, as cfn-lint 1.58.0 packages it).

AWS moves these dates now and then: the table is dated, and a runtime is judged on the day the table was read, so that
the same configuration gives the same result on any day. Runtimes in preview and those that are container images only
are left out, as are those that AWS no longer lets anybody update.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from modules.core.errors import Problem
from modules.core.target import Target

AS_OF = date(2026, 11, 20)
"""Day on which the table was read."""


@dataclass(frozen=True)
class Runtime:
    """A managed runtime.

    Attributes:
        name: identifier, such as `python3.13`.
        family: language, such as `python`; the newest of a family comes first in the table.
        operating_system: Amazon Linux that it runs on.
        deprecated_on: day after which AWS stops patching it.
        block_create_on: day from which no function can be created with it; None where AWS names none.
        block_update_on: day from which no function that uses it can be updated.
        provider_version: first AWS provider that accepts it, of those that the project supports.
        has_snap_start: whether SnapStart takes it (Lambda developer guide, SnapStart).
    """

    name: str
    family: str
    operating_system: str
    deprecated_on: date
    block_create_on: date | None
    block_update_on: date | None
    provider_version: str = "5.100"
    has_snap_start: bool = False

    @property
    def is_deprecated(self) -> bool:
        """Whether it was deprecated when the table was read."""
        return self.deprecated_on <= AS_OF

    @property
    def can_be_created(self) -> bool:
        """Whether Lambda took new functions with it when the table was read."""
        return self.block_create_on is None or self.block_create_on > AS_OF

    @property
    def lowest_provider(self) -> int:
        """Major version of the first AWS provider that accepts it."""
        return int(self.provider_version.partition(".")[0])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(table: str) -> Iterator[Runtime]:
    for line in table.strip().splitlines():
        name, family, system, deprecated, create, update, provider, snap_start = (
            "" if word == "-" else word for word in line.split()
        )
        yield Runtime(
            name, family, system, date.fromisoformat(deprecated), _day(create), _day(update), provider, bool(snap_start)
        )


RUNTIMES = {
    runtime.name: runtime
    for runtime in _read(
        """
        python3.14       python    AL2023  2029-06-30  2029-07-31  2029-08-31  6.20   SnapStart
        python3.13       python    AL2023  2029-06-30  2029-07-31  2029-08-31  5.100  SnapStart
        python3.12       python    AL2023  2028-10-31  2028-11-30  2029-01-10  5.100  SnapStart
        python3.11       python    AL2     2027-06-30  2027-07-31  2027-08-31  5.100  -
        python3.10       python    AL2     2026-10-31  2027-02-01  2027-03-03  5.100  -
        python3.9        python    AL2     2025-12-15  2027-02-01  2027-03-03  5.100  -
        python3.8        python    AL2     2024-10-14  2027-02-01  2027-03-03  5.100  -
        python3.7        python    AL1     2023-12-04  2024-01-09  2027-03-03  5.100  -
        nodejs24.x       nodejs    AL2023  2028-04-30  2028-06-01  2028-07-01  6.19   -
        nodejs22.x       nodejs    AL2023  2027-04-30  2027-06-01  2027-07-01  5.100  -
        nodejs20.x       nodejs    AL2023  2026-04-30  2027-02-01  2027-03-03  5.100  -
        nodejs18.x       nodejs    AL2     2025-09-01  2027-02-01  2027-03-03  5.100  -
        nodejs16.x       nodejs    AL2     2024-06-12  2027-02-01  2027-03-03  5.100  -
        nodejs14.x       nodejs    AL2     2023-12-04  2024-01-09  2027-03-03  5.100  -
        java25           java      AL2023  2029-06-30  2029-07-31  2029-08-31  6.20   SnapStart
        java21           java      AL2023  2029-06-30  2029-07-31  2029-08-31  5.100  SnapStart
        java17.al2023    java      AL2023  2029-06-30  -           -           6.69   SnapStart
        java11.al2023    java      AL2023  2029-06-30  -           -           6.69   SnapStart
        java8.al2023     java      AL2023  2029-06-30  -           -           6.69   -
        java17           java      AL2     2027-06-30  2027-07-31  2027-08-31  5.100  SnapStart
        java11           java      AL2     2027-06-30  2027-07-31  2027-08-31  5.100  SnapStart
        java8.al2        java      AL2     2027-06-30  2027-07-31  2027-08-31  5.100  -
        java8            java      AL1     2024-01-08  2024-02-08  2027-03-03  5.100  -
        dotnet10         dotnet    AL2023  2028-11-14  2028-12-14  2029-01-15  6.69   SnapStart
        dotnet8          dotnet    AL2023  2026-11-10  2027-02-01  2027-03-03  5.100  SnapStart
        dotnet6          dotnet    AL2     2024-12-20  2027-02-01  2027-03-03  5.100  -
        ruby4.0          ruby      AL2023  2029-03-31  2029-04-30  2029-05-31  6.69   -
        ruby3.4          ruby      AL2023  2028-03-31  2028-04-30  2028-05-31  5.100  -
        ruby3.3          ruby      AL2023  2027-03-31  2027-04-30  2027-05-31  5.100  -
        ruby3.2          ruby      AL2     2026-03-31  2027-02-01  2027-03-03  5.100  -
        ruby2.7          ruby      AL2     2023-12-07  2024-01-09  2027-03-03  5.100  -
        provided.al2023  provided  AL2023  2029-06-30  2029-07-31  2029-08-31  5.100  -
        provided.al2     provided  AL2     2026-07-31  2027-02-01  2027-03-03  5.100  -
        provided         provided  AL1     2024-01-08  2024-02-08  2027-03-03  5.100  -
        go1.x            provided  AL1     2024-01-08  2024-02-08  2027-03-03  5.100  -
        """
    )
}
"""Runtimes by name: family by family, the newest first."""


def newest(family: str, *, provider_5: bool) -> str:
    """Newest runtime of a family that is neither deprecated nor, if `provider_5`, beyond AWS provider 5.

    Where the family has none, it is `provided.al2023`, which runs anything that brings its own runtime.
    """
    for runtime in RUNTIMES.values():
        known = not provider_5 or runtime.lowest_provider < _FIRST_BEYOND
        if runtime.family == family and known and not runtime.is_deprecated:
            return runtime.name
    return "provided.al2023"


def lifecycle_problems(name: str, *, deprecated_reason: str) -> Iterator[Problem]:
    """What AWS says against a new function with a runtime, whatever the provider.

    Args:
        name: a runtime of the table.
        deprecated_reason: why a deprecated runtime is used nevertheless; empty refuses it.
    """
    runtime = RUNTIMES[name]
    instead = newest(runtime.family, provider_5=True)
    if not runtime.can_be_created:
        yield Problem(
            "",
            f'runtime is "{name}"',
            f"AWS lets no function be created with it since {runtime.block_create_on} (table of {AS_OF})",
            f"use {instead}",
        )
    elif runtime.is_deprecated and not deprecated_reason:
        yield Problem(
            "",
            f'runtime is "{name}"',
            f"AWS deprecated it on {runtime.deprecated_on}, and blocks new functions from {runtime.block_create_on} "
            f"and updates from {runtime.block_update_on} (table of {AS_OF})",
            f"use {instead}, or set deprecated_runtime_reason",
        )
    elif deprecated_reason and not runtime.is_deprecated:
        yield Problem(
            "", "deprecated_runtime_reason is set", f"{name} is not deprecated (table of {AS_OF})", "remove it"
        )


def provider_problems(name: str, target: Target) -> Iterator[Problem]:
    """Whether every AWS provider that the target allows knows the runtime."""
    runtime = RUNTIMES[name]
    if runtime.lowest_provider < _FIRST_BEYOND or not target.allows_provider_5:
        return
    yield Problem(
        "",
        f'runtime is "{name}"',
        f"AWS provider 5 does not know it, and the target allows {target.aws_provider_version}",
        f"use {newest(runtime.family, provider_5=True)}, "
        f'or set the target\'s aws_provider_version to ">= {runtime.provider_version}, < 7"',
    )


_FIRST_BEYOND = 6
