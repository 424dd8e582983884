"""Configuration of an SQS queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Reason, Within
from modules.core.kinds import ByKind
from modules.core.provider_6 import KNOWN_WITH
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig

_LONGEST_RETENTION_SECONDS = limits.SQS_RETENTION_SECONDS.maximum
_AGE = limits.Range(60, _LONGEST_RETENTION_SECONDS, "seconds", "the age alarm", "an SQS queue's retention")
_RetentionSeconds = Annotated[int, Within(limits.SQS_RETENTION_SECONDS)]


class FifoQueueConfig(ConfigModel):
    """A queue that keeps the order within each message group and delivers no message twice within five minutes."""

    content_based_deduplication: StrictBool = Field(
        default=False, description="Take a message's SHA-256 for its deduplication id where the sender gives none."
    )
    high_throughput: StrictBool = Field(
        default=False, description="Count throughput and duplicates for each message group instead of for the queue."
    )


class DeadLetterQueueConfig(ConfigModel):
    """A queue that is made to keep what could not be delivered."""

    kind: Literal["queue"] = Field(default="queue", description="A queue that is made.")
    message_retention_seconds: _RetentionSeconds = Field(
        default=_LONGEST_RETENTION_SECONDS, description="How long it keeps a message. 60 to 1209600 (SQS)."
    )
    oldest_message_alarm_seconds: Annotated[int, Within(_AGE, literal=True)] = Field(
        default=86_400, description="Age that a message in it may reach before an alarm fires."
    )

    def alarm_problems(self, field: str) -> Iterator[Problem]:
        """An alarm of age that fires only when the message is gone.

        Args:
            field: where this configuration stands.
        """
        age, retention = self.oldest_message_alarm_seconds, self.message_retention_seconds
        if not is_token(retention) and age >= retention:
            yield Problem(
                "",
                f"{field}.oldest_message_alarm_seconds is {age} and {field}.message_retention_seconds is {retention}",
                "dead letters would be deleted before the alarm fires",
                "set the alarm below the retention",
            )


class RedriveConfig(DeadLetterQueueConfig):
    """A dead-letter queue that takes a message after it was received too often."""

    max_receive_count: Annotated[int, Within(limits.SQS_MAX_RECEIVE_COUNT, literal=True)] = Field(
        default=limits.SQS_FEWEST_RECEIVES_WITH_LAMBDA,
        description="Receives after which a message is a dead letter. 1 to 1000 (SQS guide); below 5 takes a reason.",
    )
    max_receive_count_reason: Reason = Field(
        default="", description="Why fewer than 5 receives will do; required with fewer."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A reason for few receives, and none for enough."""
        fewest, reason = limits.SQS_FEWEST_RECEIVES_WITH_LAMBDA, self.max_receive_count_reason
        if self.max_receive_count < fewest and not reason:
            yield Problem(
                "",
                f"max_receive_count is {self.max_receive_count} without a reason",
                "messages that a throttled function could not take for a moment would become dead letters; the Lambda "
                f"guide asks for at least {fewest}",
                f"set it to {fewest} or more, or set max_receive_count_reason",
            )
        if self.max_receive_count >= fewest and reason:
            given = f'max_receive_count_reason is "{reason}"'
            yield Problem("", given, f"a reason belongs to max_receive_count below {fewest}", "remove it")


class WithoutDeadLettersConfig(ConfigModel):
    """None: what cannot be delivered is lost in the end."""

    kind: Literal["none"] = Field(description="No dead-letter queue.")
    reason: Reason = Field(description="Why it may be lost, or where it is kept instead.")

    def cross_checks(self) -> Iterator[Problem]:
        """A reason."""
        if not self.reason:
            yield Problem("", "reason is empty", "going without a dead-letter queue takes a reason", "write why")


class QueueAlarmsConfig(AlarmsConfig):
    """Alarms of a queue, with the thresholds that depend on what it is for."""

    oldest_message_seconds: Annotated[int, Within(_AGE, literal=True)] = Field(
        default=3_600, description="Age that a message may reach before somebody has received and deleted it."
    )
    visible_messages: Annotated[
        int, Within(limits.Range(1, 1_000_000_000, "messages", "the alarm of visible messages", "our bound"))
    ] = Field(default=1_000, description="Messages that wait at once, on average, before nobody keeps up with them.")
    in_flight_percent_of_quota: Annotated[
        int, Within(limits.Range(1, 100, "percent", "the in-flight alarm", "a share of the quota"), literal=True)
    ] = Field(default=90, description="Share of the 120000 messages in flight (SQS quotas) that may be reached.")
    expects_messages: StrictBool = Field(
        default=False, description="Alarm when nobody sent a message for 15 minutes; for queues that always get some."
    )


class QueueConfig(ConfigModel):
    """An SQS queue.

    Encrypted with the stack's key, and refusing plain HTTP: always.

    Raises:
        ConfigError: with every refused field.
    """

    fifo: FifoQueueConfig | None = Field(
        default=None, description="A FIFO queue; null for a standard one. Changing it replaces the queue."
    )
    visibility_timeout_seconds: Annotated[int, Within(limits.SQS_VISIBILITY_TIMEOUT_SECONDS)] = Field(
        default=180,
        description="How long a received message is hidden from others: at least six times the timeout of the function "
        "that consumes it (Lambda guide), as `visibility_problems` says. 0 to 43200 (SQS).",
    )
    delay_seconds: Annotated[int, Within(limits.SQS_DELAY_SECONDS)] = Field(
        default=0, description="How long a new message is hidden. 0 to 900 (SQS)."
    )
    message_retention_seconds: _RetentionSeconds = Field(
        default=345_600, description="How long a message is kept. 60 to 1209600 (SQS)."
    )
    max_message_bytes: Annotated[int, Within(limits.SQS_MESSAGE_BYTES)] | None = Field(
        default=limits.SQS_MESSAGE_BYTES_OF_PROVIDER_5,
        description="Largest message. 1024 to 1048576 (SQS); above 262144 needs AWS provider 6. Null leaves it to the "
        "provider.",
    )
    receive_wait_seconds: Annotated[int, Within(limits.SQS_RECEIVE_WAIT_SECONDS)] = Field(
        default=20, description="How long a receive waits for a message; longer costs fewer requests. 0 to 20 (SQS)."
    )
    kms_data_key_reuse_seconds: Annotated[int, Within(limits.SQS_DATA_KEY_REUSE_SECONDS)] = Field(
        default=300, description="How long SQS reuses a data key before it asks KMS again. 60 to 86400 (SQS)."
    )
    dead_letters: Annotated[RedriveConfig | WithoutDeadLettersConfig, ByKind(default="queue")] = Field(
        default_factory=RedriveConfig,
        description="Where messages go that are received too often: a queue made for this one, or nowhere, with a "
        "reason.",
    )
    alarms: QueueAlarmsConfig = Field(default_factory=QueueAlarmsConfig, description="Alarms of the queue.")

    def cross_checks(self) -> Iterator[Problem]:
        """Dead letters outlive the queue's messages, and alarms fire before messages are lost."""
        retention = self.message_retention_seconds
        if isinstance(self.dead_letters, RedriveConfig):
            yield from self._redrive_problems(self.dead_letters)
        if is_token(retention):
            return
        if self.alarms.enabled and self.alarms.oldest_message_seconds >= retention:
            yield Problem(
                "",
                f"alarms.oldest_message_seconds is {self.alarms.oldest_message_seconds} and message_retention_seconds "
                f"is {retention}",
                "messages would be deleted before the alarm fires",
                "set the alarm below the retention",
            )

    def _redrive_problems(self, letters: RedriveConfig) -> Iterator[Problem]:
        if self.alarms.enabled:
            yield from letters.alarm_problems("dead_letters")
        kept, retention = letters.message_retention_seconds, self.message_retention_seconds
        if self.fifo is not None or is_token(kept) or is_token(retention) or kept == _LONGEST_RETENTION_SECONDS:
            return
        if kept <= retention:
            yield Problem(
                "",
                f"dead_letters.message_retention_seconds is {kept} and message_retention_seconds is {retention}",
                "a dead letter of a standard queue keeps the age that it has, so it would be deleted at once or soon "
                "(SQS guide, dead-letter queues)",
                "keep dead letters longer than messages",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Messages that provider 5 refuses."""
        size, most = self.max_message_bytes, limits.SQS_MESSAGE_BYTES_OF_PROVIDER_5
        if size is not None and not is_token(size) and size > most and target.allows_provider_5:
            yield Problem(
                "",
                f"max_message_bytes is {size}",
                f"AWS provider 5 takes at most {most}, although SQS takes {limits.SQS_MESSAGE_BYTES.maximum}, and the "
                f"target allows {target.aws_provider_version}",
                f'set at most {most}, or set the target\'s aws_provider_version to ">= {KNOWN_WITH}, < 7"',
            )


def visibility_problems(
    visibility_timeout_seconds: float, function_timeout_seconds: int, batching_window_seconds: int = 0
) -> Iterator[Problem]:
    """Why a function with this timeout should not consume from a queue with that visibility timeout.

    Args:
        visibility_timeout_seconds: the queue's; a token is not judged.
        function_timeout_seconds: the consuming function's.
        batching_window_seconds: how long Lambda gathers messages for a batch.
    """
    multiple = limits.SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT
    least = function_timeout_seconds * multiple + batching_window_seconds
    window = f" and the batching window of {batching_window_seconds} seconds" if batching_window_seconds else ""
    if not is_token(visibility_timeout_seconds) and visibility_timeout_seconds < least:
        yield Problem(
            "",
            f"visibility_timeout_seconds is {visibility_timeout_seconds} and the function's timeout_seconds is "
            f"{function_timeout_seconds}",
            "a message that is still worked on, or waits for a retry after throttling, would be received again; the "
            f"Lambda guide asks for six times the function's timeout{window}",
            f"set visibility_timeout_seconds to at least {least}",
        )
