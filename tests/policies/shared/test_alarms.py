"""Which alarms look at what, in the shapes that plans of Terraform have and samples do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from analysis.plan import Plan, synthesized_plan
from policies.policy import Outcome
from policies.shared.alarms import Coverage, Metric, alarms_of, coverage, judged
from policies.view import View
from tests.analysis.documents import plan, ref, resource, text

ERRORS = Metric("AWS/Lambda", ("Errors",))
PORTS = Metric("AWS/NATGateway", ("ErrorPortAllocation",))
FUNCTION = resource("aws_lambda_function.api", {"function_name": "api"}, unknown={"arn": True})
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
BODY = {"namespace": "AWS/Lambda", "metric_name": "Errors", "comparison_operator": "GreaterThanThreshold"}


def alarm(name: str, values: Mapping[str, Any], **more: Any) -> Any:
    known = {"alarm_name": name, "alarm_actions": [TOPIC], **BODY, **values}
    return resource(f"aws_cloudwatch_metric_alarm.{name}", known, **more)


def found(made: Plan, metric: Metric = ERRORS, address: str = "aws_lambda_function.api") -> Coverage:
    entry = made.at(address)
    assert entry is not None
    return alarms_of(made).of(entry, metric)


def names(covered: Coverage) -> list[str]:
    return [watch.alarm.name for watch in covered.watches]


def nat(name: str) -> Any:
    return resource(f"aws_nat_gateway.{name}", {}, unknown={"id": True})


def test_a_map_of_dimensions_that_is_not_known_is_what_it_refers_to() -> None:
    given = {**BODY, "namespace": "AWS/NATGateway", "metric_name": "ErrorPortAllocation"}
    refers = {"dimensions": ref("aws_nat_gateway.a.id")}
    made = plan(nat("a"), nat("b"), alarm("ports", given, expressions=refers, unknown={"dimensions": True}))
    assert names(found(made, PORTS, "aws_nat_gateway.a")) == ["ports"]
    other = found(made, PORTS, "aws_nat_gateway.b")
    assert (names(other), other.doubts) == ([], ())


def test_a_map_that_leads_nowhere_may_be_of_anything() -> None:
    refers = {"dimensions": ref("local.dimensions")}
    covered = found(plan(FUNCTION, alarm("errors", {}, expressions=refers, unknown={"dimensions": True})))
    assert names(covered) == []
    assert covered.doubts


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_queries_stand_in_another_order_than_they_are_written_in(order: tuple[int, int]) -> None:
    def query(of: str, metric: str, *, is_written: bool) -> dict[str, Any]:
        dimensions = {"NatGatewayId": f"${{aws_nat_gateway.{of}.id}}"}
        values = {"namespace": "AWS/NATGateway", "metric_name": metric}
        if is_written:
            return {"id": text(of), "metric": [{"dimensions": text(dimensions)}]}
        return {"id": of, "metric": [values]}

    metrics = [("a", "ErrorPortAllocation"), ("b", "PacketsDropCount")]
    values = {
        "metric_name": None,
        "metric_query": [query(*metrics[index], is_written=False) for index in order]
        + [{"id": "sum", "expression": "a + b", "return_data": True}],
    }
    written = {"metric_query": [query(*each, is_written=True) for each in metrics] + [{"id": text("sum")}]}
    unknown = {"metric_query": [{"metric": [{"dimensions": True}]}, {"metric": [{"dimensions": True}]}, {}]}
    made = plan(nat("a"), nat("b"), alarm("both", values, expressions=written, unknown=unknown))
    assert names(found(made, PORTS, "aws_nat_gateway.a")) == ["both"]
    assert names(found(made, PORTS, "aws_nat_gateway.b")) == []


@pytest.mark.parametrize(
    ("rule", "is_heard"),
    [
        ("ALARM(errors)", True),
        ('ALARM("errors") AND OK(other)', True),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors)", True),
        ("ALARM(other) AND NOT ALARM(errors)", False),
        ("ALARM(other) OR OK(errors)", False),
        ("ALARM(my-errors)", False),
    ],
)
def test_an_alarm_is_heard_by_the_composite_alarm_that_is_made_of_it(rule: str, *, is_heard: bool) -> None:
    child = alarm("errors", {"dimensions": {"FunctionName": "api"}, "alarm_actions": []})
    values = {"alarm_name": "above", "alarm_rule": rule, "alarm_actions": [TOPIC]}
    made = plan(FUNCTION, child, resource("aws_cloudwatch_composite_alarm.above", values))
    covered = found(made)
    assert names(covered) == (["errors"] if is_heard else [])
    assert bool(covered.silent) is not is_heard


def test_composite_alarms_that_are_made_of_each_other_end() -> None:
    def composite(name: str, of: str) -> Any:
        return resource(f"aws_cloudwatch_composite_alarm.{name}", {"alarm_name": name, "alarm_rule": f"ALARM({of})"})

    child = alarm("errors", {"dimensions": {"FunctionName": "api"}, "alarm_actions": []})
    made = plan(FUNCTION, child, composite("a", "b"), composite("b", "a"), composite("c", "errors"))
    assert not found(made).is_certain


def test_a_function_and_an_alarm_that_are_named_by_the_same_text() -> None:
    body = {
        **BODY,
        "alarm_name": "errors",
        "dimensions": {"FunctionName": "${var.prefix}-api"},
        "alarm_actions": [TOPIC],
    }
    made = synthesized_plan(
        {
            "resource": {
                "aws_lambda_function": {"api": {"function_name": "${var.prefix}-api"}, "b": {"function_name": "b"}},
                "aws_cloudwatch_metric_alarm": {"errors": body},
            }
        }
    )
    assert names(found(made)) == ["errors"]


def test_a_function_of_an_alias_that_is_referred_to() -> None:
    dimensions = {"FunctionName": "${aws_lambda_alias.live.function_name}"}
    body = {**BODY, "alarm_name": "errors", "dimensions": dimensions, "alarm_actions": [TOPIC]}
    alias = {"name": "live", "function_name": "${aws_lambda_function.api.arn}"}
    made = synthesized_plan(
        {
            "resource": {
                "aws_lambda_function": {"api": {"function_name": "${var.prefix}-api"}},
                "aws_lambda_alias": {"live": alias},
                "aws_cloudwatch_metric_alarm": {"errors": body},
            }
        }
    )
    assert names(found(made)) == ["errors"]


def test_a_name_may_be_that_of_a_function_whose_name_is_not_known() -> None:
    unnamed = resource(
        "aws_lambda_function.api", {}, expressions={"function_name": ref("var.name")}, unknown={"function_name": True}
    )
    covered = found(plan(unnamed, alarm("errors", {"dimensions": {"FunctionName": "api"}})))
    assert covered.doubts


def test_an_alarm_of_a_plan_beside() -> None:
    own, beside = plan(FUNCTION), plan(alarm("errors", {"dimensions": {"FunctionName": "api"}}))
    entry = own.at("aws_lambda_function.api")
    assert entry is not None
    assert not coverage(View(own), entry, ERRORS, "api").is_certain
    assert coverage(View(own, beside=(beside,)), entry, ERRORS, "api").is_certain
    assert not coverage(View(own, beside=(beside,)), entry, ERRORS, "other").is_certain


def test_what_is_missing_for_certain_is_said_before_what_may_be() -> None:
    made = plan(FUNCTION)
    entry = made.at("aws_lambda_function.api")
    assert entry is not None
    gap, doubt = Coverage(), Coverage(doubts=("a may look at it",))
    assert judged(entry, {"Errors": gap, "Throttles": doubt}).outcome is Outcome.FAILED
    assert judged(entry, {"Throttles": doubt}).outcome is Outcome.UNKNOWN
    assert judged(entry, {}).outcome is Outcome.PASSED
