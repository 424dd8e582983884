"""Queues that show a message again before the function has had its time."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.plan import Plan, Resource
from analysis.triggers.functions import functions_of, seconds
from modules.core.limits import SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT

_RULE = "visibility-timeout"
_VISIBILITY_SECONDS = 30
"""Visibility timeout of a queue that sets none (SQS API reference, SetQueueAttributes)."""

_TIMEOUT_SECONDS = 3
"""Timeout of a function that sets none (Lambda API, CreateFunction)."""


def queue_findings(plan: Plan) -> Iterator[Finding]:
    """Visibility timeouts below the function's timeout, which Lambda refuses, and below six times it."""
    for mapping in plan.of("aws_lambda_event_source_mapping"):
        for queue in plan.links(mapping, "event_source_arn", "aws_sqs_queue").resources:
            for function in functions_of(plan, mapping):
                yield from _finding(mapping, queue, function)


def _finding(mapping: Resource, queue: Resource, function: Resource) -> Iterator[Finding]:
    visible = seconds(queue, "visibility_timeout_seconds", _VISIBILITY_SECONDS)
    timeout = seconds(function, "timeout", _TIMEOUT_SECONDS)
    window = seconds(mapping, "maximum_batching_window_in_seconds", 0)
    if visible is None or timeout is None or window is None:
        unknown = next(
            f"{resource.address}.{name}"
            for resource, name, value in (
                (queue, "visibility_timeout_seconds", visible),
                (function, "timeout", timeout),
                (mapping, "maximum_batching_window_in_seconds", window),
            )
            if value is None
        )
        message = f"whether messages stay hidden as long as {function.address} works on them is not known, as {unknown}"
        fix = "write the number into the configuration"
        yield Finding(_RULE, Level.UNDECIDABLE, mapping.address, unknown, f"{message} is known only after apply", fix)
        return
    least = timeout * SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT + window
    has = f"the visibility timeout of {queue.address} is {visible} seconds"
    fix = f"set visibility_timeout_seconds of {queue.address} to at least {least}"
    if visible < timeout:
        message = f"Lambda refuses the mapping, as {has} and the timeout of {function.address} is {timeout} seconds"
        yield Finding(_RULE, Level.ERROR, mapping.address, f"{visible} < {timeout} seconds", message, fix)
    elif visible < least:
        message = (
            f"messages are worked on twice when {function.address} is throttled, as {has} and Lambda's guide asks for "
            f"{least}: six times its timeout of {timeout} seconds and the batching window of {window} seconds"
        )
        yield Finding(_RULE, Level.WARNING, mapping.address, f"{visible} < {least} seconds", message, fix)
