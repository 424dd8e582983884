"""What an existing role may do, judged from its policies: wildcards, Deny, and conditions that Lambda cannot meet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.statements import Statement
from modules.core.target import Target
from modules.function.permissions import DENIED_TO_CODE, ENI_ACTIONS
from modules.function.role_checks import eni_problems, grant_problems
from tests.modules.core.samples import STRING_TOKEN

TARGET = Target(
    org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders_api", owner="me"
)
ROLE = "arn:aws:iam::123456789012:role/orders"
ALL: dict[str, Any] = {"Effect": "Allow", "Action": list(ENI_ACTIONS), "Resource": "*"}
OWN_CODE = {"lambda:SourceFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"}
LAMBDA = "Lambda makes and deletes the function's network interfaces with the role (Lambda guide, VPC access)"
EVERY = ", ".join(ENI_ACTIONS)
WITHOUT_CONDITION = "remove the condition, or set unchecked_reason instead"
SPARE_LAMBDA = "remove the Deny, or use ArnEquals lambda:SourceFunctionArn, which spares the Lambda service"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def told(*statements: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in eni_problems([policy(*statements)], role_arn=ROLE, target=TARGET)]


@pytest.mark.parametrize(
    "statements",
    [
        [ALL],
        [{**ALL, "Action": "ec2:*"}],
        [{**ALL, "Action": "*"}],
        [{**ALL, "Action": [action.upper() for action in ENI_ACTIONS]}],
        [{**ALL, "Action": ["ec2:*NetworkInterface*", "ec2:*ssignPrivateIpAddresses", "ec2:DescribeSubnet?"]}],
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [
            {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
            {"Effect": "Allow", "Action": "ec2:*", "Resource": "arn:aws:ec2:eu-west-1:123456789012:*/*"},
        ],
        [{**ALL, "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}}}],
        [
            ALL,
            {"Effect": "Deny", "Action": list(DENIED_TO_CODE), "Resource": "*", "Condition": {"ArnEquals": OWN_CODE}},
        ],
        [
            ALL,
            {
                "Effect": "Deny",
                "Action": "ec2:*",
                "Resource": "*",
                "Condition": {"Null": {"lambda:SourceFunctionArn": "false"}},
            },
        ],
        [ALL, {"Effect": "Deny", "NotAction": ["ec2:*", "logs:*"], "Resource": "*"}],
        [
            ALL,
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
            },
        ],
        [ALL, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
    ],
)
def test_a_role_that_lets_lambda_work(statements: list[dict[str, Any]]) -> None:
    assert told(*statements) == []


def test_the_missing_actions_are_named_with_the_statements_to_add() -> None:
    older = [action for action in ENI_ACTIONS if action not in ("ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses")]
    assert told({**ALL, "Action": older}) == [
        (
            f"policies of {ROLE} allow no ec2:AssignPrivateIpAddresses, ec2:DescribeSubnets; {LAMBDA}; add "
            '[{"Sid":"LambdaDescribesNetwork","Effect":"Allow","Action":["ec2:DescribeSubnets"],"Resource":["*"]},'
            '{"Sid":"LambdaAttachesToVpc","Effect":"Allow","Action":["ec2:AssignPrivateIpAddresses"],'
            '"Resource":["arn:aws:ec2:eu-west-1:123456789012:*/*"]}]'
        )
    ]


def test_resources_that_are_too_narrow_allow_nothing() -> None:
    [sentence] = told({**ALL, "Resource": "arn:aws:ec2:eu-west-1:123456789012:network-interface/*"})
    assert sentence.startswith(f"policies of {ROLE} allow no {EVERY}; {LAMBDA}; add [")


@pytest.mark.parametrize(
    ("test", "values", "how"),
    [
        ("ArnEquals", OWN_CODE, "ArnEquals lambda:SourceFunctionArn"),
        ("StringEquals", {"aws:RequestedRegion": "us-east-1"}, "StringEquals aws:RequestedRegion"),
        ("StringEquals", {"ec2:Vpc": "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"}, "StringEquals ec2:Vpc"),
    ],
)
def test_conditions_that_the_lambda_service_does_not_meet(test: str, values: dict[str, str], how: str) -> None:
    assert told({**ALL, "Condition": {test: values}}) == [
        f"policies of {ROLE} allow under the condition {how} only {EVERY}; {LAMBDA}; {WITHOUT_CONDITION}"
    ]


@pytest.mark.parametrize(
    ("condition", "how"),
    [
        ({}, ""),
        ({"ArnEqualsIfExists": OWN_CODE}, "under the condition ArnEqualsIfExists lambda:SourceFunctionArn "),
        ({"ArnNotEquals": OWN_CODE}, "under the condition ArnNotEquals lambda:SourceFunctionArn "),
        ({"Null": {"lambda:SourceFunctionArn": "true"}}, "under the condition Null lambda:SourceFunctionArn "),
        ({"Bool": {"aws:ViaAWSService": "false"}}, "under the condition Bool aws:ViaAWSService "),
    ],
)
def test_a_deny_that_reaches_the_lambda_service(condition: dict[str, Any], how: str) -> None:
    deny = {"Effect": "Deny", "Action": list(ENI_ACTIONS), "Resource": "*"}
    told_of = told(ALL, {**deny, **({"Condition": condition} if condition else {})})
    assert told_of == [f"policies of {ROLE} deny {how}the actions {EVERY}; {LAMBDA}; {SPARE_LAMBDA}"]


def test_a_deny_of_some_resources_counts() -> None:
    deny = {"Effect": "Deny", "Action": "ec2:CreateNetworkInterface",
            "Resource": "arn:aws:ec2:*:*:subnet/subnet-1"}  # fmt: skip
    assert told(ALL, deny) == [
        f"policies of {ROLE} deny the actions ec2:CreateNetworkInterface; {LAMBDA}; {SPARE_LAMBDA}"
    ]


def granted(text: str, *statements: Statement) -> list[str]:
    return [str(problem) for problem in grant_problems([text], statements, role_arn=ROLE)]


def test_a_grant_that_the_policies_cover() -> None:
    logs = Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"{STRING_TOKEN}:*",))
    assert (
        granted(policy({"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:Put*"], "Resource": "*"}), logs)
        == []
    )


@pytest.mark.parametrize(
    "statements",
    [
        [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
        [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}],
        [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
    ],
)
def test_a_grant_that_they_do_not_cover(statements: list[dict[str, Any]]) -> None:
    read = Statement("ReadOrders", ("s3:GetObject",), ("arn:aws:s3:::orders/*", STRING_TOKEN))
    assert granted(policy(*statements), read) == [
        (
            f'policies of {ROLE} do not cover the statement "ReadOrders"; the function or a connection of it needs the '
            'statement; add [{"Sid":"ReadOrders","Effect":"Allow","Action":["s3:GetObject"],'
            '"Resource":["arn:aws:s3:::orders/*","(known after apply)"]}], or set attach_grants'
        )
    ]
