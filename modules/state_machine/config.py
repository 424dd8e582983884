"""Configuration of a state machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import build_limits, limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import OneOf, Reason, Within
from modules.observability import AlarmsConfig

STANDARD, EXPRESS = "STANDARD", "EXPRESS"


class StateMachineConfig(ConfigModel):
    """A Step Functions state machine.

    Encrypted with the stack's key, logged, and traced by X-Ray: always.

    Raises:
        ConfigError: with every refused field.
    """

    type: Annotated[str, OneOf((STANDARD, EXPRESS), "a state machine's type", literal=True)] = Field(
        default=STANDARD,
        description="STANDARD runs each step exactly once, for up to a year; EXPRESS at least once, for up to five "
        "minutes. Changing it replaces the state machine.",
    )
    timeout_seconds: Annotated[int, Within(build_limits.EXECUTION_SECONDS, literal=True)] | None = Field(
        default=None,
        description="How long an execution may take, in seconds; null for a day of a STANDARD one and 300 of an "
        "EXPRESS one. 1 to 31536000 (Step Functions quotas), EXPRESS 1 to 300.",
    )
    log_level: Annotated[str, OneOf(("ALL", "ERROR", "FATAL"), "log_level", literal=True)] = Field(
        default="ALL", description="Which events of executions are logged."
    )
    execution_data_off_reason: Reason = Field(
        default="",
        description="Why input and output of steps are kept out of the logs, such as personal data; empty logs them.",
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that logs are kept."
    )
    kms_data_key_reuse_seconds: Annotated[int, Within(build_limits.STATE_MACHINE_KEY_REUSE_SECONDS)] = Field(
        default=300,
        description="How long Step Functions reuses a data key before it asks KMS again, in seconds. 60 to 900 "
        "(stepfunctions API model).",
    )
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the state machine.")

    @property
    def is_express(self) -> bool:
        """Whether executions are Express ones."""
        return self.type == EXPRESS

    @property
    def execution_seconds(self) -> int:
        """How long an execution may take."""
        if self.timeout_seconds is not None:
            return self.timeout_seconds
        return build_limits.EXPRESS_SECONDS if self.is_express else _DAY_SECONDS

    def cross_checks(self) -> Iterator[Problem]:
        """Express executions are short."""
        most = build_limits.EXPRESS_SECONDS
        if self.is_express and self.execution_seconds > most:
            yield Problem(
                "",
                f'timeout_seconds is {self.execution_seconds} and type is "{EXPRESS}"',
                f"an Express execution takes at most {most} seconds (Step Functions quotas)",
                f"set timeout_seconds to at most {most}, or type to {STANDARD}",
            )


_DAY_SECONDS = 86_400
