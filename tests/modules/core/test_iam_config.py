"""Statements that somebody writes by hand: IAM's syntax, and nothing broader than it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.iam_config import ConditionConfig, StatementConfig, TrustConfig
from modules.core.statements import Condition, Principal, Statement
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

READ: dict[str, Any] = {"sid": "ReadOrders", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::orders/*"]}
CONDITION = {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}
ACTION = "an action reads like s3:GetObject, the service in lower case; correct it"
RESOURCE = "a resource is an ARN such as arn:aws:s3:::name/*; write the whole ARN"
EVERYTHING = "it allows the actions on everything the account has; name the ARNs, or set wildcard_resource_reason"


def test_a_statement_is_what_it_says() -> None:
    config = StatementConfig.parse({**READ, "effect": "Deny", "conditions": [CONDITION]})
    assert config.statement() == Statement(
        "ReadOrders",
        ("s3:GetObject",),
        ("arn:aws:s3:::orders/*",),
        effect="Deny",
        conditions=(Condition("StringEquals", "aws:SourceAccount", ("123456789012",)),),
    )


@pytest.mark.parametrize("action", ["s3:Get*", "execute-api:Invoke", "dynamodb:BatchGet?tem", STRING_TOKEN])
def test_an_action_may_stand_for_a_few(action: str) -> None:
    assert StatementConfig.parse({**READ, "actions": [action]}).actions == (action,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"actions": ["*"]},
            ('statement "ReadOrders": actions holds "*"; it stands for every action of all services; name the actions'),
        ),
        (
            {"actions": ["s3:*"]},
            (
                'statement "ReadOrders": actions holds "s3:*"; it stands for every action of the '
                "service; name the actions"
            ),
        ),
        (
            {"actions": ["s3:**"]},
            (
                'statement "ReadOrders": actions holds "s3:**"; it stands for every action of the '
                "service; name the actions"
            ),
        ),
        ({"actions": ["GetObject"]}, f'statement "ReadOrders": actions holds "GetObject"; {ACTION}'),
        ({"actions": ["S3:GetObject"]}, f'statement "ReadOrders": actions holds "S3:GetObject"; {ACTION}'),
        ({"actions": ["s3:Get Object"]}, f'statement "ReadOrders": actions holds "s3:Get Object"; {ACTION}'),
        ({"actions": []}, 'statement "ReadOrders": actions is empty; a statement is about something; name the actions'),
        (
            {"resources": []},
            'statement "ReadOrders": resources is empty; a statement is about something; name the ARNs',
        ),
        ({"resources": ["orders"]}, f'statement "ReadOrders": resources holds "orders"; {RESOURCE}'),
        ({"resources": ["arn:aws:s3"]}, f'statement "ReadOrders": resources holds "arn:aws:s3"; {RESOURCE}'),
        ({"resources": ["*"]}, f'statement "ReadOrders": resources holds "*"; {EVERYTHING}'),
        ({"resources": ["arn:aws:s3:::*"]}, f'statement "ReadOrders": resources holds "arn:aws:s3:::*"; {EVERYTHING}'),
        (
            {"resources": ["arn:aws:ec2:*:*:*/*"]},
            f'statement "ReadOrders": resources holds "arn:aws:ec2:*:*:*/*"; {EVERYTHING}',
        ),
        (
            {"wildcard_resource_reason": "X-Ray knows none"},
            'statement "ReadOrders": wildcard_resource_reason is set; no resource is a wildcard; remove it',
        ),
        ({"sid": "Read-Orders"}, 'sid is "Read-Orders"; a sid is letters and digits (IAM); write the reason as a word'),
        ({"sid": STRING_TOKEN}, f'sid is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"effect": "allow"}, 'effect is "allow"; effect is one of Allow, Deny; choose one of them'),
        ({"NotAction": ["s3:Get*"]}, "NotAction is not a field; remove it, or check its spelling"),
        ({"not_actions": ["s3:Get*"]}, "not_actions is not a field; remove it, or check its spelling"),
    ],
)
def test_a_statement_that_is_refused(change: dict[str, Any], expected: str) -> None:
    assert sentence(StatementConfig, {**READ, **change}) == expected


def test_everything_at_once() -> None:
    told = refusal(StatementConfig, {**READ, "actions": ["*", "x"], "resources": ["*", "y"]})
    assert told == [
        'statement "ReadOrders": actions holds "*"; it stands for every action of all services; name the actions',
        f'statement "ReadOrders": actions holds "x"; {ACTION}',
        f'statement "ReadOrders": resources holds "y"; {RESOURCE}',
        f'statement "ReadOrders": resources holds "*"; {EVERYTHING}',
    ]


def test_a_deny_may_be_as_broad_as_it_likes_but_for_the_one_action_that_is_all_of_them() -> None:
    assert StatementConfig.parse({**READ, "effect": "Deny", "actions": ["s3:*"], "resources": ["*"]})


def test_a_wildcard_has_a_reason() -> None:
    reason = "X-Ray knows no resources"
    config = StatementConfig.parse({**READ, "resources": ["*"], "wildcard_resource_reason": reason})
    assert config.wildcard_resource_reason == reason


@pytest.mark.parametrize("resource", [STRING_TOKEN, f"{STRING_TOKEN}/*", *LIST_TOKEN])
def test_an_arn_that_is_known_only_later_is_not_judged(resource: str) -> None:
    assert StatementConfig.parse({**READ, "resources": [resource]}).resources == (resource,)


@pytest.mark.parametrize(
    "test",
    [
        "StringEquals",
        "StringNotLike",
        "ArnLikeIfExists",
        "ForAnyValue:StringLike",
        "Null",
        "DateGreaterThan",
        "NumericLessThanEquals",
        "Bool",
        "NotIpAddress",
        "ForAllValues:StringEqualsIgnoreCaseIfExists",
        "ArnNotEquals",
    ],
)
def test_operators_that_iam_knows(test: str) -> None:
    assert ConditionConfig.parse({**CONDITION, "test": test}).test == test


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"test": "StringEqual"},
            (
                'a condition\'s test is "StringEqual"; IAM knows StringEquals, ArnLike, Bool, '
                "IpAddress and the like, with IfExists after or ForAnyValue: before; correct it"
            ),
        ),
        (
            {"variable": "SourceAccount"},
            ('a condition\'s variable is "SourceAccount"; a condition key reads like aws:SourceArn; correct it'),
        ),
        ({"values": []}, "the condition on aws:SourceAccount has no values; it needs one; name them"),
    ],
)
def test_a_condition_that_is_refused(change: dict[str, Any], expected: str) -> None:
    assert sentence(ConditionConfig, {**CONDITION, **change}) == expected


@pytest.mark.parametrize(
    ("principal", "kind", "who"),
    [
        ("arn:aws:iam::123456789012:role/dev", "AWS", "arn:aws:iam::123456789012:role/dev"),
        ("123456789012", "AWS", "arn:aws-cn:iam::123456789012:root"),
        (STRING_TOKEN, "AWS", STRING_TOKEN),
    ],
)
def test_who_may_assume_the_role(principal: str, kind: str, who: str) -> None:
    trust = TrustConfig.parse({"sid": "Debug", "principal": principal}).statement("aws-cn")
    assert trust == Statement("Debug", ("sts:AssumeRole",), principals=(Principal(kind, (who,)),))


def test_a_service_assumes_the_role_for_somebody() -> None:
    given = {"sid": "Schedules", "principal": "scheduler.amazonaws.com"}
    assert sentence(TrustConfig, given) == (
        'principal is "scheduler.amazonaws.com" and conditions is empty; a service can be made to act for somebody '
        "else's resource (confused deputy); add a condition on aws:SourceArn or aws:SourceAccount, or set "
        "unconditional_reason"
    )
    assert TrustConfig.parse({**given, "unconditional_reason": "it passes none"}).statement("aws").conditions == ()
    conditional = TrustConfig.parse({**given, "conditions": [CONDITION]}).statement("aws")
    assert conditional.principals == (Principal("Service", ("scheduler.amazonaws.com",)),)
    assert conditional.conditions == (Condition("StringEquals", "aws:SourceAccount", ("123456789012",)),)


@pytest.mark.parametrize("principal", ["*", "12345", "events.amazonaws.org", "arn:aws:s3:::bucket", ""])
def test_everybody_never_assumes_a_role(principal: str) -> None:
    assert sentence(TrustConfig, {"sid": "Anyone", "principal": principal}) == (
        f'principal is "{principal}"; a principal is a service such as events.amazonaws.com, an account\'s 12 digits, '
        "or the ARN of a role or user; never everybody; name who assumes the role"
    )


@CI
@given(fields_of(StatementConfig, {"sid": st.just("Read"), "actions": st.just(["s3:GetObject"])}))
def test_any_statement_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(StatementConfig, data)


@CI
@given(fields_of(TrustConfig, {"sid": st.just("Read"), "principal": st.just("123456789012")}))
def test_any_trust_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(TrustConfig, data)
