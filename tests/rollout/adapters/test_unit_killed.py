"""Processes that are killed while a target is applied; each creation writes a line, so that it can be counted."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from rollout.domain.model import PlanFacts
from rollout.domain.ports import ApplyOutcome
from tests.rollout.adapters.fakes import is_running, needs_binary
from tests.rollout.adapters.unit_world import World

pytestmark = needs_binary

APPLY = """if True:
    import pickle, sys
    from pathlib import Path
    from tests.rollout.adapters.unit_world import World
    world = World(Path(sys.argv[1]))
    world.store.parts, facts = pickle.loads(Path(sys.argv[2]).read_bytes())
    print(world.apply(facts), flush=True)
"""


def slow(project: Path, name: str, seconds: float, **more: Any) -> dict[str, Any]:
    """A resource whose creation takes its time, as long as there is no file `quick`, and writes a line at its end."""
    steps = f"test -e {project}/quick || sleep {seconds}; echo {name} >> {project}/applied"
    return {"input": name, "provisioner": [{"local-exec": {"command": steps}}], **more}


def write_slow(world: World, seconds: float) -> None:
    second = slow(world.project, "second", seconds, depends_on=["terraform_data.first"])
    world.write(resource={"terraform_data": {"first": slow(world.project, "first", 0), "second": second}})


def applied(world: World) -> list[str]:
    file = world.project / "applied"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def elsewhere(world: World, facts: PlanFacts) -> subprocess.Popen[str]:
    """Another process that applies the plan."""
    given = world.project / "given"
    given.write_bytes(pickle.dumps((world.store.parts, facts)))
    return subprocess.Popen(
        [sys.executable, "-c", APPLY, str(world.project), str(given)],
        cwd=Path.cwd(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_second(world: World) -> int:
    """The pid of the Terraform that makes the second resource."""
    deadline = time.monotonic() + 20
    while not applied(world) and time.monotonic() < deadline:
        time.sleep(0.02)
    return terraform_of(world)


def terraform_of(world: World) -> int:
    """The pid of the Terraform that works on the target."""
    asked = ["ps", "-e", "-ww", "-o", "pid=", "-o", "args="]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split(None, 1) for line in listed]
    [found] = [int(pid) for pid, args in rows if "terraform" in args.split()[0] and str(world.work) in args]
    return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, lock_wait_minutes=1)


def test_terraform_outlives_a_killed_parent_and_the_plan_is_applied_once(world: World) -> None:
    write_slow(world, 1.5)
    facts = world.plan()
    with elsewhere(world, facts) as process:
        terraform = wait_until_second(world)
        process.kill()
    assert is_running(terraform)
    assert len(world.left_behind()) == 1
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=True, how="no changes")
    assert applied(world) == ["first", "second"]
    assert world.plan().is_empty
    assert world.left_behind() == [], "the folder of the killed process is gone too"


def test_what_a_killed_terraform_left_is_applied(world: World) -> None:
    write_slow(world, 30)
    facts = world.plan()
    outcomes: list[ApplyOutcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(world.apply(facts)))
    thread.start()
    os.kill(wait_until_second(world), signal.SIGKILL)
    thread.join(20)
    assert outcomes == [
        ApplyOutcome(
            is_applied=False,
            reason=(
                'terraform apply in "dev-main-eu-west-1-orders" failed: it was killed from outside by signal 9 '
                "(SIGKILL); most often the machine ran out of memory."
            ),
        )
    ]
    assert applied(world) == ["first"]
    assert world.left_behind() == []
    (world.project / "quick").touch()
    outcome = world.apply(facts, is_recovery=True)
    assert outcome == ApplyOutcome(is_applied=True, how="what was left of it")
    assert applied(world) == ["first", "second"]


def test_interrupted_while_it_applies(world: World) -> None:
    write_slow(world, 30)
    facts, interrupt = world.plan(), threading.Event()

    def stop() -> None:
        wait_until_second(world)
        interrupt.set()

    threading.Thread(target=stop).start()
    outcome = world.apply(facts, interrupt=interrupt)
    assert (outcome.is_applied, outcome.was_interrupted) == (False, True)
    assert outcome.reason == (
        'terraform apply in "dev-main-eu-west-1-orders" was interrupted; it then stopped by itself; plan again before '
        "you apply anything"
    )
    assert applied(world) == ["first"]


def test_a_state_that_another_terraform_has_locked(world: World, tmp_path: Path) -> None:
    write_slow(world, 30)
    facts = world.plan()
    with elsewhere(world, facts) as process:
        terraform = wait_until_second(world)
        impatient = World(tmp_path)
        impatient.store.parts = world.store.parts
        outcome = impatient.apply(facts)
        process.kill()
        os.killpg(terraform, signal.SIGKILL)
    assert not outcome.is_applied
    start, _, rest = outcome.reason.partition(" since ")
    assert start.startswith("dev-main-eu-west-1-orders: its state is locked by ")
    assert "and still was after 0 seconds; wait until that has ended, or, where it is surely dead, release" in rest
    assert applied(world) == ["first"]
