"""Function URLs: who may call, and from which pages.

Complaint of users: since October 2025 a new URL answers 403, as callers need a second permission.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function import CorsConfig, FunctionConfig, UrlConfig
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    STRING_TOKEN,
    around,
    fields_of,
    refuses_or_keeps,
    sentence,
)

VALID: dict[str, Any] = {"code": {"source": "handlers/api"}, "reserved_concurrency": 5}
PUBLIC = {"authorization": "NONE", "public_reason": "a web hook without signatures"}


def target(version: str) -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me", "aws_provider_version": version})


def test_signed_requests_are_the_default() -> None:
    assert UrlConfig().authorization == "AWS_IAM"
    assert not list(UrlConfig().target_checks(target(">= 5.100, < 7")))


def test_the_whole_world_takes_a_reason() -> None:
    assert sentence(UrlConfig, {"authorization": "NONE"}) == (
        'authorization is "NONE"; everybody in the internet can then call the function; use AWS_IAM, or set '
        "public_reason"
    )
    assert sentence(UrlConfig, {"public_reason": "x"}) == (
        "public_reason is set; it belongs to authorization NONE; remove it"
    )
    assert sentence(UrlConfig, {**PUBLIC, "principals": ["123456789012"]}) == (
        'principals is set; authorization "NONE" lets everybody call; remove it'
    )
    assert sentence(UrlConfig, {"authorization": STRING_TOKEN}) == f'authorization is "{STRING_TOKEN}"; {KNOWN_LATER}'


@pytest.mark.parametrize(
    ("fields", "given"),
    [(PUBLIC, 'url.authorization is "NONE"'), ({"principals": ["210987654321"]}, "url.principals is set")],
)
def test_provider_5_cannot_write_the_second_permission(fields: dict[str, Any], given: str) -> None:
    config = FunctionConfig.parse({**VALID, "url": fields})
    [problem] = config.target_checks(target(">= 5.100, < 7"))
    assert str(problem) == (
        f"{given}; AWS provider 5 has no aws_lambda_permission.invoked_via_function_url, without which the second "
        "permission that callers need would let them call the function by every way, and the target allows >= 5.100, "
        "< 7; use AWS_IAM with callers of the same account, or set the target's aws_provider_version to "
        '">= 6.29, < 7"'
    )
    assert not list(config.target_checks(target(">= 6.29, < 7")))


def test_a_function_in_a_vpc_streams_nothing_through_its_url() -> None:
    stream = {"invoke_mode": "RESPONSE_STREAM"}
    assert sentence(FunctionConfig, {**VALID, "url": stream}) == (
        'url.invoke_mode is "RESPONSE_STREAM"; a function in a VPC streams no response through its URL (Lambda guide, '
        "response streaming); use BUFFERED, or let callers call InvokeWithResponseStream through the VPC endpoint "
        "lambda"
    )
    detached = {"state": "detached", "detaching_applied": "it never was in a VPC"}
    assert FunctionConfig.parse({**VALID, "url": stream, "attachment": detached}).url is not None


@pytest.mark.parametrize("qualifier", ["", "live", "v1", "$LATEST", "a" * 128, STRING_TOKEN])
def test_an_alias_may_be_called(qualifier: str) -> None:
    assert UrlConfig(qualifier=qualifier).qualifier == qualifier


@pytest.mark.parametrize("qualifier", ["1", "42", "LATEST$", "a" * 129, "a.b"])
def test_a_version_may_not(qualifier: str) -> None:
    assert sentence(UrlConfig, {"qualifier": qualifier}).endswith(
        "; a function URL is that of an alias or of $LATEST, never of a version (Lambda guide, "
        "function URLs); name an alias, or remove it"
    )


@pytest.mark.parametrize("principal", ["*", "12345", "lambda.amazonaws.com", "arn:aws:iam::1:root", STRING_TOKEN])
def test_who_is_no_caller_is_refused(principal: str) -> None:
    assert sentence(UrlConfig, {"principals": [principal]}).startswith(f'principals[0] is "{principal}"; ')


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"allow_origins": []}, "allow_origins is empty; without an origin no page may call; name one, or remove cors"),
        ({"allow_origins": ["https://a.example/path"]}, ('allow_origins[0] is "https://a.example/path"; an origin '
         "reads like https://www.example.com, or is *; write scheme and host, without a path")),
        ({"allow_origins": [f"https://{n}.example" for n in range(101)]}, ("allow_origins has 101 entries; Lambda "
         "takes 100 (lambda API model); remove some")),
        ({"allow_methods": ["GET"] * 7}, "allow_methods has 7 entries; Lambda takes 6 (lambda API model); remove some"),
        ({"allow_methods": ["get"]}, ('allow_methods[0] is "get"; a method is one of GET, HEAD, POST, PUT, PATCH, '
         "DELETE, *; choose one of them")),
        ({"max_age_seconds": 86_401}, ("max_age_seconds is 86401; a CORS answer's age takes 0 to 86400 seconds (lambda "
         "API model, MaxAge); set a value from 0 to 86400")),
        ({"allow_origins": ["*"], "allow_credentials": True}, ("allow_credentials is true and allow_origins holds *; "
         "browsers send credentials to named origins only (Fetch standard); name the origins")),
    ],
)  # fmt: skip
def test_pages_that_lambda_or_browsers_refuse_are_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(CorsConfig, {"allow_origins": ["https://a.example"], **fields}) == expected


def test_origins_that_are_known_later_are_one_list_and_not_counted_as_one_origin() -> None:
    assert CorsConfig.parse({"allow_origins": LIST_TOKEN}).allow_origins == tuple(LIST_TOKEN)
    assert sentence(UrlConfig, {"principals": LIST_TOKEN}) == f'principals[0] is "{LIST_TOKEN[0]}"; {KNOWN_LATER}'


@CI
@given(fields_of(UrlConfig, {"authorization": st.sampled_from(["AWS_IAM", "NONE"]), "cors": st.none()}))
def test_a_url_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(UrlConfig, data)


@CI
@given(fields_of(CorsConfig, {"max_age_seconds": around(0, 86_400)}))
def test_cors_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(CorsConfig, data)
