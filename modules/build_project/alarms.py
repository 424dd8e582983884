"""Alarms of a build project (CodeBuild guide, monitoring with CloudWatch)."""

from __future__ import annotations

from modules.observability import AlarmSpec

_QUEUED_SECONDS = 900


def build_project_alarms(project_name: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a project: builds that fail, and builds that wait as the account runs too many."""
    return (
        _alarm(project_name, "failed-builds", "FailedBuilds", "Sum", 0, "A build failed; its log says where."),
        _alarm(project_name, "queued-builds", "QueuedDuration", "Maximum", _QUEUED_SECONDS,
               "Builds wait for more than 15 minutes: the account's quota of concurrent builds is reached."),
    )  # fmt: skip


def _alarm(name: str, alarm_id: str, metric: str, statistic: str, threshold: float, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace="AWS/CodeBuild", metric=metric, statistic=statistic,
        dimensions={"ProjectName": name}, comparison="GreaterThanThreshold", threshold=threshold,
        periods=1, datapoints=1,
    )  # fmt: skip
