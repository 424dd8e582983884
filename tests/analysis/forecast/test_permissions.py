"""Permissions that go before the interfaces do."""

from __future__ import annotations

import json

import pytest

from analysis.finding import Level
from tests.analysis.forecast.changes import DELETE, NO_OP, UPDATE, Changes, function

ROLE = {"id": "api", "name": "api", "arn": "arn:aws:iam::123456789012:role/api"}
ATTACHED = {
    "id": "api-1",
    "role": "api",
    "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
}
FUNCTION, ATTACHMENT = "aws_lambda_function.api", "aws_iam_role_policy_attachment.vpc"


def policy(*actions: str) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": list(actions), "Resource": "*"}})


def test_leaving_the_vpc_and_losing_the_policy_at_once_orphans_the_interfaces() -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", NO_OP, ROLE)
        .add(ATTACHMENT, DELETE, ATTACHED)
        .add(FUNCTION, UPDATE, function(), {"vpc_config": []})
    )

    finding = plan.only("interface-permissions")

    assert finding.level is Level.ERROR
    assert str(finding) == (
        "aws_lambda_function.api: the function leaves its VPC while aws_iam_role_policy_attachment.vpc goes, so Lambda "
        "may no longer delete its network interfaces, and they stay for ever with their subnets and groups (Lambda "
        "guide, VPC access); keep aws_iam_role_policy_attachment.vpc in this apply; remove it in another one, 20 "
        "minutes "
        "after the function has left the VPC"
    )


def test_an_inline_policy_that_loses_the_action_counts_as_gone() -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", NO_OP, ROLE)
        .add(
            "aws_iam_role_policy.api",
            UPDATE,
            {"id": "api:api", "role": "api", "policy": policy("ec2:*NetworkInterface*")},
            {"policy": policy("logs:PutLogEvents")},
        )
        .add(FUNCTION, UPDATE, function(), {"vpc_config": []})
    )

    assert plan.rules() == {"interface-permissions": Level.ERROR}


def test_another_policy_with_the_action_is_enough() -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", NO_OP, ROLE)
        .add(ATTACHMENT, DELETE, ATTACHED)
        .add(
            "aws_iam_role_policy.api",
            NO_OP,
            {"id": "api:api", "role": "api", "policy": policy("ec2:DeleteNetworkInterface")},
        )
        .add(FUNCTION, UPDATE, function(), {"vpc_config": []})
    )

    assert plan.forecast.findings == ()


def test_a_policy_that_is_not_in_the_plan_leaves_it_open() -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", NO_OP, ROLE)
        .add(ATTACHMENT, DELETE, ATTACHED)
        .add(
            "aws_iam_role_policy_attachment.shared",
            NO_OP,
            {"id": "api-2", "role": "api", "policy_arn": "arn:aws:iam::123456789012:policy/shared"},
        )
        .add(FUNCTION, UPDATE, function(), {"vpc_config": []})
    )

    finding = plan.only("interface-permissions")

    assert (finding.level, finding.missing) == (Level.UNDECIDABLE, "aws_iam_role_policy_attachment.shared")


@pytest.mark.parametrize(
    ("depends_on", "has_state", "expected"),
    [
        (["aws_iam_role.api"], True, {"interface-permissions": Level.WARNING}),
        (["aws_iam_role.api", ATTACHMENT], True, {}),
        ([], False, {"interface-permissions": Level.UNDECIDABLE}),
    ],
)
def test_a_destroy_needs_the_function_to_depend_on_its_policy(
    depends_on: list[str],
    has_state: bool,  # noqa: FBT001  # a column of the table
    expected: dict[str, Level],
) -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", DELETE, ROLE)
        .add(ATTACHMENT, DELETE, ATTACHED, depends_on=["aws_iam_role.api"])
        .add(FUNCTION, DELETE, function(), depends_on=depends_on)
    )
    plan.has_state = has_state

    assert plan.rules() == expected


def test_a_function_outside_a_vpc_needs_none() -> None:
    plan = (
        Changes()
        .add("aws_iam_role.api", DELETE, ROLE)
        .add(ATTACHMENT, DELETE, ATTACHED)
        .add(FUNCTION, DELETE, function(subnets=[]))
    )

    assert plan.forecast.findings == ()


def test_a_role_that_never_had_the_action_loses_nothing() -> None:
    logs = {**ATTACHED, "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
    plan = (
        Changes()
        .add("aws_iam_role.api", NO_OP, ROLE)
        .add(ATTACHMENT, DELETE, logs)
        .add(FUNCTION, UPDATE, function(), {"vpc_config": []})
    )

    assert plan.forecast.findings == ()


def test_policies_that_the_provider_lists_on_a_role_are_those_of_other_resources() -> None:
    role = {
        **ROLE,
        "inline_policy": [{"name": "vpc", "policy": policy("ec2:*")}],
        "managed_policy_arns": [ATTACHED["policy_arn"]],
    }
    inline = {"id": "api:vpc", "name": "vpc", "role": "api", "policy": policy("ec2:*")}
    plan = (
        Changes()
        .add("aws_iam_role.api", DELETE, role)
        .add(ATTACHMENT, DELETE, ATTACHED, depends_on=["aws_iam_role.api"])
        .add("aws_iam_role_policy.vpc", DELETE, inline, depends_on=["aws_iam_role.api"])
        .add(FUNCTION, DELETE, function(), depends_on=["aws_iam_role.api"])
    )

    assert plan.only("interface-permissions").missing == (
        "dependency of the function on aws_iam_role_policy.vpc, aws_iam_role_policy_attachment.vpc"
    )


def test_a_policy_of_the_role_itself_goes_after_the_function() -> None:
    role = {**ROLE, "inline_policy": [{"name": "vpc", "policy": policy("ec2:*")}]}
    plan = (
        Changes()
        .add("aws_iam_role.api", DELETE, role)
        .add(FUNCTION, DELETE, function(), depends_on=["aws_iam_role.api"])
    )

    assert plan.forecast.findings == ()
