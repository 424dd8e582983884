"""Folders that units work in: each its own, and none left behind."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rollout.adapters.roles import Purpose
from rollout.domain.ports import Part
from tests.rollout.adapters.fakes import needs_binary
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
