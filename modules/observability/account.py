"""Alarms of what all functions of an account's region share (CloudWatch "Recommended alarms" for Lambda)."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.observability.account_config import AccountAlarmsConfig
from modules.observability.alarm import AlarmSpec
from modules.observability.alarm_topic import AlarmTopic
from modules.observability.construct import create_alarms


class AccountAlarms(Construct):
    """Alarms of an account's region.

    Attributes:
        alarm_names: the alarms.

    Raises:
        ConfigError: alarms have no topic.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: AccountAlarmsConfig, alarm_topic: AlarmTopic | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        specs = account_alarms(config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config, topic=alarm_topic)


def account_alarms(config: AccountAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """The alarm of claimed concurrency: what runs unreserved, and all that is reserved or provisioned."""
    return (
        AlarmSpec(
            id="claimed-concurrency",
            description="Nearly all of the account's concurrency in this region is claimed; functions without a "
            "reservation are throttled next.",
            namespace="AWS/Lambda", metric="ClaimedAccountConcurrency", statistic="Maximum", dimensions={},
            comparison="GreaterThanThreshold",
            threshold=config.concurrent_executions_quota * config.percent_of_quota / 100,
            periods=10, datapoints=10,
        ),
    )  # fmt: skip
