"""A metric of what the code itself logs as an error, beside Lambda's own count of failed invocations."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.observability.log_source import HasLogs, filter_problems
from modules.observability.log_subscription_config import LogErrorMetricConfig

_KIND = "metric"
_PATTERNS = {
    "JSON": '{ ($.level = "ERROR") || ($.level = "CRITICAL") || ($.level = "FATAL") }',
    "Text": "?ERROR ?Exception ?Traceback",
}
"""Filter pattern syntax of the CloudWatch Logs guide; levels as Lambda's runtimes write them (CRITICAL: Python)."""


class LogErrorMetric(Construct):
    """A metric filter that counts error records of one log group, 0 where others are written.

    Attributes:
        namespace: the metric's namespace: the stack's name.
        metric_name: its name.

    Raises:
        ConfigError: the log group takes no metric filter, or no further one.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, of: HasLogs, config: LogErrorMetricConfig | None = None
    ) -> None:
        """Make it.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the filter's name, and name of the metric.
            of: what logs, such as a function.
            config: which records count.
        """
        super().__init__(scope, construct_id)
        naming = target_of(self).naming
        most, known = limits.LOGS_MAX_METRIC_FILTERS, of.logs.filters.setdefault(_KIND, [])
        problems = filter_problems(of.logs, kind=_KIND, most=most, source="PutMetricFilter", is_full=len(known) >= most)
        if problems:
            raise ConfigError(problems).within(self.node.path)
        known.append(self.node.path)
        pattern = (config or LogErrorMetricConfig()).filter_pattern or _PATTERNS[of.logs.format]
        self.namespace, self.metric_name = naming.prefix, construct_id
        CloudwatchLogMetricFilter(
            self,
            "filter",
            name=naming.name(construct_id, max_length=limits.LOGS_MAX_FILTER_NAME_LENGTH),
            log_group_name=of.logs.group_name,
            pattern=pattern,
            metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
                namespace=self.namespace, name=self.metric_name, value="1", default_value="0", unit="Count"
            ),
        )
