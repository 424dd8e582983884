"""Waves as they stand in `environments/rollout.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text
from rollout.domain.amounts import CountOrPercentage, Minutes, TargetPattern, WrittenReason
from rollout.domain.model import Gate, IgnoredAlarm

Region = Annotated[
    str, Matching(limits.REGION, "an AWS region reads like eu-west-1", "write the region's code name", literal=True)
]
StackName = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*",
        "a stack's name is a snake_case word of at most 31 characters",
        "write the name of a file below stacks/",
        31,
        literal=True,
    ),
]
_Name = Annotated[
    str,
    Matching(
        r"[a-z0-9]+(?:-[a-z0-9]+)*",
        "it takes 1 to 32 lowercase letters, digits and single inner hyphens",
        "correct it; quote it in YAML where it is all digits",
        32,
        literal=True,
    ),
]
_AlarmPattern = Annotated[
    str,
    Matching(
        r"[\s\S]+",
        "it is an alarm's name of at most 255 characters (CloudWatch API), or a pattern with *",
        "write it",
        255,
        literal=True,
    ),
]
MAX_BAKE_MINUTES = 1_440
"""Longest time that a wave is watched for: a day, as a reviewed plan is not to expire meanwhile."""


class Selector(ConfigModel):
    """Which targets are meant: those that fit every field that is given; without a field, all of them.

    Raises:
        ConfigError: with every refused field.
    """

    environments: tuple[_Name, ...] = Field(default=(), description="Environments; empty for all.")
    accounts: tuple[_Name, ...] = Field(default=(), description="Accounts, by short name or id; empty for all.")
    regions: tuple[Region, ...] = Field(default=(), description="Regions; empty for all.")
    stacks: tuple[StackName, ...] = Field(default=(), description="Stacks; empty for all.")
    targets: tuple[TargetPattern, ...] = Field(
        default=(), description="Names of targets, or patterns with *; empty for all."
    )
    tags: dict[str, Text] = Field(default_factory=dict, description="Tags that a target has, each with its value.")


class IgnoredAlarmSettings(ConfigModel):
    """Alarms that do not count at a gate."""

    name: _AlarmPattern = Field(description="Name of the alarm, or a pattern with *.")
    reason: WrittenReason = Field(description="Why it does not count.")


class GateSettings(ConfigModel):
    """What a wave waits for after its last target: the alarms that the targets' own modules made.

    Raises:
        ConfigError: with every refused field.
    """

    bake_minutes: Annotated[float, Minutes(MAX_BAKE_MINUTES, "the watch after a wave")] = Field(
        default=10.0, description="How long alarms are watched after the wave's last apply, in minutes; 0 to 1440."
    )
    ignored_alarms: tuple[IgnoredAlarmSettings, ...] = Field(default=(), description="Alarms that do not count.")
    missing_data_reason: Reason = Field(
        default="", description="Why alarms without data do not pause the run; empty where they do."
    )
    off_reason: Reason = Field(default="", description="Why no alarm is looked at; empty for alarms that count.")

    def cross_checks(self) -> Iterator[Problem]:
        """What a gate that is off would not look at."""
        for field in ("ignored_alarms", "missing_data_reason"):
            if self.off_reason and getattr(self, field):
                given = f"{field} is set beside off_reason"
                yield Problem("", given, "a gate that is off looks at no alarm", "remove one of them")

    @property
    def gate(self) -> Gate:
        """The gate of a run's wave."""
        ignored = tuple(IgnoredAlarm(alarm.name, alarm.reason) for alarm in self.ignored_alarms)
        return Gate(self.bake_minutes, self.off_reason, ignored, self.missing_data_reason)


class WaveSettings(ConfigModel):
    """Targets that go before the next wave begins, and how.

    Raises:
        ConfigError: with every refused field.
    """

    name: _Name = Field(description="The wave's name.")
    select: Selector = Field(
        default_factory=Selector, description="Its targets, of those that no wave before selects; {} for all of them."
    )
    max_concurrent: Annotated[int | str, CountOrPercentage(1, "max_concurrent")] = Field(
        default=1, description='Targets applied at once: a count, or a percentage of the batch, such as "10%".'
    )
    failure_tolerance: Annotated[int | str, CountOrPercentage(0, "failure_tolerance")] = Field(
        default=0,
        description="Targets of a batch that may fail before nothing more starts: a count, or a percentage of it.",
    )
    mode: Annotated[str, OneOf(("strict", "soft"), "a concurrency mode (StackSets)", literal=True)] = Field(
        default="strict", description="What failures do to concurrency: strict lowers it with each, soft keeps it."
    )
    regions: Annotated[str, OneOf(("sequential", "parallel"), "the regions of a wave", literal=True)] = Field(
        default="sequential", description="Whether one region after the other is a batch, or all regions together."
    )
    region_order: tuple[Region, ...] = Field(
        default=(), description="Regions that go first, in order; the others follow by name."
    )
    approval: Annotated[str, OneOf(("none", "required"), "an approval", literal=True)] = Field(
        default="none", description="Whether a person approves the wave's plans before it begins."
    )
    gate: GateSettings = Field(default_factory=GateSettings, description="What decides whether the next wave begins.")

    def cross_checks(self) -> Iterator[Problem]:
        """An order that has no effect, or names a region twice."""
        if self.region_order and self.regions == "parallel":
            given = "region_order is set beside regions: parallel"
            yield Problem("", given, "regions that go together have no order", "remove one of them")
        for region in sorted({each for each in self.region_order if self.region_order.count(each) > 1}):
            yield Problem("", f"region_order holds {region} twice", "a region goes once", "remove one of them")
