"""A queue that Lambda polls for a function."""

from __future__ import annotations

from collections.abc import Iterator

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMappingProvisionedPollerConfig,
    LambdaEventSourceMappingScalingConfig,
)
from constructs import Construct

from modules.core import limits, source_limits
from modules.core.errors import Problem
from modules.core.skips import skip
from modules.core.tokens import is_token
from modules.core.warnings import warn
from modules.event_source.base import EventSource
from modules.event_source.queue_config import QueueSourceConfig
from modules.function import Function
from modules.key import KeyBase
from modules.observability import AlarmTopic
from modules.queue import QueueBase, visibility_problems

SHORT_VISIBILITY, UNWATCHED, UNBOUNDED = ("CKV2_LNET_501",), ("CKV2_LNET_603",), ("CKV2_LNET_403",)
"""Checks that a mapping skips: messages come back early, no alarm watches its queue, nothing bounds it."""


class QueueSource(EventSource):
    """A queue, whose messages reach the function's alias in batches.

    Raises:
        ConfigError: the configuration does not fit the target, the queue, the function, or its other event sources, or
            alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: Function,
        queue: QueueBase,
        config: QueueSourceConfig | None = None,
        key: KeyBase | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Poll the queue.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; part of its alarms' names.
            function: gets the messages; its role gets what polling takes.
            queue: what is polled.
            config: everything about the polling.
            key: encrypts the filters; None leaves them unencrypted, as Lambda does.
            alarm_topic: where its alarms go; needed with `event_metrics`.
        """
        config = config or QueueSourceConfig()
        super().__init__(scope, construct_id, function=function, config=config, key=key)
        self._config, self._queue = config, queue
        self._require((*self._shared_problems(queue.arn, "queue"), *self._problems()))
        reserved, pollers = function.config.reserved_concurrency, config.provisioned_pollers
        takes_rest = config.maximum_concurrency is None and pollers is None and reserved is not None
        concurrency = config.maximum_concurrency
        if takes_rest and reserved is not None and reserved >= source_limits.CONCURRENCY.minimum:
            concurrency = min(reserved, source_limits.CONCURRENCY.maximum)
        self.maximum = pollers.invocations if pollers else concurrency
        self._count(queue, is_queue=True, takes_rest=takes_rest)
        self._warn()
        queue.grant_consume(function)
        self._poll(
            queue.arn,
            waits=queue.dependencies,
            batch_size=config.batch_size,
            scaling_config=LambdaEventSourceMappingScalingConfig(maximum_concurrency=concurrency)
            if concurrency is not None
            else None,
            provisioned_poller_config=LambdaEventSourceMappingProvisionedPollerConfig(
                minimum_pollers=pollers.minimum, maximum_pollers=pollers.maximum
            )
            if pollers
            else None,
        )
        self._watch(self._event_alarms(config.alarms), config.alarms, alarm_topic)
        self._skip_checks()

    def _skip_checks(self) -> None:
        self._queue.is_polled()
        skip(self._mapping, self._config.short_visibility_timeout_reason, *SHORT_VISIBILITY)
        if self._config.enabled:
            skip(self._mapping, self._queue.unwatched_reason, *UNWATCHED)
        if self.maximum is None:
            skip(self._mapping, self._function.config.unreserved_reason, *UNBOUNDED)

    def _problems(self) -> Iterator[Problem]:
        if self._queue.is_fifo:
            yield from self._config.fifo_problems()
        yield from self._visibility_problems()
        reserved, least = self._function.config.reserved_concurrency, source_limits.CONCURRENCY.minimum
        if not self._config.enabled or reserved is None or reserved >= least:
            return
        given = f"the reserved_concurrency of {self._function.node.path} is {reserved}"
        lost = "messages would be received, throttled, and become dead letters although nothing is wrong with them"
        if reserved == 0:
            yield Problem("", given, lost, "set disabled_reason, or let the function run")
        else:
            allowed = f"Lambda polls a queue for at least {least} invocations at once (lambda API model); {lost}"
            yield Problem("", given, allowed, f"set it to at least {least}")

    def _visibility_problems(self) -> Iterator[Problem]:
        visible, timeout = self._queue.visibility_timeout_seconds, self._function.config.timeout_seconds
        reason, window = self._config.short_visibility_timeout_reason, self._config.batching_window_seconds
        if visible is None or is_token(visible):
            return
        if visible < timeout:
            least = timeout * limits.SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT + window
            yield Problem(
                "",
                f"visibility_timeout_seconds of {self._queue.node.path} is {visible} and timeout_seconds of "
                f"{self._function.node.path} is {timeout}",
                "Lambda takes no queue whose messages come back before the function has ended (Lambda guide, "
                "configuring a queue)",
                f"set visibility_timeout_seconds to at least {least}",
            )
            return
        found = tuple(visibility_problems(visible, timeout, window))
        if not reason:
            yield from found
        elif not found:
            given = f'short_visibility_timeout_reason is "{reason}"'
            yield Problem("", given, "the queue's visibility timeout is long enough", "remove it")

    def _warn(self) -> None:
        function, queue = self._function.node.path, self._queue.node.path
        if self.maximum is None and self._config.enabled:
            warn(
                self,
                f"maximum_concurrency is null, and {function} has no reserved_concurrency",
                f"for {queue} alone Lambda may invoke it {source_limits.UNBOUNDED_CONCURRENCY} times at once "
                "and leave other functions of the account nothing (Lambda guide, scaling of SQS event sources)",
                "set maximum_concurrency",
            )
        if self._queue.visibility_timeout_seconds is None:
            warn(
                self,
                f"the visibility timeout of {queue} is not known",
                f"it should be six times the timeout of {function} (Lambda guide), and whether it is cannot be judged",
                "set visibility_timeout_seconds where the queue is named",
            )
