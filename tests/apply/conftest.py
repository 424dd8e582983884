"""One emulator for the apply tests of a worker, empty at the start of each test, and a record of what was applied."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.emulator import Emulator
from policies.checkov import Checkov
from tests.apply.harness import Applied, Build, Prove, proven
from tests.provider_process import ProviderProcesses

INVENTORIES = Path(__file__).parent / "inventories"
REFRESH = "LAMBDANET_REFRESH"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.apply)


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(load_managed_policies=True) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def checkov() -> Iterator[Checkov]:
    with Checkov() as running:
        yield running


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture
def prove(
    emulator: Emulator,
    providers: ProviderProcesses,
    checkov: Checkov,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Prove]:
    """`with prove(build) as applied:` applies a stack; what was applied must be what the test's inventory says.

    Checkov scans each stack too, unless `unscanned_reason` says why not. Other arguments are fields of the target.
    LAMBDANET_REFRESH=1 writes the inventory instead of comparing it.
    """
    counts: Counter[str] = Counter()
    used = 0

    def prove(build: Build, *, unscanned_reason: str = "", **target: Any) -> AbstractContextManager[Applied]:
        nonlocal used
        used += 1
        return proven(
            build,
            emulator=emulator,
            providers=providers,
            checkov=checkov,
            work=tmp_path / f"{used}",
            target=target,
            counts=counts,
            unscanned_reason=unscanned_reason,
        )

    yield prove
    if used and not request.node.stash.get(FAILED, False):
        _compare(INVENTORIES / f"{request.path.stem}.{request.node.originalname}.yaml", counts)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call" and call.excinfo is not None:
        item.stash[FAILED] = True
    return report


def _compare(file: Path, counts: Counter[str]) -> None:
    if os.environ.get(REFRESH):
        file.write_text(yaml.safe_dump(dict(sorted(counts.items()))), encoding="utf-8")
    recorded = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    assert dict(counts) == recorded, f"run the test with {REFRESH}=1 to bring {file.name} up to date"
