"""A rollout that is killed, interrupted or started twice applies each target exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections import Counter

import pytest

from tests.rollout.acceptance.conftest import MakeFleet
from tests.rollout.acceptance.fleet import BUCKET, Fleet, names

pytestmark = pytest.mark.apply

KILLS = 50
_REFUSED = 2
SLOW = "2"
"""Seconds that an apply takes while another command begins beside it."""


def _state_writes(fleet: Fleet) -> Counter[str]:
    """How often each target's state was written, as the emulator was asked."""
    prefix, writes = f"PUT /{BUCKET}/acme/", Counter[str]()
    for request, count in fleet.emulator.requests().items():
        if request.action.startswith(prefix) and request.action.endswith(".tfstate"):
            writes[request.action.removeprefix(prefix).removesuffix(".tfstate")] += count
    return writes


def _states(fleet: Fleet) -> dict[str, str]:
    return {target["name"]: target["state"] for target in fleet.status()["targets"]}


def test_a_rollout_killed_fifty_times_applies_each_target_of_each_release_once(make_fleet: MakeFleet) -> None:
    fleet, chance = make_fleet("light.py"), random.Random(8)  # noqa: S311  # moments of kills, no secret
    kills = release = 0
    fleet.run("rollout", "plan")
    fleet.run("rollout", "apply", "latest")
    undisturbed = _state_writes(fleet)
    assert set(undisturbed) == set(names())
    while kills < KILLS:
        release += 1
        fleet.write_environments(release=f"r{release}")
        fleet.run("rollout", "plan")
        before, applied = _state_writes(fleet), len(fleet.applied())
        process = fleet.start("rollout", "apply", "latest")
        while True:
            try:
                said, _ = process.communicate(timeout=chance.uniform(0.2, 3.0) if kills < KILLS else 120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
                process = fleet.start("rollout", "resume", "latest")
            else:
                if process.returncode == _REFUSED and "it has not begun" in said:
                    process = fleet.start("rollout", "apply", "latest")
                    continue
                assert process.returncode == 0, said
                break
        assert _states(fleet) == dict.fromkeys(names(), "done")
        assert sorted(fleet.applied()[applied:]) == sorted(names())
        writes = _state_writes(fleet)
        writes.subtract(before)
        assert writes == undisturbed
        for name in names():
            assert fleet.state(name)["outputs"]["release"]["value"] == f"r{release}"


def test_ctrl_c_ends_what_runs_and_a_resumed_rollout_goes_on(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("light.py")
    fleet.environment["LAMBDANET_TEST_SECONDS"] = SLOW
    fleet.run("rollout", "plan")
    process = fleet.start("rollout", "apply", "latest")
    while "applying" not in _states(fleet).values():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)  # as from a terminal
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    states = Counter(_states(fleet).values())
    assert states["applying"] == 0
    assert states["planned"] > 0
    assert len(fleet.applied()) == states["done"] + states["baking"] > 0
    fleet.run("rollout", "resume", "latest")
    assert sorted(fleet.applied()) == sorted(names())


def test_of_two_rollouts_at_once_the_second_is_refused_or_waits(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("light.py")
    fleet.environment["LAMBDANET_TEST_SECONDS"] = SLOW
    fleet.run("rollout", "plan")
    first = fleet.start("rollout", "apply", "latest")
    while "applying" not in _states(fleet).values():
        assert first.poll() is None
    refused = fleet.run("rollout", "apply", "latest", code=2)
    assert "ana@" in refused
    assert "holds the lock" in refused
    waited = fleet.run("rollout", "resume", "latest", "--wait-minutes", "1")
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert "6" in waited
    assert sorted(fleet.applied()) == sorted(names())
