"""A change of a stack built with the suite's modules, rolled out to three accounts with two regions each."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.rollout.acceptance.conftest import MakeFleet
from tests.rollout.acceptance.fleet import ACCOUNTS, REGIONS, Fleet, names

pytestmark = pytest.mark.apply


def _topic_arn(fleet: Fleet, account: str, region: str) -> str:
    env, account_id = ACCOUNTS[account]
    del fleet
    return f"arn:aws:sns:{region}:{account_id}:acme-{env}-orders-api-news"


def _releases(fleet: Fleet) -> dict[str, str]:
    """The tag `release` of the topic in every account and region, as AWS tells it."""
    found = {}
    for account in ACCOUNTS:
        for region in REGIONS:
            arn = _topic_arn(fleet, account, region)
            tags = fleet.client("sns", account, region).list_tags_for_resource(ResourceArn=arn)["Tags"]
            found[names([account], [region])[0]] = {tag["Key"]: tag["Value"] for tag in tags}["release"]
    return found


def _set_alarms(fleet: Fleet, state: str, *accounts: str) -> None:
    for account in accounts or ACCOUNTS:
        for region in REGIONS:
            cloudwatch = fleet.client("cloudwatch", account, region)
            for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
                cloudwatch.set_alarm_state(
                    AlarmName=alarm["AlarmName"], StateValue=state, StateReason="the test says so"
                )


def _states(fleet: Fleet) -> dict[str, str]:
    return {target["name"]: target["state"] for target in fleet.status()["targets"]}


def test_a_change_goes_wave_by_wave_and_a_firing_alarm_stops_it(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("topics.py")
    fleet.run("rollout", "preflight")
    fleet.run("rollout", "plan")
    fleet.run("rollout", "apply", "latest")
    assert _states(fleet) == dict.fromkeys(names(), "done")
    assert _releases(fleet) == dict.fromkeys(names(), "1")

    _set_alarms(fleet, "OK")
    _set_alarms(fleet, "ALARM", "sandbox")
    fleet.write_environments(release="2")
    changed = names(["sandbox", "blue"])
    fleet.run("rollout", "plan", "--target", "dev-*", "--target", "prod-blue-*")
    said = fleet.run("rollout", "apply", "latest", code=1)
    assert "acme-dev-orders-api-news-failed" in said
    canary = names(["sandbox"], [REGIONS[0]])[0]
    assert _releases(fleet) == {name: "2" if name == canary else "1" for name in names()}
    assert _states(fleet) == {name: "failed" if name == canary else "skipped" for name in changed}

    _set_alarms(fleet, "OK")
    fleet.run("rollout", "resume", "latest")
    assert _releases(fleet) == {name: "2" if name in changed else "1" for name in names()}
    assert _states(fleet) == dict.fromkeys(changed, "done")

    _drift_is_found(fleet)
    _an_orphan_is_found(fleet)


def _drift_is_found(fleet: Fleet) -> None:
    arn = _topic_arn(fleet, "blue", REGIONS[0])
    fleet.client("sns", "blue", REGIONS[0]).tag_resource(ResourceArn=arn, Tags=[{"Key": "release", "Value": "by hand"}])
    said = fleet.run("rollout", "drift", "--target", "prod-*", code=1)
    drifted: list[Any] = [name for name in names() if name in said]
    assert drifted == names(["blue"], [REGIONS[0]]), said
    assert "aws_sns_topic" in said, said


def _an_orphan_is_found(fleet: Fleet) -> None:
    fleet.run("rollout", "orphans")
    shutil.move(fleet.project / "environments" / "prod" / "green" / "us-east-1.yaml", fleet.project / "gone.yaml")
    assert names(["green"], ["us-east-1"])[0] in fleet.run("rollout", "orphans", code=1)
