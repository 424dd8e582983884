"""What the function's role may do: every statement, stated here a second time and independently of the modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.core.grants import sid_mark
from rollout.readback.check import Check, Clients
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.policy_document import Plain, role_checks, statement, trust
from rollout.readback.proxy import proxy_resource_id

_NETWORK = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)


def function_role_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Only Lambda assumes the role; it allows and denies exactly what is stated here."""
    return role_checks(
        clients,
        outputs["function_role_name"],
        trusted=trust("lambda.amazonaws.com"),
        allowed=_statements(
            outputs,
            expected,
            key=key_arn(clients, expected.prefix),
            proxy=proxy_resource_id(clients, outputs["proxy_name"]),
        ),
    )


def _statements(outputs: Mapping[str, Any], expected: Expected, *, key: str, proxy: str) -> dict[str, Plain]:
    name, user = outputs["function_name"], expected.database.master_username
    in_region = ("StringEquals", "aws:RequestedRegion", expected.region)

    def via(service: str) -> tuple[str, str, str]:
        return "StringEquals", "kms:ViaService", f"{service}.{expected.region}.amazonaws.com"

    return {
        "LambdaDescribesNetwork": statement(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"]),
        "LambdaAttachesToVpc": statement(
            [
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:UnassignPrivateIpAddresses",
            ],
            [expected.arn("ec2", "*/*")],
        ),
        "CodeLeavesNetworkAlone": statement(
            _NETWORK,
            ["*"],
            effect="Deny",
            condition=("ArnEquals", "lambda:SourceFunctionArn", expected.arn("lambda", f"function:{name}")),
        ),
        "WriteLogs": statement(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [expected.arn("logs", f"log-group:/aws/lambda/{name}:*")],
        ),
        "WriteTraces": statement(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"], condition=in_region),
        "WriteDeadLetters": statement(["sqs:SendMessage"], [expected.arn("sqs", f"{name}-dead-letters")]),
        "EncryptDeadLetters": statement(["kms:Decrypt", "kms:GenerateDataKey"], [key], condition=via("sqs")),
        "DecryptEnvironment": statement(["kms:Decrypt"], [key], condition=via("lambda")),
        f"ConnectProxyAs{sid_mark(user)}": statement(
            ["rds-db:connect"], [expected.arn("rds-db", f"dbuser:{proxy}/{user}")]
        ),
    }
