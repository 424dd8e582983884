"""Whether an alarm can be raised by the data that there is: periods, and what their lack means."""

from __future__ import annotations

from analysis.plan import UNKNOWN, Resource
from modules.observability.metrics import metrics_of
from policies.shared.alarm_watches import Watch, watches_of
from policies.view import View

_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800
"""Seconds; an alarm looks at a day at most, or at a week with periods of an hour or more (CloudWatch API,
PutMetricAlarm, EvaluationPeriods)."""
_LEAST = 60
"""Seconds; services publish each minute at most, only metrics of one's own may be finer (CloudWatch API,
PutMetricAlarm, Period)."""


def period_problems(view: View, alarm: Resource) -> tuple[list[str], list[str]]:
    """What of an alarm's periods keeps it from being raised, and what of them is not known."""
    watches = tuple(watches_of(view.plan, alarm))
    problems = list[str]()
    if not _is_treated(view, alarm):
        problems.append(f"treat_missing_data is not set{_proposal(watches)}")
    count, points = alarm.get("evaluation_periods"), alarm.get("datapoints_to_alarm")
    periods = [alarm.get(f"{watch.path}period") for watch in watches if watch.path or alarm.get("period") is not None]
    unclear = [
        f"{name} is known only after apply"
        for name, value in (("evaluation_periods", count), ("datapoints_to_alarm", points))
        if value is UNKNOWN and view.plan.is_configured(alarm, name)
    ]
    unclear += ["period is known only after apply"] if UNKNOWN in periods else []
    known = [int(entry) for entry in periods if entry is not UNKNOWN and entry is not None]
    if not _is_number(count):
        return problems, unclear
    if _is_number(points) and int(points) > int(count):
        problems.append(f"CloudWatch refuses it, as datapoints_to_alarm is {points} of {count} evaluation_periods")
    if known:
        longest, whole = max(known), max(known) * int(count)
        most = _DAY if longest < _HOUR else _WEEK
        if whole > most:
            problems.append(
                f"CloudWatch refuses it, as {int(count)} periods of {longest} seconds are {whole}, more than {most}"
            )
        by_service = any(watch.namespace.startswith("AWS/") for watch in watches)
        if by_service and min(known) < _LEAST:
            problems.append(
                f"its period is {min(known)} seconds, and services of AWS publish metrics each {_LEAST} seconds at most"
            )
    return problems, unclear


def _is_number(value: object) -> bool:
    return value is not UNKNOWN and value not in (None, 0, "")


def _is_treated(view: View, alarm: Resource) -> bool:
    value = alarm.get("treat_missing_data")
    return value is not None and view.plan.is_configured(alarm, "treat_missing_data")


def _proposal(watches: tuple[Watch, ...]) -> str:
    """What the table of metrics says of silence."""
    for watch in watches:
        for row in metrics_of(watch.namespace, watch.metric):
            return f", and {row.missing.treatment} fits {watch.metric}"
    return ""
