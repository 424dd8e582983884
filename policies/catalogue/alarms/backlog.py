"""Somebody hears when a function falls behind its source, and when messages end in a dead-letter queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.plan import Plan, Resource
from analysis.triggers.functions import functions_of
from policies.policy import Policy, Sample, Severity, Verdict, unknown
from policies.samples import function, merged, resource
from policies.shared.alarm_samples import LATER_ACTIONS, alarm, later_actions, of_function
from policies.shared.alarms import Coverage, Metric, coverage, coverage_by_name, judged, name_of
from policies.shared.per_plan import per_plan
from policies.shared.redrive import redrive_of
from policies.shared.sources import MAPPING, QUEUE, STREAM, Source, source_of
from policies.shared.trigger_samples import queue, stream, table, worker
from policies.view import View

_QUEUE = Metric("AWS/SQS", ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"))
_FUNCTION = Metric("AWS/Lambda", ("IteratorAge",))
_STREAM = Metric("AWS/Kinesis", ("GetRecords.IteratorAgeMilliseconds",))
_HOLDERS = {
    "aws_cloudwatch_event_target": "dead_letter_config.arn",
    "aws_lambda_event_source_mapping": "destination_config.on_failure.destination_arn",
    "aws_lambda_function": "dead_letter_config.target_arn",
    "aws_lambda_function_event_invoke_config": "destination_config.on_failure.destination",
    "aws_scheduler_schedule": "target.dead_letter_config.arn",
}
"""What sends failures to a queue → the argument that names it; beside redrive policies."""


def judge(view: View) -> Iterator[Verdict]:
    """Each mapping that polls a queue or stream by the alarms on it, and each queue that takes failures."""
    for mapping in view.plan.of(MAPPING):
        source = source_of(view.plan, mapping)
        if view.setting(mapping, "enabled", default=True) is not False and (source.is_queue or source.is_stream):
            yield _mapping(view, mapping, source)
    for entry, by in _dead_letters(view.plan).items():
        clause = f"{_QUEUE}, though {by} sends failures to it"
        yield judged(entry, {clause: coverage(view, entry, _QUEUE, name_of(entry))})


def _mapping(view: View, mapping: Resource, source: Source) -> Verdict:
    if not source.is_queue:
        return _stream(view, mapping, source)
    clause = f"{_QUEUE} of {source.name}"
    if source.resource is not None:
        return judged(mapping, {clause: coverage(view, source.resource, _QUEUE, name_of(source.resource))})
    if source.name.startswith("arn:"):
        found = coverage_by_name(view, source.name.rpartition(":")[2], _QUEUE)
        if found.is_certain:
            return judged(mapping, {clause: found})
        return unknown(mapping, f"{source.name} lies outside the plan, and so may the alarms on it")
    return unknown(mapping, f"which queue {source.name} is known only after apply, and so the alarms on it")


def _stream(view: View, mapping: Resource, source: Source) -> Verdict:
    functions = functions_of(view.plan, mapping)
    found = [coverage(view, entry, _FUNCTION, name_of(entry)) for entry in functions]
    if source.resource is not None and source.resource.type == STREAM:
        found.append(coverage(view, source.resource, _STREAM, name_of(source.resource)))
    if not functions and not any(entry.is_certain for entry in found):
        return unknown(mapping, "its function lies outside the plan, and so may the alarms on IteratorAge")
    either = next((entry for entry in found if entry.is_certain), None) or Coverage(
        doubts=tuple(doubt for entry in found for doubt in entry.doubts),
        silent=tuple(text for entry in found for text in entry.silent),
    )
    what = f"{_FUNCTION} of {functions[0]}" if functions else str(_STREAM)
    return judged(mapping, {f"{what}": either})


@per_plan
def _dead_letters(plan: Plan) -> Mapping[Resource, str]:
    """Queues that take failures, each with what sends them."""
    found = dict[Resource, str]()
    for kind, path in _HOLDERS.items():
        for entry in plan.of(kind):
            for target in plan.links(entry, path, QUEUE).resources:
                found.setdefault(target, str(entry))
    for entry in plan.of(QUEUE, "aws_sns_topic_subscription"):
        redrive = redrive_of(plan, entry)
        for target in redrive.target.resources if redrive is not None else ():
            found.setdefault(target, str(entry))
    return {entry: found[entry] for entry in sorted(found, key=str) if entry.mode == "managed"}


def _polls(name: str, source: str, /, *, of: str = "worker", **body: Any) -> Sample:
    """A mapping of a queue of the sample, or of what `event_source_arn` names."""
    settings = {"event_source_arn": f"${{aws_sqs_queue.{source}.arn}}", **body}
    return resource(MAPPING, name, function_name=f"${{aws_lambda_function.{of}.arn}}", **settings)


def _age(name: str, of: str, /, **body: Any) -> Sample:
    """An alarm on the age of messages."""
    dimensions = {"QueueName": f"${{aws_sqs_queue.{of}.name}}"}
    settings = {"namespace": "AWS/SQS", "statistic": "Maximum", "threshold": 300, **body}
    return alarm(name, "ApproximateAgeOfOldestMessage", dimensions, **settings)


def _dead(name: str, source: str, /) -> Sample:
    """A dead-letter queue, and the queue that sends to it."""
    policy = f'{{"deadLetterTargetArn":"${{aws_sqs_queue.{name}.arn}}","maxReceiveCount":5}}'
    return merged(queue(name), queue(source, redrive_policy=policy))


_AT_ONCE = {"starting_position": "LATEST"}

POLICY = Policy(
    id="CKV2_LNET_603",
    title="Alarms watch the backlog of every event source, and every dead-letter queue",
    severity=Severity.HIGH,
    types=(MAPPING, QUEUE),
    why="A source that is read too slowly loses records when they expire, and what ends in a dead-letter queue is lost "
    "when its retention ends, unless somebody looks.",
    source="CloudWatch guide, recommended alarms for SQS and Kinesis; Lambda guide, monitoring event source mappings",
    fix="Add an alarm on ApproximateAgeOfOldestMessage (QueueName) of a queue, on ApproximateNumberOfMessagesVisible "
    "of a dead-letter queue, or on IteratorAge (FunctionName) for a stream.",
    judge=judge,
    samples=(
        merged(
            LATER_ACTIONS,
            worker("worker"),
            queue("watched"),
            _age("watched", "watched"),
            _polls("passes_watched", "watched"),
            queue("named"),
            _age("named", "named", dimensions={"QueueName": "sample-named"}),
            _polls("passes_named", "named"),
            queue("unwatched"),
            _polls("fails_unwatched", "unwatched"),
            queue("silent"),
            _age("silent", "silent", alarm_actions=[]),
            _polls("fails_silent", "silent"),
            queue("later"),
            _age("later", "later", alarm_actions=later_actions("some")),
            _polls("unknown_then_passes_later", "later"),
            queue("never"),
            _age("never", "never", alarm_actions=later_actions("none")),
            _polls("unknown_then_fails_never", "never"),
            queue("off"),
            _polls("off", "off", enabled=False),
        ),
        merged(
            worker("worker"),
            stream("clicks"),
            table("orders"),
            _polls(
                "passes_by_stream", "", event_source_arn="${aws_kinesis_stream.clicks.arn}", **_AT_ONCE
            ),
            alarm(
                "clicks", "GetRecords.IteratorAgeMilliseconds",
                {"StreamName": "${aws_kinesis_stream.clicks.name}"},
                namespace="AWS/Kinesis", statistic="Maximum", threshold=60000,
            ),
            _polls(
                "fails_by_function", "", event_source_arn="${aws_dynamodb_table.orders.stream_arn}", **_AT_ONCE
            ),
            worker("watched"),
            _polls(
                "passes_by_function", "", of="watched",
                event_source_arn="${aws_dynamodb_table.orders.stream_arn}", **_AT_ONCE,
            ),
            alarm("age", "IteratorAge", of_function("watched"), statistic="Maximum", threshold=60000),
        ),
        merged(
            _dead("passes_dead", "first"),
            alarm(
                "dead", "ApproximateNumberOfMessagesVisible", {"QueueName": "${aws_sqs_queue.passes_dead.name}"},
                namespace="AWS/SQS", statistic="Maximum",
            ),
            _dead("fails_dead", "second"),
            function("worker"),
            queue("fails_of_function"),
            resource(
                "aws_lambda_function_event_invoke_config", "worker",
                function_name="${aws_lambda_function.worker.function_name}",
                destination_config={"on_failure": {"destination": "${aws_sqs_queue.fails_of_function.arn}"}},
            ),
        ),
    ),
)  # fmt: skip
