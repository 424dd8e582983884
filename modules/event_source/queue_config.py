"""Configuration of a queue as an event source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import source_limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Reason, Within
from modules.core.provider_6 import KNOWN_WITH
from modules.core.target import Target
from modules.event_source.config import RECORD_FIELDS, EventSourceAlarmsConfig, EventSourceConfig


class PollersConfig(ConfigModel):
    """Pollers that are always there (provisioned mode), which are charged for; each invokes 10 times at once at most.

    Raises:
        ConfigError: with every refused field.
    """

    minimum: Annotated[int, Within(source_limits.FEWEST_POLLERS, literal=True)] = Field(
        default=2, description="Pollers that are always there. 2 to 200 (Lambda API)."
    )
    maximum: Annotated[int, Within(source_limits.MOST_POLLERS, literal=True)] = Field(
        description="Most pollers. 2 to 10000 (Lambda API); above 2000 needs AWS provider 6."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """The bounds are in order."""
        if self.minimum > self.maximum:
            given = f"minimum is {self.minimum} and maximum is {self.maximum}"
            yield Problem("", given, "the maximum is not below the minimum", "correct one of the two")

    @property
    def invocations(self) -> int:
        """Invocations at once at most."""
        return self.maximum * source_limits.INVOCATIONS_PER_POLLER


class QueueSourceConfig(EventSourceConfig):
    """A queue that Lambda polls for a function.

    Raises:
        ConfigError: with every refused field.
    """

    record_fields = ("body", "messageId", "attributes", "messageAttributes", "md5OfBody", *RECORD_FIELDS)

    batch_size: Annotated[int, Within(source_limits.BATCH, literal=True)] = Field(
        default=10, description="Most messages of an invocation. 1 to 10000; above 10 takes a window; FIFO at most 10."
    )
    maximum_concurrency: Annotated[int, Within(source_limits.CONCURRENCY, literal=True)] | None = Field(
        default=None,
        description="Invocations at once. 2 to 1000 (Lambda API). Null takes all of the function's reserved "
        "concurrency, if this is its only queue; a function without one is then bounded by the account's quota.",
    )
    provisioned_pollers: PollersConfig | None = Field(
        default=None, description="Pollers that are always there, instead of maximum_concurrency; none by default."
    )
    short_visibility_timeout_reason: Reason = Field(
        default="",
        description="Why the queue's visibility timeout may be below six times the function's timeout; required then.",
    )
    alarms: EventSourceAlarmsConfig = Field(
        default_factory=EventSourceAlarmsConfig,
        description="Alarms of the event source, with event_metrics; age and depth are the queue's.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """What Lambda refuses together."""
        yield from super().cross_checks()
        most = source_limits.BATCH_WITHOUT_WINDOW
        if self.batch_size > most and self.batching_window_seconds == 0:
            yield Problem(
                "",
                f"batch_size is {self.batch_size} and batching_window_seconds is 0",
                f"a batch of more than {most} messages takes a window of at least 1 second (CreateEventSourceMapping)",
                f"set batching_window_seconds, or batch_size to at most {most}",
            )
        if self.maximum_concurrency is not None and self.provisioned_pollers is not None:
            yield Problem(
                "",
                f"maximum_concurrency is {self.maximum_concurrency} and provisioned_pollers is set",
                "Lambda takes one of the two: the maximum of the pollers bounds concurrency (Lambda guide, scaling of "
                "SQS event sources)",
                "remove one of them",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Pollers that provider 5 refuses."""
        pollers, most = self.provisioned_pollers, source_limits.POLLERS_OF_PROVIDER_5
        if pollers is not None and pollers.maximum > most and target.allows_provider_5:
            yield Problem(
                "",
                f"provisioned_pollers.maximum is {pollers.maximum}",
                f"AWS provider 5 takes at most {most}, although Lambda takes "
                f"{source_limits.MOST_POLLERS.maximum}, and the target allows {target.aws_provider_version}",
                f'set at most {most}, or set the target\'s aws_provider_version to ">= {KNOWN_WITH}, < 7"',
            )

    def fifo_problems(self) -> Iterator[Problem]:
        """What Lambda does not take of a FIFO queue."""
        most = source_limits.FIFO_BATCH
        if self.batch_size > most:
            yield Problem(
                "",
                f"batch_size is {self.batch_size} and the queue is a FIFO queue",
                f"a batch of a FIFO queue has at most {most} messages (CreateEventSourceMapping)",
                f"set batch_size to at most {most}",
            )
        if self.batching_window_seconds:
            yield Problem(
                "",
                f"batching_window_seconds is {self.batching_window_seconds} and the queue is a FIFO queue",
                "a FIFO queue has no batching window (CreateEventSourceMapping)",
                "remove it",
            )
