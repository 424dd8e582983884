"""Configuration of releases by CodeDeploy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.kinds import ByKind
from modules.release.traffic_config import AllAtOnceConfig, CanaryConfig, LinearConfig

ON_FAILURE, ON_ALARM, ON_REQUEST = "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"
ROLLBACK_EVENTS = (ON_FAILURE, ON_ALARM, ON_REQUEST)
"""Ends of a deployment that can be rolled back (codedeploy API model)."""

TRIGGER_EVENTS = (
    "DeploymentStart", "DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback",
)  # fmt: skip
"""What CodeDeploy tells of a deployment of a function (codedeploy API model); the rest are those of instances."""


class ReleaseConfig(ConfigModel):
    """How a new version of a function takes over, what stops it, and who is told.

    Raises:
        ConfigError: with every refused field.
    """

    traffic: Annotated[AllAtOnceConfig | CanaryConfig | LinearConfig, ByKind(default="canary")] = Field(
        default_factory=CanaryConfig,
        description="How traffic is moved. What AWS has no deployment configuration for gets one of its own.",
    )
    existing_alarms: tuple[
        Annotated[
            str,
            Matching(
                r"[^\0-\x1f]+",
                "an alarm's name has 1 to 255 characters (cloudwatch API model)",
                "copy it from CloudWatch",
                limits.CLOUDWATCH_MAX_ALARM_NAME_LENGTH,
            ),
        ],
        ...,
    ] = Field(default=(), description="Names of alarms that other stacks made and that stop a shift, too.")
    ignore_alarm_polling_failure: StrictBool = Field(
        default=False,
        description="Go on with a shift while CodeDeploy cannot learn the state of its alarms; takes a reason.",
    )
    ignore_alarm_polling_failure_reason: Reason = Field(
        default="", description="Why a shift may go on unwatched; required with ignore_alarm_polling_failure."
    )
    rollback_on: tuple[Annotated[str, OneOf(ROLLBACK_EVENTS, "rollback_on", literal=True)], ...] = Field(
        default=ROLLBACK_EVENTS,
        description="Ends of a shift after which CodeDeploy gives all traffic back to the version before: failure of a "
        "hook, an alarm, a stop by somebody. Fewer than all take a reason.",
    )
    rollback_on_reason: Reason = Field(
        default="", description="Why some shifts stay where they stopped; required with fewer than all events."
    )
    notify_on: tuple[Annotated[str, OneOf(TRIGGER_EVENTS, "notify_on", literal=True)], ...] = Field(
        default=("DeploymentFailure", "DeploymentStop", "DeploymentRollback"),
        description="What CodeDeploy tells the topic; nothing when empty.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each value once, and a reason for what is less safe."""
        for field in ("existing_alarms", "rollback_on", "notify_on"):
            values = getattr(self, field)
            for value in sorted({value for value in values if values.count(value) > 1}):
                yield Problem("", f'{field} holds "{value}" twice', "each once", "remove one")
        missing = [event for event in ROLLBACK_EVENTS if event not in self.rollback_on]
        yield from _reason_problems(
            "rollback_on",
            self.rollback_on_reason,
            given=f"rollback_on leaves out {', '.join(missing)} without a reason" if missing else "",
            allowed="callers would keep getting the new version after such an end",
            belongs="a reason belongs to fewer than all events",
        )
        yield from _reason_problems(
            "ignore_alarm_polling_failure",
            self.ignore_alarm_polling_failure_reason,
            given="ignore_alarm_polling_failure is True without a reason" if self.ignore_alarm_polling_failure else "",
            allowed="nothing would watch the new version",
            belongs="a reason belongs to ignore_alarm_polling_failure: true",
        )


def _reason_problems(field: str, reason: str, *, given: str, allowed: str, belongs: str) -> Iterator[Problem]:
    if given and not reason:
        yield Problem("", given, allowed, f"set {field}_reason, or leave {field} as it is by default")
    if reason and not given:
        yield Problem("", f'{field}_reason is "{reason}"', belongs, "remove it")
