"""Policies of the sample stack, written as one would in a console: single values as strings, any order."""

from __future__ import annotations

import json
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


CONNECT = "ConnectProxyAsOrders1c168a"
"""The reason by which the function connects as the user `orders`."""


def trust(service: str, *, own_account: bool = False) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    if own_account:
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    return document(statement)


def allow(sid: str, action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    statement = {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def via(service: str) -> dict[str, str]:
    return {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}


def function_role(function: str, *, key: str, proxy_id: str, user: str = "orders") -> list[dict[str, Any]]:
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{function}-dead-letters"
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{function}:*"
    change = ["Unassign", "Assign"]
    interfaces = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]
    change = [*interfaces, *(f"ec2:{verb}PrivateIpAddresses" for verb in change)]
    describe = ["ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces"]
    in_region = {"aws:RequestedRegion": REGION}
    deny = allow("CodeLeavesNetworkAlone", [*describe, *change, "ec2:DetachNetworkInterface"], "*")
    return [
        allow("LambdaDescribesNetwork", describe, "*"),
        allow("LambdaAttachesToVpc", change, f"arn:aws:ec2:{REGION}:{ACCOUNT}:*/*"),
        {
            **deny,
            "Effect": "Deny",
            "Condition": {
                "ArnEquals": {"lambda:SourceFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"}
            },
        },
        allow("WriteLogs", ["logs:PutLogEvents", "logs:CreateLogStream"], logs),
        allow("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*", StringEquals=in_region),
        allow("WriteDeadLetters", "sqs:SendMessage", queue),
        allow("EncryptDeadLetters", ["kms:GenerateDataKey", "kms:Decrypt"], key, StringEquals=via("sqs")),
        allow("DecryptEnvironment", "kms:Decrypt", key, StringEquals=via("lambda")),
        allow(CONNECT, "rds-db:connect", f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{proxy_id}/{user}"),
    ]


def proxy_role(*, key: str, secret: str) -> list[dict[str, Any]]:
    return [
        allow("ReadMasterSecret", "secretsmanager:GetSecretValue", secret),
        allow("DecryptMasterSecret", "kms:Decrypt", key, StringEquals=via("secretsmanager")),
    ]


def flow_log_role(group: str) -> list[dict[str, Any]]:
    actions = ["logs:PutLogEvents", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:DescribeLogGroups"]
    return [allow("WriteFlowRecords", actions, [f"{group}:*", group])]


def release_role(function: str, *, alias: str, topic: str, key: str, alarms_in: str = REGION) -> list[dict[str, Any]]:
    arn, in_region = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}", {"aws:RequestedRegion": alarms_in}
    return [
        allow("MoveAlias", ["lambda:UpdateAlias", "lambda:GetAlias"], [f"{arn}:{alias}", arn]),
        allow("SeeWhatIsReady", "lambda:GetProvisionedConcurrencyConfig", f"{arn}:*"),
        allow("SeeAlarms", "cloudwatch:DescribeAlarms", "*", StringEquals=in_region),
        allow("PublishAlarms", "sns:Publish", topic),
        allow("EncryptAlarms", ["kms:GenerateDataKey", "kms:Decrypt"], key, StringEquals=via("sns")),
    ]


def queue_policy(queue: str) -> str:
    deny = allow("DenyPlainHttp", "sqs:*", queue, Bool={"aws:SecureTransport": "false"})
    return document({**deny, "Effect": "Deny", "Principal": "*"})


def topic_policy(topic: str) -> str:
    publish = allow("CloudWatchAlarmsPublish", "sns:Publish", topic, StringEquals={"aws:SourceAccount": ACCOUNT})
    return document({**publish, "Principal": {"Service": "cloudwatch.amazonaws.com"}})


def endpoint_policy() -> str:
    own = allow("ThisAccountOnly", "*", "*", StringEquals={"aws:PrincipalAccount": ACCOUNT})
    return document({**own, "Principal": "*"})


def key_policy(root: str = f"arn:aws:iam::{ACCOUNT}:root") -> str:
    logs = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    context = {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"}
    alarms = ["kms:GenerateDataKey*", "kms:Decrypt"]
    return document(
        {
            **allow("AccountAdministers", "kms:*", "*", StringEquals={"kms:CallerAccount": ACCOUNT}),
            "Principal": {"AWS": root},
        },
        {
            **allow("CloudWatchLogsEncrypts", logs, "*", ArnLike=context),
            "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
        },
        {
            **allow("CloudWatchAlarmsEncrypt", alarms, "*", StringEquals={"aws:SourceAccount": ACCOUNT}),
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
        },
    )
