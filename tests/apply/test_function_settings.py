"""Functions with nothing set, and with everything that AWS provider 5 can write and the emulator holds."""

from __future__ import annotations

import json
from typing import Any

from modules.secret import ParameterReference, SecretReference
from stacks.base import TargetStack
from tests.apply.function_base import CODE, NAME, base
from tests.apply.harness import Applied, Prove

ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:payment/key-AbCdEf"
PARAMETER = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/orders/limit"
SECRET_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
RUNTIME_VERSION = f"arn:aws:lambda:eu-west-1::runtime:{'a' * 64}"
EVERYTHING: dict[str, Any] = {
    "name": "orders-api",
    "description": "Takes orders",
    "memory_mb": 1_769,
    "timeout_seconds": 45,
    "environment": {"STAGE": "trial"},
    "aws_services": ["sqs"],
    "tracing": "PassThrough",
    "publish": True,
    "snap_start": "PublishedVersions",
    "logging": {
        "application_level": "DEBUG",
        "system_level": "WARN",
        "retention_days": 400,
        "log_group_name": "/orders/api",
    },
    "runtime_management": {
        "update_runtime_on": "Manual",
        "runtime_version_arn": RUNTIME_VERSION,
        "unpatched_reason": "the newest version breaks a driver",
    },
    "recursion": {"recursive_loop": "Allow", "allow_reason": "it walks a tree"},
    "resource_timeouts": {"create_minutes": 20, "update_minutes": 15},
    "url": {"cors": {"allow_origins": ["https://shop.example.com"], "allow_methods": ["GET", "POST"]}},
}


def smallest(stack: TargetStack) -> None:
    base(stack).function("api")


def everything(stack: TargetStack) -> None:
    there = base(stack, egress={"strategy": "nat_single", "zone": "eu-west-1a"})
    api = there.function("api", EVERYTHING)
    api.connect_to(SecretReference(name="payment-key", arn=SECRET, kms_key_arn=SECRET_KEY))
    api.connect_to(ParameterReference(name="order-limit", arn=PARAMETER))
    lines = {"logging": {"format": "Text", "existing_log_group": "/orders/api"}, "ephemeral_storage_mb": 2_048}
    there.function("lines", {**lines, "code": {**CODE, "architecture": "x86_64"}})
    assert api.url is not None
    stack.output("url", api.url.url, "The function's URL")


def test_a_function_with_nothing_set(prove: Prove) -> None:
    with prove(smallest) as applied:
        found = applied.client("lambda").get_function_configuration(FunctionName=NAME.format("api"))
        assert (found["Runtime"], found["Handler"], found["Architectures"]) == (
            "python3.13", "index.handler", ["arm64"],
        )  # fmt: skip
        assert (found["MemorySize"], found["Timeout"], found["EphemeralStorage"]) == (512, 30, {"Size": 512})
        assert found["TracingConfig"] == {"Mode": "Active"}
        assert found["LoggingConfig"] == {
            "LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO",
            "LogGroup": f"/aws/lambda/{NAME.format('api')}",
        }  # fmt: skip
        assert "KMSKeyArn" not in found  # nothing is there to be encrypted
        assert found["SnapStart"]["ApplyOn"] == "None"
        concurrency = applied.client("lambda").get_function_concurrency(FunctionName=NAME.format("api"))
        assert concurrency["ReservedConcurrentExecutions"] == 5
        [group] = applied.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
        assert (group["retentionInDays"], group["logGroupClass"]) == (365, "STANDARD")
        assert group["kmsKeyId"].startswith("arn:aws:kms:eu-west-1:")
        _keeps_what_fails(applied, found["DeadLetterConfig"]["TargetArn"])
        signing = applied.client("lambda").get_function_code_signing_config(FunctionName=NAME.format("api"))
        assert signing["CodeSigningConfigArn"].startswith(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:code-signing-config:")


def _keeps_what_fails(applied: Applied, arn: str) -> None:
    sqs, name = applied.client("sqs"), NAME.format("api-dead-letters")
    assert arn == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}"
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (queue["QueueArn"], queue["MessageRetentionPeriod"]) == (arn, "1209600")
    assert queue["KmsMasterKeyId"].startswith("arn:aws:kms:eu-west-1:")
    alarms = applied.client("cloudwatch").describe_alarms()["MetricAlarms"]
    watched = {alarm["MetricName"] for alarm in alarms if alarm.get("Namespace") == "AWS/SQS"}
    assert watched == {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}


def test_a_function_with_everything_set(prove: Prove) -> None:
    with prove(everything) as applied:
        client = applied.client("lambda")
        found = client.get_function_configuration(FunctionName="orders-api")
        assert (found["Description"], found["MemorySize"], found["Timeout"]) == ("Takes orders", 1_769, 45)
        assert found["TracingConfig"] == {"Mode": "PassThrough"}
        assert found["SnapStart"]["ApplyOn"] == "PublishedVersions"
        assert found["LoggingConfig"] == {
            "LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "SystemLogLevel": "WARN", "LogGroup": "/orders/api",
        }  # fmt: skip
        assert found["Environment"]["Variables"] == {
            "STAGE": "trial", "PAYMENT_KEY_ARN": SECRET, "ORDER_LIMIT_ARN": PARAMETER,
        }  # fmt: skip
        assert found["KMSKeyArn"].startswith("arn:aws:kms:eu-west-1:")
        versions = client.list_versions_by_function(FunctionName="orders-api")["Versions"]
        assert [version["Version"] for version in versions] == ["$LATEST", "1"]
        assert client.get_runtime_management_config(FunctionName="orders-api")["RuntimeVersionArn"] == RUNTIME_VERSION
        assert client.get_function_recursion_config(FunctionName="orders-api")["RecursiveLoop"] == "Allow"
        _logs_as_text_to_the_others_group(applied)
        _has_a_url_for_signed_requests(applied)
        _reads_one_secret_and_one_parameter(applied)
        _reaches_services_over_the_internet(applied)


def _logs_as_text_to_the_others_group(applied: Applied) -> None:
    lines = applied.client("lambda").get_function_configuration(FunctionName=NAME.format("lines"))
    assert lines["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/orders/api"}
    assert (lines["EphemeralStorage"], lines["Architectures"]) == ({"Size": 2_048}, ["x86_64"])
    groups = applied.client("logs").describe_log_groups(logGroupNamePrefix="/orders")["logGroups"]
    assert [(group["logGroupName"], group["retentionInDays"]) for group in groups] == [("/orders/api", 400)]
    assert not applied.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]


def _has_a_url_for_signed_requests(applied: Applied) -> None:
    url = applied.client("lambda").get_function_url_config(FunctionName="orders-api")
    assert (url["AuthType"], url["InvokeMode"], url["FunctionUrl"]) == ("AWS_IAM", "BUFFERED", applied.outputs["url"])
    assert url["Cors"]["AllowOrigins"] == ["https://shop.example.com"]
    assert sorted(url["Cors"]["AllowMethods"]) == ["GET", "POST"]
    assert "aws_lambda_permission" not in applied.document["resource"]  # nobody is let in by the function's own policy


def _reads_one_secret_and_one_parameter(applied: Applied) -> None:
    policy = applied.client("iam").get_role_policy(RoleName="orders-api", PolicyName="orders-api")["PolicyDocument"]
    document = policy if isinstance(policy, dict) else json.loads(policy)
    statements = {statement["Sid"]: statement for statement in document["Statement"]}
    assert statements["ReadPaymentKey"]["Resource"] == [SECRET]
    assert statements["ReadPaymentKey"]["Action"] == ["secretsmanager:GetSecretValue"]
    assert statements["DecryptPaymentKey"]["Resource"] == [SECRET_KEY]
    assert statements["DecryptPaymentKey"]["Condition"]["StringEquals"] == {
        "kms:ViaService": ["secretsmanager.eu-west-1.amazonaws.com"],
        "kms:EncryptionContext:SecretARN": [SECRET],
    }
    assert statements["ReadOrderLimit"]["Resource"] == [PARAMETER]
    assert "DecryptOrderLimit" not in statements


def _reaches_services_over_the_internet(applied: Applied) -> None:
    [group] = applied.client("lambda").get_function_configuration(FunctionName="orders-api")["VpcConfig"][
        "SecurityGroupIds"
    ]
    found = applied.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    [rule] = found["SecurityGroupRules"]
    assert (rule["IsEgress"], rule["FromPort"], rule["CidrIpv4"]) == (True, 443, "0.0.0.0/0")
    assert rule["Description"] == "HTTPS to the internet: service secretsmanager, service sqs, service ssm"
