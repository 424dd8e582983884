"""Statements of a function's own role."""

from __future__ import annotations

from modules.core.statements import Condition
from modules.core.target import Target
from modules.function.permissions import (
    DENIED_TO_CODE,
    ENI_ACTIONS,
    code_leaves_network_alone,
    eni_statements,
    telemetry_statements,
)

TARGET = Target(
    org="acme",
    env="dev",
    account="main",
    account_id="123456789012",
    region="eu-west-1",
    stack="orders_api",
    owner="orders-team",
)
STATEMENTS = {
    statement.sid: statement
    for statement in (
        *eni_statements(TARGET),
        code_leaves_network_alone(TARGET, "acme-api"),
        *telemetry_statements(TARGET, log_group_arn="arn:aws:logs:::log-group:x"),
    )
}


def test_the_service_may_do_all_that_attaching_takes() -> None:
    allowed = (*STATEMENTS["LambdaDescribesNetwork"].actions, *STATEMENTS["LambdaAttachesToVpc"].actions)
    assert sorted(allowed) == sorted(ENI_ACTIONS)


def test_the_code_itself_may_do_none_of_it() -> None:
    denied = STATEMENTS["CodeLeavesNetworkAlone"]
    assert (denied.effect, denied.actions, denied.resources) == ("Deny", DENIED_TO_CODE, ("*",))
    assert denied.conditions == (
        Condition(
            "ArnEquals", "lambda:SourceFunctionArn", ("arn:aws:lambda:eu-west-1:123456789012:function:acme-api",)
        ),
    )


def test_resources_are_everything_only_where_aws_knows_no_resource() -> None:
    anywhere = {sid for sid, statement in STATEMENTS.items() if statement.resources == ("*",)}
    assert anywhere == {"CodeLeavesNetworkAlone", "LambdaDescribesNetwork", "WriteTraces"}
    assert STATEMENTS["LambdaDescribesNetwork"].conditions == ()
    assert STATEMENTS["WriteTraces"].conditions == (Condition("StringEquals", "aws:RequestedRegion", ("eu-west-1",)),)
    assert STATEMENTS["WriteLogs"].resources == ("arn:aws:logs:::log-group:x:*",)
    assert STATEMENTS["LambdaAttachesToVpc"].resources == ("arn:aws:ec2:eu-west-1:123456789012:*/*",)


def test_the_function_cannot_make_log_groups_that_nobody_encrypts() -> None:
    actions = {action for statement in STATEMENTS.values() for action in statement.actions}
    assert "logs:CreateLogGroup" not in actions
    assert not [action for action in actions if action.endswith("*")]
