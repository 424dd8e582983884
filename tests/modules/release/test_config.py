"""The configuration of releases: AWS's own deployment configurations by their names, and what is refused."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core import limits
from modules.core.errors import ConfigError
from modules.release import AllAtOnceConfig, CanaryConfig, LinearConfig, ReleaseConfig
from modules.release.config import ROLLBACK_EVENTS, TRIGGER_EVENTS

ALL_BUT_REQUEST = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as refused:
        ReleaseConfig.parse(data)
    return str(refused.value)


def test_ten_percent_go_first_and_every_bad_end_is_rolled_back() -> None:
    config = ReleaseConfig()
    assert config.traffic == CanaryConfig(percent=10, interval_minutes=5)
    assert config.traffic.built_in == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert config.rollback_on == ROLLBACK_EVENTS
    assert config.notify_on == ("DeploymentFailure", "DeploymentStop", "DeploymentRollback")
    assert not config.ignore_alarm_polling_failure


@pytest.mark.parametrize(
    ("traffic", "name"),
    [
        ({"kind": "all_at_once"}, "AllAtOnce"),
        *[({"interval_minutes": each}, f"Canary10Percent{each}Minutes") for each in (5, 10, 15, 30)],
        ({"kind": "linear"}, "Linear10PercentEvery1Minute"),
        *[({"kind": "linear", "interval_minutes": each}, f"Linear10PercentEvery{each}Minutes") for each in (2, 3, 10)],
    ],
)
def test_what_aws_has_is_taken_by_its_name(traffic: dict[str, Any], name: str) -> None:
    assert ReleaseConfig.parse({"traffic": traffic}).traffic.built_in == f"CodeDeployDefault.Lambda{name}"


@pytest.mark.parametrize(
    "traffic",
    [CanaryConfig(percent=20), CanaryConfig(interval_minutes=6), LinearConfig(kind="linear", percent=25)],
)
def test_what_aws_has_not_has_no_name_of_its_own(traffic: CanaryConfig | LinearConfig) -> None:
    assert traffic.built_in == ""


def test_all_at_once_takes_no_share() -> None:
    assert AllAtOnceConfig(kind="all_at_once").built_in == "CodeDeployDefault.LambdaAllAtOnce"
    assert refusal({"traffic": {"kind": "all_at_once", "percent": 10}}) == (
        "traffic.percent is not a field; remove it, or check its spelling"
    )


def test_events_are_those_of_the_api() -> None:
    service: Any = botocore.session.Session().get_service_model("codedeploy")  # Any: its shapes differ in attributes
    assert set(ROLLBACK_EVENTS) == set(service.shape_for("AutoRollbackEvent").enum)
    assert set(TRIGGER_EVENTS) < set(service.shape_for("TriggerEventType").enum)


@pytest.mark.parametrize("shape", ["ApplicationName", "DeploymentGroupName", "DeploymentConfigName"])
def test_names_are_as_long_as_the_api_takes_them(shape: str) -> None:
    service: Any = botocore.session.Session().get_service_model("codedeploy")  # Any: as above
    assert service.shape_for(shape).metadata["max"] == limits.CODEDEPLOY_MAX_NAME_LENGTH


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            {"traffic": {"kind": "blue_green"}},
            'traffic.kind is "blue_green"; it is one of all_at_once, canary, linear; choose one of them',
        ),
        (
            {"traffic": {"percent": 100}},
            (
                "traffic.percent is 100; a share of a function's traffic takes 1 to 99 percent (CodeDeploy guide, "
                "configurations); set a value from 1 to 99"
            ),
        ),
        (
            {"traffic": {"interval_minutes": 2_881}},
            (
                "traffic.interval_minutes is 2881; a shift of all traffic takes 1 to 2880 minutes (CodeDeploy quotas: "
                "48 hours); set a value from 1 to 2880"
            ),
        ),
        (
            {"traffic": {"kind": "linear", "percent": 3, "interval_minutes": 90}},
            (
                "traffic: percent is 3 and interval_minutes is 90; 34 shares would take 2970 minutes from the first to "
                "the last, and CodeDeploy takes 2880 (CodeDeploy quotas); move more at a time, or more often"
            ),
        ),
        (
            {"rollback_on": ALL_BUT_REQUEST},
            (
                "rollback_on leaves out DEPLOYMENT_STOP_ON_REQUEST without a reason; callers would keep getting the "
                "new version after such an end; set rollback_on_reason, or leave rollback_on as it is by default"
            ),
        ),
        (
            {"rollback_on_reason": "we do it by hand"},
            'rollback_on_reason is "we do it by hand"; a reason belongs to fewer than all events; remove it',
        ),
        (
            {"rollback_on": [*ROLLBACK_EVENTS, "DEPLOYMENT_READY"]},
            (
                'rollback_on[3] is "DEPLOYMENT_READY"; rollback_on is one of DEPLOYMENT_FAILURE, '
                "DEPLOYMENT_STOP_ON_ALARM, DEPLOYMENT_STOP_ON_REQUEST; choose one of them"
            ),
        ),
        (
            {"ignore_alarm_polling_failure": True},
            (
                "ignore_alarm_polling_failure is True without a reason; nothing would watch the new version; set "
                "ignore_alarm_polling_failure_reason, or leave ignore_alarm_polling_failure as it is by default"
            ),
        ),
        (
            {"ignore_alarm_polling_failure_reason": "because"},
            (
                'ignore_alarm_polling_failure_reason is "because"; a reason belongs to ignore_alarm_polling_failure: '
                "true; remove it"
            ),
        ),
        (
            {"notify_on": ["DeploymentStop", "DeploymentStop"]},
            'notify_on holds "DeploymentStop" twice; each once; remove one',
        ),
        (
            {"notify_on": ["InstanceFailure"]},
            (
                'notify_on[0] is "InstanceFailure"; notify_on is one of DeploymentStart, DeploymentSuccess, '
                "DeploymentFailure, DeploymentStop, DeploymentRollback; choose one of them"
            ),
        ),
        (
            {"existing_alarms": [""]},
            (
                'existing_alarms[0] is ""; an alarm\'s name has 1 to 255 characters (cloudwatch API model); copy it '
                "from CloudWatch"
            ),
        ),
    ],
)
def test_what_is_refused(data: dict[str, Any], sentence: str) -> None:
    assert refusal(data) == sentence


@given(percent=st.integers(1, 99), minutes=st.integers(1, 2_880))
def test_a_linear_shift_is_taken_when_its_last_share_comes_in_time(percent: int, minutes: int) -> None:
    in_time = (-(-100 // percent) - 1) * minutes <= limits.CODEDEPLOY_SHIFT_MINUTES.maximum
    traffic = {"kind": "linear", "percent": percent, "interval_minutes": minutes}
    if in_time:
        assert ReleaseConfig.parse({"traffic": traffic}).traffic == LinearConfig.parse(traffic)
    else:
        assert "shares would take" in refusal({"traffic": traffic})
