"""Alarms that cannot be raised, are of nothing, or cannot tell: what the samples do not hold."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import synthesized_plan
from policies.catalogue.alarms.hygiene import POLICY
from policies.policy import Outcome, Verdict
from policies.view import View

ALARM = "aws_cloudwatch_metric_alarm"
FINE: dict[str, Any] = {
    "alarm_name": "errors",
    "namespace": "AWS/Lambda",
    "metric_name": "Errors",
    "dimensions": {"FunctionName": "orders"},
    "statistic": "Sum",
    "period": 60,
    "evaluation_periods": 3,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 0,
    "treat_missing_data": "notBreaching",
    "alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:alarms"],
}


def judged(alarm: dict[str, Any], beside: dict[str, Any] | None = None, **resources: Any) -> Verdict:
    """What is said of an alarm in a plan with the function `orders`."""
    function = {"orders": {"function_name": "orders"}}
    listed = {"aws_lambda_function": function, ALARM: {"errors": alarm}, **resources}
    others = (synthesized_plan({"resource": beside}),) if beside else ()
    view = View(synthesized_plan({"resource": listed}), beside=others)
    (verdict,) = (entry for entry in POLICY.judge(view) if entry.address == f"{ALARM}.errors")
    return verdict


def test_a_fine_alarm() -> None:
    assert judged(FINE).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period": 60, "evaluation_periods": 1441}, "86460, more than 86400"),
        ({"period": 3600, "evaluation_periods": 169}, "608400, more than 604800"),
        ({"datapoints_to_alarm": 4}, "datapoints_to_alarm is 4 of 3"),
        ({"period": 30}, "its period is 30 seconds"),
        ({"treat_missing_data": None}, "treat_missing_data is not set, and notBreaching fits Errors"),
        ({"dimensions": {"FunctionName": "orders:live"}}, 'FunctionName is "orders:live"'),
    ],
)
def test_an_alarm_that_is_never_raised(change: dict[str, Any], said: str) -> None:
    verdict = judged({**FINE, **change})
    assert verdict.outcome is Outcome.FAILED
    assert said in verdict.message


@pytest.mark.parametrize(
    "change",
    [
        {"period": 3600, "evaluation_periods": 168},
        {"period": 60, "evaluation_periods": 1440},
        {"period": 10, "namespace": "Orders", "metric_name": "Late", "dimensions": None},
        {"treat_missing_data": "missing"},
    ],
)
def test_an_alarm_at_a_limit(change: dict[str, Any]) -> None:
    assert judged({**FINE, **change}).outcome is Outcome.PASSED


def _with_own(name: str) -> dict[str, Any]:
    """The alarm on a name, where the function of the plan has one too."""
    return {ALARM: {"errors": {**FINE, "dimensions": {"FunctionName": name}}, "own": FINE}}


def test_a_name_that_is_no_name_of_the_plan_may_be_made_elsewhere() -> None:
    wrong = {**FINE, "dimensions": {"FunctionName": "invoices"}}
    verdict = judged(wrong, **_with_own("invoices"))
    assert verdict.outcome is Outcome.UNKNOWN
    assert '"invoices"' in verdict.message


def test_a_name_that_is_nearly_the_same_may_be_another_where_each_has_its_alarm() -> None:
    assert judged(FINE, **_with_own("order")).outcome is Outcome.UNKNOWN


def test_a_function_that_is_left_without_an_alarm_tells_of_a_wrong_name() -> None:
    verdict = judged({**FINE, "dimensions": {"FunctionName": "invoices"}})
    assert verdict.outcome is Outcome.FAILED
    assert "aws_lambda_function.orders" in verdict.message


def test_a_name_of_a_plan_beside() -> None:
    beside = {"aws_lambda_function": {"invoices": {"function_name": "invoices"}}}
    assert judged(FINE, beside, **_with_own("invoices")).outcome is Outcome.PASSED


def test_an_alarm_that_a_deployment_is_rolled_back_by_needs_no_action() -> None:
    group = {"alarm_configuration": {"alarms": ["errors"], "enabled": True}, "app_name": "orders"}
    silent = {**FINE, "alarm_actions": None}
    assert judged(silent).outcome is Outcome.FAILED
    assert judged(silent, aws_codedeploy_deployment_group={"orders": group}).outcome is Outcome.PASSED
