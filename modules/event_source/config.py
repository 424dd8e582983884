"""Configuration of what polls for a function: a queue, a stream, or a table's stream of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import Field, StrictBool

from modules.core import limits, source_limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Reason, Within
from modules.event_source.filters import filter_problems
from modules.observability import AlarmsConfig

RECORD_FIELDS = ("awsRegion", "eventSource", "eventSourceARN")
"""Parts of every record, beside its data."""


class EventSourceAlarmsConfig(AlarmsConfig):
    """Alarms of an event source, with the thresholds that depend on it."""

    failed_events_per_minute: Annotated[
        int, Within(limits.Range(0, 1_000_000, "events a minute", "the alarm of failed events", "our bound"))
    ] = Field(default=0, description="Events a minute that may fail; they are counted with event_metrics only.")


class EventSourceConfig(ConfigModel):
    """What every event source has.

    Raises:
        ConfigError: with every refused field.
    """

    record_fields: ClassVar[tuple[str, ...]] = RECORD_FIELDS
    holds_numbers: ClassVar[bool] = True

    batching_window_seconds: Annotated[int, Within(source_limits.WINDOW_SECONDS, literal=True)] = Field(
        default=0, description="How long records are gathered for a batch. 0 to 300 (Lambda API)."
    )
    reports_batch_item_failures: StrictBool = Field(
        default=True,
        description="Whether the code answers with batchItemFailures, so that only these are tried again; an answer "
        "without any counts as success (Lambda guide).",
    )
    filters: tuple[dict[str, Any], ...] = Field(
        default=(),
        description="Patterns, one of which a record must match to reach the function; others are dropped, a queue's "
        "messages deleted. At most 5 (Lambda guide).",
    )
    filter_quota: Annotated[int, Within(source_limits.FILTERS, literal=True)] = Field(
        default=source_limits.FILTERS.minimum,
        description="Filters that the account may have for an event source; up to 10 by a quota increase.",
    )
    event_metrics: StrictBool = Field(
        default=False,
        description="Count events that are polled, filtered out, invoked, failed and dropped (metrics_config).",
    )
    disabled_reason: Reason = Field(default="", description="Why nothing is polled for now; empty polls.")

    def cross_checks(self) -> Iterator[Problem]:
        """Filters that Lambda takes and that can match."""
        yield from filter_problems(
            self.filters, quota=self.filter_quota, fields=self.record_fields, numbers=self.holds_numbers
        )

    @property
    def enabled(self) -> bool:
        """Whether Lambda polls."""
        return not self.disabled_reason
