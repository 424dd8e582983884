"""A change of a stack built with the suite's modules, rolled out to three accounts with two regions each."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import Any

import pytest

from tests.rollout.acceptance.conftest import MakeFleet
from tests.rollout.acceptance.fleet import ACCOUNTS, REGIONS, WAVES, Fleet, names

pytestmark = pytest.mark.apply


def _topic_arn(account: str, region: str) -> str:
    env, account_id = ACCOUNTS[account]
    return f"arn:aws:sns:{region}:{account_id}:acme-{env}-orders-api-news"


def _releases(fleet: Fleet) -> dict[str, str]:
    """The tag `release` of the topic in every account and region that has it, as AWS tells it."""
    found = {}
    for account in ACCOUNTS:
        for region in REGIONS:
            sns, arn = fleet.client("sns", account, region), _topic_arn(account, region)
            if arn in {topic["TopicArn"] for topic in sns.list_topics()["Topics"]}:
                tags = {tag["Key"]: tag["Value"] for tag in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]}
                found[names([account], [region])[0]] = tags["release"]
    return found


def _wait_for_alarms(fleet: Fleet, applying: subprocess.Popen[str], account: str, region: str) -> None:
    """Until the target's apply has made its alarms."""
    cloudwatch = fleet.client("cloudwatch", account, region)
    while not cloudwatch.describe_alarms()["MetricAlarms"]:
        assert applying.poll() is None, applying.communicate()
        time.sleep(0.5)


def _set_alarms(fleet: Fleet, state: str, account: str, region: str) -> None:
    cloudwatch = fleet.client("cloudwatch", account, region)
    for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
        cloudwatch.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue=state, StateReason="the test says so")


def _states(fleet: Fleet) -> dict[str, str]:
    return {target["name"]: target["state"] for target in fleet.status()["targets"]}


def test_a_change_goes_wave_by_wave_and_a_firing_alarm_stops_it(make_fleet: MakeFleet) -> None:
    fleet = make_fleet("topics.py")
    canary, rest = dict(WAVES[0], gate={"bake_minutes": 0.5, "missing_data_reason": "nobody publishes"}), WAVES[1]
    fleet.write_environments(release="1", waves=[canary, rest])
    fleet.run("rollout", "preflight")
    fleet.run("rollout", "plan")

    applying = fleet.start("rollout", "apply", "latest")
    _wait_for_alarms(fleet, applying, "sandbox", REGIONS[1])
    _set_alarms(fleet, "ALARM", "sandbox", REGIONS[1])
    said, _ = applying.communicate(timeout=300)
    assert applying.returncode == 1, said
    assert "acme-dev-orders-api-news-failed" in said
    alarmed = names(["sandbox"], [REGIONS[1]])[0]
    states = _states(fleet)
    assert [name for name, state in states.items() if state == "failed"] == [alarmed]
    assert {states[name] for name in names(["blue", "green"])} == {"skipped"}
    assert _releases(fleet) == dict.fromkeys(names(["sandbox"]), "1")

    _set_alarms(fleet, "OK", "sandbox", REGIONS[1])
    fleet.run("rollout", "resume", "latest")
    assert _states(fleet) == dict.fromkeys(names(), "done")
    assert _releases(fleet) == dict.fromkeys(names(), "1")

    _drift_is_found(fleet)
    _an_orphan_is_found(fleet)


def _drift_is_found(fleet: Fleet) -> None:
    arn = _topic_arn("blue", REGIONS[0])
    fleet.client("sns", "blue", REGIONS[0]).tag_resource(ResourceArn=arn, Tags=[{"Key": "release", "Value": "by hand"}])
    said = fleet.run("rollout", "drift", "--target", "prod-blue-*", code=1)
    drifted: list[Any] = [name for name in names() if name in said]
    assert drifted == names(["blue"], [REGIONS[0]]), said
    assert "aws_sns_topic" in said, said


def _an_orphan_is_found(fleet: Fleet) -> None:
    fleet.run("rollout", "orphans")
    shutil.move(fleet.project / "environments" / "prod" / "green" / "us-east-1.yaml", fleet.project / "gone.yaml")
    assert names(["green"], ["us-east-1"])[0] in fleet.run("rollout", "orphans", code=1)
