"""Aliases: one with provisioned concurrency, scaled and scheduled; one of two versions; and one left to CodeDeploy."""

from __future__ import annotations

from typing import Any

from modules.function import Function, FunctionConfig
from modules.key import Key
from stacks.base import TargetStack
from tests.apply.function_base import NAME
from tests.apply.harness import Applied, Build, Prove, described

ACCOUNT = "123456789012"
API, WORKER, LATE, RELEASED = (NAME.format(name) for name in ("api", "worker", "late", "released"))
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
DIMENSION = "lambda:function:ProvisionedConcurrency"
RESOURCE = f"function:{API}:live"
RULE = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/nightly"
UNSCANNED = (
    "Checkov wants every function in a VPC (CKV_AWS_117) and with dead letters (CKV_AWS_116), whatever the reason; "
    "both cost minutes of an apply and are not what this test is about"
)
CALM: dict[str, Any] = {
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "not what this test is about"}},
    "alarms": {"enabled": False, "reason": "not what this test is about"},
    "reserved_concurrency": 10,
}
PROVISIONED: dict[str, Any] = {
    "minimum": 1,
    "maximum": 4,
    "schedules": {
        "morning": {"schedule": "cron(0 7 ? * MON-FRI *)", "timezone": "Europe/Berlin", "minimum": 2, "maximum": 5},
        "sale": {"schedule": "at(2030-11-29T00:00:00)", "minimum": 5},
    },
}


def built(release: int, *, worker: dict[str, Any], late: dict[str, Any]) -> Build:
    """The stack with the code of a release, and two functions whose code stays as it is.

    Args:
        release: what the code of the others answers.
        worker: settings of a function with two versions behind one alias.
        late: settings of a function that gets an alias when it has run for a while.
    """

    def build(stack: TargetStack) -> None:
        key = Key.from_existing(stack, "key", arn=KEY, policy_allows_services=True)

        def function(name: str, answer: int, **fields: Any) -> Function:
            code = {"kind": "inline", "text": f"def handler(event, context):\n    return {answer}\n"}
            config = FunctionConfig.parse({"code": code, **CALM, **fields})
            return Function(stack, name, config=config, network=None, key=key)

        function("worker", 0, **worker)
        function("late", 0, **late)
        function("released", release, alias={"shift": "codedeploy"})
        api = function("api", release, alias={"provisioned_concurrency": PROVISIONED}, url={})
        api.allow_invoke("nightly", principal="events.amazonaws.com", source_arn=RULE)
        stack.output("arn", api.invocation.arn, "What triggers invoke")

    return build


ROUTING = {"additional_version": 2, "additional_version_percent": 10}
FIRST = built(1, worker={"alias": {"name": "stable"}}, late={})
SECOND = built(
    2, worker={"alias": {"name": "stable", "version": 1, "routing": ROUTING}, "memory_mb": 640}, late={"alias": {}}
)


def test_an_alias_and_what_follows_it(prove: Prove) -> None:
    with prove(FIRST, unscanned_reason=UNSCANNED) as applied:
        assert [versions(applied, name) for name in (API, LATE)] == [["$LATEST", "1"], ["$LATEST"]]
        assert [alias(applied, *name)["FunctionVersion"] for name in ((API, "live"), (WORKER, "stable"))] == ["1", "1"]
        assert applied.outputs["arn"] == f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{API}:live"
        _is_scaled_and_scheduled(applied)
        _is_invoked_by_its_alias(applied)
        _is_scaled_by_somebody_else(applied)

        applied.apply(SECOND)
        assert [versions(applied, name) for name in (API, WORKER, RELEASED)] == [["$LATEST", "1", "2"]] * 3
        assert memory(applied, WORKER) == {"1": 512, "2": 640}  # its configuration changed, not its code
        live = alias(applied, API, "live")
        assert (live["FunctionVersion"], live.get("RoutingConfig") or {}) == ("2", {})
        assert (provisioned(applied), bounds(applied)) == (3, (2, 5))  # as scaling has left them, behind version 2
        stable = alias(applied, WORKER, "stable")
        assert stable["FunctionVersion"] == "1"
        assert stable["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.1}}
        assert (versions(applied, LATE), alias(applied, LATE, "live")["FunctionVersion"]) == (["$LATEST", "1"], "1")
        _is_left_to_codedeploy(applied)


def versions(applied: Applied, name: str) -> list[str]:
    found = applied.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    return [version["Version"] for version in found]


def memory(applied: Applied, name: str) -> dict[str, int]:
    """Memory of each published version, in MB."""
    found = applied.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    return {version["Version"]: version["MemorySize"] for version in found if version["Version"] != "$LATEST"}


def alias(applied: Applied, name: str, qualifier: str) -> dict[str, Any]:
    found: dict[str, Any] = applied.client("lambda").get_alias(FunctionName=name, Name=qualifier)
    return found


def provisioned(applied: Applied) -> int:
    found = applied.client("lambda").get_provisioned_concurrency_config(FunctionName=API, Qualifier="live")
    wanted: int = found["RequestedProvisionedConcurrentExecutions"]
    return wanted


def bounds(applied: Applied) -> tuple[int, int]:
    scaling = applied.client("application-autoscaling")
    [target] = scaling.describe_scalable_targets(ServiceNamespace="lambda")["ScalableTargets"]
    assert (target["ResourceId"], target["ScalableDimension"]) == (RESOURCE, DIMENSION)
    return target["MinCapacity"], target["MaxCapacity"]


def _is_scaled_and_scheduled(applied: Applied) -> None:
    scaling = applied.client("application-autoscaling")
    assert provisioned(applied) == 1
    assert bounds(applied) == (1, 4)
    [policy] = scaling.describe_scaling_policies(ServiceNamespace="lambda")["ScalingPolicies"]
    assert (policy["PolicyType"], policy["ResourceId"]) == ("TargetTrackingScaling", RESOURCE)
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    assert tracking["TargetValue"] == 0.7
    assert tracking["PredefinedMetricSpecification"] == {
        "PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"
    }
    actions = scaling.describe_scheduled_actions(ServiceNamespace="lambda")["ScheduledActions"]
    found = {action["ScheduledActionName"].removeprefix(f"{API}-provisioned-"): action for action in actions}
    assert {name: (each["Schedule"], each["Timezone"]) for name, each in found.items()} == {
        "morning": ("cron(0 7 ? * MON-FRI *)", "Europe/Berlin"),
        "sale": ("at(2030-11-29T00:00:00)", "UTC"),
    }
    assert {name: each["ScalableTargetAction"] for name, each in found.items()} == {
        "morning": {"MinCapacity": 2, "MaxCapacity": 5},
        "sale": {"MinCapacity": 5, "MaxCapacity": 5},
    }


def _is_invoked_by_its_alias(applied: Applied) -> None:
    client = applied.client("lambda")
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{API}:live"
    policy = client.get_policy(FunctionName=API, Qualifier="live")["Policy"]
    assert f'"{arn}"' in policy
    assert RULE in policy
    url = client.get_function_url_config(FunctionName=API, Qualifier="live")
    assert url["FunctionArn"] == arn
    path = client.get_function_event_invoke_config(FunctionName=API, Qualifier="live")
    assert (path["FunctionArn"], path["MaximumRetryAttempts"]) == (arn, 2)


def _is_scaled_by_somebody_else(applied: Applied) -> None:
    """What Application Auto Scaling does: a scheduled action changes the bounds, and utilization the number."""
    applied.client("lambda").put_provisioned_concurrency_config(
        FunctionName=API, Qualifier="live", ProvisionedConcurrentExecutions=3
    )
    applied.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="lambda", ResourceId=RESOURCE, ScalableDimension=DIMENSION, MinCapacity=2, MaxCapacity=5
    )


def _is_left_to_codedeploy(applied: Applied) -> None:
    """An alias in the middle of a shift is no difference to the next plan."""
    assert alias(applied, RELEASED, "live")["FunctionVersion"] == "1"  # the apply has published only
    applied.client("lambda").update_alias(
        FunctionName=RELEASED, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}
    )
    assert not described(applied.plan_of(SECOND))
