"""The function that something invokes, in every way that Terraform names one."""

from __future__ import annotations

import pytest

from analysis.plan import synthesized_plan
from policies.policy import Sample
from policies.samples import function, merged, resource
from policies.shared.callees import callee
from policies.shared.trigger_samples import alias, target

_PLACE = "arn:aws:lambda:eu-west-1:123456789012:function"
_GATEWAY = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"


def _callee(entry: Sample, address: str, path: str, qualifier: str = "") -> str:
    provider = {"provider": {"aws": [{"region": "eu-west-1"}]}}
    plan = synthesized_plan(merged(provider, function("orders"), alias("live", "orders"), entry))
    found = plan.at(address)
    assert found is not None
    return str(callee(plan, found, path, qualifier=qualifier))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${aws_lambda_function.orders.arn}", ""),
        ("${aws_lambda_function.orders.invoke_arn}", ""),
        ("${aws_lambda_function.orders.arn}:live", "live"),
        ("${aws_lambda_function.orders.arn}:$LATEST", ""),
        ("${aws_lambda_function.orders.arn}:${aws_lambda_alias.live.name}", "live"),
        ("${aws_lambda_function.orders.qualified_arn}", "aws_lambda_function.orders.version"),
        ("${aws_lambda_alias.live.arn}", "live"),
        (f"{_GATEWAY}/${{aws_lambda_alias.live.arn}}/invocations", "live"),
        (f"{_GATEWAY}/${{aws_lambda_function.orders.arn}}/invocations", ""),
        (f"{_GATEWAY}/{_PLACE}:sample-orders:live/invocations", "live"),
        (f"{_PLACE}:sample-orders", ""),
        (f"{_PLACE}:sample-orders:7", "7"),
    ],
)
def test_a_function_is_found_by_reference_and_by_arn(text: str, expected: str) -> None:
    found = _callee(target("hourly", "hourly", text), "aws_cloudwatch_event_target.hourly", "arn")
    assert found == "aws_lambda_function.orders" + (f" with the qualifier {expected}" if expected else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{_PLACE}:payments", "a function outside the plan"),
        (f"{_PLACE.replace('west-1', 'central-1')}:sample-orders", "a function outside the plan"),
        ("${var.arn}", "what arn of aws_cloudwatch_event_target.hourly names"),
        ("${aws_ssm_parameter.arn.value}", "what arn of aws_cloudwatch_event_target.hourly names"),
        ("${aws_sqs_queue.jobs.arn}", "None"),
        ("arn:aws:sqs:eu-west-1:123456789012:jobs", "None"),
    ],
)
def test_what_is_no_function_of_the_plan_is_told_apart(text: str, expected: str) -> None:
    others = merged(resource("aws_sqs_queue", "jobs", name="jobs"), resource("aws_ssm_parameter", "arn", name="arn"))
    entry = merged(others, target("hourly", "hourly", text))
    assert _callee(entry, "aws_cloudwatch_event_target.hourly", "arn") == expected


@pytest.mark.parametrize(
    ("name", "qualifier", "expected"),
    [
        ("sample-orders", None, ""),
        ("sample-orders:live", None, "live"),
        ("123456789012:function:sample-orders", None, ""),
        ("${aws_lambda_function.orders.function_name}", "live", "live"),
        ("${aws_lambda_function.orders.function_name}", "$LATEST", ""),
        ("${aws_lambda_function.orders.function_name}", "${aws_lambda_alias.live.name}", "live"),
        (
            "${aws_lambda_function.orders.function_name}",
            "${aws_lambda_function.orders.version}",
            "aws_lambda_function.orders.version",
        ),
    ],
)
def test_a_name_may_have_its_qualifier_beside_it(name: str, qualifier: str | None, expected: str) -> None:
    entry = resource("aws_lambda_permission", "one", function_name=name, qualifier=qualifier)
    found = _callee(entry, "aws_lambda_permission.one", "function_name", "qualifier")
    assert found == "aws_lambda_function.orders" + (f" with the qualifier {expected}" if expected else "")
