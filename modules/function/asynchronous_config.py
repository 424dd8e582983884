"""Configuration of a function's asynchronous path."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Within


class AsynchronousConfig(ConfigModel):
    """What happens to events that fail when nobody waits for the answer; they end in a dead-letter queue."""

    max_event_age_seconds: Annotated[int, Within(limits.LAMBDA_ASYNC_EVENT_AGE_SECONDS)] = Field(
        default=3_600, description="Age at which an event is given up, in seconds. 60 to 21600 (Lambda API)."
    )
    max_retries: Annotated[int, Within(limits.LAMBDA_ASYNC_RETRIES)] = Field(
        default=2, description="Retries after the first attempt. 0 to 2 (Lambda API)."
    )
    dead_letter_retention_seconds: Annotated[int, Within(limits.SQS_RETENTION_SECONDS)] = Field(
        default=1_209_600, description="How long the dead-letter queue keeps an event, in seconds (SQS)."
    )
