"""Configuration of an event bus and its archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import AccountId, Matching, Reason, Within
from modules.core.kinds import ByKind
from modules.core.provider_6 import needs_provider_6
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.observability import AlarmsConfig
from modules.queue import DeadLetterQueueConfig, WithoutDeadLettersConfig


class ArchiveConfig(ConfigModel):
    """Keeps the bus's events, so that they can be replayed."""

    retention_days: Annotated[int, Within(limits.EVENTS_ARCHIVE_RETENTION_DAYS)] | None = Field(
        default=30, description="Days that an event is kept; null for ever."
    )
    event_pattern: dict[str, Any] | None = Field(
        default=None, description="Pattern of the events that are kept, as EventBridge writes it; null for all."
    )
    customer_managed_key: StrictBool = Field(
        default=False,
        description="Encrypt the archive with the stack's key instead of one of AWS's; needs AWS provider 6.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A pattern that matches something."""
        if self.event_pattern is not None and not self.event_pattern:
            yield Problem("", "event_pattern is empty", "EventBridge takes no pattern without a field", "remove it")


class BusConfig(ConfigModel):
    """A custom event bus.

    Encrypted with the stack's key, and refusing plain HTTP: always. Only the account's own roles put events on it
    unless others are named.

    Raises:
        ConfigError: with every refused field.
    """

    description: Annotated[
        str, Matching(r".{0,512}", "a description has at most 512 characters on one line", "shorten it")
    ] = Field(default="", description="What its events are about.")
    put_events_accounts: tuple[AccountId, ...] = Field(
        default=(), description="Other accounts whose roles may put events on the bus."
    )
    put_events_organization_id: Annotated[
        str,
        Matching(
            r"(?:o-[a-z0-9]{10,32})?", "an organization's id reads like o-a1b2c3d4e5", "copy it from AWS Organizations"
        ),
    ] = Field(default="", description="Organization whose roles may put events on the bus.")
    archive: ArchiveConfig | None = Field(default=None, description="Keep events for replays; null for none.")
    dead_letters: Annotated[DeadLetterQueueConfig | WithoutDeadLettersConfig, ByKind(default="queue")] = Field(
        default_factory=DeadLetterQueueConfig,
        description="Where events go that cannot be encrypted or decrypted, as when the key is disabled: a queue made "
        "for the bus, or nowhere, with a reason.",
    )
    removal: Removal = Field(
        default="keep",
        description="keep: Terraform refuses to destroy bus and archive. destroy: they go with the stack, and so do "
        "the rules of others on the bus.",
    )
    removal_reason: Reason = Field(
        default="", description="Why rules and archived events may be lost; required with removal destroy."
    )
    alarms: AlarmsConfig = Field(
        default_factory=AlarmsConfig, description="Alarms of the bus's rules, later ones too, and of its dead letters."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A reason for losing events, and each account once, and an alarm in time."""
        if self.alarms.enabled and isinstance(self.dead_letters, DeadLetterQueueConfig):
            yield from self.dead_letters.alarm_problems("dead_letters")
        yield from removal_problems(self.removal, self.removal_reason, lost="rules and archived events")
        accounts = self.put_events_accounts
        for account in sorted({each for each in accounts if accounts.count(each) > 1}):
            yield Problem("", f'put_events_accounts holds "{account}" twice', "each account once", "remove one")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A key for the archive, which provider 5 cannot write, and the own account."""
        if self.archive is not None and self.archive.customer_managed_key:
            argument = "aws_cloudwatch_event_archive.kms_key_identifier"
            yield from needs_provider_6(target, "archive.customer_managed_key is True", argument)
        if target.account_id in self.put_events_accounts:
            yield Problem(
                "",
                f'put_events_accounts holds "{target.account_id}"',
                "it is the bus's own account, all of whose roles could put events without a grant",
                "remove it, and grant_put_events to roles",
            )
