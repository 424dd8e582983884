"""Somebody hears when a function nears the most that may run of it."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.alarm_samples import alarm, of_function
from policies.shared.alarms import Coverage, Metric, coverage, judged, name_of
from policies.view import View

_FUNCTION = Metric("AWS/Lambda", ("ConcurrentExecutions",), statistics=frozenset({"Minimum", "SampleCount", "Sum"}))
_ACCOUNT = Metric(
    "AWS/Lambda",
    ("ClaimedAccountConcurrency", "ConcurrentExecutions", "UnreservedConcurrentExecutions"),
    statistics=_FUNCTION.statistics,
    of_all=True,
)
_RESERVED = "reserved_concurrent_executions"


def judge(view: View) -> Iterator[Verdict]:
    """Each function that may run, by the alarms on its concurrency, or on the account's where it reserves none."""
    for entry in view.functions:
        reserved = view.setting(entry, _RESERVED, default=-1)
        if reserved == 0:
            continue
        found = coverage(view, entry, _FUNCTION, name_of(entry))
        if reserved is UNKNOWN:
            yield _without_number(view, entry, found)
        elif int(reserved) > 0:
            yield _reserved(entry, int(reserved), found)
        else:
            shared = found if found.is_certain else coverage(view, entry, _ACCOUNT, name_of(entry))
            clause = (
                "its ConcurrentExecutions, nor ClaimedAccountConcurrency of the "
                "account, whose concurrency it shares as it reserves none"
            )
            yield judged(entry, {clause: shared})


def _reserved(function: Resource, reserved: int, found: Coverage) -> Verdict:
    if not found.is_certain:
        clause = f"ConcurrentExecutions, of which it reserves {reserved}"
        return judged(function, {clause: found})
    for watch in found.watches:
        threshold = watch.alarm.get("threshold", UNKNOWN)
        if not watch.is_plain or (threshold is not UNKNOWN and _is_reached(watch.comparison, threshold, reserved)):
            return passed(function)
    unclear = [watch.alarm for watch in found.watches if watch.alarm.get("threshold", UNKNOWN) is UNKNOWN]
    if unclear or found.doubts:
        doubt = f"threshold of {unclear[0]} is not known" if unclear else "; ".join(found.doubts)
        return unknown(function, doubt)
    first = found.watches[0].alarm
    return failed(
        function,
        f"{first} is never raised, as no more than the reserved {reserved} executions run at once and its threshold is "
        f"{float(first.get('threshold')):g}",
        f"set threshold of {first} below {reserved}, such as to {reserved * 9 // 10}",
    )


def _without_number(view: View, function: Resource, found: Coverage) -> Verdict:
    if any(not watch.is_plain for watch in found.watches):
        return passed(function)
    if found.is_certain or found.doubts or coverage(view, function, _ACCOUNT, name_of(function)).is_certain:
        return unknown(function, f"{_RESERVED} is known only after apply")
    return judged(function, {"ConcurrentExecutions": found})


def _is_reached(comparison: str, threshold: float, reserved: int) -> bool:
    return threshold <= reserved if "OrEqualTo" in comparison else threshold < reserved


_MOST = {"statistic": "Maximum"}

POLICY = Policy(
    id="CKV2_LNET_607",
    title="Alarms watch the concurrency of every function against its limit",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="Invocations beyond the reserved concurrency, or beyond the account's, are throttled: synchronous callers see "
    "errors, events wait. An alarm below the limit leaves time to raise it.",
    source="CloudWatch guide, recommended alarms for Lambda, ConcurrentExecutions and ClaimedAccountConcurrency",
    fix="Add an alarm on the Maximum of ConcurrentExecutions of the function below what it reserves, or, without "
    "reservation, on ClaimedAccountConcurrency of the account.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_below", reserved_concurrent_executions=10),
            alarm("below", "ConcurrentExecutions", of_function("passes_below"), threshold=9, **_MOST),
            function("passes_at", reserved_concurrent_executions=1),
            alarm(
                "at", "ConcurrentExecutions", of_function("passes_at"), threshold=1,
                comparison_operator="GreaterThanOrEqualToThreshold", **_MOST,
            ),
            function("passes_by_own"),
            alarm("own", "ConcurrentExecutions", of_function("passes_by_own"), threshold=800, **_MOST),
            function("fails_above", reserved_concurrent_executions=10),
            alarm("above", "ConcurrentExecutions", of_function("fails_above"), threshold=10, **_MOST),
            function("fails_without", reserved_concurrent_executions=10),
            function("fails_without_reservation"),
            alarm("sum", "ConcurrentExecutions", of_function("fails_without_reservation"), threshold=8),
            function("disabled", reserved_concurrent_executions=0),
            function("unknown_then_passes_later", reserved_concurrent_executions=LATER.format("small")),
            alarm("later", "ConcurrentExecutions", of_function("unknown_then_passes_later"), threshold=0, **_MOST),
            function("unknown_then_fails_later", reserved_concurrent_executions=LATER.format("small")),
            alarm("never", "ConcurrentExecutions", of_function("unknown_then_fails_later"), threshold=1, **_MOST),
            function("unknown_then_passes_below", reserved_concurrent_executions=2),
            alarm(
                "small", "ConcurrentExecutions", of_function("unknown_then_passes_below"),
                threshold=LATER.format("small"), **_MOST,
            ),
        ),
        merged(
            function("passes_by_account"),
            alarm("account", "ClaimedAccountConcurrency", threshold=900, **_MOST),
            function("fails_by_account", reserved_concurrent_executions=10),
        ),
    ),
)  # fmt: skip
