"""The alarm of Lambda Insights (CloudWatch "Recommended alarms")."""

from __future__ import annotations

from modules.function.insights_config import InsightsConfig
from modules.observability import AlarmSpec


def insights_alarms(function_name: str, config: InsightsConfig | None) -> tuple[AlarmSpec, ...]:
    """The alarm of memory that is nearly used up; none without Lambda Insights."""
    if config is None:
        return ()
    return (
        AlarmSpec(
            id="memory", description="The function uses nearly all of its memory; Lambda stops it beyond.",
            namespace="LambdaInsights", metric="memory_utilization", statistic="Average",
            dimensions={"function_name": function_name}, comparison="GreaterThanThreshold",
            threshold=config.memory_percent, periods=10, datapoints=10,
        ),
    )  # fmt: skip
