"""A queue invokes a function no more often at once than the function reserves."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.concurrency import reserved, side_of
from policies.shared.concurrency_samples import mapping
from policies.shared.concurrency_sources import MAPPING, QueueSource, queue_sources
from policies.shared.databases_samples import known_later, later
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each mapping of a queue by its maximum concurrency, and by what the function reserves."""
    for source in queue_sources(view, side_of(view)):
        verdict = _verdict(view, source)
        if not source.is_certain and verdict.message:
            yield unknown(
                source.resource, "whether it polls an SQS queue, which needs a maximum_concurrency, is unknown"
            )
        elif source.is_certain:
            yield verdict


def _verdict(view: View, source: QueueSource) -> Verdict:
    entry, called = source.resource, source.named.function
    if source.most is None:
        return failed(entry, "maximum_concurrency is not set, so that it invokes its function as often as it can")
    if source.most is UNKNOWN:
        return unknown(entry, f"{source.bound} is known only after apply")
    if called is None:
        name = source.named.name or "which cannot be told"
        return unknown(entry, f"what its function, {name}, reserves is not in the plan")
    bound = reserved(view, called)
    if bound is UNKNOWN:
        return unknown(entry, f"reserved_concurrent_executions of {called} is known only after apply")
    if bound is None or source.most <= bound:
        return passed(entry)
    return failed(
        entry,
        f"{source.bound} lets it invoke {called} {source.most} times at once, and that reserves {bound}, so that "
        "messages are throttled, and go to the dead-letter queue unread",
        f"set {source.bound} to at most {bound}, or reserved_concurrent_executions of {called} to at least "
        f"{source.most}",
    )


POLICY = Policy(
    id="CKV2_LNET_403",
    title="SQS queue invokes a function no more often at once than it reserves",
    severity=Severity.HIGH,
    types=(MAPPING,),
    why="A mapping does not look at reserved concurrency: what is throttled returns to the queue, counts as received, "
    "and ends in the dead-letter queue without ever being worked on.",
    source="Lambda guide, configuring maximum concurrency for SQS event sources",
    fix="Set scaling_config.maximum_concurrency to at most the reserved_concurrent_executions of the function.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("ten", reserved_concurrent_executions=10),
            function("unreserved"),
            mapping("passes_within_reservation", "ten", 10),
            mapping("passes_without_reservation", "unreserved", 50, "other"),
            mapping("fails_beyond_reservation", "ten", 50, "third"),
            mapping("fails_without_maximum", "ten", None, "fourth"),
            mapping("unknown_then_fails_by_variable", "ten", LATER.format("large"), "fifth"),
            mapping("off", "ten", None, "sixth", enabled=False),
        ),
        merged(
            LATER_RESOURCE,
            later(many=20),
            function("one", reserved_concurrent_executions=LATER.format("small")),
            function("many", reserved_concurrent_executions=known_later("many")),
            mapping("unknown_then_fails_by_reservation", "one", 5),
            mapping("unknown_then_passes_by_reservation", "many", 5, "other"),
        ),
    ),
)
