"""Runtimes: which AWS takes, which the AWS provider knows, and what is said about the others.

Complaint of users: a runtime that is refused or deprecated shows at apply only.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from modules.core.target import Target
from modules.function import FunctionConfig
from modules.function.runtimes import AS_OF, RUNTIMES, lifecycle_problems, newest, provider_problems
from tests.modules.core.samples import sentence

VALID: dict[str, Any] = {"code": {"source": "handlers/api"}, "reserved_concurrency": 5}


def target(version: str) -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me", "aws_provider_version": version})


def test_the_table_holds_every_family_and_its_dates_are_in_order() -> None:
    assert {runtime.family for runtime in RUNTIMES.values()} == {
        "python", "nodejs", "java", "dotnet", "ruby", "provided",
    }  # fmt: skip
    for runtime in RUNTIMES.values():
        days = [day for day in (runtime.deprecated_on, runtime.block_create_on, runtime.block_update_on) if day]
        assert days == sorted(days), runtime.name
        assert runtime.operating_system in {"AL1", "AL2", "AL2023"}
    assert date(2026, 11, 20) <= AS_OF


def test_what_provider_5_does_not_know() -> None:
    assert {name: runtime.provider_version for name, runtime in RUNTIMES.items() if runtime.lowest_provider != 5} == {
        "python3.14": "6.20", "nodejs24.x": "6.19", "java25": "6.20", "dotnet10": "6.69", "ruby4.0": "6.69",
        "java17.al2023": "6.69", "java11.al2023": "6.69", "java8.al2023": "6.69",
    }  # fmt: skip


def test_what_snap_start_takes() -> None:
    assert {name for name, runtime in RUNTIMES.items() if runtime.has_snap_start} == {
        "python3.12", "python3.13", "python3.14", "java11", "java11.al2023", "java17", "java17.al2023", "java21",
        "java25", "dotnet8", "dotnet10",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("family", "with_5", "with_6"),
    [
        ("python", "python3.13", "python3.14"),
        ("nodejs", "nodejs22.x", "nodejs24.x"),
        ("java", "java21", "java25"),
        ("dotnet", "provided.al2023", "dotnet10"),
        ("ruby", "ruby3.4", "ruby4.0"),
        ("provided", "provided.al2023", "provided.al2023"),
    ],
)
def test_the_newest_of_a_family(family: str, with_5: str, with_6: str) -> None:
    assert (newest(family, provider_5=True), newest(family, provider_5=False)) == (with_5, with_6)


@pytest.mark.parametrize(
    ("name", "instead", "provider"),
    [
        ("python3.14", "python3.13", "6.20"),
        ("nodejs24.x", "nodejs22.x", "6.19"),
        ("java25", "java21", "6.20"),
        ("dotnet10", "provided.al2023", "6.69"),
        ("ruby4.0", "ruby3.4", "6.69"),
    ],
)
def test_a_runtime_that_needs_provider_6_is_refused_on_5(name: str, instead: str, provider: str) -> None:
    [problem] = provider_problems(name, target(">= 5.100, < 7"))
    assert str(problem) == (
        f'runtime is "{name}"; AWS provider 5 does not know it, and the target allows >= 5.100, < 7; use {instead}, '
        f'or set the target\'s aws_provider_version to ">= {provider}, < 7"'
    )
    assert not list(provider_problems(name, target(f">= {provider}, < 7")))
    assert not list(provider_problems(instead, target(">= 5.100, < 7")))


@pytest.mark.parametrize(
    ("name", "day", "instead"),
    [
        ("python3.10", "2026-10-31", "python3.13"),
        ("nodejs20.x", "2026-04-30", "nodejs22.x"),
        ("dotnet8", "2026-11-10", "provided.al2023"),
        ("ruby3.2", "2026-03-31", "ruby3.4"),
        ("provided.al2", "2026-07-31", "provided.al2023"),
    ],
)
def test_a_deprecated_runtime_takes_a_reason(name: str, day: str, instead: str) -> None:
    [problem] = lifecycle_problems(name, deprecated_reason="")
    assert str(problem) == (
        f'runtime is "{name}"; AWS deprecated it on {day}, and blocks new functions from 2027-02-01 and updates from '
        f"2027-03-03 (table of 2026-11-20); use {instead}, or set deprecated_runtime_reason"
    )
    assert not list(lifecycle_problems(name, deprecated_reason="moves in January"))


@pytest.mark.parametrize("name", ["python3.7", "nodejs14.x", "java8", "go1.x", "ruby2.7", "provided"])
def test_a_runtime_that_aws_creates_no_function_with_is_refused_for_any_reason(name: str) -> None:
    [problem] = lifecycle_problems(name, deprecated_reason="we must")
    instead = newest(RUNTIMES[name].family, provider_5=True)
    assert str(problem) == (
        f'runtime is "{name}"; AWS lets no function be created with it since {RUNTIMES[name].block_create_on} '
        f"(table of 2026-11-20); use {instead}"
    )


def test_a_function_is_judged_by_its_runtime() -> None:
    old = {**VALID, "code": {"source": "handlers/api", "runtime": "python3.9"}}
    assert sentence(FunctionConfig, old) == (
        'runtime is "python3.9"; AWS deprecated it on 2025-12-15, and blocks new functions from 2027-02-01 and '
        "updates from 2027-03-03 (table of 2026-11-20); use python3.13, or set deprecated_runtime_reason"
    )
    assert FunctionConfig.parse({**old, "deprecated_runtime_reason": "moves in January"}).code is not None
    assert sentence(FunctionConfig, {**VALID, "deprecated_runtime_reason": "moves in January"}) == (
        "deprecated_runtime_reason is set; python3.13 is not deprecated (table of 2026-11-20); remove it"
    )
