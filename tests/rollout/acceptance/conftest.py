"""Fleets on an emulator of their own: rollouts count what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.emulator import Emulator
from tests.rollout.acceptance.fleet import Fleet

MakeFleet = Callable[[str], Fleet]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture
def make_fleet(emulator: Emulator, tmp_path: Path) -> MakeFleet:
    """A fleet whose bucket and roles exist, and of which nothing is applied."""

    def made(program: str) -> Fleet:
        emulator.reset()
        fleet = Fleet(emulator, tmp_path, program=program)
        fleet.run("rollout", "bootstrap")
        fleet.make_roles()
        return fleet

    return made
