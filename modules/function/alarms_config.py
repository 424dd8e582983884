"""Configuration of a function's alarms."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.fields import Within
from modules.observability import AlarmsConfig


class FunctionAlarmsConfig(AlarmsConfig):
    """Alarms of a function, with the thresholds that depend on it."""

    errors_per_minute: Annotated[
        int, Within(limits.Range(0, 1_000_000, "errors a minute", "the errors alarm", "our bound"))
    ] = Field(default=0, description="Errors a minute that are still normal.")
    duration_percent_of_timeout: Annotated[
        int, Within(limits.Range(1, 100, "percent", "the duration alarm", "a share of the timeout"), literal=True)
    ] = Field(default=80, description="Share of the timeout that the 90th percentile of duration may reach.")
    concurrency_percent_of_reserved: Annotated[
        int,
        Within(
            limits.Range(1, 100, "percent", "the concurrency alarm", "a share of reserved concurrency"), literal=True
        ),
    ] = Field(default=90, description="Share of reserved concurrency that may be in use.")
    dead_letter_age_seconds: Annotated[
        int, Within(limits.Range(60, 1_209_600, "seconds", "the dead-letter age alarm", "an SQS queue's retention"))
    ] = Field(default=86_400, description="Age that an event in the dead-letter queue may reach, in seconds.")
