"""Folders that units work in: each its own, and none left behind."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rollout.adapters import root
from rollout.adapters.roles import Purpose
from rollout.domain.ports import Part
from tests.rollout.adapters.fakes import fake_terraform, needs_binary
from tests.rollout.adapters.unit_world import NEVER, World

pytestmark = needs_binary


def left(work: Path, name: str) -> Path:
    folder = work / name
    folder.mkdir(parents=True)
    (folder / "held").touch()
    (folder / "reviewed.tfplan").touch()
    return folder


def test_what_a_killed_process_left_goes_and_what_is_held_stays(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("first=one")
    dead, held = left(world.work, "dead"), left(world.work, "running")
    with (held / "held").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        world.plan()
        assert (dead.exists(), held.exists()) == (False, True)
    world.plan()
    assert not held.exists()


def test_nobody_else_may_look_into_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("first=one")
    root = world.store.get(world.run.id, world.target.name, Part.ROOT)
    with world.unit.workspaces.opened(world.target, root, Purpose.PLAN, interrupt=NEVER) as workspace:
        assert [path.stat().st_mode & 0o077 for path in (world.work, workspace.folder)] == [0, 0]
        assert workspace.terraform.state_addresses() == ()
        assert workspace.packed_root() == root
    assert world.left_behind() == []


def test_several_threads_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("first=one")
    unit = world.unit
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: unit.plan(world.run, world.target, interrupt=NEVER), range(8)))
    assert [outcome.reason for outcome in outcomes] == [""] * 8
    assert world.left_behind() == []


ALONE = """
if arguments[0] == "init":
    here = Path({folder!r}, str(os.getpid()))
    here.touch()
    time.sleep(0.1)
    with Path({folder!r}).with_name("together").open("a") as told:
        told.write(str(len(list(Path({folder!r}).iterdir()))) + "\\n")
    here.unlink()
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_that_fills_the_cache_of_providers_is_alone(tmp_path: Path, processes: int) -> None:
    """Reviewed roots bring their lock file, and a fresh machine has no provider yet."""
    world = World(tmp_path)
    world.write("first=one")
    folder = tmp_path / "initializing"
    folder.mkdir()
    program = fake_terraform(tmp_path / "bin", ALONE.format(folder=str(folder)))
    world.environment["TERRAFORM_BINARY"] = str(program)
    content = world.store.get(world.run.id, world.target.name, Part.ROOT)
    root.unpack(content, tmp_path / "root")
    (tmp_path / "root" / root.LOCK_FILE).write_text("# providers\n", encoding="utf-8")
    content = root.pack(tmp_path / "root")
    units = [world.unit for _ in range(processes)]  # each as in a process of its own

    def initialize(number: int) -> None:
        workspaces = units[number % processes].workspaces
        with workspaces.opened(world.target, content, Purpose.APPLY, interrupt=NEVER, is_reviewed=True):
            pass

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(initialize, range(4 if processes == 1 else 2)))
    together = (tmp_path / "together").read_text(encoding="utf-8").split()
    assert together[0] == "1"
    assert processes == 1 or together == ["1", "1"]
