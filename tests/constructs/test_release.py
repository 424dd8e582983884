"""What only the construct of releases can refuse, and what it makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import AlarmTopic
from modules.release import Release, ReleaseConfig
from modules.topic import Topic, TopicConfig
from stacks.base import App, TargetStack

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders"
OFF = {"enabled": False, "reason": "not what this test is about"}
GROUP_ARN = "arn:aws:codedeploy:eu-west-1:123456789012:deploymentgroup:acme-dev-orders-release/live"
NO_ALARMS = {
    "rollback_on": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"],
    "rollback_on_reason": "nothing watches this function",
}
QUIET = ReleaseConfig.parse({"notify_on": [], **NO_ALARMS})


class Made:
    """A stack to which tests add functions."""

    def __init__(self, work: Path) -> None:
        self.app = App(outdir=str(work))
        fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
        self.stack = TargetStack(self.app, Target.parse({**fields, "stack": "orders", "owner": "me"}))
        self.key = Key(self.stack, "key")
        self.topic = AlarmTopic(self.stack, "alarm-topic", key=self.key)

    def function(self, name: str, *, shift: str = "", **fields: Any) -> Function:
        """A function outside of any network; with a shift, one with an alias."""
        alias = {"alias": {"shift": shift}} if shift else {}
        config = FunctionConfig.parse(
            {
                "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
                "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
                "asynchronous": {"dead_letters": {"kind": "none", "reason": "nobody invokes it so"}},
                "reserved_concurrency": 5,
                **alias,
                **fields,
            }
        )
        return Function(self.stack, name, config=config, network=None, key=self.key, alarm_topic=self.topic)

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of a kind by name."""
        found: dict[str, dict[str, Any]] = self.stack.to_terraform()["resource"].get(kind, {})
        return found

    def only(self, kind: str) -> dict[str, Any]:
        """The only resource of a kind."""
        (found,) = self.resources(kind).values()
        return found

    def name_of(self, kind: str) -> str:
        """Address of the only resource of a kind."""
        (name,) = self.resources(kind)
        return f"{kind}.{name}"

    def told(self) -> dict[str, str]:
        """The only release in the stack's output."""
        (release,) = self.stack.to_terraform()["output"]["releases"]["value"]
        found: dict[str, str] = release
        return found

    def statements(self, start: str) -> dict[str, dict[str, Any]]:
        """Statements of the inline policy whose resource's name begins so, by sid."""
        (policy,) = (each for name, each in self.resources("aws_iam_role_policy").items() if name.startswith(start))
        return {each["Sid"]: each for each in json.loads(policy["policy"])["Statement"]}


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def refusal(build: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


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


def test_a_function_without_an_alias_is_refused(made: Made) -> None:
    api = made.function("api")
    assert refusal(lambda: Release(made.stack, "release", function=api, config=QUIET)) == (
        f"{WHERE}/release: {WHERE}/api has no alias; CodeDeploy moves an alias from version to version; set its alias "
        'to {"shift": "codedeploy"}'
    )


def test_an_alias_that_terraform_moves_is_refused(made: Made) -> None:
    api = made.function("api", shift="at_once")
    assert refusal(lambda: Release(made.stack, "release", function=api, config=QUIET)) == (
        f'{WHERE}/release: the alias live of {WHERE}/api has the shift "at_once"; Terraform would take back what '
        'CodeDeploy shifts; set alias.shift to "codedeploy"'
    )


def test_an_alias_with_weights_is_refused_before(made: Made) -> None:
    routing = {"additional_version": 1, "additional_version_percent": 10}
    said = refusal(lambda: made.function("api", alias={"shift": "codedeploy", "routing": routing}))
    assert said == (
        'alias: shift is "codedeploy" and routing is set; CodeDeploy moves the alias, and Terraform ignores its '
        "version and weights; remove routing, or set shift to at_once"
    )


def test_a_function_that_is_released_already_is_refused(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    Release(made.stack, "release", function=api, config=QUIET)
    assert refusal(lambda: Release(made.stack, "again", function=api, config=QUIET)) == (
        f"{WHERE}/again: {WHERE}/release releases {WHERE}/api, too; two deployment groups would move one alias at "
        "once; keep one of them"
    )


def test_everything_that_is_wrong_is_told_at_once(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    topic = Topic(made.stack, "told", config=TopicConfig.parse({"fifo": {}, "alarms": OFF}), key=made.key)

    def build() -> None:
        Release(
            made.stack, "release", function=api, notification_topic=topic, after_traffic=api,
            alarms=("acme-dev-orders-api-eror",),
        )  # fmt: skip

    assert refusal(build).splitlines() == [
        (
            f"{WHERE}/release: after_traffic is {WHERE}/api, the function that is released; a hook judges the new "
            "version and tells CodeDeploy, apart from it; write a function of its own"
        ),
        (
            f'{WHERE}/release: alarms holds "acme-dev-orders-api-eror"; the stack has no alarm of that name so far; '
            "take names from the alarm_names of what is watched, or put those of other stacks into existing_alarms"
        ),
        (
            f"{WHERE}/release: notification_topic is a FIFO topic; CodeDeploy publishes to standard topics: its "
            "messages have no group (SNS guide, FIFO topics); use a standard topic"
        ),
    ]


def test_a_shift_that_nothing_watches_and_nobody_is_told_of_is_refused(made: Made) -> None:
    api = made.function("api", shift="codedeploy", alarms=OFF)
    assert refusal(lambda: Release(made.stack, "release", function=api)).splitlines() == [
        (
            f"{WHERE}/release: alarms is empty and rollback_on holds DEPLOYMENT_STOP_ON_ALARM; nothing would notice a "
            "version that fails; leave the function's alarms on, pass alarms, or leave the event out of "
            "rollback_on and set rollback_on_reason"
        ),
        (
            f"{WHERE}/release: alarm_topic is missing; CodeDeploy would tell nobody of DeploymentFailure, "
            "DeploymentStop, DeploymentRollback; pass alarm_topic=AlarmTopic(...) or notification_topic, or set "
            "notify_on to ()"
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "alarms", "sentence"),
    [
        (
            {"existing_alarms": [f"alarm-{number}" for number in range(51)]},
            (),
            (
                "51 alarms watch the release; a deployment group has at most 50 (CodeDeploy quotas, default); join "
                "some in a composite alarm"
            ),
        ),
        (
            {"existing_alarms": ["acme-dev-orders-api-errors"]},
            ("acme-dev-orders-api-errors",),
            '"acme-dev-orders-api-errors" is given twice; each alarm once; remove one',
        ),
        (
            {
                "ignore_alarm_polling_failure": True,
                "ignore_alarm_polling_failure_reason": "CloudWatch may be away",
                **NO_ALARMS,
            },
            (),
            "ignore_alarm_polling_failure is True and alarms is empty; no alarm is polled; remove it",
        ),
    ],
)
def test_alarms_that_do_not_fit_are_refused(
    made: Made, fields: dict[str, Any], alarms: tuple[str, ...], sentence: str
) -> None:
    api = made.function("api", shift="codedeploy")
    config = ReleaseConfig.parse({"notify_on": [], **fields})
    said = refusal(lambda: Release(made.stack, "release", function=api, config=config, alarms=alarms))
    assert said == f"{WHERE}/release: {sentence}"
