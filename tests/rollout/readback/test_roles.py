from __future__ import annotations

import json
from typing import Any

import pytest

from rollout.readback.function_role import function_role_checks
from rollout.readback.proxy import proxy_role_checks
from tests.rollout.readback import sample_policies as policies
from tests.rollout.readback.breaking import Case, call, failed, listed, verify
from tests.rollout.readback.sample_stack import FUNCTION, PROXY, SampleStack

SIDS = (
    "CodeLeavesNetworkAlone",
    policies.CONNECT,
    "DecryptEnvironment",
    "EncryptDeadLetters",
    "LambdaAttachesToVpc",
    "LambdaDescribesNetwork",
    "WriteDeadLetters",
    "WriteLogs",
    "WriteTraces",
)


def statements(stack: SampleStack, **changes: Any) -> list[dict[str, Any]]:
    return policies.function_role(FUNCTION, key=stack.key, proxy_id=stack.proxy_id, **changes)


def put(make: Any) -> Any:
    return call(
        "iam",
        "put_role_policy",
        RoleName=FUNCTION,
        PolicyName=FUNCTION,
        PolicyDocument=lambda stack: policies.document(*make(stack)),
    )


def with_extra(stack: SampleStack) -> list[dict[str, Any]]:
    return [*statements(stack), policies.allow("More", "s3:*", "*")]


def without_deny(stack: SampleStack) -> list[dict[str, Any]]:
    return [each for each in statements(stack) if each["Effect"] == "Allow"]


def connecting_as_anybody(stack: SampleStack) -> list[dict[str, Any]]:
    return statements(stack, user="*")


def without_sid(stack: SampleStack) -> list[dict[str, Any]]:
    return [*statements(stack), {"Effect": "Allow", "Action": "*", "Resource": "*"}]


def connect(stack: SampleStack, user: str) -> str:
    resource = f"arn:aws:rds-db:us-east-1:123456789012:dbuser:{stack.proxy_id}/{user}"
    return f'{{"Action": ["rds-db:connect"], "Effect": "Allow", "Resource": ["{resource}"]}}'


DENY = (
    '{"Action": ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", '
    '"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DetachNetworkInterface", '
    '"ec2:UnassignPrivateIpAddresses"], '
    '"Condition": {"ArnEquals": {"lambda:SourceFunctionArn": '
    f'["arn:aws:lambda:us-east-1:123456789012:function:{FUNCTION}"]}}}}, "Effect": "Deny", "Resource": ["*"]}}'
)

CASES = [
    Case(
        "one statement more",
        put(with_extra),
        put(statements),
        lambda _: [(f"role {FUNCTION}: statements", listed(*SIDS), listed(*SIDS, "More"))],
    ),
    Case(
        "a statement without a sid",
        put(without_sid),
        put(statements),
        lambda _: [(f"role {FUNCTION}: statements", listed(*SIDS), listed(*SIDS, "#10"))],
    ),
    Case(
        "nothing denied",
        put(without_deny),
        put(statements),
        lambda _: [
            (f"role {FUNCTION}: statements", listed(*SIDS), listed(*SIDS[1:])),
            (f"role {FUNCTION}: statement CodeLeavesNetworkAlone", DENY, "(nothing)"),
        ],
    ),
    Case(
        "any database user",
        put(connecting_as_anybody),
        put(statements),
        lambda stack: [
            (f"role {FUNCTION}: statement {policies.CONNECT}", connect(stack, "orders"), connect(stack, "*"))
        ],
    ),
    Case(
        "a second policy",
        call(
            "iam",
            "put_role_policy",
            RoleName=FUNCTION,
            PolicyName="by-hand",
            PolicyDocument=policies.document(policies.allow("ByHand", "s3:*", "*")),
        ),
        call("iam", "delete_role_policy", RoleName=FUNCTION, PolicyName="by-hand"),
        lambda _: [
            (f"role {FUNCTION}: inline policies", "1", "2"),
            (f"role {FUNCTION}: statements", listed(*SIDS), listed(*SIDS, "ByHand")),
        ],
    ),
    Case(
        "two services",
        call(
            "iam",
            "update_assume_role_policy",
            RoleName=FUNCTION,
            PolicyDocument=json.dumps(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]},
                    },
                    "Version": "2012-10-17",
                }
            ),
        ),
        call(
            "iam",
            "update_assume_role_policy",
            RoleName=FUNCTION,
            PolicyDocument=policies.trust("lambda.amazonaws.com"),
        ),
        lambda _: [(f"role {FUNCTION}: trust", trusting("lambda"), trusting("ec2", "lambda"))],
    ),
]


def trusting(*services: str) -> str:
    names = listed(*(f"{service}.amazonaws.com" for service in services))
    return f'[{{"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {{"Service": {names}}}}}]'


@pytest.mark.parametrize("case", CASES, ids=str)
def test_function_role(case: Case, stack: SampleStack) -> None:
    verify(case, stack, function_role_checks)


def test_an_attached_policy(stack: SampleStack) -> None:
    iam = stack.client("iam")
    document = policies.document(policies.allow("All", "*", "*"))
    arn = iam.create_policy(PolicyName="by-hand", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=FUNCTION, PolicyArn=arn)
    try:
        assert failed(stack, function_role_checks) == [(f"role {FUNCTION}: attached policies", "[]", listed(arn))]
    finally:
        iam.detach_role_policy(RoleName=FUNCTION, PolicyArn=arn)
        iam.delete_policy(PolicyArn=arn)
    assert failed(stack, function_role_checks) == []


def test_a_proxy_that_reads_every_secret(stack: SampleStack) -> None:
    def reading(resource: Any) -> Any:
        def document(stack: SampleStack) -> str:
            return policies.document(*policies.proxy_role(key=stack.key, secret=resource(stack)))

        return call("iam", "put_role_policy", RoleName=PROXY, PolicyName=PROXY, PolicyDocument=document)

    def read(resource: str) -> str:
        return f'{{"Action": ["secretsmanager:GetSecretValue"], "Effect": "Allow", "Resource": ["{resource}"]}}'

    case = Case(
        "every secret",
        reading(lambda _: "*"),
        reading(lambda stack: stack.secret),
        lambda stack: [(f"role {PROXY}: statement ReadMasterSecret", read(stack.secret), read("*"))],
    )
    verify(case, stack, proxy_role_checks)
