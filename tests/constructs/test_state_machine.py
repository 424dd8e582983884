"""What the construct of state machines makes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.key import Key
from modules.observability import AlarmTopic
from modules.state_machine import StateMachine, StateMachineConfig
from stacks.base import TargetStack
from tests.constructs.bare import only, refusal, resources, sids

pytestmark = pytest.mark.synth

NAME = "acme-dev-orders-flow"
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
EACH = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "MaxConcurrency": 5,
            "ToleratedFailurePercentage": 10,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **WAIT},
            "End": True,
        }
    },
}
QUIET = StateMachineConfig.parse({"alarms": {"enabled": False, "reason": "not what this test is about"}})


def policy(stack: TargetStack, role: str = "flow_role") -> dict[str, dict[str, Any]]:
    (found,) = (each for name, each in resources(stack, "aws_iam_role_policy").items() if name.startswith(role))
    return {each["Sid"]: each for each in json.loads(found["policy"])["Statement"]}


def test_a_state_machine_is_encrypted_logged_and_traced(stack: TargetStack, key: Key) -> None:
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    flow = StateMachine(stack, "flow", definition=WAIT, key=key, alarm_topic=topic)
    machine = only(stack, "aws_sfn_state_machine")
    assert (machine["name"], machine["type"]) == (NAME, "STANDARD")
    assert json.loads(machine["definition"]) == {**WAIT, "TimeoutSeconds": 86_400}
    (group,) = resources(stack, "aws_cloudwatch_log_group")
    assert machine["logging_configuration"] == {
        "include_execution_data": True, "level": "ALL",
        "log_destination": f"${{aws_cloudwatch_log_group.{group}.arn}}:*",
    }  # fmt: skip
    assert machine["tracing_configuration"] == {"enabled": True}
    assert machine["encryption_configuration"]["kms_key_id"].startswith("${aws_kms_key.key_")
    assert machine["depends_on"][0].startswith("aws_iam_role_policy.flow_role_policy")
    assert only(stack, "aws_cloudwatch_log_group")["name"] == f"/aws/vendedlogs/states/{NAME}"
    assert flow.alarm_names == (f"{NAME}-failed", f"{NAME}-timed-out", f"{NAME}-throttled")
    assert "LogDeliveryDecryptsExecutions" in sids(only(stack, "aws_kms_key")["policy"])


def test_the_role_starts_children_only_where_a_map_does(stack: TargetStack, key: Key) -> None:
    StateMachine(stack, "flow", definition=WAIT, config=QUIET, key=key)
    StateMachine(stack, "many", definition=EACH, config=QUIET, key=key)
    own = {"DeliverLogs", "WriteTraces", "EncryptExecutions", "EncryptLogEvents"}
    assert set(policy(stack)) == own
    many = policy(stack, "many_role")
    assert set(many) == own | {"StartChildren", "FollowChildren"}
    arn = "arn:aws:states:eu-west-1:123456789012:{}:acme-dev-orders-many"
    assert many["StartChildren"]["Resource"] == [arn.format("stateMachine")]
    assert many["FollowChildren"]["Resource"] == [f"{arn.format('execution')}/*"]


def test_a_role_starts_or_operates_executions(stack: TargetStack, key: Key) -> None:
    flow = StateMachine(stack, "flow", definition=WAIT, config=QUIET, key=key)
    for name, grant in (("starter", flow.grant_start), ("operator", flow.grant_operate)):
        role = Role(stack, name, name=name, trust=service_trust("ec2.amazonaws.com"), statements=())
        grant(role)
    assert policy(stack, "starter")["StartFlow"]["Action"] == ["states:StartExecution"]
    operator = policy(stack, "operator")
    assert operator["OperateFlow"]["Resource"] == [f"arn:aws:states:eu-west-1:123456789012:execution:{NAME}:*"]
    assert operator["BrakeFlow"]["Action"] == ["states:DescribeMapRun", "states:UpdateMapRun"]
    assert operator["BrakeFlow"]["Resource"] == [f"arn:aws:states:eu-west-1:123456789012:mapRun:{NAME}/*:*"]
    assert refusal(lambda: flow.connection(access="stop")) == (
        'dev-main-eu-west-1-orders/flow: access is "stop"; it is one of start, operate; choose one of them'
    )


def test_every_problem_of_a_definition_is_told_at_once(stack: TargetStack, key: Key) -> None:
    bad = {"StartAt": "Run", "States": {"Wait": {"Type": "Wait"}}, "TimeoutSeconds": 5}
    assert refusal(lambda: StateMachine(stack, "flow", definition=bad, key=key)) == (
        'dev-main-eu-west-1-orders/flow: definition.StartAt is "Run"; it is one of Wait; name one of them\n'
        "dev-main-eu-west-1-orders/flow: definition.TimeoutSeconds is 5; the configuration says how long an "
        "execution may take; remove it, and set timeout_seconds"
    )
