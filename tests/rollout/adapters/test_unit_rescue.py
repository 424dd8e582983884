"""States that an apply could not write: kept, and written before anything is applied again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rollout.domain.errors import StoreError
from rollout.domain.ports import Part
from tests.rollout.adapters.fakes import fake_terraform, needs_binary
from tests.rollout.adapters.unit_world import World

pytestmark = needs_binary

FAILS = """
project = Path({project!r})
if arguments[:2] == ["state", "push"] and (project / "refuses").exists():
    print("Error: Failed to persist state\\n\\nthe bucket cannot be reached", file=sys.stderr)
    sys.exit(1)
ended = subprocess.run([{real!r}, *arguments]).returncode
if arguments[0] == "apply" and (project / "fails").exists():
    (project / "fails").unlink()
    state = project / {state!r}
    state.rename("errored.tfstate")
    complain("Failed to save state", "Error saving state: the bucket cannot be reached")
    sys.exit(1)
sys.exit(ended)
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Terraform that writes no state at the end of an apply while there is a file `fails`; each creation is counted."""
    made = World(tmp_path)
    body = FAILS.format(project=str(tmp_path), real=shutil.which("terraform"), state=made.state_file.name)
    made.environment["TERRAFORM_BINARY"] = str(fake_terraform(tmp_path / "bin", body))
    counted = {"local-exec": {"command": f"echo made >> {tmp_path}/applied"}}
    made.write(resource={"terraform_data": {"first": {"input": "one", "provisioner": [counted]}}})
    return made


def made(world: World) -> int:
    return len((world.project / "applied").read_text(encoding="utf-8").split())


def failed(world: World, *files: str) -> tuple[Any, str]:
    facts = world.plan()
    for name in ("fails", *files):
        (world.project / name).touch()
    outcome = world.apply(facts)
    assert not outcome.is_applied
    return facts, outcome.reason


def test_a_state_that_can_be_written_a_moment_later_is(world: World) -> None:
    facts, reason = failed(world)
    assert reason.endswith("Failed to save state. Error saving state: the bucket cannot be reached.")
    assert world.state() == {"first": "one"}
    assert world.apply(facts, is_recovery=True).is_applied
    assert made(world) == 1


def test_a_state_that_cannot_be_written_is_kept_in_the_store_and_written_first(world: World) -> None:
    facts, reason = failed(world, "refuses")
    assert reason.endswith(
        "What was applied could not be written into the state; it is kept in the store of runs, and `lambdanet rollout "
        f"resume {world.run.id}` writes it first; plan no new run for this target before that."
    )
    assert world.state() == {}
    assert world.left_behind() == []
    still = world.apply(facts, is_recovery=True)
    assert not still.is_applied
    assert "It is the state that an apply before could not write; nothing is applied before it is" in still.reason
    (world.project / "refuses").unlink()
    assert world.apply(facts, is_recovery=True).how == "no changes"
    assert (world.state(), made(world)) == ({"first": "one"}, 1)
    assert world.store.get(world.run.id, world.target.name, Part.ERRORED_STATE) == b""
    assert world.apply(facts, is_recovery=True).how == "no changes", "it is written once"


def test_without_the_store_it_stays_on_this_machine_for_any_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("the bucket cannot be reached")

    facts = world.plan()
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "put", refuse)
        (world.project / "fails").touch()
        (world.project / "refuses").touch()
        reason = world.apply(facts).reason
    kept = world.work / f"{world.target.name}.errored.tfstate"
    assert f"it is kept in {kept}, and" in reason
    assert (world.left_behind(), kept.stat().st_mode & 0o077) == ([kept.name], 0)
    (world.project / "refuses").unlink()
    assert world.apply(facts).how == "no changes", "whoever applies next writes it"
    assert (world.state(), made(world), world.left_behind()) == ({"first": "one"}, 1, [])


def test_what_a_killed_process_left_is_kept_too(world: World) -> None:
    world.apply(world.plan())
    facts = world.plan()
    left = world.work / "dead" / world.target.name
    left.mkdir(parents=True)
    (left.parent / "held").touch()
    document = {"version": 4, "serial": 3, "lineage": "elsewhere", "outputs": {}, "resources": []}
    (left / "errored.tfstate").write_text(json.dumps(document), encoding="utf-8")
    outcome = world.apply(facts)
    assert "nothing is applied before it is" in outcome.reason, (
        "the state has changed since, and only a person knows why"
    )


def test_the_store_is_asked_again_where_it_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, read = world.plan(), world.store.get

    def get(run_id: str, target: str, part: Part) -> bytes:
        if part is Part.ERRORED_STATE:
            raise StoreError("the bucket cannot be reached")
        return read(run_id, target, part)

    monkeypatch.setattr(world.store, "get", get)
    outcome = world.apply(facts, is_recovery=True)
    assert (outcome.is_applied, outcome.reason) == (False, "the bucket cannot be reached")
