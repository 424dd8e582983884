"""Functions of synthesized stacks: what they reserve, and the most that anything provisions for them."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.concurrency import FunctionConcurrency, functions_of_document
from modules.core.errors import ConfigError

NAME = "${aws_lambda_function.api.function_name}"
ALIAS = {"live": {"name": "live", "function_name": NAME, "function_version": "${aws_lambda_function.api.version}"}}


def functions(**resources: Any) -> tuple[FunctionConcurrency, ...]:
    resources = {"aws_lambda_function": {"api": {"function_name": "acme-api"}}, **resources}
    return functions_of_document({"resource": resources}, account_id="1", region="r", place="dev/main/r/x")


def provisioned(**resources: Any) -> int:
    [only] = functions(**resources)
    return only.provisioned


def config(count: Any = 5, function: str = NAME, qualifier: str = "${aws_lambda_alias.live.name}") -> dict[str, Any]:
    return {"function_name": function, "qualifier": qualifier, "provisioned_concurrent_executions": count}


def test_functions_are_sorted_by_their_name_or_address() -> None:
    named = {"b": {"function_name": "acme-b", "reserved_concurrent_executions": 7},
             "a": {"reserved_concurrent_executions": -1}, "c": {"reserved_concurrent_executions": 0}}  # fmt: skip
    assert [(each.function, each.reserved) for each in functions(aws_lambda_function=named)] == [
        ("dev/main/r/x acme-b", 7),
        ("dev/main/r/x aws_lambda_function.a", None),
        ("dev/main/r/x aws_lambda_function.c", 0),
    ]


@pytest.mark.parametrize(
    "function",
    [
        NAME,
        "acme-api",
        "${aws_lambda_alias.live.function_name}",
        "${aws_lambda_function.api.arn}",
        "arn:aws:lambda:eu-west-1:123456789012:function:acme-api",
    ],
)
@pytest.mark.parametrize("qualifier", ["live", "${aws_lambda_alias.live.name}", "${aws_lambda_function.api.version}"])
def test_provisioned_concurrency_belongs_to_its_function_however_that_is_named(function: str, qualifier: str) -> None:
    some = {"x": config(function=function, qualifier=qualifier)}
    assert provisioned(aws_lambda_alias=ALIAS, aws_lambda_provisioned_concurrency_config=some) == 5


def test_aliases_and_versions_of_one_function_are_summed() -> None:
    some = {"x": config(), "y": config(qualifier="7")}
    assert provisioned(aws_lambda_alias=ALIAS, aws_lambda_provisioned_concurrency_config=some) == 10


def test_what_is_provisioned_for_a_function_of_somebody_else_is_counted_too() -> None:
    found = functions(aws_lambda_provisioned_concurrency_config={"z": config(3, "theirs", "live")})
    assert [(each.function, each.reserved, each.provisioned) for each in found] == [
        ("dev/main/r/x acme-api", None, 0),
        ("dev/main/r/x theirs", None, 3),
    ]


@pytest.mark.parametrize("resource", ["function:acme-api:live", f"function:{NAME}:${{aws_lambda_alias.live.name}}"])
def test_the_most_that_scaling_reaches_is_counted_and_not_what_it_begins_with(resource: str) -> None:
    target = {"resource_id": resource, "max_capacity": 50}
    action = {"resource_id": "${aws_appautoscaling_target.t.resource_id}"}
    resources = {
        "aws_lambda_alias": ALIAS,
        "aws_lambda_provisioned_concurrency_config": {"x": config()},
        "aws_appautoscaling_target": {"t": target, "table": {"resource_id": "table/orders", "max_capacity": 900}},
    }
    assert provisioned(**resources) == 50

    def scheduled(most: Any) -> dict[str, Any]:
        return {"morning": {**action, "scalable_target_action": {"min_capacity": "1", "max_capacity": most}}}

    assert provisioned(**resources, aws_appautoscaling_scheduled_action=scheduled("80")) == 80
    assert provisioned(**resources, aws_appautoscaling_scheduled_action=scheduled("20")) == 50
    assert provisioned(**resources, aws_appautoscaling_scheduled_action=scheduled(None)) == 50


def test_a_number_that_only_terraform_knows_is_refused() -> None:
    unknown = {"api": {"function_name": "acme-api", "reserved_concurrent_executions": "${var.reserved}"}}
    with pytest.raises(ConfigError) as refused:
        functions(aws_lambda_function=unknown)
    assert str(refused.value) == (
        "dev/main/r/x aws_lambda_function.api: reserved_concurrent_executions is ${var.reserved}; what an account has "
        "to share out is counted before anything is planned; write the number"
    )


def test_a_stack_without_functions_takes_nothing() -> None:
    assert functions_of_document({}, account_id="1", region="r", place="x") == ()
