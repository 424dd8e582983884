"""Configuration of the number of readers that follows the load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.database.cluster_fields import InstanceKey

CPU, CONNECTIONS = "RDSReaderAverageCPUUtilization", "RDSReaderAverageDatabaseConnections"
_MOST_PERCENT = 100
_TARGET = limits.Range(1, 16_000, "", "target_value", "our bound: percent, or connections of a reader")


class ScheduledReaders(ConfigModel):
    """Other bounds from a time on, such as more readers in the morning."""

    schedule: Annotated[
        str,
        Matching(
            r"cron\([^()]+\)|rate\(\d+ (?:minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)",
            "a schedule reads like cron(0 7 ? * MON-FRI *), rate(1 day) or at(2027-01-04T07:00:00) (Application Auto "
            "Scaling API)",
            "correct it",
            1_600,
        ),
    ] = Field(description="When the bounds change.")
    timezone: Annotated[
        str,
        Matching(
            r"[A-Za-z][A-Za-z0-9_]*(?:[/+-][A-Za-z0-9_]+)*", "a time zone reads like Europe/Berlin", "correct it", 64
        ),
    ] = Field(default="UTC", description="Time zone of the schedule (IANA).")
    min_readers: Annotated[int, Within(limits.AURORA_REPLICAS, literal=True)] = Field(description="Fewest readers.")
    max_readers: Annotated[int, Within(limits.AURORA_REPLICAS, literal=True)] = Field(description="Most readers.")

    def cross_checks(self) -> Iterator[Problem]:
        """Bounds in order."""
        yield from _order_problems(self.min_readers, self.max_readers)


class ReaderScalingConfig(ConfigModel):
    """Readers that Application Auto Scaling adds, and takes away again.

    Those named in the configuration stay. A reader that is added has the writer's class and parameters (Aurora guide,
    Aurora Auto Scaling).
    """

    min_readers: Annotated[int, Within(limits.AURORA_REPLICAS, literal=True)] = Field(
        default=1, description="Fewest readers, those named in the configuration included. 1 to 15 (Aurora guide)."
    )
    max_readers: Annotated[int, Within(limits.AURORA_REPLICAS, literal=True)] = Field(
        description="Most readers, those named in the configuration included. 1 to 15 (Aurora guide)."
    )
    metric: Annotated[str, OneOf((CPU, CONNECTIONS), "the metric", literal=True)] = Field(
        default=CPU, description="What is kept near `target_value`, as an average over the readers."
    )
    target_value: Annotated[int, Within(_TARGET, literal=True)] = Field(
        default=60, description="Percent of the processor, or connections of each reader."
    )
    scale_in_cooldown_seconds: Annotated[int, Within(limits.AUTOSCALING_COOLDOWN_SECONDS)] = Field(
        default=300, description="Time after a reader was removed before the next one is, in seconds."
    )
    scale_out_cooldown_seconds: Annotated[int, Within(limits.AUTOSCALING_COOLDOWN_SECONDS)] = Field(
        default=300, description="Time after a reader was added before the next one is, in seconds."
    )
    scale_in: StrictBool = Field(default=True, description="Whether readers are removed when the load falls.")
    schedules: dict[InstanceKey, ScheduledReaders] = Field(
        default_factory=dict, description="Other bounds at certain times, by name."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Bounds in order, and a share of the processor that there is."""
        yield from _order_problems(self.min_readers, self.max_readers)
        if self.metric == CPU and self.target_value > _MOST_PERCENT:
            given = f"target_value is {self.target_value}"
            yield Problem("", given, f"{CPU} is at most 100 percent", f"set 100 or less, or choose {CONNECTIONS}")


def _order_problems(fewest: int, most: int) -> Iterator[Problem]:
    if most < fewest:
        given = f"max_readers is {most}"
        yield Problem("", given, f"it is at least min_readers ({fewest})", "raise it, or lower min_readers")


def reader_problems(scaling: ReaderScalingConfig, instances: int) -> Iterator[Problem]:
    """What scaling asks of the instances that are named.

    Args:
        scaling: the configuration.
        instances: number of named instances, the writer included.
    """
    readers = instances - 1
    if not readers:
        yield Problem(
            "",
            "reader_scaling is set, and instances holds 1",
            "the metrics are those of readers, so there must be one at first (Aurora guide, Aurora Auto Scaling)",
            "name a second instance",
        )
    for name, most in (("reader_scaling", scaling.max_readers), *_scheduled(scaling)):
        if most < readers:
            yield Problem(
                "",
                f"{name}.max_readers is {most}",
                f"instances holds {readers} readers besides the writer, and those stay",
                f"set {readers} or more",
            )


def _scheduled(scaling: ReaderScalingConfig) -> Iterator[tuple[str, int]]:
    for name, each in sorted(scaling.schedules.items()):
        yield f"reader_scaling.schedules.{name}", each.max_readers
