"""One emulator for the folder, with the sample stack in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.emulator import Emulator
from rollout.readback import read_back

pytest.register_assert_rewrite("tests.rollout.readback.breaking")

from tests.rollout.readback import sample_stack  # noqa: E402  # after its neighbour is registered
from tests.rollout.readback.sample_stack import REGION, Clients, SampleStack  # noqa: E402  # likewise


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[Callable[[str], Any]]:
    """Clients are slow to make, so each is made once; `Any`, as boto3 makes their methods at run time."""
    session: Any = emulator.session(REGION)
    made: dict[str, Any] = {}

    def of(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service)
        return made[service]

    yield of
    for each in made.values():
        each.close()


@pytest.fixture(scope="session")
def stack(client: Callable[[str], Any]) -> Iterator[SampleStack]:
    """The sample stack; every test puts back what it changes, which is verified when the session ends."""
    built = sample_stack.build(client)
    yield built
    failed = [str(check) for check in read_back(client, built.outputs, built.expected) if not check.held]
    assert failed == [], "a test did not put back what it changed"


ACCOUNTS = iter(range(210_000_000_000, 210_000_001_000))


@pytest.fixture
def empty(emulator: Emulator) -> Iterator[Clients]:
    """Clients of an account that nothing was made in but what AWS makes by itself."""
    account = f"{next(ACCOUNTS):012d}"
    session: Any = emulator.session(REGION, account)
    made: dict[str, Any] = {}

    def of(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service)
        return made[service]

    yield of
    for each in made.values():
        each.close()
