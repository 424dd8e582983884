"""An event that a function fails at goes somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource, Unknown
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER_RESOURCE, merged, resource
from policies.shared.asynchronous import Invocations, asynchronous, invoke_configs
from policies.shared.callees import FUNCTION
from policies.shared.settings import is_set
from policies.shared.trigger_samples import ARN, alias, permission, queue, rule, subscription, target, topic, worker
from policies.view import View

_ON_FAILURE = "destination_config.on_failure.destination"
_DEAD_LETTERS = "dead_letter_config.target_arn"


def judge(view: View) -> Iterator[Verdict]:
    """Each function that something invokes asynchronously."""
    for function, invocations in sorted(asynchronous(view.plan).items(), key=lambda entry: str(entry[0])):
        yield _judged(view, function, invocations)


def _judged(view: View, function: Resource, invocations: Invocations) -> Verdict:
    dead_letters = is_set(view, function, _DEAD_LETTERS)
    if dead_letters is True:
        return passed(function)
    unclear = list[str]()
    for qualifier in sorted(invocations.by, key=lambda name: (name is None, name or "")):
        told = _told(view, function, qualifier)
        by = ", ".join(sorted(invocations.by[qualifier]))
        if told is False and dead_letters is False:
            called = f"its qualifier {qualifier}" if qualifier else "it"
            return failed(
                function,
                f"{by} invokes {called} asynchronously, and an event that fails is lost after its retries: no "
                "dead_letter_config, and no on_failure destination for what is invoked",
            )
        if told is not True:
            unclear.append(by)
    if unclear:
        return unknown(function, f"where events of {', '.join(unclear)} go that fail is known only after apply")
    return passed(function)


def _told(view: View, function: Resource, qualifier: str | None) -> bool | Unknown:
    """Whether a destination gets events that fail at one qualifier of a function."""
    configs = invoke_configs(view.plan)
    entries = configs.get(function, ())
    exact = [is_set(view, entry, _ON_FAILURE) for own, entry in entries if own == qualifier and own is not None]
    if True in exact:
        return True
    maybe = [entry for own, entry in entries if own is None or qualifier is None]
    if UNKNOWN in exact or None in configs or any(is_set(view, entry, _ON_FAILURE) is not False for entry in maybe):
        return UNKNOWN
    return False


def _config(name: str, function_name: str, /, **body: object) -> dict[str, object]:
    reference = f"${{aws_lambda_function.{function_name}.function_name}}"
    return resource("aws_lambda_function_event_invoke_config", name, function_name=reference, **body)


def _hourly(name: str, /, arn: str = "", **body: object) -> dict[str, object]:
    return merged(
        worker(name, **body),
        rule("hourly"),
        target(f"of_{name}", "hourly", arn or ARN.format(FUNCTION, name)),
    )


_FAILED = ARN.format("aws_sqs_queue", "failed")
_DESTINATION = [{"on_failure": [{"destination": _FAILED}]}]

POLICY = Policy(
    id="CKV2_LNET_505",
    title="Function that is invoked asynchronously has an on_failure destination or a dead-letter queue",
    severity=Severity.HIGH,
    types=(FUNCTION,),
    why="Lambda queues such events and drops those that still fail after two retries or six hours, without a trace "
    "but a metric.",
    source="Lambda developer guide, adding a destination for asynchronous invocation",
    fix="Add an aws_lambda_function_event_invoke_config with destination_config.on_failure for the alias that is "
    "invoked, or dead_letter_config to the function.",
    judge=judge,
    replaces={
        "CKV_AWS_116": "it asks for a dead-letter queue of functions that nothing invokes asynchronously, and does not "
        "count an on_failure destination"
    },
    samples=(
        merged(
            LATER_RESOURCE,
            queue("failed"),
            worker("nothing_invokes"),
            _hourly("passes_with_dead_letters", dead_letter_config=[{"target_arn": _FAILED}]),
            _hourly("passes_with_destination"),
            _config("latest", "passes_with_destination", destination_config=_DESTINATION),
            _hourly("passes_by_alias", "${aws_lambda_alias.live.arn}"),
            alias("live", "passes_by_alias"),
            _config(
                "live",
                "passes_by_alias",
                qualifier="${aws_lambda_alias.live.name}",
                destination_config=_DESTINATION,
            ),
            _hourly("fails_without"),
            worker("fails_by_permission"),
            permission("s3", "fails_by_permission", "s3.amazonaws.com", source_account="123456789012"),
            worker("fails_by_subscription"),
            topic("news"),
            subscription("news", "news", ARN.format(FUNCTION, "fails_by_subscription")),
            _hourly("fails_by_other_qualifier", "${aws_lambda_alias.canary.arn}"),
            alias("canary", "fails_by_other_qualifier"),
            _config("unqualified", "fails_by_other_qualifier", destination_config=_DESTINATION),
            _hourly("fails_by_retries_only"),
            _config("retries", "fails_by_retries_only", maximum_retry_attempts=1),
            _hourly("unknown_then_passes_by_qualifier", "${aws_lambda_alias.late.arn}"),
            alias("late", "unknown_then_passes_by_qualifier"),
            _config(
                "late",
                "unknown_then_passes_by_qualifier",
                qualifier='${terraform_data.later.output["true"] ? "late" : "other"}',
                destination_config=_DESTINATION,
                depends_on=["aws_lambda_alias.late"],
            ),
            _hourly("unknown_then_fails_by_qualifier", "${aws_lambda_alias.first.arn}"),
            alias("first", "unknown_then_fails_by_qualifier"),
            alias("second", "unknown_then_fails_by_qualifier"),
            _config(
                "other",
                "unknown_then_fails_by_qualifier",
                qualifier='${terraform_data.later.output["true"] ? "second" : "first"}',
                destination_config=_DESTINATION,
                depends_on=["aws_lambda_alias.second"],
            ),
        ),
    ),
)
