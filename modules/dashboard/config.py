"""Configuration of a dashboard."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Matching, Within

_PERIOD = limits.Range(
    60, 86_400, "seconds in steps of 60", "a widget's period", "Metrics of AWS services; CloudWatch quotas", step=60
)
_Period = Annotated[int, Within(_PERIOD, literal=True)]
_ConstructId = Annotated[
    str, Matching(r"[^/]+", "it is the construct id of a function", "write the id", 255, literal=True)
]


class DashboardConfig(ConfigModel):
    """A dashboard of one stack.

    Raises:
        ConfigError: with every refused field.
    """

    name: Annotated[
        str,
        Matching(
            r"[A-Za-z0-9_-]*",
            "a dashboard's name has 1 to 255 letters, digits, hyphens and underscores (PutDashboard)",
            "shorten or correct it",
            limits.CLOUDWATCH_MAX_DASHBOARD_NAME_LENGTH,
            literal=True,
        ),
    ] = Field(
        default="",
        description="Name of the dashboard; empty makes it of the target's name, the construct id and the region, as "
        "dashboards of all regions share one list of names (PutDashboard).",
    )
    period_seconds: _Period = Field(
        default=60, description="Period of every graph, in seconds. 60 to 86400 in steps of 60 (CloudWatch quotas)."
    )
    function_period_seconds: dict[_ConstructId, _Period] = Field(
        default_factory=dict, description="Another period for the graphs of single functions, by their construct id."
    )
    start: Annotated[
        str,
        Matching(
            r"-P(?=\d|T\d)(?:\d+[DWM])?(?:T(?=\d)(?:\d+H)?(?:\d+M)?)?",
            "it is how far back graphs begin, as a negative ISO 8601 duration such as -PT3H or -P7D (dashboard body)",
            "correct it",
            20,
            literal=True,
        ),
    ] = Field(default="-PT3H", description="How far back the graphs begin when the dashboard is opened.")
