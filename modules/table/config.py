"""Configuration of a DynamoDB table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.observability import AlarmsConfig
from modules.table.capacity_config import Capacity, OnDemandConfig
from modules.table.index_config import GlobalIndexConfig, IndexName, KeyAttributeConfig, LocalIndexConfig
from modules.table.key_checks import key_problems

STREAM_VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


class TableConfig(ConfigModel):
    """A DynamoDB table.

    Encrypted with the stack's key, and closed to other accounts and to requests without TLS: always.

    Raises:
        ConfigError: with every refused field.
    """

    partition_key: KeyAttributeConfig = Field(description="Attribute that items are spread by; replaces the table.")
    sort_key: KeyAttributeConfig | None = Field(
        default=None, description="Attribute that items with one partition key are ordered by; replaces the table."
    )
    global_indexes: dict[IndexName, GlobalIndexConfig] = Field(
        default_factory=dict, description="Global secondary indexes by name; at most 20 (DynamoDB quotas)."
    )
    local_indexes: dict[IndexName, LocalIndexConfig] = Field(
        default_factory=dict,
        description="Local secondary indexes by name; at most 5 (DynamoDB quotas); replaces the table.",
    )
    capacity: Capacity = Field(
        default_factory=OnDemandConfig, description="How throughput is paid for; plain data without kind is on_demand."
    )
    stream_view_type: Annotated[str, OneOf(("", *STREAM_VIEWS), "a stream's view type", literal=True)] = Field(
        default="", description="What a stream of changes holds of each; empty for no stream."
    )
    ttl_attribute: Annotated[
        str, Matching(r"[\s\S]{0,255}", "an attribute's name has at most 255 characters", "correct it", literal=True)
    ] = Field(default="", description="Attribute with the epoch second after which an item is deleted; empty for none.")
    point_in_time_recovery: StrictBool = Field(
        default=True, description="Continuous backups, restorable to any second of the recovery period."
    )
    point_in_time_recovery_days: Annotated[int, Within(limits.DYNAMODB_RECOVERY_DAYS)] = Field(
        default=35, description="Recovery period. 1 to 35 days (dynamodb API model)."
    )
    point_in_time_recovery_off_reason: Reason = Field(
        default="", description="Why there are no backups; required when point_in_time_recovery is false."
    )
    table_class: Annotated[str, OneOf(("STANDARD", "STANDARD_INFREQUENT_ACCESS"), "a table class", literal=True)] = (
        Field(default="STANDARD", description="STANDARD_INFREQUENT_ACCESS stores for less and reads for more.")
    )
    contributor_insights: StrictBool = Field(
        default=False, description="Count the keys that are asked for most, which is charged for; indexes included."
    )
    removal: Removal = Field(
        default="keep", description="keep: Terraform and DynamoDB refuse to delete. destroy: it goes with the stack."
    )
    removal_reason: Reason = Field(default="", description="Why the items may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the table.")

    @classmethod
    def idempotency(cls, **fields: Any) -> Self:
        """A table for the idempotency utility of Powertools for AWS Lambda, with its default attribute names.

        Args:
            fields: further fields of the configuration.

        Raises:
            ConfigError: with every refused field.
        """
        return cls.parse({"partition_key": {"name": "id"}, "ttl_attribute": "expiration", **fields})

    def cross_checks(self) -> Iterator[Problem]:
        """Keys and indexes that fit each other, and reasons for what is less safe."""
        yield from key_problems(self)
        yield from removal_problems(self.removal, self.removal_reason, lost="items")
        is_on, reason = self.point_in_time_recovery, self.point_in_time_recovery_off_reason
        if not is_on and not reason:
            yield Problem(
                "",
                "point_in_time_recovery is False without a reason",
                "what is deleted would be lost",
                "set point_in_time_recovery_off_reason",
            )
        if is_on and reason:
            given = f'point_in_time_recovery_off_reason is "{reason}"'
            yield Problem("", given, "a reason belongs to point_in_time_recovery: false", "remove it")
