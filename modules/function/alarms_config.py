"""Configuration of a function's alarms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import OneOf, Within
from modules.observability import AlarmsConfig, AnomalyConfig

_ANOMALIES = ("duration", "invocations")


def _share(of: str) -> limits.Range:
    return limits.Range(1, 100, "percent", f"the {of} alarm", "a share")


class FunctionAlarmsConfig(AlarmsConfig):
    """Alarms of a function, with the thresholds that depend on it."""

    errors_per_minute: Annotated[
        int, Within(limits.Range(0, 1_000_000, "errors a minute", "the errors alarm", "our bound"))
    ] = Field(default=0, description="Errors a minute that are still normal.")
    error_rate_percent: Annotated[int, Within(_share("error rate"), literal=True)] = Field(
        default=5, description="Share of invocations that may end in an error."
    )
    error_rate_least_invocations: Annotated[
        int,
        Within(limits.Range(1, 1_000_000, "invocations a minute", "the error rate alarm", "our bound"), literal=True),
    ] = Field(default=20, description="Invocations a minute below which a rate says nothing, and is taken for 0.")
    duration_percent_of_timeout: Annotated[
        int, Within(limits.Range(1, 100, "percent", "the duration alarm", "a share of the timeout"), literal=True)
    ] = Field(default=80, description="Share of the timeout that the 90th percentile of duration may reach.")
    concurrency_percent_of_reserved: Annotated[
        int,
        Within(
            limits.Range(1, 100, "percent", "the concurrency alarm", "a share of reserved concurrency"), literal=True
        ),
    ] = Field(default=90, description="Share of reserved concurrency that may be in use.")
    account_concurrency_quota: Annotated[int, Within(limits.LAMBDA_ACCOUNT_CONCURRENCY, literal=True)] | None = Field(
        default=None,
        description="The account's quota of concurrent executions, which an unreserved function is watched against, at "
        "90 percent; null leaves that to the alarm of the account.",
    )
    event_age_percent_of_max: Annotated[int, Within(_share("event age"), literal=True)] = Field(
        default=50, description="Share of asynchronous.max_event_age_seconds that an event may wait."
    )
    provisioned_percent: Annotated[int, Within(_share("provisioned utilization"), literal=True)] = Field(
        default=90, description="Share of the alias's provisioned concurrency that may be in use."
    )
    dead_letter_age_seconds: Annotated[
        int, Within(limits.Range(60, 1_209_600, "seconds", "the dead-letter age alarm", "an SQS queue's retention"))
    ] = Field(default=86_400, description="Age that an event in the dead-letter queue may reach, in seconds.")
    anomalies: tuple[Annotated[str, OneOf(_ANOMALIES, "a metric with an anomaly band", literal=True)], ...] = Field(
        default=(),
        description="Metrics with an alarm on values that are unusual, high or low: duration, invocations.",
    )
    anomaly: AnomalyConfig | None = Field(
        default=None, description="How unusual, and for how long; null takes 3 standard deviations and 15 minutes."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each metric once, and a band only where there is one."""
        yield from super().cross_checks()
        for metric in sorted({each for each in self.anomalies if self.anomalies.count(each) > 1}):
            yield Problem("", f'anomalies holds "{metric}" twice', "each metric once", "remove one")
        if self.anomaly is not None and not self.anomalies:
            yield Problem("", "anomaly is set and anomalies is empty", "it is the band of those metrics",
                          "name a metric in anomalies, or remove anomaly")  # fmt: skip
