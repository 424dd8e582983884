"""`apply`, `resume`, `status`, `watch`, `pause`, `limit` and `approve`, with real Terraform and no provider."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.rollout.access import opened
from rollout.adapters.store.local_journal import LocalJournal
from rollout.domain.errors import StoreError
from rollout.domain.ports import Part
from rollout.domain.records import Draft, Record
from tests.cli.rollout.looking_project import DEV, PROD, Project

WAVES = """
waves:
  - {name: canary, select: {environments: [dev]}, gate: {bake_minutes: 0, off_reason: a test}}
  - {name: rest, approval: required, gate: {bake_minutes: 0, off_reason: a test}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A run of two waves, planned; the second one needs approval."""
    made = Project(tmp_path)
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    (made.environments / "rollout.yaml").write_text(WAVES, encoding="utf-8")
    made.holds(release="1")
    made.ends(0, "plan")
    return made


def run_of(project: Project) -> str:
    return opened(project.environments).run.id


def test_a_run_goes_from_its_first_wave_over_an_approval_to_its_end(project: Project) -> None:
    run = run_of(project)

    assert project.ends(0, "apply", "--dry-run").splitlines() == [
        "wave canary: without approval; mode strict; bakes 0 minutes, no alarms (a test)",
        "  us-east-1: 1 target, max_concurrent 1, failure_tolerance 0",
        "wave rest: after approval; mode strict; bakes 0 minutes, no alarms (a test)",
        "  us-east-1: 1 target, max_concurrent 1, failure_tolerance 0",
        f"would start: {DEV}",
    ]
    assert not (project.folder / f"terraform.{DEV}.tfstate").exists()

    told = project.ends(3, "apply")
    digest = project.json(0, "status")["waves"][1]["digest"]
    assert f"run {run}: paused: wave rest: its plans are not approved; nothing of it starts" in told
    assert re.sub(r"\d\d:\d\d:\d\d", "T", told).splitlines()[:7] == [
        "T run: running",
        "T wave canary: running",
        f"T {DEV}: applying",
        f"T {DEV}: baking: as reviewed",
        "T wave canary: baking",
        f"T {DEV}: done: as reviewed",
        "T wave canary: passed",
    ]
    assert project.state(DEV) == {"release": "1"}
    assert not (project.folder / f"terraform.{PROD}.tfstate").exists()

    project.ends(2, "approve", "--wave", "rest", "--digest", "0" * 64)
    project.ends(0, "approve", "--wave", "rest", "--digest", digest, "--reason", "ticket 7")
    assert project.ends(0, "resume").splitlines()[-1] == f"run {run}: completed"

    assert project.state(PROD) == {"release": "1"}
    found = project.json(0, "status")
    assert (found["state"], found["counts"], found["owner"]) == ("completed", {"done": 2}, None)
    assert [(each["name"], each["attempts"], each["how"]) for each in found["targets"]] == [
        (DEV, 1, "as reviewed"),
        (PROD, 1, "as reviewed"),
    ]
    assert project.ends(0, "watch").splitlines() == [f"run {run}: completed"]
    assert project.ends(2, "apply") == (
        f"run {run}: it is completed; a run is applied once; plan a new one with `lambdanet rollout plan`"
    )
    assert project.ends(0, "resume").splitlines()[-1] == f"run {run}: completed"
    assert project.json(0, "status")["targets"][0]["attempts"] == 1


def test_status_lists_waves_and_what_is_worth_a_look(project: Project) -> None:
    project.ends(3, "apply")

    told = project.ends(0, "status")
    assert "paused, 1 planned, 1 done" in told
    assert re.search(r"canary +│ passed ", told)
    assert re.search(r"rest +│ pending ", told)
    assert DEV not in told
    assert DEV in project.ends(0, "status", "--all")


def test_a_tampered_plan_is_refused_and_nothing_is_applied(project: Project) -> None:
    access = opened(project.environments)
    run = access.run
    access.store.put(run.id, PROD, Part.PLAN, b"another plan")

    refused = project.ends(2, "apply")

    assert refused.startswith(f"{PROD}: its plan has the digest ")
    assert not list(project.folder.glob("*.tfstate"))
    assert project.json(0, "status")["state"] == "planned"


def test_a_journal_that_fails_after_something_began_is_no_refusal(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, append = run_of(project), LocalJournal.append

    def failing(journal: LocalJournal, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if any(draft.state == "baking" for draft in drafts):
            raise StoreError("the disk is full")
        return append(journal, drafts)

    monkeypatch.setattr(LocalJournal, "append", failing)
    told = project.ends(1, "apply").splitlines()[-1]
    assert told.endswith(
        f"run {run}: the disk is full; what was being applied has ended; run `lambdanet rollout resume {run}`, which "
        "finds out how"
    )

    monkeypatch.setattr(LocalJournal, "append", append)
    project.ends(3, "resume")
    assert [(each["attempts"], each["how"]) for each in project.json(0, "status")["targets"]] == [
        (2, "no changes"),
        (0, ""),
    ]


def test_pause_and_limit_stand_in_the_journal(project: Project) -> None:
    run = run_of(project)

    assert project.ends(2, "pause", "--reason", "lunch").startswith(f"run {run}: it is planned; only a running run")
    told = project.ends(0, "limit", "--max-concurrent", "3", "--reason", "careful")
    assert told == f"run {run}: max_concurrent is 3, failure_tolerance is as its waves say\n"
    assert project.json(0, "status")["limits"] == {"max_concurrent": 3, "failure_tolerance": None}
    assert "limits for every batch from now on: max_concurrent 3" in project.ends(0, "status")


def test_an_unknown_run_is_refused(project: Project) -> None:
    for command in ("apply", "resume", "status", "watch"):
        assert "20990101-000000-ffffff" in project.ends(2, command, "20990101-000000-ffffff")


def test_the_lock_refuses_a_second_rollout(project: Project) -> None:
    access = opened(project.environments)
    with access.store.locked(access.run.id):
        refused = project.ends(2, "apply")
    assert "one rollout of a store runs at a time" in refused
    assert json.loads(json.dumps(project.json(0, "status")))["state"] == "planned"
