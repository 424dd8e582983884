"""A function reports which records of a batch failed, so that only these come again."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged
from policies.shared.sources import MAPPING, batch_size, source_of
from policies.shared.trigger_samples import mapping, queue, stream, table, worker
from policies.view import View

_REPORT = "ReportBatchItemFailures"


def judge(view: View) -> Iterator[Verdict]:
    """Each mapping of a queue or stream whose batches hold more than one record."""
    for entry in view.plan.of(MAPPING):
        source = source_of(view.plan, entry)
        if not (source.is_queue or source.is_stream):
            continue
        types = view.setting(entry, "function_response_types", default=[])
        size = batch_size(entry, source)
        if size == 1 or (types is not UNKNOWN and _REPORT in types):
            yield passed(entry)
        elif types is UNKNOWN or UNKNOWN in types:
            yield unknown(entry, "function_response_types is known only after apply")
        elif size is None:
            yield unknown(entry, "batch_size is known only after apply", f"add {_REPORT} to function_response_types")
        else:
            yield failed(
                entry,
                f"function_response_types does not hold {_REPORT}, and a batch of {source.name} holds up to {size} "
                "records: one that fails makes all of them come again",
            )


POLICY = Policy(
    id="CKV2_LNET_503",
    title="Event source mapping of a queue or stream reports which records of a batch failed",
    severity=Severity.MEDIUM,
    types=(MAPPING,),
    why="Lambda takes a failed invocation for a failed batch: records that were handled are handled again, and count "
    "towards the dead-letter queue.",
    source="Lambda developer guide, partial batch responses for Amazon SQS, Kinesis and DynamoDB",
    fix=f'Set function_response_types = ["{_REPORT}"] and return batchItemFailures from the handler.',
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            *(worker(name) for name in ("a", "b", "c", "d", "e", "f")),
            queue("jobs"),
            stream("clicks"),
            table("orders"),
            mapping("passes_queue", "jobs", "${aws_lambda_function.a.arn}", function_response_types=[_REPORT]),
            mapping("passes_single_messages", "jobs", "${aws_lambda_function.b.arn}", batch_size=1),
            mapping(
                "passes_stream",
                "${aws_kinesis_stream.clicks.arn}",
                "${aws_lambda_function.a.arn}",
                starting_position="LATEST",
                function_response_types=[_REPORT],
            ),
            mapping("fails_queue", "jobs", "${aws_lambda_function.c.arn}"),
            mapping(
                "fails_table",
                "${aws_dynamodb_table.orders.stream_arn}",
                "${aws_lambda_function.a.arn}",
                starting_position="LATEST",
            ),
            mapping(
                "unknown_then_passes_by_size",
                "jobs",
                "${aws_lambda_function.d.arn}",
                batch_size=LATER.format("small"),
            ),
            mapping(
                "unknown_then_fails_by_size",
                "jobs",
                "${aws_lambda_function.e.arn}",
                batch_size=f"{LATER.format('small')}0",
            ),
            mapping(
                "unknown_then_passes_by_types",
                "jobs",
                "${aws_lambda_function.f.arn}",
                function_response_types=[f'${{terraform_data.later.output["true"] ? "{_REPORT}" : ""}}'],
            ),
        ),
    ),
)
