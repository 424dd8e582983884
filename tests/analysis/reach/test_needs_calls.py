"""Services that a function calls itself, and what Lambda does with its role."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import Entry, ref, resource, text
from tests.analysis.reach.functions import (
    FUNCTION,
    IN_VPC,
    ROLE,
    allow,
    certain,
    function,
    needed,
    policy,
    uncertain,
)

QUEUE = resource("aws_sqs_queue.jobs", {"name": "jobs"}, unknown={"arn": True, "url": True, "id": True})
SECRET = resource("aws_secretsmanager_secret.token", {"name": "token"}, unknown={"arn": True, "id": True})
KEY = resource("aws_kms_key.main", unknown={"arn": True, "key_id": True, "id": True})
ON_QUEUE, ON_KEY = "${aws_sqs_queue.jobs.arn}", "${aws_kms_key.main.arn}"


@pytest.mark.parametrize(
    ("action", "service"),
    [
        ("secretsmanager:GetSecretValue", "secretsmanager"),
        ("SecretsManager:getsecretvalue", "secretsmanager"),
        ("kms:Sign", "kms"),
        ("sts:AssumeRole", "sts"),
        ("ssm:GetParameter*", "ssm"),
        ("sqs:SendMessage", "sqs"),
        ("sns:Publish", "sns"),
        ("lambda:InvokeFunction", "lambda"),
        ("events:PutEvents", "events"),
        ("scheduler:CreateSchedule", "scheduler"),
        ("states:StartExecution", "states"),
        ("states:StartSyncExecution", "sync-states"),
        ("kinesis:PutRecord", "kinesis-streams"),
        ("firehose:PutRecordBatch", "kinesis-firehose"),
        ("dynamodb:GetItem", "dynamodb"),
        ("s3:*", "s3"),
        ("rds-data:ExecuteStatement", "rds-data"),
        ("execute-api:Invoke", "execute-api"),
        ("cloudwatch:PutMetricData", "monitoring"),
        ("logs:StartQuery", "logs"),
        ("xray:GetTraceSummaries", "xray"),
        ("ec2:DescribeInstances", "ec2"),
        ("ecr:DescribeImages", "ecr.api"),
        ("appconfig:GetLatestConfiguration", "appconfigdata"),
        ("bedrock:InvokeModel", "bedrock-runtime"),
        ("iam:GetRole", "iam"),
    ],
)
def test_the_service_of_an_action(action: str, service: str) -> None:
    found = needed(function(), ROLE, policy(allow(action)))
    assert certain(found) == [service]
    assert found[service].destination.actions == (action,)
    assert found[service].destination.ports == (443,)
    assert found[service].reasons == (f"aws_iam_role_policy.api allows {action}",)


@pytest.mark.parametrize(
    "action",
    [
        "logs:*",
        "logs:CreateLogStream",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeSubnets",
        "rds-db:connect",
        "elasticache:Connect",
        "elasticfilesystem:ClientMount",
        "iam:PassRole",
        "kafka-cluster:Connect",
    ],
)
def test_what_is_no_call_of_the_function(action: str) -> None:
    assert needed(function(), ROLE, policy(allow(action))) == {}


def test_a_secret_beside_the_data_api_may_be_read_by_rds() -> None:
    on_secret = "${aws_secretsmanager_secret.token.arn}"
    allowed = policy(allow("rds-data:ExecuteStatement"), allow("secretsmanager:GetSecretValue", on=on_secret))
    told = function(environment=ref("aws_secretsmanager_secret.token.arn"))
    for api in (function(), told):
        found = needed(api, ROLE, SECRET, allowed)
        assert certain(found) == ["rds-data"]
        assert list(uncertain(found)) == ["secretsmanager"]


def test_a_function_outside_a_vpc_needs_nothing() -> None:
    outside = function(vpc_config=[])
    assert needed(outside, ROLE, policy(allow("s3:GetObject"))) == {}
    emptied = function(vpc_config=[{"subnet_ids": [], "security_group_ids": []}])
    assert needed(emptied, ROLE, policy(allow("s3:GetObject"))) == {}


def test_a_service_that_is_not_in_the_table_is_unknown() -> None:
    assert uncertain(needed(function(), ROLE, policy(allow("workmail:ListUsers")))) == {
        "workmail": "which endpoint the actions of workmail call"
    }


@pytest.mark.parametrize("action", ["*", "*:*", "s*:Get*"])
def test_actions_of_any_service_are_unknown(action: str) -> None:
    assert uncertain(needed(function(), ROLE, policy(allow(action)))) == {
        "*": f"which services are called with {action}"
    }


@pytest.mark.parametrize("action", ["ec2:*", "ec2:Create*"])
def test_a_pattern_that_network_interfaces_need_too_is_unknown(action: str) -> None:
    assert uncertain(needed(function(), ROLE, policy(allow(action)))) == {
        "ec2": f"whether the function calls {action} itself; Lambda makes network interfaces with it"
    }


def test_traces_are_written_by_lambda_where_tracing_is_active() -> None:
    traces = policy(allow("xray:PutTraceSegments", "xray:PutTelemetryRecords"))
    assert needed(function(tracing_config=[{"mode": "Active"}]), ROLE, traces) == {}
    assert list(uncertain(needed(function(), ROLE, traces))) == ["xray"]


@pytest.mark.parametrize("written", [
    allow("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}}),
    allow("kms:Decrypt", Condition={"StringLike": {"KMS:ViaService": "s3.*"}}),
    allow("kms:Decrypt", Condition={"StringEquals": {"kms:EncryptionContext:SecretARN": "a"}}),
    allow("s3:GetObject", Condition={"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}}),
])  # fmt: skip
def test_what_a_service_does_for_the_function_is_no_call(written: dict[str, Any]) -> None:
    assert needed(function(), ROLE, policy(written)) == {}


def encrypted(kind: str, attribute: str) -> Entry:
    return resource(f"{kind}.e", expressions={attribute: ref("aws_kms_key.main.arn")}, unknown={attribute: True})


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("aws_sqs_queue", "kms_master_key_id"),
        ("aws_secretsmanager_secret", "kms_key_id"),
        ("aws_s3_bucket_server_side_encryption_configuration", "rule"),
        ("aws_cloudwatch_log_group", "kms_key_id"),
    ],
)
def test_a_key_that_encrypts_is_used_by_the_service(kind: str, attribute: str) -> None:
    written = policy(allow("kms:Decrypt", "kms:GenerateDataKey", on=ON_KEY))
    assert needed(function(), ROLE, KEY, encrypted(kind, attribute), written) == {}


def test_a_key_of_the_environment_is_used_by_lambda() -> None:
    own = function(expressions={"kms_key_arn": ref("aws_kms_key.main.arn")}, unknown={"kms_key_arn": True})
    assert needed(own, ROLE, KEY, policy(allow("kms:Decrypt", on=ON_KEY))) == {}


def test_a_key_that_encrypts_nothing_is_called() -> None:
    assert certain(needed(function(), ROLE, KEY, policy(allow("kms:Decrypt", on=ON_KEY)))) == ["kms"]


def test_a_key_that_the_code_is_told_of_is_called() -> None:
    told = function(environment=text({"KEY": ON_KEY}))
    written = policy(allow("kms:Decrypt", on=ON_KEY))
    assert certain(needed(told, ROLE, KEY, encrypted("aws_sqs_queue", "kms_master_key_id"), written)) == ["kms"]


@pytest.mark.parametrize("on", ["*", "arn:aws:kms:eu-west-1:1:key/a"])
def test_a_key_outside_the_plan_is_unknown(on: str) -> None:
    assert uncertain(needed(function(), ROLE, policy(allow("kms:Decrypt", on=on)))) == {
        "kms": "whether kms:Decrypt is called by the function or through a service that encrypts with the key"
    }


def test_an_image_is_pulled_by_lambda() -> None:
    written = policy(allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"))
    assert needed(function(package_type="Image"), ROLE, written) == {}
    assert certain(needed(function(package_type="Zip"), ROLE, written)) == ["ecr.api"]


@pytest.mark.parametrize("on", ["arn:aws:secretsmanager:us-east-1:1:secret:a", "arn:aws:secretsmanager:us-east-1:*:*"])
def test_another_region_is_named(on: str) -> None:
    assert certain(needed(function(), ROLE, policy(allow("secretsmanager:GetSecretValue", on=on)))) == [
        "secretsmanager us-east-1"
    ]


def test_a_resource_in_another_region_is_there() -> None:
    away = resource("aws_sqs_queue.jobs", unknown={"arn": True}, region="us-west-2")
    found = needed(function(), ROLE, away, policy(allow("sqs:SendMessage", on=ON_QUEUE)))
    assert certain(found) == ["sqs us-west-2"]


def test_the_own_region_is_not_named() -> None:
    on = ["arn:aws:sqs:eu-west-1:1:a", "arn:aws:sqs:us-east-1:1:b"]
    assert certain(needed(function(), ROLE, policy(allow("sqs:SendMessage", on=on)))) == ["sqs", "sqs us-east-1"]


def test_actions_and_objects_are_put_together() -> None:
    written = policy(allow("sqs:SendMessage", on=ON_QUEUE), allow("SQS:GetQueueUrl", on=[ON_QUEUE]))
    (need,) = needed(function(), ROLE, QUEUE, written).values()
    assert need.destination.actions == ("SQS:GetQueueUrl", "sqs:SendMessage")
    assert [entry.address for entry in need.destination.objects] == ["aws_sqs_queue.jobs"]
    assert len(need.reasons) == 2


def test_an_unknown_policy_of_hcl_leaves_everything_open() -> None:
    written = resource(
        "aws_iam_role_policy.api",
        {"role": "api"},
        expressions={"role": ref("aws_iam_role.api.name"), "policy": ref("aws_secretsmanager_secret.token.arn")},
        unknown={"policy": True},
    )
    assert uncertain(needed(function(), ROLE, SECRET, written)) == {
        "*": "aws_iam_role_policy.api.policy is known only after apply",
        "secretsmanager": "which actions of it are allowed is known only after apply",
    }
    told = function(environment=ref("aws_secretsmanager_secret.token.arn"))
    assert certain(needed(told, ROLE, SECRET, written)) == ["secretsmanager"]


def test_a_role_outside_the_plan_leaves_everything_open() -> None:
    outside = resource(FUNCTION, {"vpc_config": [IN_VPC], "role": "arn:aws:iam::1:role/api"})
    assert uncertain(needed(outside)) == {"*": "the policies of its role (arn:aws:iam::1:role/api)"}
