"""A queue that a function works on sets messages aside that it cannot handle, after enough tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.plan import UNKNOWN, Resource
from modules.core.limits import SQS_FEWEST_RECEIVES_WITH_LAMBDA
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged, resource
from policies.shared.redrive import Redrive, redrive_of
from policies.shared.settings import number
from policies.shared.sources import MAPPING, QUEUE, source_of
from policies.shared.trigger_samples import mapping, queue, worker
from policies.view import View

_RETENTION_SECONDS = 345_600
"""Retention of a queue that sets none, four days (SQS API reference, SetQueueAttributes)."""

_LONGEST_SECONDS = 1_209_600
"""The longest retention of a queue, 14 days (SQS API reference, SetQueueAttributes)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each queue of the plan that an event source mapping polls."""
    sources = (source_of(view.plan, entry) for entry in view.plan.of(MAPPING))
    polled = {source.resource for source in sources if source.is_queue and source.resource is not None}
    for entry in sorted(polled, key=str):
        redrive = redrive_of(view.plan, entry)
        if redrive is None:
            yield failed(
                entry,
                "it has no redrive_policy, so that a message that its function cannot handle is received again until "
                "its retention ends, and is lost then",
            )
        else:
            yield _judged(view, entry, redrive)


def _judged(view: View, entry: Resource, redrive: Redrive) -> Verdict:
    if redrive.unknown:
        return unknown(entry, redrive.unknown)
    least = SQS_FEWEST_RECEIVES_WITH_LAMBDA
    if redrive.receives is not None and redrive.receives < least:
        return failed(
            entry,
            f"maxReceiveCount is {redrive.receives}, less than {least}: a message that was only throttled is set aside",
            f"set maxReceiveCount of {redrive.holder} to at least {least}",
        )
    dead = redrive.target.only
    is_fifo = view.setting(entry, "fifo_queue", default=False)
    if dead is not None and is_fifo is not UNKNOWN:
        other = view.setting(dead, "fifo_queue", default=False) if dead.mode == "managed" else UNKNOWN
        if other is not UNKNOWN and other is not is_fifo:
            return failed(
                entry,
                f"fifo_queue is {str(is_fifo).lower()} here and {str(other).lower()} on its dead-letter queue {dead}, "
                "which SQS refuses",
                f"set fifo_queue = {str(is_fifo).lower()} on {dead}",
            )
    if redrive.receives is None:
        return unknown(entry, f"maxReceiveCount of {redrive.holder} is known only after apply")
    if dead is None or dead.mode != "managed":
        named = ", ".join((*redrive.target.literals, *redrive.target.unresolved)) or str(dead)
        return unknown(entry, f"retention of its dead-letter queue {named} stands nowhere in what is judged")
    return passed(entry) if is_fifo is True else _by_retention(view, entry, dead)


def _by_retention(view: View, entry: Resource, dead: Resource) -> Verdict:
    """A message of a standard queue keeps its age when it is set aside; one of a FIFO queue begins anew."""
    own = number(view, entry, "message_retention_seconds", _RETENTION_SECONDS)
    other = number(view, dead, "message_retention_seconds", _RETENTION_SECONDS)
    if own is UNKNOWN or other is UNKNOWN:
        holder = entry if own is UNKNOWN else dead
        return unknown(entry, f"message_retention_seconds of {holder} is known only after apply")
    if other > own or other >= _LONGEST_SECONDS:
        return passed(entry)
    return failed(
        entry,
        f"its messages are kept {own} seconds and those of its dead-letter queue {dead} {other} seconds, counted from "
        "when they were first sent: a message that is set aside late is gone at once",
        f"set message_retention_seconds of {dead} to {_LONGEST_SECONDS}",
    )


def _redrive(dead: str, receives: int = 5) -> str:
    return f'{{"deadLetterTargetArn": "${{aws_sqs_queue.{dead}.arn}}", "maxReceiveCount": {receives}}}'


def _polled(name: str, /, **body: Any) -> dict[str, Any]:
    return merged(queue(name, **body), mapping(f"polls_{name}", name, "${aws_lambda_function.worker.arn}"))


POLICY = Policy(
    id="CKV2_LNET_502",
    title="Queue that a function works on has a dead-letter queue, reached after at least five tries",
    severity=Severity.HIGH,
    types=(QUEUE,),
    why="Without a dead-letter queue a message that cannot be handled comes again and again and is lost in the end; "
    "with too few tries throttling alone sets messages aside.",
    source="Lambda developer guide, configuring a queue to use with Lambda; SQS developer guide, dead-letter queues",
    fix="Add a redrive_policy with maxReceiveCount 5 or more and a dead-letter queue of the same type that keeps "
    "messages for 14 days.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("worker"),
            queue("dead", message_retention_seconds=_LONGEST_SECONDS),
            queue("dead_fifo", name="sample-dead.fifo", fifo_queue=True),
            queue("dead_soon"),
            queue("nobody_polls"),
            _polled("passes_with_text", redrive_policy=_redrive("dead")),
            _polled(
                "passes_with_jsonencode",
                redrive_policy="${jsonencode({deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5})}",
            ),
            _polled("passes_with_a_resource"),
            resource(
                "aws_sqs_queue_redrive_policy",
                "own",
                queue_url="${aws_sqs_queue.passes_with_a_resource.id}",
                redrive_policy='{"deadLetterTargetArn": "${aws_sqs_queue.dead.arn}", "maxReceiveCount": 5}',
            ),
            _polled("passes_fifo", name="sample-passes.fifo", fifo_queue=True, redrive_policy=_redrive("dead_fifo")),
            _polled("fails_without"),
            _polled("fails_by_one_try", redrive_policy=_redrive("dead", 1)),
            _polled("fails_by_retention", redrive_policy=_redrive("dead_soon")),
            _polled(
                "unknown_then_passes_by_count",
                redrive_policy=f"${{jsonencode({{deadLetterTargetArn = aws_sqs_queue.dead.arn, "
                f"maxReceiveCount = {LATER.format('large').removeprefix('${').removesuffix('}')}}})}}",
            ),
            _polled(
                "unknown_then_fails_by_count",
                redrive_policy=f"${{jsonencode({{deadLetterTargetArn = aws_sqs_queue.dead.arn, "
                f"maxReceiveCount = {LATER.format('small').removeprefix('${').removesuffix('}')}}})}}",
            ),
            _polled(
                "unknown_then_fails_by_retention",
                message_retention_seconds=345_600,
                redrive_policy=_redrive("dead_later"),
            ),
            queue("dead_later", message_retention_seconds=f"{LATER.format('large')}0"),
        ),
        merged(
            worker("worker"),
            queue("dead"),
            _polled("fails_by_type", name="sample-fails.fifo", fifo_queue=True, redrive_policy=_redrive("dead")),
        ),
    ),
)
