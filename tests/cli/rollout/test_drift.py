"""What `lambdanet rollout drift` says, and how it ends, whatever Terraform found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PlanError
from rollout.adapters.refreshing import TerraformRefresh
from rollout.adapters.root import unpack
from tests.cli.rollout.looking_project import DEV, PROD, Project

SECRET = "hunter2-hunter2"
NOTHING: dict[str, Any] = {"resource_drift": []}
DRIFT: dict[str, Any] = {
    "resource_drift": [
        {"address": "aws_sns_topic.gone", "change": {"actions": ["delete"], "before": {}, "after": None}},
        {
            "address": "aws_sqs_queue.orders",
            "change": {
                "actions": ["update"],
                "before": {"delay_seconds": 3, "policy": "p" * 100, "kept": SECRET},
                "after": {"delay_seconds": 7, "policy": "q" * 100, "kept": "other-secret"},
                "before_sensitive": {"kept": True},
            },
        },
    ]
}


@pytest.fixture
def finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Any], Project]:
    """A project whose targets in dev and prod are found like this."""

    def made(dev: Any, prod: Any) -> Project:
        project = Project(tmp_path)
        project.holds(release="one")
        for name in (DEV, PROD):
            (tmp_path / f"terraform.{name}.tfstate").write_text("{}", encoding="utf-8")

        def document(_: TerraformRefresh, target: Any, root: bytes, **__: Any) -> Mapping[str, Any]:
            assert root[:2] == b"\x1f\x8b"
            found = dev if target.name == DEV else prod
            if isinstance(found, Exception):
                raise found
            return dict(found)

        monkeypatch.setattr(TerraformRefresh, "document", document)
        return project

    return made


def test_what_differs_is_listed_by_attribute(finding: Callable[[Any, Any], Project]) -> None:
    project = finding(DRIFT, NOTHING)
    told = project.ends(1, "drift")
    assert told.splitlines()[-1] == "1 as applied, 1 drifted"
    for word in (DEV, "aws_sns_topic.gone", "deleted", "delay_seconds", "(sensitive value)", f"{'p' * 59}…"):
        assert word in told
    assert PROD not in told
    assert SECRET not in told

    dev, prod = project.json(1, "drift")["targets"]
    assert (dev["verdict"], prod) == (
        "drifted",
        {"target": PROD, "verdict": "as applied", "problem": "", "resources": []},
    )
    assert dev["resources"][1]["attributes"][0] == {"path": "delay_seconds", "in_state": "3", "found": "7"}
    assert project.ends(0, "drift", "--target", "prod-*") == "1 as applied\n"


def test_a_target_that_cannot_be_looked_at_goes_before_drift(finding: Callable[[Any, Any], Project]) -> None:
    told = finding(DRIFT, PlanError(f"{PROD}: no provider; install it")).ends(2, "drift")
    assert "1 drifted, 1 not known" in told
    assert f"{PROD}: no provider; install it\n" in told


def test_roots_are_those_that_were_applied_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that was not rolled out yet is no drift, and would become one where it changes the provider's tags."""
    project = Project(tmp_path)
    project.holds(release="one")
    project.ends(0, "plan", "--target", "dev-*")
    project.ends(0, "apply", "latest")
    project.holds(release="two")
    project.ends(0, "plan")
    (tmp_path / f"terraform.{PROD}.tfstate").write_text("{}", encoding="utf-8")
    seen: dict[str, str] = {}

    def document(_: TerraformRefresh, target: Any, root: bytes, **__: Any) -> Mapping[str, Any]:
        unpack(root, tmp_path / "seen" / target.name)
        content = json.loads((tmp_path / "seen" / target.name / "cdk.tf.json").read_text(encoding="utf-8"))
        seen[target.name] = content["resource"]["terraform_data"]["release"]["input"]
        return NOTHING

    monkeypatch.setattr(TerraformRefresh, "document", document)
    project.ends(0, "drift")
    assert seen == {DEV: "one", PROD: "two"}
