"""Somebody hears of a function that nears its timeout, while there is time left."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.alarm_samples import alarm, alarm_of_queries, of_function, query
from policies.shared.alarm_watches import Watch
from policies.shared.alarms import Metric, coverage, judged, name_of
from policies.view import View

_DURATION = Metric("AWS/Lambda", ("Duration",), statistics=frozenset({"Minimum", "SampleCount", "Sum"}))
_SHARE = 90
"""Percent of the timeout that an alarm's threshold is at most; the recommended alarm asks for less than the timeout."""
_TIMEOUT = 3
"""Timeout in seconds of a function that sets none (Lambda API, CreateFunction)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the alarms on its duration, and the lowest threshold of these."""
    for entry in view.functions:
        found = coverage(view, entry, _DURATION, name_of(entry))
        if not found.is_certain:
            yield judged(entry, {"Duration": found})
        else:
            yield _judged(view, entry, found.watches, found.doubts)


def _judged(view: View, function: Resource, watches: tuple[Watch, ...], doubts: tuple[str, ...]) -> Verdict:
    if any(not watch.is_plain for watch in watches):  # a share, a band: its threshold is no number of milliseconds
        return passed(function)
    timeout = view.setting(function, "timeout", default=_TIMEOUT)
    thresholds = [watch.alarm.get("threshold", UNKNOWN) for watch in watches]
    known = [float(entry) for entry in thresholds if entry is not UNKNOWN]
    if timeout is UNKNOWN:
        return unknown(function, "timeout is known only after apply")
    milliseconds = float(timeout) * 1000
    most = milliseconds * _SHARE / 100
    if known and min(known) <= most:
        return passed(function)
    if len(known) < len(thresholds) or doubts:
        unclear = next((f"threshold of {w.alarm}" for w in watches if w.alarm.get("threshold", UNKNOWN) is UNKNOWN), "")
        return unknown(function, f"{unclear} is not known" if unclear else "; ".join(doubts))
    lowest = min(watches, key=lambda watch: float(watch.alarm.get("threshold")))
    is_above = min(known) >= milliseconds
    limit = f"the timeout of {timeout} seconds" if is_above else f"{_SHARE} percent of the timeout of {timeout} seconds"
    return failed(
        function,
        f"{lowest.alarm} is {'never raised' if is_above else 'raised too late'}, as its threshold of {min(known):g} "
        f"milliseconds is {'not below' if is_above else 'above'} {limit}",
        f"set threshold of {lowest.alarm} to at most {most:g}",
    )


_SLOW = {"statistic": None, "extended_statistic": "p99"}

POLICY = Policy(
    id="CKV2_LNET_602",
    title="Alarms watch the duration of every function against its timeout",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="Lambda ends what runs into the timeout, in the middle of its work; durations grow for days before. An alarm "
    "at the timeout or above it is never raised, and one just below leaves no time.",
    source="CloudWatch guide, recommended alarms for Lambda, Duration",
    fix=f"Add an alarm on p90 or p99 of Duration with a threshold of at most {_SHARE} percent of the timeout, in "
    "milliseconds.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_below"),
            alarm("below", "Duration", of_function("passes_below"), threshold=9000, **_SLOW),
            function("passes_by_default", timeout=None),
            alarm("default", "Duration", of_function("passes_by_default"), threshold=2500, statistic="Maximum"),
            function("passes_by_share"),
            alarm_of_queries(
                "share",
                {"id": "share", "expression": "100 * slow / 10000", "label": "share", "return_data": True},
                query("slow", "Duration", of_function("passes_by_share"), stat="p99"),
                threshold=95,
            ),
            function("fails_above"),
            alarm("above", "Duration", of_function("fails_above"), threshold=10000, **_SLOW),
            function("fails_late"),
            alarm("late", "Duration", of_function("fails_late"), threshold=9900, **_SLOW),
            function("fails_in_seconds", timeout=None),
            alarm("seconds", "Duration", of_function("fails_in_seconds"), threshold=9000, **_SLOW),
            function("fails_without_alarm"),
            alarm("count", "Duration", of_function("fails_without_alarm"), threshold=9, statistic="SampleCount"),
        ),
        merged(
            LATER_RESOURCE,
            function("unknown_then_passes_by_threshold"),
            alarm(
                "later", "Duration", of_function("unknown_then_passes_by_threshold"),
                threshold=LATER.format("large"), **_SLOW,
            ),
            function("unknown_then_fails_by_threshold", timeout=1),
            alarm(
                "never", "Duration", of_function("unknown_then_fails_by_threshold"),
                threshold=LATER.format("large"), **_SLOW,
            ),
            function("unknown_then_fails_by_timeout", timeout=LATER.format("small")),
            alarm("small", "Duration", of_function("unknown_then_fails_by_timeout"), threshold=1000, **_SLOW),
        ),
    ),
)  # fmt: skip
