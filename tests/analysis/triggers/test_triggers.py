"""What Lambda refuses of event source mappings and function URLs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from analysis.finding import Finding, Level
from analysis.triggers import trigger_findings
from tests.analysis.documents import Entry, plan, ref, resource

_ARN = {"arn": True}


def _function(**values: Any) -> Entry:
    return resource("aws_lambda_function.orders", {"function_name": "orders", **values}, unknown=_ARN)


def _queue(**values: Any) -> Entry:
    return resource("aws_sqs_queue.orders", {"name": "orders", **values}, unknown=_ARN)


def _mapping(target: str = "aws_lambda_function.orders.arn", **values: Any) -> Entry:
    expressions = {"event_source_arn": ref("aws_sqs_queue.orders.arn"), "function_name": ref(target)}
    unknown = {"event_source_arn": True, "function_name": True}
    return resource("aws_lambda_event_source_mapping.orders", values, expressions=expressions, unknown=unknown)


def _alias() -> Entry:
    expressions = {"function_name": ref("aws_lambda_function.orders.function_name")}
    values = {"name": "live", "function_name": "orders"}
    return resource("aws_lambda_alias.live", values, expressions=expressions, unknown=_ARN)


def _url(authorization: str = "NONE", **values: Any) -> Entry:
    expressions = {"function_name": ref("aws_lambda_function.orders.function_name")}
    given = {"function_name": "orders", "authorization_type": authorization, **values}
    return resource("aws_lambda_function_url.orders", given, expressions=expressions)


def _permission(name: str, action: str, principal: str = "*", **values: Any) -> Entry:
    expressions = {"function_name": ref("aws_lambda_function.orders.function_name")}
    given = {"function_name": "orders", "action": action, "principal": principal, **values}
    return resource(f"aws_lambda_permission.{name}", given, expressions=expressions)


def _findings(*entries: Entry) -> tuple[Finding, ...]:
    return trigger_findings(plan(*entries))


def _only(*entries: Entry) -> Finding:
    (found,) = _findings(*entries)
    return found


def test_a_visibility_timeout_below_the_timeout_is_refused() -> None:
    found = _only(_function(timeout=180), _queue(visibility_timeout_seconds=60), _mapping())
    assert (found.rule, found.level, found.missing) == ("visibility-timeout", Level.ERROR, "60 < 180 seconds")
    assert str(found) == (
        "aws_lambda_event_source_mapping.orders: Lambda refuses the mapping, as the visibility timeout of "
        "aws_sqs_queue.orders is 60 seconds and the timeout of aws_lambda_function.orders is 180 seconds; "
        "set visibility_timeout_seconds of aws_sqs_queue.orders to at least 1080"
    )


def test_a_visibility_timeout_as_long_as_the_timeout_is_warned_of() -> None:
    mapping = _mapping(maximum_batching_window_in_seconds=5)
    found = _only(_function(timeout=30), _queue(visibility_timeout_seconds=30), mapping)
    assert (found.level, found.missing) == (Level.WARNING, "30 < 185 seconds")
    assert found.message == (
        "messages are worked on twice when aws_lambda_function.orders is throttled, as the visibility timeout of "
        "aws_sqs_queue.orders is 30 seconds and Lambda's guide asks for 185: six times its timeout of 30 seconds "
        "and the batching window of 5 seconds"
    )


@pytest.mark.parametrize("timeout", [{}, {"timeout": 5}])
def test_what_is_not_set_has_the_default(timeout: Mapping[str, int]) -> None:
    assert not _findings(_function(**timeout), _queue(), _mapping())


def test_an_alias_leads_to_its_function() -> None:
    entries = (_function(timeout=180), _alias(), _queue(), _mapping("aws_lambda_alias.live.arn"))
    assert _only(*entries).missing == "30 < 180 seconds"


def test_an_unknown_timeout_is_undecidable() -> None:
    function = resource("aws_lambda_function.orders", {}, unknown={**_ARN, "timeout": True})
    found = _only(function, _queue(), _mapping())
    assert (found.level, found.missing) == (Level.UNDECIDABLE, "aws_lambda_function.orders.timeout")
    assert found.message == (
        "whether messages stay hidden as long as aws_lambda_function.orders works on them is not known, as "
        "aws_lambda_function.orders.timeout is known only after apply"
    )


def test_a_url_takes_both_permissions() -> None:
    by_url = _permission("url", "lambda:InvokeFunctionUrl", function_url_auth_type="NONE")
    found = _only(_function(), _url(), by_url)
    assert (found.rule, found.level) == ("function-url-permission", Level.ERROR)
    assert str(found) == (
        "aws_lambda_function_url.orders: callers get 403, as no permission lets everybody do lambda:InvokeFunction, "
        "which a function URL takes beside lambda:InvokeFunctionUrl; add an aws_lambda_permission of "
        "lambda:InvokeFunction for * with invoked_via_function_url = true"
    )
    assert not _findings(_function(), _url(), by_url, _permission("function", "lambda:InvokeFunction"))


def test_a_permission_of_another_alias_is_none_of_the_url() -> None:
    other = _permission("function", "lambda:InvokeFunction", qualifier="live")
    assert _only(_function(), _url(), other).level is Level.ERROR
    assert not _findings(_function(), _url(qualifier="live"), other)


def test_provider_6_may_add_the_permission_itself() -> None:
    found = _only(_function(region="eu-west-1"), _url())
    assert (found.level, found.missing) == (Level.UNDECIDABLE, "version of the AWS provider")


def test_a_service_that_calls_a_url_has_no_policy_of_its_own() -> None:
    service = "cloudfront.amazonaws.com"
    by_url = _permission("url", "lambda:InvokeFunctionUrl", service)
    found = _only(_function(), _url("AWS_IAM"), by_url)
    assert found.missing == "lambda:InvokeFunction for cloudfront.amazonaws.com"
    assert not _findings(_function(), _url("AWS_IAM"))


def test_a_permission_of_which_the_principal_is_unknown_is_no_permission_yet() -> None:
    entry = resource(
        "aws_lambda_permission.function",
        {"function_name": "orders", "action": "lambda:InvokeFunction"},
        expressions={"function_name": ref("aws_lambda_function.orders.function_name")},
        unknown={"principal": True},
    )
    found = _only(_function(), _url(), entry)
    assert (found.level, found.missing) == (Level.UNDECIDABLE, "aws_lambda_permission.function.principal")
