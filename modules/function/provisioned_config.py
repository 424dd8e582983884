"""Configuration of provisioned concurrency: environments of an alias that are kept ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Within
from modules.function.provisioned_schedules import schedule_problems, timezone_problems

_Executions = Annotated[int, Within(limits.LAMBDA_PROVISIONED_CONCURRENCY, literal=True)]
_ScheduleName = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "a schedule's name has lower-case letters, digits and single hyphens, 32 at most",
        "rename it, such as morning",
        32,
        literal=True,
    ),
]


class ScheduledProvisionedConcurrencyConfig(ConfigModel):
    """Other bounds from a time on, such as more environments in the morning.

    Raises:
        ConfigError: with every refused field.
    """

    schedule: Annotated[
        str,
        Matching(
            r"(?:cron|rate|at)\([^()]+\)",
            "a schedule reads like cron(0 7 ? * MON-FRI *), rate(1 day) or at(2027-01-04T07:00:00) (Application Auto "
            "Scaling API)",
            "correct it",
            limits.AUTOSCALING_MAX_SCHEDULE_LENGTH,
            literal=True,
        ),
    ] = Field(description="When the bounds change: a cron, rate or at expression.")
    timezone: Annotated[
        str,
        Matching(
            r"[A-Za-z][A-Za-z0-9_]*(?:[/+-][A-Za-z0-9_]+)*",
            "a time zone reads like Europe/Berlin",
            "correct it",
            64,
            literal=True,
        ),
    ] = Field(default="UTC", description="Time zone of a cron or at expression (IANA).")
    minimum: _Executions = Field(description="Fewest environments that are kept ready from then on.")
    maximum: _Executions | None = Field(default=None, description="Most environments; null for the fewest.")

    @property
    def most(self) -> int:
        """Most environments from then on."""
        return self.minimum if self.maximum is None else self.maximum

    def cross_checks(self) -> Iterator[Problem]:
        """A schedule that Application Auto Scaling understands, and bounds in order."""
        yield from schedule_problems(self.schedule)
        yield from timezone_problems(self.timezone, self.schedule)
        yield from _order_problems(self.minimum, self.maximum)


class ProvisionedConcurrencyConfig(ConfigModel):
    """Environments that are started before they are needed; each is paid for, used or not.

    They belong to the alias. With a maximum above the minimum, Application Auto Scaling keeps their utilization near a
    target; with schedules it changes the bounds, and Terraform leaves both the bounds and the number to it.

    Raises:
        ConfigError: with every refused field.
    """

    minimum: _Executions = Field(description="Environments that are kept ready at least, and at first. 1 or more.")
    maximum: _Executions | None = Field(
        default=None, description="Most environments, reached by utilization; null keeps the minimum."
    )
    target_utilization_percent: Annotated[int, Within(limits.LAMBDA_PROVISIONED_UTILIZATION_PERCENT, literal=True)] = (
        Field(
            default=70,
            description="Share of the ready environments that is used before there are more. 10 to 90 (Lambda guide).",
        )
    )
    scale_out_cooldown_seconds: Annotated[int, Within(limits.AUTOSCALING_COOLDOWN_SECONDS)] = Field(
        default=0, description="Time after environments were added before more are, in seconds."
    )
    scale_in_cooldown_seconds: Annotated[int, Within(limits.AUTOSCALING_COOLDOWN_SECONDS)] = Field(
        default=0, description="Time after environments were removed before more are, in seconds."
    )
    scale_in: StrictBool = Field(default=True, description="Whether environments are removed when fewer are in use.")
    schedules: dict[_ScheduleName, ScheduledProvisionedConcurrencyConfig] = Field(
        default_factory=dict, description="Other bounds at certain times, by name."
    )

    @property
    def most(self) -> int:
        """Most environments that may ever be ready, schedules included."""
        own = self.minimum if self.maximum is None else self.maximum
        return max([own, *(each.most for each in self.schedules.values())])

    @property
    def tracks_utilization(self) -> bool:
        """Whether there is a time with anything between the bounds."""
        pairs = ((self.minimum, self.maximum), *((each.minimum, each.maximum) for each in self.schedules.values()))
        return any(maximum is not None and maximum > minimum for minimum, maximum in pairs)

    @property
    def is_scaled(self) -> bool:
        """Whether Application Auto Scaling changes the number."""
        return self.tracks_utilization or bool(self.schedules)

    def cross_checks(self) -> Iterator[Problem]:
        """Bounds in order, and no target where nothing tracks it."""
        yield from _order_problems(self.minimum, self.maximum)
        if self.tracks_utilization:
            return
        for field in (
            "target_utilization_percent", "scale_out_cooldown_seconds", "scale_in_cooldown_seconds", "scale_in",
        ):  # fmt: skip
            if getattr(self, field) != type(self).model_fields[field].default:
                yield Problem(
                    "",
                    f"{field} is set and the number of environments does not follow their utilization",
                    "it does with a maximum above the minimum",
                    f"set maximum, or remove {field}",
                )


def _order_problems(minimum: int, maximum: int | None) -> Iterator[Problem]:
    if maximum is not None and maximum < minimum:
        yield Problem(
            "",
            f"minimum is {minimum} and maximum is {maximum}",
            "the fewest environments are not more than the most",
            "swap them",
        )
