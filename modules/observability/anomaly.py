"""Alarms on a metric that leaves the band of its usual values (CloudWatch guide, anomaly detection)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Within
from modules.observability.alarm import AlarmSpec

ABOVE, BELOW, OUTSIDE = (
    "GreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
)
"""Comparisons with a band (cloudwatch API model)."""


class AnomalyConfig(ConfigModel):
    """How far from its usual values a metric may go, and for how long.

    CloudWatch learns the values from up to two weeks, with the hours of the day and the days of the week.

    Raises:
        ConfigError: with every refused field.
    """

    standard_deviations: Annotated[
        int,
        Within(
            limits.Range(1, 20, "standard deviations", "an anomaly band", "CloudWatch guide; a bound of ours"),
            literal=True,
        ),
    ] = Field(default=3, description="Half the width of the band, in standard deviations. 1 to 20.")
    periods: Annotated[
        int,
        Within(limits.Range(1, 60, "periods", "an anomaly alarm", "an hour of minutes; a bound of ours"), literal=True),
    ] = Field(default=15, description="Minutes in a row that the metric is outside the band before the alarm fires.")


def anomaly(spec: AlarmSpec, config: AnomalyConfig, *, comparison: str = ABOVE) -> AlarmSpec:
    """`spec` with a band instead of its threshold.

    Args:
        spec: an alarm on one metric.
        config: width of the band and periods.
        comparison: `ABOVE`, `BELOW` or `OUTSIDE`.
    """
    return replace(
        spec,
        threshold=0,
        comparison=comparison,
        periods=config.periods,
        datapoints=config.periods,
        anomaly_band=config.standard_deviations,
    )
