"""What the construct of releases makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.release import Release, ReleaseConfig
from modules.topic import Topic, TopicConfig
from tests.constructs.releases import GROUP_ARN, NO_ALARMS, OFF, QUIET, Made

pytestmark = pytest.mark.synth


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def test_a_release_is_application_group_and_role(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    release = Release(made.stack, "release", function=api, alarm_topic=made.topic)
    app, group = made.only("aws_codedeploy_app"), made.only("aws_codedeploy_deployment_group")
    assert (app["name"], app["compute_platform"]) == ("acme-dev-orders-release", "Lambda")
    assert group["deployment_group_name"] == "live"
    assert group["deployment_config_name"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert group["deployment_style"] == {
        "deployment_option": "WITH_TRAFFIC_CONTROL", "deployment_type": "BLUE_GREEN",
    }  # fmt: skip
    assert group["alarm_configuration"] == {
        "alarms": sorted(api.release_alarm_names), "enabled": True, "ignore_poll_alarm_failure": False,
    }  # fmt: skip
    assert group["auto_rollback_configuration"] == {
        "enabled": True,
        "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    }
    (trigger,) = group["trigger_configuration"]
    assert trigger["trigger_events"] == ["DeploymentFailure", "DeploymentRollback", "DeploymentStop"]
    assert trigger["trigger_target_arn"].startswith("${aws_sns_topic.alarm-topic_")
    waits = {each.partition(".")[0] for each in group["depends_on"]}
    assert waits == {"aws_iam_role_policy", "aws_cloudwatch_metric_alarm"}
    assert made.resources("aws_codedeploy_deployment_config") == {}
    assert release.group_arn == GROUP_ARN
    made.stack.output("releases", [release.output], "What the command line shifts")
    assert made.told() == {
        "function_name": f"${{{made.name_of('aws_lambda_function')}.function_name}}",
        "alias": f"${{{made.name_of('aws_lambda_alias')}.name}}",
        "application": f"${{{made.name_of('aws_codedeploy_app')}.name}}",
        "deployment_group": f"${{{made.name_of('aws_codedeploy_deployment_group')}.deployment_group_name}}",
        "region": "eu-west-1",
        "account_id": "123456789012",
        "before_traffic": "",
        "after_traffic": "",
    }


def test_the_role_may_move_one_alias_and_tell_one_topic(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    Release(made.stack, "release", function=api, alarm_topic=made.topic, alarms=api.alarm_names)
    statements = made.statements("release_role_policy")
    function, alias = (f"${{{made.name_of(kind)}.arn}}" for kind in ("aws_lambda_function", "aws_lambda_alias"))
    assert set(statements) == {"MoveAlias", "SeeWhatIsReady", "SeeAlarms", "PublishAlarms", "EncryptAlarms"}
    assert statements["MoveAlias"]["Resource"] == [function, alias]
    assert statements["SeeWhatIsReady"]["Resource"] == [f"{function}:*"]
    assert statements["SeeAlarms"]["Action"] == ["cloudwatch:DescribeAlarms"]
    assert statements["PublishAlarms"]["Resource"][0].startswith("${aws_sns_topic.alarm-topic_")
    (role,) = (role for name, role in made.resources("aws_iam_role").items() if name.startswith("release_"))
    assert json.loads(role["assume_role_policy"])["Statement"][0]["Principal"] == {
        "Service": ["codedeploy.amazonaws.com"]
    }


def test_hooks_are_invoked_and_may_report(made: Made) -> None:
    api, before = made.function("api", shift="codedeploy"), made.function("before")
    after = made.function("after", shift="at_once")
    release = Release(made.stack, "release", function=api, config=QUIET, before_traffic=before, after_traffic=after)
    made.stack.output("releases", [release.output], "What the command line shifts")
    arns = [made.told()[hook] for hook in ("before_traffic", "after_traffic")]
    assert arns[0].startswith("${aws_lambda_function.before_")
    assert arns[1].startswith("${aws_lambda_alias.after_")
    assert made.statements("release_role_policy")["InvokeHooks"]["Resource"] == arns
    for hook in ("before", "after"):
        report = made.statements(f"{hook}_role_policy")["ReportToRelease"]
        assert report["Action"] == ["codedeploy:PutLifecycleEventHookExecutionStatus"]
        assert report["Resource"] == [GROUP_ARN]
    assert "ReportToRelease" not in made.statements("api_role_policy")


def test_a_hook_changes_no_resource_but_the_policies_that_let_it(tmp_path: Path) -> None:
    def documents(name: str, *, with_hook: bool) -> dict[str, Any]:
        made = Made(tmp_path / name)
        api, check = made.function("api", shift="codedeploy"), made.function("check")
        Release(
            made.stack, "release", function=api, alarm_topic=made.topic, alarms=api.alarm_names,
            before_traffic=check if with_hook else None,
        )  # fmt: skip
        found: dict[str, dict[str, Any]] = made.stack.to_terraform()["resource"]
        return {f"{kind}.{name}": each for kind, named in found.items() for name, each in named.items()}

    without, having = documents("without", with_hook=False), documents("having", with_hook=True)
    assert set(without) == set(having)
    changed = sorted(name.rpartition("_")[0] for name in without if without[name] != having[name])
    assert changed == ["aws_iam_role_policy.check_role_policy", "aws_iam_role_policy.release_role_policy"]


def test_what_aws_has_no_configuration_for_is_made(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    traffic = {"kind": "linear", "percent": 25, "interval_minutes": 2}
    config = ReleaseConfig.parse({"traffic": traffic, "notify_on": [], **NO_ALARMS})
    Release(made.stack, "release", function=api, config=config, alarms=())
    own = made.only("aws_codedeploy_deployment_config")
    assert own["deployment_config_name"] == "acme-dev-orders-release-linear-25-percent-2-minutes"
    assert own["traffic_routing_config"] == {
        "type": "TimeBasedLinear", "time_based_linear": {"interval": 2, "percentage": 25},
    }  # fmt: skip
    assert own["lifecycle"] == {"create_before_destroy": True}
    group = made.only("aws_codedeploy_deployment_group")
    assert group["deployment_config_name"].startswith("${aws_codedeploy_deployment_config.release_traffic_")
    assert "trigger_configuration" not in group
    assert "alarm_configuration" not in group
    assert group["auto_rollback_configuration"]["events"] == ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]


def test_another_topic_is_told_instead_and_alarms_of_other_stacks_stop_a_shift(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    told = Topic(made.stack, "told", config=TopicConfig.parse({"alarms": OFF}), key=made.key)
    config = ReleaseConfig(existing_alarms=("shop-errors",), notify_on=("DeploymentStart",))
    Release(
        made.stack, "release", function=api, config=config, alarm_topic=made.topic, notification_topic=told,
        alarms=api.alarm_names,
    )  # fmt: skip
    group = made.only("aws_codedeploy_deployment_group")
    assert group["trigger_configuration"][0]["trigger_target_arn"].startswith("${aws_sns_topic.told_")
    assert group["alarm_configuration"]["alarms"] == sorted([*api.alarm_names, "shop-errors"])
    published = made.statements("release_role_policy")
    assert not {"PublishAlarms", "EncryptAlarms"} & set(published)
    assert any("sns:Publish" in statement["Action"] for statement in published.values())


def test_nothing_is_rolled_back_when_that_is_said(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    config = ReleaseConfig(rollback_on=(), rollback_on_reason="a person decides", notify_on=())
    Release(made.stack, "release", function=api, config=config)
    assert made.only("aws_codedeploy_deployment_group")["auto_rollback_configuration"] == {"enabled": False}
