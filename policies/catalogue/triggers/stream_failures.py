"""A record of a stream that cannot be handled is given up, and told to somebody."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged
from policies.shared.settings import is_set, number
from policies.shared.sources import MAPPING, Source, batch_size, source_of
from policies.shared.trigger_samples import ARN, mapping, queue, stream, table, worker
from policies.view import View

_FOREVER = -1
"""Retries and age of a mapping that sets none: until the record expires (CreateEventSourceMapping)."""

_Check = tuple[str, str]
"""What is not known, or else what is missing; twice empty where all is well."""


def judge(view: View) -> Iterator[Verdict]:
    """Each mapping of a stream of Kinesis or DynamoDB."""
    for entry in view.plan.of(MAPPING):
        source = source_of(view.plan, entry)
        if source.is_stream:
            yield _judged(view, entry, source)


def _judged(view: View, entry: Resource, source: Source) -> Verdict:
    checks = (_destination(view, entry), *_bounds(view, entry), _bisection(view, entry, batch_size(entry, source)))
    missing = [message for path, message in checks if message and not path]
    unclear = [path for path, _ in checks if path]
    if missing:
        return failed(entry, "; ".join(missing))
    if unclear:
        return unknown(entry, f"{' and '.join(unclear)} {'is' if len(unclear) == 1 else 'are'} known only after apply")
    return passed(entry)


def _destination(view: View, entry: Resource) -> _Check:
    path = "destination_config.on_failure.destination_arn"
    has = is_set(view, entry, path)
    if has is UNKNOWN:
        return path, ""
    return "", "" if has else "destination_config.on_failure is not set, so that nobody learns of records given up"


def _bounds(view: View, entry: Resource) -> Iterator[_Check]:
    for path, meaning in (
        ("maximum_retry_attempts", "a record that fails is tried until it expires"),
        ("maximum_record_age_in_seconds", "a throttled function is tried with the same record until it expires"),
    ):
        value = number(view, entry, path, _FOREVER)
        if value is UNKNOWN:
            yield path, ""
        elif value < 0:
            yield "", f"{path} is {value}, so that {meaning} and all behind it in its shard wait"


def _bisection(view: View, entry: Resource, size: int | None) -> _Check:
    path = "bisect_batch_on_function_error"
    bisects = view.setting(entry, path, default=False)
    if size == 1 or bisects is True:
        return "", ""
    if size is None or bisects is UNKNOWN:
        return "batch_size" if size is None else path, ""
    return "", f"{path} is not true, so that one bad record takes up to {size - 1} good ones with it"


_BOUNDED = {
    "starting_position": "LATEST",
    "maximum_retry_attempts": 3,
    "maximum_record_age_in_seconds": 3600,
    "bisect_batch_on_function_error": True,
    "destination_config": [{"on_failure": [{"destination_arn": ARN.format("aws_sqs_queue", "failed")}]}],
}
_WORKER = "${{aws_lambda_function.{}.arn}}"
_STREAM = ARN.format("aws_kinesis_stream", "clicks")

POLICY = Policy(
    id="CKV2_LNET_504",
    title="Event source mapping of a stream gives up bad records after a bounded time, and tells a destination",
    severity=Severity.HIGH,
    types=(MAPPING,),
    why="A stream is read in order: by default one record that fails stops its shard until it expires, and then it is "
    "lost without a trace.",
    source="Lambda developer guide, retaining discarded batch records of Kinesis and DynamoDB streams",
    fix="Set destination_config.on_failure, maximum_retry_attempts, maximum_record_age_in_seconds and "
    "bisect_batch_on_function_error = true.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            *(worker(name) for name in "abcdefg"),
            queue("failed"),
            stream("clicks"),
            table("orders"),
            mapping("a_queue_is_no_stream", "failed", _WORKER.format("a")),
            mapping("passes_bounded", _STREAM, _WORKER.format("a"), **_BOUNDED),
            mapping(
                "passes_single_records",
                _STREAM,
                _WORKER.format("b"),
                **_BOUNDED | {"batch_size": 1, "bisect_batch_on_function_error": False},
            ),
            mapping(
                "fails_by_default",
                "${aws_dynamodb_table.orders.stream_arn}",
                _WORKER.format("a"),
                starting_position="TRIM_HORIZON",
            ),
            mapping("fails_without_destination", _STREAM, _WORKER.format("c"), **_BOUNDED | {"destination_config": []}),
            mapping("fails_by_retries", _STREAM, _WORKER.format("d"), **_BOUNDED | {"maximum_retry_attempts": -1}),
            mapping(
                "unknown_then_passes_by_retries",
                _STREAM,
                _WORKER.format("e"),
                **_BOUNDED | {"maximum_retry_attempts": LATER.format("small")},
            ),
            mapping(
                "unknown_then_fails_by_age",
                _STREAM,
                _WORKER.format("f"),
                **_BOUNDED | {"maximum_record_age_in_seconds": f"-{LATER.format('small')}"},
            ),
            mapping(
                "unknown_then_fails_by_bisection",
                _STREAM,
                _WORKER.format("g"),
                **_BOUNDED | {"bisect_batch_on_function_error": LATER.format("false")},
            ),
        ),
    ),
)
