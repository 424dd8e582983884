"""Who may invoke a function: services for one source, everybody within one organisation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function.resource_policy_config import InvokeConfig, ResourcePolicyConfig
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

TARGET = {
    "org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1",
    "stack": "orders_api", "owner": "me",
}  # fmt: skip
RULE = "arn:aws:events:eu-west-1:123456789012:rule/nightly"
PRINCIPAL = (
    "a principal is a service such as events.amazonaws.com, an account's 12 digits, the ARN of a role or user, or * "
    "with org_id; name who invokes the function"
)


@pytest.mark.parametrize(
    "fields",
    [
        {"principal": "events.amazonaws.com", "source_arn": RULE},
        {"principal": "events.amazonaws.com", "source_account": "123456789012"},
        {"principal": "events.amazonaws.com", "source_arn": STRING_TOKEN},
        {"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::orders", "source_account": "123456789012"},
        {"principal": "logs.eu-west-1.amazonaws.com", "source_account": STRING_TOKEN},
        {"principal": "210987654321"},
        {"principal": "210987654321", "qualifier": "live"},
        {"principal": "arn:aws:iam::210987654321:role/caller", "qualifier": "7"},
        {"principal": "*", "org_id": "o-a1b2c3d4e5"},
    ],
)
def test_who_may_invoke_the_function(fields: dict[str, Any]) -> None:
    assert InvokeConfig.parse(fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"principal": "events.amazonaws.com"},
            (
                'principal is "events.amazonaws.com", and source_arn and source_account '
                "are empty; a service can be made to invoke the function for somebody else's resource (confused "
                "deputy); set "
                "source_arn, or source_account"
            ),
        ),
        (
            {"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::orders"},
            (
                'principal is "s3.amazonaws.com" and '
                "source_account is empty; a bucket's ARN names no account, and its name can become somebody else's "
                "(AddPermission); set source_account"
            ),
        ),
        (
            {"principal": "s3.amazonaws.com", "source_arn": STRING_TOKEN},
            (
                'principal is "s3.amazonaws.com" and '
                "source_account is empty; a bucket's ARN names no account, and its name can become somebody else's "
                "(AddPermission); set source_account"
            ),
        ),
        (
            {"principal": "events.amazonaws.com", "source_arn": RULE, "source_account": "210987654321"},
            (
                f'source_arn is "{RULE}" and source_account is "210987654321"; no resource has both, so nothing '
                "could invoke "
                "the function; correct one of them"
            ),
        ),
        (
            {"principal": "*"},
            ('principal is "*" and org_id is empty; it lets everybody invoke the function; set org_id, or name them'),
        ),
        (
            {"principal": "210987654321", "org_id": "o-a1b2c3d4e5"},
            (
                'principal is "210987654321" and org_id is set; '
                "org_id narrows the principal * (AddPermission); remove it, or set principal to *"
            ),
        ),
        (
            {"principal": "210987654321", "source_arn": RULE},
            (
                'principal is "210987654321" and source_arn or '
                "source_account is set; only services act for a source; remove them"
            ),
        ),
        (
            {"principal": "events.amazonaws.org", "source_arn": RULE},
            f'principal is "events.amazonaws.org"; {PRINCIPAL}',
        ),
        ({"principal": "events", "source_arn": RULE}, f'principal is "events"; {PRINCIPAL}'),
        ({"principal": STRING_TOKEN}, f'principal is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        (
            {"principal": "*", "org_id": "o-1"},
            ('org_id is "o-1"; an organisation\'s id reads like o-a1b2c3d4e5; copy it from AWS Organizations'),
        ),
        (
            {"principal": "events.amazonaws.com", "source_arn": "nightly"},
            (
                'source_arn is "nightly"; a source is an ARN '
                "such as arn:aws:events:eu-west-1:123456789012:rule/name; write the whole ARN"
            ),
        ),
        (
            {"principal": "events.amazonaws.com", "source_account": "1234"},
            ('source_account is "1234"; an AWS account id has 12 digits; quote it in YAML and write all digits'),
        ),
        (
            {"principal": "210987654321", "qualifier": "$LATEST"},
            (
                'qualifier is "$LATEST"; a qualifier is a version\'s '
                "number or an alias, 128 letters, digits, hyphens and underscores at most (lambda API model); "
                "correct it"
            ),
        ),
        (
            {"principal": "210987654321", "action": "lambda:*"},
            "action is not a field; remove it, or check its spelling",
        ),
    ],
)
def test_what_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(InvokeConfig, fields) == expected


def test_the_whole_policy_as_one_object_takes_provider_6() -> None:
    config = ResourcePolicyConfig(form="whole_document")
    [problem] = config.target_checks(Target.parse(TARGET))
    assert str(problem) == (
        'resource_policy.form is "whole_document"; AWS provider 5 has no aws_lambda_resource_policy, and the target '
        'allows >= 5.100, < 7; set form to statements, or set the target\'s aws_provider_version to ">= 6.69, < 7"'
    )
    assert not list(config.target_checks(Target.parse({**TARGET, "aws_provider_version": ">= 6.69, < 7"})))
    assert not list(ResourcePolicyConfig().target_checks(Target.parse(TARGET)))


@CI
@given(
    fields_of(
        InvokeConfig,
        {
            "principal": st.sampled_from(["events.amazonaws.com", "*", "210987654321"]),
            "source_arn": st.sampled_from(["", RULE]),
            "source_account": st.sampled_from(["", "123456789012"]),
            "org_id": st.sampled_from(["", "o-a1b2c3d4e5"]),
            "qualifier": st.sampled_from(["", "live"]),
        },
    )
)
def test_any_statement_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(InvokeConfig, data)
