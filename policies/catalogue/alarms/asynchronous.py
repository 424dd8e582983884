"""Somebody hears when an event that a function failed at could not even be handed to where failures go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import EMPTY
from analysis.triggers.functions import functions_of
from policies.policy import Policy, Severity, Verdict
from policies.samples import function, merged, resource
from policies.shared.alarm_samples import LATER_ACTIONS, alarm, later_actions, of_function
from policies.shared.alarms import Metric, coverage, judged, name_of
from policies.shared.per_plan import per_plan
from policies.view import View

_DEAD_LETTERS = Metric("AWS/Lambda", ("DeadLetterErrors",), of_all=True)
_DESTINATIONS = Metric("AWS/Lambda", ("DestinationDeliveryFailures",), of_all=True)
_CONFIG = "aws_lambda_function_event_invoke_config"
_PATHS = ("destination_config.on_failure.destination", "destination_config.on_success.destination")


def judge(view: View) -> Iterator[Verdict]:
    """Each function with a dead-letter queue or destinations by the alarms on what fails at these."""
    for entry in view.functions:
        wanted = dict[str, Metric]()
        if _is_set(view.plan, entry, "dead_letter_config.target_arn"):
            wanted["its dead_letter_config"] = _DEAD_LETTERS
        if entry in _with_destinations(view.plan):
            wanted[f"the destinations of {_with_destinations(view.plan)[entry]}"] = _DESTINATIONS
        if wanted:
            gaps = {
                f"{metric}, events that {what} did not take": coverage(view, entry, metric, name_of(entry))
                for what, metric in wanted.items()
            }
            yield judged(entry, gaps)


@per_plan
def _with_destinations(plan: Plan) -> Mapping[Resource, Resource]:
    """Functions that have destinations, each with what configures them."""
    found = dict[Resource, Resource]()
    for config in plan.of(_CONFIG):
        if any(_is_set(plan, config, path) for path in _PATHS):
            for entry in functions_of(plan, config):
                found.setdefault(entry, config)
    return found


def _is_set(plan: Plan, resource: Resource, path: str) -> bool:
    value = resource.get(path)
    return plan.is_configured(resource, path) if value is UNKNOWN else value not in EMPTY


def _function(name: str) -> dict[str, object]:
    return merged(function(name, dead_letter_config={"target_arn": "${aws_sns_topic.alarms.arn}"}), _PUBLISHES)


_PUBLISHES = resource(
    "aws_iam_role_policy",
    "publishes",
    role="${aws_iam_role.function.id}",
    policy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}',
)


def _config(name: str) -> dict[str, object]:
    return merged(
        function(name),
        _PUBLISHES,
        resource(
            _CONFIG,
            f"of_{name}",
            function_name=f"${{aws_lambda_function.{name}.function_name}}",
            destination_config={"on_failure": {"destination": "${aws_sns_topic.alarms.arn}"}},
        ),
    )


POLICY = Policy(
    id="CKV2_LNET_604",
    title="Alarms watch events that neither a function nor its dead-letter queue or destination took",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="An event that fails and cannot be delivered to its dead-letter queue or destination, as a permission or key "
    "is missing, is dropped; the metric is the only trace.",
    source="Lambda guide, types of metrics: DeadLetterErrors and DestinationDeliveryFailures",
    fix="Add an alarm on DeadLetterErrors (dead_letter_config) or DestinationDeliveryFailures (destinations) above 0.",
    judge=judge,
    samples=(
        merged(
            LATER_ACTIONS,
            _function("passes_dead_letters"),
            alarm("dead_letters", "DeadLetterErrors", of_function("passes_dead_letters")),
            _function("fails_dead_letters"),
            alarm("other", "DestinationDeliveryFailures", of_function("fails_dead_letters")),
            function("synchronous"),
            _function("unknown_then_passes_dead_letters"),
            alarm(
                "later", "DeadLetterErrors", of_function("unknown_then_passes_dead_letters"),
                alarm_actions=later_actions("some"),
            ),
            _function("unknown_then_fails_dead_letters"),
            alarm(
                "never", "DeadLetterErrors", of_function("unknown_then_fails_dead_letters"),
                alarm_actions=later_actions("none"),
            ),
        ),
        merged(
            _config("passes_destination"),
            alarm("destination", "DestinationDeliveryFailures", of_function("passes_destination")),
            _config("fails_destination"),
            alarm("wrong", "DeadLetterErrors", of_function("fails_destination")),
        ),
    ),
)  # fmt: skip
