"""Drift, rollback and orphans from the command line, with real Terraform and states beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.rollout.looking_project import DEV, PROD, Project

pytestmark = pytest.mark.plan


def test_a_change_goes_back_and_what_is_taken_out_is_destroyed(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.holds(release="one")
    assert "2 not applied yet" in project.ends(0, "drift")
    project.ends(0, "plan")
    project.ends(0, "apply", "latest")
    assert [each["verdict"] for each in project.json(0, "drift")["targets"]] == ["as applied", "as applied"]

    project.holds(release="two", extra="more")
    project.ends(0, "plan")
    project.ends(0, "apply", "latest")
    assert project.state(DEV) == project.state(PROD) == {"release": "two", "extra": "more"}

    told = project.ends(0, "rollback", "latest")
    assert "terraform_data.extra" in told
    assert "destroyed" in told
    assert f"{DEV}, {PROD}" in told
    assert project.state(DEV) == {"release": "two", "extra": "more"}
    project.ends(0, "apply", "latest")
    assert project.state(DEV) == project.state(PROD) == {"release": "one"}

    assert "every state that holds resources has a declared target" in project.ends(0, "orphans")
    project.without_prod()
    (orphan,) = project.json(1, "orphans")["orphans"]
    assert (orphan["target"], orphan["resources"], orphan["state"]) == (PROD, 1, f"terraform.{PROD}.tfstate")

    waves = project.json(0, "orphans", "--plan-destroy")["waves"]
    project.ends(3, "apply", "latest")
    assert project.state(PROD) == {"release": "one"}
    project.ends(0, "approve", "latest", "--wave", "orphans", "--digest", waves[0]["digest"])
    project.ends(0, "resume", "latest")
    assert project.state(PROD) == {}
    assert project.state(DEV) == {"release": "one"}
    project.ends(0, "orphans")
