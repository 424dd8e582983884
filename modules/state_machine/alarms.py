"""Alarms of a state machine (Step Functions guide, CloudWatch metrics)."""

from __future__ import annotations

from modules.observability import AlarmSpec


def state_machine_alarms(arn: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a state machine: executions that fail, take too long, or are held back."""
    return (
        _alarm(arn, "failed", "ExecutionsFailed", 1, "An execution failed; its history names the step."),
        _alarm(arn, "timed-out", "ExecutionsTimedOut", 1, "An execution took longer than it may."),
        _alarm(arn, "throttled", "ExecutionThrottled", 5,
               "Steps are held back, as the account makes more state transitions than its quota allows."),
    )  # fmt: skip


def _alarm(arn: str, alarm_id: str, metric: str, periods: int, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace="AWS/States", metric=metric, statistic="Sum",
        dimensions={"StateMachineArn": arn}, comparison="GreaterThanThreshold", threshold=0,
        periods=periods, datapoints=periods,
    )  # fmt: skip
