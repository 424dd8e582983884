"""How CodeDeploy moves traffic from one version of a function to the next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Within

_ALL = 100
_PREFIX = "CodeDeployDefault.Lambda"
_BUILT_IN_PERCENT = 10
_BUILT_IN_CANARY_MINUTES = (5, 10, 15, 30)
_BUILT_IN_LINEAR_MINUTES = (1, 2, 3, 10)

_Percent = Annotated[int, Within(limits.CODEDEPLOY_SHIFT_PERCENT, literal=True)]
_Minutes = Annotated[int, Within(limits.CODEDEPLOY_SHIFT_MINUTES, literal=True)]


class AllAtOnceConfig(ConfigModel):
    """All traffic at once: alarms can undo it only when every caller has seen it."""

    kind: Literal["all_at_once"] = Field(description="All traffic at once.")

    @property
    def built_in(self) -> str:
        """Name of AWS's own deployment configuration."""
        return f"{_PREFIX}AllAtOnce"


class CanaryConfig(ConfigModel):
    """A share of the traffic first, and after an interval the rest.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["canary"] = Field(default="canary", description="A share first, then the rest.")
    percent: _Percent = Field(default=10, description="Share of the traffic that is moved first. 1 to 99.")
    interval_minutes: _Minutes = Field(
        default=5,
        description="How long alarms watch that share before the rest follows. 1 to 2880 (CodeDeploy quotas).",
    )

    @property
    def built_in(self) -> str:
        """Name of AWS's own deployment configuration; empty where AWS has none."""
        if self.percent != _BUILT_IN_PERCENT or self.interval_minutes not in _BUILT_IN_CANARY_MINUTES:
            return ""
        return f"{_PREFIX}Canary{self.percent}Percent{self.interval_minutes}Minutes"


class LinearConfig(ConfigModel):
    """Equal shares of the traffic, one after each interval.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["linear"] = Field(description="Equal shares, one after each interval.")
    percent: _Percent = Field(default=10, description="Share of the traffic that is moved each time. 1 to 99.")
    interval_minutes: _Minutes = Field(
        default=1, description="Time between two shares. 1 to 2880, and as much for all of them (CodeDeploy quotas)."
    )

    @property
    def built_in(self) -> str:
        """Name of AWS's own deployment configuration; empty where AWS has none."""
        minutes = self.interval_minutes
        if self.percent != _BUILT_IN_PERCENT or minutes not in _BUILT_IN_LINEAR_MINUTES:
            return ""
        return f"{_PREFIX}Linear{self.percent}PercentEvery{minutes}Minute{'s' if minutes > 1 else ''}"

    def cross_checks(self) -> Iterator[Problem]:
        """The last share in time."""
        shares, most = math.ceil(_ALL / self.percent), limits.CODEDEPLOY_SHIFT_MINUTES.maximum
        takes = (shares - 1) * self.interval_minutes
        if takes > most:
            yield Problem(
                "",
                f"percent is {self.percent} and interval_minutes is {self.interval_minutes}",
                f"{shares} shares would take {takes} minutes from the first to the last, and CodeDeploy takes {most} "
                "(CodeDeploy quotas)",
                "move more at a time, or more often",
            )


TrafficConfig = AllAtOnceConfig | CanaryConfig | LinearConfig
"""How traffic is moved; `kind` tells which."""
