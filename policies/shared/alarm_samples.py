"""Parts of samples: alarms and the topic that they tell."""

from __future__ import annotations

from typing import Any

from policies.policy import Sample
from policies.samples import cloud, merged, resource

TOPIC = resource("aws_sns_topic", "alarms", name="sample-alarms")
TELLS = ["${aws_sns_topic.alarms.arn}"]
LATER_ACTIONS = merged(
    TOPIC,
    resource("terraform_data", "actions", input={"some": TELLS, "none": []}),
)
"""Lists of actions that are known only after apply; see `later_actions`."""


def later_actions(which: str) -> str:
    """The list `some` or `none` of `LATER_ACTIONS`."""
    return f"${{terraform_data.actions.output.{which}}}"


def of_function(name: str) -> dict[str, str]:
    """The dimension of a function of the sample, by reference."""
    return {"FunctionName": f"${{aws_lambda_function.{name}.function_name}}"}


def alarm(name: str, metric: str, dimensions: dict[str, str] | None = None, /, **body: Any) -> Sample:
    """An alarm of AWS/Lambda that tells the topic; what is given replaces what is here, None takes it out."""
    settings = {
        "alarm_name": cloud(name),
        "namespace": "AWS/Lambda",
        "metric_name": metric,
        "dimensions": dimensions or None,
        "statistic": "Sum",
        "period": 60,
        "evaluation_periods": 3,
        "threshold": 0,
        "comparison_operator": "GreaterThanThreshold",
        "treat_missing_data": "notBreaching",
        "alarm_actions": TELLS,
        **body,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    return merged(TOPIC, resource("aws_cloudwatch_metric_alarm", name, **given))


def alarm_of_queries(name: str, /, *queries: dict[str, Any], **body: Any) -> Sample:
    """An alarm on what is computed of metrics."""
    nothing = dict.fromkeys(("namespace", "statistic", "period"))
    return alarm(name, "", **{**nothing, "metric_name": None, "metric_query": list(queries), **body})


def query(name: str, metric: str, dimensions: dict[str, str], /, stat: str = "Sum", **body: Any) -> dict[str, Any]:
    """A query of a metric of AWS/Lambda."""
    given = {"namespace": "AWS/Lambda", "metric_name": metric, "dimensions": dimensions, "period": 60, "stat": stat}
    return {"id": name, "metric": [given], **body}
