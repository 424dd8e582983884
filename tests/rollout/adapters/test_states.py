"""States as files: locked by a process, left behind by a killed one, or no state at all."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from rollout.adapters.states import States
from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.states import StateLock, StatePlace, state_place
from tests.modules.core.test_target import target

ONE = RunTarget(target())
NAME = state_place(ONE.target).key


def states(folder: Path) -> States:
    return States(lambda *_: pytest.fail("no bucket is asked"), folder)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = states(tmp_path).found(ONE)
    assert (found.exists, found.lock, found.problem, str(found.place)) == (False, None, "", NAME)
    assert states(tmp_path).near([ONE]) == ()


def test_a_lock_counts_while_its_process_lives(tmp_path: Path) -> None:
    state = tmp_path / NAME
    state.write_text("{}", encoding="utf-8")
    (tmp_path / f".{NAME}.lock.info").write_text(json.dumps({"ID": "5c0d", "Who": "me@here"}), encoding="utf-8")
    assert states(tmp_path).found(ONE).lock is None  # whoever wrote that was killed
    held = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        assert states(tmp_path).found(ONE).lock == StateLock("5c0d", who="me@here")
        process.kill()
    assert states(tmp_path).found(ONE).lock is None
    with state.open("r+b") as file:  # looking at it has left no lock behind
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_resources_are_counted_by_instance(tmp_path: Path) -> None:
    resources = [{"mode": "managed", "instances": [{}, {}]}, {"mode": "data", "instances": [{}]}, {"mode": "managed"}]
    (tmp_path / NAME).write_text(json.dumps({"resources": resources}), encoding="utf-8")
    place = state_place(ONE.target)
    assert states(tmp_path).resources(ONE, place) == 2
    (found,) = states(tmp_path).near([ONE, ONE])
    assert (found.place, found.size_bytes) == (place, (tmp_path / NAME).stat().st_size)


@pytest.mark.parametrize("content", ["[]", "", "nothing"])
def test_what_is_no_state_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content, encoding="utf-8")
    with pytest.raises(RolloutError, match=rf"^dev-main-eu-west-1-orders_api: {NAME} is no state of Terraform \("):
        states(tmp_path).resources(ONE, StatePlace("", NAME))
