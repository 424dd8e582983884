"""Somebody hears of each function's errors, and of invocations that are turned away."""

from __future__ import annotations

from collections.abc import Iterator

from policies.policy import Policy, Severity, Verdict
from policies.samples import cloud, function, merged, resource
from policies.shared.alarm_samples import (
    LATER_ACTIONS,
    TELLS,
    alarm,
    alarm_of_queries,
    later_actions,
    of_function,
    query,
)
from policies.shared.alarms import Metric, coverage, judged, name_of
from policies.view import View

_METRICS = (Metric("AWS/Lambda", ("Errors",), of_all=True), Metric("AWS/Lambda", ("Throttles",), of_all=True))


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the alarms on both metrics: its own, its aliases', computed ones, or those of the region."""
    for entry in view.functions:
        gaps = {f"{metric}": coverage(view, entry, metric, name_of(entry)) for metric in _METRICS}
        yield judged(entry, gaps)


_TWO_FUNCTIONS = merged(
    alarm("errors_named", "Errors", {"FunctionName": cloud("passes_by_name")}),
    alarm("throttles_named", "Throttles", {"FunctionName": cloud("passes_by_name")}),
    function("passes_by_name"),
    alarm("errors_misspelt", "Errors", {"FunctionName": "sample-fails-by-nmae"}),
    alarm("throttles_fine", "Throttles", {"FunctionName": cloud("fails_by_name")}),
    function("fails_by_name"),
)
_COMPUTED = merged(
    function("passes_by_query"),
    alarm_of_queries(
        "rate",
        {"id": "result", "expression": "100 * errors / invocations", "label": "rate", "return_data": True},
        query("errors", "Errors", of_function("passes_by_query")),
        query("invocations", "Invocations", of_function("passes_by_query")),
    ),
    alarm_of_queries(
        "band",
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(throttles)", "label": "band", "return_data": True},
        query("throttles", "Throttles", of_function("passes_by_query"), return_data=True),
        threshold=None,
        threshold_metric_id="band",
        comparison_operator="GreaterThanUpperThreshold",
    ),
    function("fails_by_query"),
    alarm("computed_throttles", "Throttles", of_function("fails_by_query")),
    alarm_of_queries(
        "other",
        query("invocations", "Invocations", of_function("fails_by_query"), return_data=True),
        query("errors", "Errors", of_function("fails_by_query")),
    ),
)
_ALIAS = {"FunctionName": cloud("passes_by_alias"), "Resource": f"{cloud('passes_by_alias')}:live"}
_COMPOSED = merged(
    function("passes_by_alias"),
    alarm("alias_errors", "Errors", _ALIAS),
    alarm("alias_throttles", "Throttles", _ALIAS, alarm_actions=None),
    resource(
        "aws_cloudwatch_composite_alarm",
        "alias",
        alarm_name="sample-alias",
        alarm_rule='ALARM("${aws_cloudwatch_metric_alarm.alias_throttles.alarm_name}") OR ALARM(sample-alias-errors)',
        alarm_actions=TELLS,
    ),
    function("fails_by_composite"),
    alarm("composite_errors", "Errors", of_function("fails_by_composite"), alarm_actions=None),
    alarm("composite_throttles", "Throttles", of_function("fails_by_composite")),
    resource(
        "aws_cloudwatch_composite_alarm",
        "silent",
        alarm_name="sample-silent",
        alarm_rule="ALARM(${aws_cloudwatch_metric_alarm.composite_errors.alarm_name})",
    ),
)

POLICY = Policy(
    id="CKV2_LNET_601",
    title="Alarms watch errors and throttles of every function",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="A function that fails or is turned away says so in its metrics only; nobody looks at them until a customer "
    "asks.",
    source="CloudWatch guide, recommended alarms for Lambda; Security Hub controls for CloudWatch, CloudWatch.15",
    fix="Add an aws_cloudwatch_metric_alarm on Errors and one on Throttles of the function, with alarm_actions.",
    judge=judge,
    samples=(
        _TWO_FUNCTIONS,
        _COMPUTED,
        _COMPOSED,
        merged(
            LATER_ACTIONS,
            function("passes_by_reference"),
            alarm("errors", "Errors", of_function("passes_by_reference")),
            alarm("throttles", "Throttles", of_function("passes_by_reference")),
            function("fails_without_alarm"),
            function("fails_without_action"),
            alarm("silent_errors", "Errors", of_function("fails_without_action"), alarm_actions=[]),
            alarm("disabled", "Throttles", of_function("fails_without_action"), actions_enabled=False),
            function("fails_in_a_version_only"),
            alarm(
                "version_errors", "Errors", {**of_function("fails_in_a_version_only"), "Resource": "a:live",
                "ExecutedVersion": "1"},
            ),
            alarm("version_throttles", "Throttles", of_function("fails_in_a_version_only")),
            function("unknown_then_passes_by_actions"),
            alarm("later_errors", "Errors", of_function("unknown_then_passes_by_actions")),
            alarm(
                "later_throttles", "Throttles", of_function("unknown_then_passes_by_actions"),
                alarm_actions=later_actions("some"),
            ),
            function("unknown_then_fails_by_actions"),
            alarm("never_errors", "Errors", of_function("unknown_then_fails_by_actions")),
            alarm(
                "never_throttles", "Throttles", of_function("unknown_then_fails_by_actions"),
                alarm_actions=later_actions("none"),
            ),
        ),
        merged(
            function("passes_among_all"),
            alarm("all_errors", "Errors"),
            alarm_of_queries(
                "all_throttles",
                {
                    "id": "worst",
                    "expression": 'SELECT SUM(Throttles) FROM SCHEMA("AWS/Lambda", FunctionName)',
                    "period": 60,
                    "return_data": True,
                },
            ),
        ),
    ),
)  # fmt: skip
