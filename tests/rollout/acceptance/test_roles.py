"""A role that is denied fails its target only."""

from __future__ import annotations

import pytest

from tests.rollout.acceptance.conftest import MakeFleet
from tests.rollout.acceptance.fleet import ACCOUNTS, names

pytestmark = pytest.mark.apply

STRANGER = "999999999999"


def _waves(tolerance: int) -> list[dict[str, object]]:
    return [
        {
            "name": "all", "select": {}, "max_concurrent": 3, "failure_tolerance": tolerance, "mode": "soft",
            "gate": {"bake_minutes": 0, "off_reason": "the roots have no alarms"},
        }
    ]  # fmt: skip


def test_a_denied_apply_role_fails_its_targets_and_the_others_go_on(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("light.py")
    fleet.write_environments(release="1", waves=_waves(tolerance=1))
    fleet.run("rollout", "plan")
    fleet.set_trust("green", "lambdanet-apply", STRANGER)
    said = fleet.run("rollout", "apply", "latest", code=1)
    states = {target["name"]: target for target in fleet.status()["targets"]}
    assert {name for name, target in states.items() if target["state"] == "failed"} == set(names(["green"]))
    assert sorted(fleet.applied()) == sorted(names(["sandbox", "blue"]))
    account_id = ACCOUNTS["green"][1]
    reason = states[names(["green"])[0]]["reason"]
    assert f"arn:aws:iam::{account_id}:role/lambdanet-apply" in reason
    assert reason in said


def test_a_plan_role_that_is_missing_is_one_report_and_nothing_is_applied(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("light.py")
    for account in ("blue", "green"):
        fleet.client("iam", account).delete_role(RoleName="lambdanet-plan")
    said = fleet.run("rollout", "plan", code=2)
    for account in ("blue", "green"):
        assert f"arn:aws:iam::{ACCOUNTS[account][1]}:role/lambdanet-plan" in said
    refused = fleet.run("rollout", "apply", "latest", code=2)
    assert all(name in refused for name in names(["blue", "green"]))
    assert fleet.applied() == []
