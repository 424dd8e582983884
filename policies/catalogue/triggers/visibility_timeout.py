"""A queue hides a message long enough for its function to be tried again."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from modules.core.limits import SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged
from policies.shared.callees import callee
from policies.shared.settings import number
from policies.shared.sources import MAPPING, source_of
from policies.shared.trigger_samples import alias, mapping, queue, worker
from policies.view import View

_VISIBILITY_SECONDS = 30
"""Visibility timeout of a queue that sets none (SQS API reference, SetQueueAttributes)."""

_TIMEOUT_SECONDS = 3
"""Timeout of a function that sets none (Lambda API, CreateFunction)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each mapping of a queue: its visibility timeout, the function's timeout, and the batching window."""
    for entry in view.plan.of(MAPPING):
        source = source_of(view.plan, entry)
        if not source.is_queue:
            continue
        called = callee(view.plan, entry, "function_name")
        if source.resource is None:
            yield unknown(entry, f"the visibility timeout of {source.name} stands nowhere in what is judged")
        elif called is None or called.function is None:
            yield unknown(entry, f"the timeout of {called or 'its function'} stands nowhere in what is judged")
        else:
            yield _judged(view, entry, source.resource, called.function)


def _judged(view: View, entry: Resource, source: Resource, function: Resource) -> Verdict:
    visible = number(view, source, "visibility_timeout_seconds", _VISIBILITY_SECONDS)
    timeout = number(view, function, "timeout", _TIMEOUT_SECONDS)
    window = number(view, entry, "maximum_batching_window_in_seconds", 0)
    if visible is UNKNOWN:
        return unknown(entry, f"visibility_timeout_seconds of {source} is known only after apply")
    if timeout is UNKNOWN:
        return unknown(entry, f"timeout of {function} is known only after apply")
    if window is UNKNOWN:
        return unknown(entry, "maximum_batching_window_in_seconds is known only after apply")
    least = SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT * timeout + window
    if visible >= least:
        return passed(entry)
    return failed(
        entry,
        f"the visibility timeout of {source} is {visible} seconds, less than {least}: "
        f"{SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT} times the timeout of {function}, {timeout} seconds, and the "
        f"batching window of {window} seconds",
        f"set visibility_timeout_seconds of {source} to at least {least}",
    )


POLICY = Policy(
    id="CKV2_LNET_501",
    title="Queue hides messages for six times the timeout of the function that works on them",
    severity=Severity.HIGH,
    types=(MAPPING,),
    why="A message that shows again while a function still works on it, or while Lambda still tries to invoke a "
    "throttled one, is worked on twice and counts as received once more.",
    source="Lambda developer guide, configuring a queue to use with Lambda",
    fix="Set the queue's visibility_timeout_seconds to six times the function's timeout and the batching window.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("slow", timeout=10),
            worker("quick", timeout=None),
            alias("live", "slow"),
            queue("long", visibility_timeout_seconds=60),
            queue("default"),
            mapping("passes_by_alias", "long", "${aws_lambda_alias.live.arn}"),
            queue("named", visibility_timeout_seconds=60),
            mapping("passes_by_name_and_alias", "named", "sample-slow:live", depends_on=["aws_lambda_alias.live"]),
            mapping("passes_with_defaults", "default", "${aws_lambda_function.quick.arn}"),
            queue("short", visibility_timeout_seconds=59),
            mapping("fails_by_a_second", "short", "${aws_lambda_function.slow.function_name}"),
            queue("unset"),
            mapping("fails_by_default", "unset", "${aws_lambda_function.slow.arn}"),
            queue("windowed", visibility_timeout_seconds=64),
            mapping(
                "fails_by_window",
                "windowed",
                "${aws_lambda_function.slow.arn}",
                maximum_batching_window_in_seconds=5,
            ),
            queue("late_and_long", visibility_timeout_seconds=LATER.format("large")),
            mapping("unknown_then_passes_by_queue", "late_and_long", "${aws_lambda_alias.live.arn}"),
            queue("late_and_short", visibility_timeout_seconds=f"{LATER.format('small')}5"),
            mapping("unknown_then_fails_by_queue", "late_and_short", "${aws_lambda_alias.live.arn}"),
            queue("late_window", visibility_timeout_seconds=60),
            mapping(
                "unknown_then_fails_by_window",
                "late_window",
                "${aws_lambda_alias.live.arn}",
                maximum_batching_window_in_seconds=LATER.format("small"),
            ),
        ),
    ),
)
