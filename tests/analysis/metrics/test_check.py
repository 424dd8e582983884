"""Alarms and dashboards whose metrics are misspelt, and such as are right."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from analysis.metrics import metric_problems
from modules.observability.metrics import METRICS

ALARM: dict[str, Any] = {
    "alarm_name": "acme-dev-orders-errors",
    "alarm_actions": ["${aws_sns_topic.alarms.arn}"],
    "namespace": "AWS/Lambda",
    "metric_name": "Errors",
    "dimensions": {"FunctionName": "${aws_lambda_function.api.function_name}"},
    "statistic": "Sum",
    "treat_missing_data": "notBreaching",
}
TERM = {"namespace": "AWS/Lambda", "metric_name": "Errors", "dimensions": {"FunctionName": "f"}, "stat": "Sum"}


def said(alarm: dict[str, Any] | None = None, **others: Any) -> list[str]:
    resources: dict[str, Any] = {"aws_cloudwatch_metric_alarm": {"errors": alarm}} if alarm else {}
    return [str(problem) for problem in metric_problems({"resource": {**resources, **others}})]


def without(name: str, **changed: Any) -> dict[str, Any]:
    return {key: value for key, value in {**ALARM, **changed}.items() if key != name}


def math(expression: str, **term: Any) -> dict[str, Any]:
    queries = [{"id": "result", "expression": expression}, {"id": "errors", "metric": {**TERM, **term}}]
    kept = {name: ALARM[name] for name in ("alarm_name", "alarm_actions", "treat_missing_data")}
    return {**kept, "metric_query": queries}


def on_dashboard(body: Any) -> list[str]:
    text = body if isinstance(body, str) else json.dumps(body)
    return said(aws_cloudwatch_dashboard={"path": {"dashboard_body": text}})


def graph(*rows: Any, **properties: Any) -> list[str]:
    return on_dashboard({"widgets": [{"type": "metric", "properties": {"metrics": list(rows), **properties}}]})


def test_an_alarm_that_is_right_is_no_problem() -> None:
    assert said(ALARM) == []
    assert said(without("statistic", metric_name="Duration", extended_statistic="p99.9")) == []
    assert said({**ALARM, "comparison_operator": "GreaterThanThreshold"}) == []
    band = {"threshold_metric_id": "result", "comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold"}
    assert said({**math("ANOMALY_DETECTION_BAND(errors, 2)"), **band}) == []
    assert said(math("IF(errors > 0, 100 * errors / errors, 0)")) == []
    assert said(math("SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE FunctionName = 'errors of result'")) == []


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        (
            {**ALARM, "namespace": "AWS/Lamda"},
            "it names the metric Errors in AWS/Lamda; the table of metrics has no such metric",
        ),
        (
            {**ALARM, "metric_name": "Error"},
            "it names the metric Error in AWS/Lambda; the table of metrics has no such metric",
        ),
        (
            {**ALARM, "dimensions": {"FunctionNam": "f"}},
            (
                "it names Errors with the dimensions FunctionNam; AWS/Lambda publishes it with ExecutedVersion, "
                "FunctionName, Resource; or with FunctionName; or with FunctionName, Resource; or with none"
            ),
        ),
        (
            without("dimensions", metric_name="ProvisionedConcurrencyUtilization", statistic="Maximum"),
            (
                "it names ProvisionedConcurrencyUtilization with the dimensions none; AWS/Lambda publishes it with "
                "ExecutedVersion, FunctionName, Resource; or with FunctionName; or with FunctionName, Resource"
            ),
        ),
        (
            {**ALARM, "statistic": "Maximum"},
            'it takes the statistic "Maximum" of Errors; those that mean something are Sum',
        ),
        (
            without("statistic", metric_name="Duration", extended_statistic="p101"),
            'it takes the statistic "p101" of Duration; those that mean something are Average, Maximum, Minimum, pNN',
        ),
        ({**ALARM, "unit": "Percent"}, "it takes Errors in Percent; it is published in Count"),
        (
            without("treat_missing_data"),
            "treat_missing_data is not set; what a period without data means is chosen for each metric",
        ),
        (
            without("alarm_actions"),
            "it has no alarm_actions; an alarm that tells nobody is none, unless a composite alarm is made of it",
        ),
        (without("metric_name"), "it has neither a metric nor a query; an alarm watches something"),
        (
            math("100 * error / errors"),
            'its expression names "error"; no query of the alarm has that id',
        ),
        (
            {**math("ANOMALY_DETECTION_BAND(errors, 2)"), "threshold_metric_id": "band"},
            'threshold_metric_id is "band"; no query of the alarm has that id',
        ),
        (
            {
                **math("ANOMALY_DETECTION_BAND(errors, 2)"),
                "threshold_metric_id": "result",
                "comparison_operator": "GreaterThanThreshold",
            },
            (
                'comparison_operator is "GreaterThanThreshold" with threshold_metric_id; GreaterThanUpperThreshold, '
                "LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold belong to an anomaly band, the "
                "others to a threshold"
            ),
        ),
        (
            {**ALARM, "comparison_operator": "LessThanLowerThreshold"},
            (
                'comparison_operator is "LessThanLowerThreshold" without threshold_metric_id; '
                "GreaterThanUpperThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold belong to "
                "an anomaly band, the others to a threshold"
            ),
        ),
        (
            math("errors", stat="p90"),
            'it takes the statistic "p90" of Errors; those that mean something are Sum',
        ),
        (
            math("errors", dimensions={"QueueName": "q"}),
            (
                "it names Errors with the dimensions QueueName; AWS/Lambda publishes it with ExecutedVersion, "
                "FunctionName, Resource; or with FunctionName; or with FunctionName, Resource; or with none"
            ),
        ),
        (
            math("SELECT SUM(Eror) FROM SCHEMA(\"AWS/Lambda\", FunctionName) WHERE FunctionName = 'f'"),
            "it names the metric Eror in AWS/Lambda; the table of metrics has no such metric",
        ),
        (
            math('SELECT MAX(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)'),
            'it takes the statistic "Maximum" of Errors; those that mean something are Sum',
        ),
        (
            math('SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", BusName, RuleName)'),
            (
                "it names FailedInvocations with the dimensions BusName, RuleName; AWS/Events publishes it with "
                "EventBusName, RuleName; or with RuleName; or with none"
            ),
        ),
        (
            math("SELECT Errors"),
            "it says SELECT Errors; it does not read like a query of Metrics Insights",
        ),
        (
            math("SUM(SEARCH('{AWS/SQS,Queue} MetricName=\"NumberOfMessagesSent\"', 'Sum', 60))"),
            "it names NumberOfMessagesSent with the dimensions Queue; AWS/SQS publishes it with QueueName",
        ),
        (
            math("SUM(SEARCH('{AWS/SQS,QueueName} NumberOfMessagesSent', 'Sum', 60))"),
            "it says SEARCH('{AWS/SQS,QueueName} NumberOfMessagesSent', 'Sum'; the search names no metric",
        ),
    ],
)
def test_a_mistake_of_an_alarm_is_a_sentence(alarm: dict[str, Any], expected: str) -> None:
    assert said(alarm) == [f"aws_cloudwatch_metric_alarm.errors: {expected}"]


def test_an_alarm_without_actions_may_be_part_of_a_composite_alarm() -> None:
    composite = {"alarm_rule": 'ALARM("acme-dev-orders-errors")', "alarm_actions": ["arn"], "alarm_name": "all"}
    assert said(without("alarm_actions"), aws_cloudwatch_composite_alarm={"all": composite}) == []
    [silent] = said(ALARM, aws_cloudwatch_composite_alarm={"all": {**composite, "alarm_actions": None}})
    assert silent.startswith("aws_cloudwatch_composite_alarm.all: it has no alarm_actions; ")


def test_a_metric_that_a_filter_of_the_stack_makes_is_known() -> None:
    alarm = {**ALARM, "namespace": "Orders", "metric_name": "Refused", "dimensions": {}}
    made = {"refused": {"metric_transformation": [{"namespace": "Orders", "name": "Refused", "value": "1"}]}}
    assert said(alarm, aws_cloudwatch_log_metric_filter=made) == []
    assert len(said(alarm)) == 1


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: f"{metric.namespace} {metric.name}")
def test_a_letter_that_is_left_out_of_any_name_is_found(metric: Any) -> None:
    dimensions = dict.fromkeys(metric.dimension_sets[0], "x")
    statistic = "p90" if metric.statistics[0] == "pNN" else metric.statistics[0]
    right = {
        **without("statistic"), "namespace": metric.namespace, "metric_name": metric.name, "dimensions": dimensions,
        "statistic": statistic,
    }  # fmt: skip
    assert said(right) == []
    for field, value in (
        ("namespace", metric.namespace[:-1]), ("metric_name", metric.name[:-1]), ("statistic", statistic[:-1]),
        ("dimensions", {**dimensions, "Nam": "x"}),
        ("dimensions", {f"{name}s": "x" for name in dimensions} or {"Nam": "x"}),
    ):  # fmt: skip
        assert len(said({**right, field: value})) == 1, (field, value)


def test_rows_of_a_graph_may_repeat_what_stands_above() -> None:
    assert graph(
        ["AWS/Lambda", "Errors", "FunctionName", "f", {"stat": "Sum", "id": "e"}],
        [".", "Invocations", ".", ".", {"stat": "Sum", "id": "i"}],
        ["...", "g", {"stat": "Sum"}],
        [{"expression": "100 * e / i", "label": "error rate"}],
    ) == []  # fmt: skip
    assert graph(["AWS/Lambda", "Duration", "FunctionName", "f"]) == []  # Average, where nothing says
    assert graph(["AWS/Lambda", "Errors", "FunctionName", "f"], stat="Sum") == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["AWS/Lambda", "Errors", "FunctionName", "f"]],
            'it takes the statistic "Average" of Errors; those that mean something are Sum',
        ),
        (
            [["AWS/Lambda", "Errors", "FunctionName", "f", {"stat": "Sum"}], [".", "Error", ".", "."]],
            "it names the metric Error in AWS/Lambda; the table of metrics has no such metric",
        ),
        (
            [["AWS/SQS", "ApproximateAgeOfOldestMessage", "Queue", "q"]],
            "it names ApproximateAgeOfOldestMessage with the dimensions Queue; AWS/SQS publishes it with QueueName",
        ),
        (
            [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"]],
            ("it says ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName']; a metric has a namespace, a name, and "
            "names of dimensions with their values"),
        ),
        (
            [[{"expression": "100 * e", "label": "rate"}]],
            'it says 100 * e; nothing in the graph has the id "e"',
        ),
        (
            [[{"expression": "SELECT SUM(Sent) FROM \"AWS/SQS\"", "label": "sent"}]],
            "it names the metric Sent in AWS/SQS; the table of metrics has no such metric",
        ),
    ],
)  # fmt: skip
def test_a_mistake_of_a_dashboard_is_a_sentence(rows: list[Any], expected: str) -> None:
    assert graph(*rows) == [f"aws_cloudwatch_dashboard.path: {expected}"]


def test_a_dashboard_is_read_with_the_references_that_stand_in_it() -> None:
    name = '${aws_lambda_function.each["a"].function_name}'
    body = json.dumps({"widgets": [{"type": "text"}, {"type": "metric", "properties": {"metrics": [[
        "AWS/Lambda", "Duration", "FunctionName", "NAME"]]}}]})  # fmt: skip
    assert on_dashboard(body.replace("NAME", name)) == []
    assert on_dashboard("{") == ["aws_cloudwatch_dashboard.path: it says {; a dashboard's body is JSON"]


def test_the_document_is_left_as_it_is() -> None:
    document = {"resource": {"aws_cloudwatch_metric_alarm": {"errors": ALARM}}}
    before = copy.deepcopy(document)
    metric_problems(document)
    assert document == before
