"""Configuration of a function's asynchronous path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Within
from modules.function.destinations_config import DeadLetters, DestinationConfig, NewDeadLetterQueueConfig


class AsynchronousInvocationConfig(ConfigModel):
    """How often and how long events are tried, and where the record of an invocation goes."""

    max_event_age_seconds: Annotated[int, Within(limits.LAMBDA_ASYNC_EVENT_AGE_SECONDS)] = Field(
        default=3_600, description="Age at which an event is given up, in seconds. 60 to 21600 (Lambda API)."
    )
    max_retries: Annotated[int, Within(limits.LAMBDA_ASYNC_RETRIES)] = Field(
        default=2, description="Retries after the first attempt. 0 to 2 (Lambda API)."
    )
    on_success: DestinationConfig | None = Field(
        default=None, description="Gets the record of each invocation that succeeds."
    )
    on_failure: DestinationConfig | None = Field(
        default=None, description="Gets the record of each event that is given up; the only one that may be a bucket."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Only failures go to a bucket."""
        if self.on_success is not None and self.on_success.service == "s3":
            yield Problem(
                "",
                f'on_success.arn is "{self.on_success.arn}"',
                "Lambda writes only the records of failed events to S3 (Lambda guide, destinations)",
                "use a queue, topic, function or event bus",
            )


class AsynchronousConfig(AsynchronousInvocationConfig):
    """What happens to events when nobody waits for the answer; those that fail end in a dead-letter queue."""

    dead_letters: DeadLetters = Field(
        default_factory=NewDeadLetterQueueConfig,
        description="Where events go that failed every retry: a queue made for the function, an existing queue or "
        "topic, or nowhere, with a reason.",
    )
    dead_letter_retention_seconds: Annotated[int, Within(limits.SQS_RETENTION_SECONDS)] = Field(
        default=1_209_600, description="How long a dead-letter queue made for the function keeps an event (SQS)."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """The retention belongs to a queue that is made."""
        yield from super().cross_checks()
        by_default = type(self).model_fields["dead_letter_retention_seconds"].default
        if self.dead_letter_retention_seconds != by_default and self.dead_letters.kind != "queue":
            yield Problem(
                "",
                f'dead_letter_retention_seconds is set and dead_letters.kind is "{self.dead_letters.kind}"',
                "it is the retention of the queue that is made for the function",
                "remove it",
            )
