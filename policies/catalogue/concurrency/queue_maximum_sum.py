"""All queues together invoke a function no more often at once than it reserves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.concurrency import reserved, side_of
from policies.shared.concurrency_samples import mapping
from policies.shared.concurrency_sources import QueueSource, queue_sources
from policies.shared.databases_samples import known_later, later
from policies.view import View

_SEVERAL = 2


def judge(view: View) -> Iterator[Verdict]:
    """Each function that reserves something, or may, and that several queues invoke."""
    sources, strays = dict[Resource, list[QueueSource]](), list[QueueSource]()
    for source in queue_sources(view, side_of(view)):
        if source.named.function is not None:
            sources.setdefault(source.named.function, []).append(source)
        elif source.named.unknown:
            strays.append(source)
    for entry in view.functions:
        own = sources.get(entry, [])
        if len(own) + len(strays) >= _SEVERAL and own and reserved(view, entry) is not None:
            yield _verdict(view, entry, own, strays)


def _verdict(view: View, entry: Resource, own: Sequence[QueueSource], strays: Sequence[QueueSource]) -> Verdict:
    bound, certain = reserved(view, entry), [source for source in own if source.is_certain]
    known = [source.most for source in certain if isinstance(source.most, int)]
    unbounded = [source.resource.address for source in certain if source.most is None]
    unknowns = [f"{source.bound} of {source.resource}" for source in certain if source.most is UNKNOWN]
    unknowns += [f"what {source.resource} polls" for source in own if not source.is_certain]
    unknowns += [f"the function of {source.resource}" for source in strays]
    if bound is UNKNOWN:
        return unknown(entry, "reserved_concurrent_executions is known only after apply")
    parts = ", ".join(f"{source.resource} {source.most}" for source in certain if isinstance(source.most, int))
    if sum(known) > bound:
        return failed(
            entry,
            f"its queues may invoke it {sum(known)} times at once ({parts}), and it reserves {bound}, so that messages "
            "are throttled, and go to the dead-letter queue unread",
        )
    if unbounded and len(certain) >= _SEVERAL:
        return failed(
            entry, f"{unbounded[0]} sets no maximum_concurrency, and it reserves {bound} for all of its queues"
        )
    if unknowns:
        missing = " and ".join(unknowns)
        return unknown(
            entry,
            f"whether its queues stay within the {bound} that it reserves cannot be told without knowing {missing}",
        )
    return passed(entry)


POLICY = Policy(
    id="CKV2_LNET_404",
    title="All SQS queues together invoke a function no more often at once than it reserves",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Each queue keeps to its own maximum_concurrency; what they ask for together beyond the reservation is "
    "throttled, and ends in a dead-letter queue without ever being worked on.",
    source="Lambda guide, configuring maximum concurrency for SQS event sources",
    fix="Raise reserved_concurrent_executions to the sum of the maximum_concurrency of its event sources, or lower "
    "these.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_with_both", reserved_concurrent_executions=10),
            mapping("first", "passes_with_both", 4),
            mapping("second", "passes_with_both", 6, "other"),
            function("fails_with_both", reserved_concurrent_executions=10),
            mapping("third", "fails_with_both", 6, "third"),
            mapping("fourth", "fails_with_both", 6, "fourth"),
            function("one_queue", reserved_concurrent_executions=2),
            mapping("fifth", "one_queue", 6, "fifth"),
            function("unknown_then_fails_by_variable", reserved_concurrent_executions=10),
            mapping("sixth", "unknown_then_fails_by_variable", 6, "sixth"),
            mapping("seventh", "unknown_then_fails_by_variable", LATER.format("large"), "seventh"),
            function("unknown_then_passes_by_variable", reserved_concurrent_executions=10),
            mapping("eighth", "unknown_then_passes_by_variable", 6, "eighth"),
            mapping("ninth", "unknown_then_passes_by_variable", known_later("two"), "ninth"),
            later(two=2),
        ),
    ),
)
