"""Metrics of builds and state machines."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, TIME, Metric, Missing, Source, dimension_sets

_BUILDS = Source("AWS/CodeBuild", "CodeBuild guide, monitoring with CloudWatch")
_STATES = Source("AWS/States", "Step Functions guide, CloudWatch metrics")

_PROJECT = dimension_sets("ProjectName", "")
_MACHINE = dimension_sets("StateMachineArn")

_NO_BUILD = Missing("notBreaching", "CodeBuild publishes it when a build ends; silence says that none did.")
_NO_EXECUTION = Missing("notBreaching", "Step Functions publishes it when it happens; silence says that it did not.")


def automation_metrics() -> Iterator[Metric]:
    """Rows of AWS/CodeBuild and AWS/States."""
    yield from _BUILDS.rows("Builds FailedBuilds SucceededBuilds", "Count", COUNT, _PROJECT, _NO_BUILD)
    yield from _BUILDS.rows(
        "Duration QueuedDuration SubmittedDuration ProvisioningDuration DownloadSourceDuration InstallDuration "
        "PreBuildDuration BuildDuration PostBuildDuration UploadArtifactsDuration FinalizingDuration",
        "Seconds", TIME, _PROJECT, _NO_BUILD,
    )  # fmt: skip
    yield from _STATES.rows(
        "ExecutionsAborted ExecutionsFailed ExecutionsRedriven ExecutionsStarted ExecutionsSucceeded "
        "ExecutionsTimedOut ExecutionThrottled",
        "Count", COUNT, _MACHINE, _NO_EXECUTION,
    )  # fmt: skip
    yield from _STATES.rows("ExecutionTime", "Milliseconds", TIME, _MACHINE, _NO_EXECUTION)
