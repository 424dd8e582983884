"""What is reviewed is applied, and nothing else: real Terraform, a root without a provider."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rollout.adapters import root
from rollout.adapters.unit_workspace import Workspace
from rollout.domain.model import RunKind
from rollout.domain.ports import ApplyOutcome, Part
from tests.rollout.adapters.fakes import needs_binary
from tests.rollout.adapters.unit_world import NOW, World

pytestmark = needs_binary


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.write("first=one", "second=two")
    return made


def overtaken(world: World, *resources: str) -> None:
    """Somebody else applies another root meanwhile; the store is as before afterwards."""
    before = dict(world.store.parts)
    world.write(*resources)
    assert world.apply(world.plan()).is_applied
    world.store.parts = before


def test_a_plan_is_kept_and_applied_as_reviewed(world: World) -> None:
    facts = world.plan()
    assert (facts.creates, facts.updates, facts.replaces, facts.deletes, facts.is_empty) == (2, 0, 0, 0, False)
    assert (facts.planned_at, facts.expires_at) == (NOW, NOW + timedelta(hours=72))
    assert world.state() == {}, "a plan changes nothing"
    assert world.apply(facts) == ApplyOutcome(is_applied=True, how="as reviewed")
    assert world.state() == {"first": "one", "second": "two"}
    assert world.left_behind() == []


def test_a_plan_without_changes(world: World) -> None:
    world.apply(world.plan())
    facts = world.plan()
    assert facts.is_empty
    assert world.apply(facts) == ApplyOutcome(is_applied=True, how="no changes")


def test_outputs_are_changes(world: World) -> None:
    world.apply(world.plan())
    world.write("first=one", "second=two", output={"told": {"value": "more"}})
    facts = world.plan()
    assert (facts.creates, facts.updates, facts.is_empty) == (0, 0, False)
    assert world.apply(facts).how == "as reviewed"


def test_a_stale_plan_that_still_does_the_same_is_applied(world: World) -> None:
    world.apply(world.plan())
    world.write("first=one", "second=three")
    facts = world.plan()
    document = json.loads(world.state_file.read_text(encoding="utf-8"))
    document["serial"] += 1
    world.state_file.write_text(json.dumps(document), encoding="utf-8")
    assert world.apply(facts) == ApplyOutcome(is_applied=True, how="planned again, the same")
    assert world.state() == {"first": "one", "second": "three"}


def test_a_stale_plan_that_does_something_else_is_refused_without_values(world: World) -> None:
    world.apply(world.plan())
    world.write("first=one", "second=three", "third=new")
    facts = world.plan()
    overtaken(world, "first=one", "second=secret")
    assert world.apply(facts) == ApplyOutcome(
        is_applied=False,
        reason=(
            "dev-main-eu-west-1-orders: its state has changed since it was planned, and planned again it is not what "
            "was reviewed: terraform_data.second: input is changed from or to another value than reviewed; plan it "
            "again and review it"
        ),
    )
    assert world.state() == {"first": "one", "second": "secret"}


def test_what_is_left_of_a_plan_is_applied_only_after_an_apply_of_it(world: World) -> None:
    world.apply(world.plan())
    world.write("first=changed", "second=changed")
    facts = world.plan()
    overtaken(world, "first=one", "second=changed")
    refused = world.apply(facts)
    assert not refused.is_applied
    assert "terraform_data.second: is not changed any more" in refused.reason
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=True, how="what was left of it")
    assert world.state() == {"first": "changed", "second": "changed"}


def test_nothing_left_to_do_is_done(world: World) -> None:
    facts = world.plan()
    assert world.apply(facts).how == "as reviewed"
    serial = json.loads(world.state_file.read_text(encoding="utf-8"))["serial"]
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=True, how="no changes")
    assert json.loads(world.state_file.read_text(encoding="utf-8"))["serial"] == serial


def test_an_expired_plan(world: World) -> None:
    facts = world.plan()
    world.at = facts.expires_at + timedelta(seconds=1)
    sentence = (
        "dev-main-eu-west-1-orders: its plan expired at 2026-11-24 09:30 UTC; a plan is applied within "
        "plan_expires_hours of environments/rollout.yaml; plan it again and review it"
    )
    assert world.unit.verify(world.run, world.target, facts) == sentence
    assert world.apply(facts) == ApplyOutcome(is_applied=False, reason=sentence)
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=False, reason=sentence)
    assert world.state() == {}


def test_an_expired_plan_whose_apply_had_ended_is_done(world: World) -> None:
    facts = world.plan()
    world.apply(facts)
    world.at = facts.expires_at + timedelta(seconds=1)
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=True, how="no changes")


@pytest.mark.parametrize("part", [Part.PLAN, Part.PLAN_JSON, Part.ROOT])
def test_a_part_of_another_plan(world: World, part: Part) -> None:
    world.plan()
    other = world.store.get(world.run.id, world.target.name, part)
    world.write("first=other")
    facts = world.plan()
    world.store.put(world.run.id, world.target.name, part, other)
    sentence = world.unit.verify(world.run, world.target, facts)
    assert sentence.startswith("dev-main-eu-west-1-orders: what the store holds as its plan has the digest ")
    assert sentence.endswith(
        f"…, and {facts.digest[:12]}… was reviewed; only the reviewed plan is applied; plan it again and review it"
    )
    assert world.apply(facts) == ApplyOutcome(is_applied=False, reason=sentence)
    assert world.state() == {}


def test_facts_that_are_not_those_of_the_plan(world: World) -> None:
    facts = world.plan()
    for wrong in (replace(facts, creates=1), replace(facts, alarms=("none",))):
        field = "creates" if wrong.creates == 1 else "alarms"
        assert world.apply(wrong) == ApplyOutcome(
            is_applied=False,
            reason=(
                f"dev-main-eu-west-1-orders: {field} of its reviewed plan are not those of the plan in the store; only "
                "the reviewed plan is applied; plan it again and review it"
            ),
        )
    later = replace(facts, expires_at=facts.expires_at + timedelta(days=1))
    assert "was reviewed; only the reviewed plan is applied" in world.apply(later).reason
    assert world.unit.verify(world.run, world.target, facts) == ""


def test_a_missing_part(world: World) -> None:
    facts = world.plan()
    del world.store.parts[world.run.id, world.target.name, Part.PLAN]
    sentence = "dev-main-eu-west-1-orders: plan.tfplan is not in the store; plan it"
    assert world.apply(facts) == ApplyOutcome(is_applied=False, reason=sentence)


def test_a_root_that_terraform_refuses(world: World) -> None:
    world.write(resource={"terraform_data": {"first": {"input": "${local.absent}"}}})
    outcome = world.unit.plan(world.run, world.target, interrupt=Event())
    assert outcome.facts is None
    assert outcome.reason.startswith(
        'terraform plan in "dev-main-eu-west-1-orders" failed: terraform_data.first (cdk.tf.json line 1): Reference to '
        "undeclared local value. "
    )
    assert "\n" not in outcome.reason
    assert world.left_behind() == []


def test_a_plan_that_expires_while_terraform_is_initialized(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, unit = world.plan(), world.unit
    opened = unit.workspaces.opened

    def slowly(*given: Any, **more: Any) -> AbstractContextManager[Workspace]:
        world.at = NOW + timedelta(hours=73)
        return opened(*given, **more)

    monkeypatch.setattr(unit.workspaces, "opened", slowly)
    outcome = unit.apply(world.run, world.target, facts, is_recovery=False, interrupt=Event())
    assert (outcome.is_applied, world.state()) == (False, {})
    assert "its plan expired at 2026-11-24 09:30 UTC" in outcome.reason


def test_a_sensitive_value_stays_out_of_the_reason(world: World) -> None:
    fails = {"local-exec": {"command": "echo ${self.input} >&2; exit 1"}}
    secret = {"input": "${var.password}", "provisioner": [fails]}
    variable = {"password": {"default": "hunter2-hunter2", "sensitive": True}}
    world.write(resource={"terraform_data": {"first": secret}}, variable=variable)
    outcome = world.apply(world.plan())
    assert not outcome.is_applied
    assert "hunter2" not in outcome.reason


def test_destroy(world: World) -> None:
    world.apply(world.plan())
    world.run = replace(world.run, kind=RunKind.DESTROY)
    facts = world.plan()
    assert (facts.creates, facts.deletes) == (0, 2)
    assert world.apply(facts).how == "as reviewed"
    assert world.state() == {}


def test_interrupted_before_it_begins(world: World) -> None:
    facts, told = world.plan(), Event()
    told.set()
    outcome = world.apply(facts, interrupt=told)
    assert (outcome.is_applied, outcome.was_interrupted) == (False, True)
    assert world.state() == {}


def test_the_lock_file_of_one_root_serves_all_that_ask_for_the_same(world: World, tmp_path: Path) -> None:
    """No provider here: what counts is that the packed root is the one that was planned."""
    before = world.store.get(world.run.id, world.target.name, Part.ROOT)
    world.plan()
    root.unpack(world.store.get(world.run.id, world.target.name, Part.ROOT), tmp_path / "after")
    root.unpack(before, tmp_path / "before")
    names = [sorted(path.name for path in (tmp_path / each).iterdir()) for each in ("before", "after")]
    assert names == [["cdk.tf.json"], ["cdk.tf.json"]]
