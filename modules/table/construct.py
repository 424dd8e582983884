"""A DynamoDB table: encrypted, backed up, closed to other accounts, kept by default."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.dynamodb_contributor_insights import DynamodbContributorInsights
from cdktf_cdktf_provider_aws.dynamodb_resource_policy import DynamodbResourcePolicy
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTableOnDemandThroughput,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
    DynamodbTableTtl,
)
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.key import KeyBase
from modules.observability import AlarmTopic, create_alarms
from modules.table.alarms import table_alarms
from modules.table.base import TableBase
from modules.table.capacity_config import OnDemandConfig, ProvisionedConfig
from modules.table.config import TableConfig
from modules.table.existing import ExistingTable
from modules.table.indexes import global_index, local_index
from modules.table.key_checks import key_attributes
from modules.table.scaling import add_scaling
from modules.table.statements import protection_statements

UNRECOVERABLE = ("CKV_AWS_28",)
"""Checks that a table without continuous backups skips."""


class Table(TableBase):
    """A table, named after stack and construct.

    Attributes:
        alarm_names: its alarms.

    Raises:
        ConfigError: alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: TableConfig,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        provisioned = config.capacity if isinstance(config.capacity, ProvisionedConfig) else None
        types = {attribute.name: attribute.type for _, attribute in key_attributes(config)}
        table = DynamodbTable(
            self,
            "table",
            name=target.naming.name(construct_id, max_length=limits.DYNAMODB_MAX_NAME_LENGTH),
            attribute=[DynamodbTableAttribute(name=name, type=types[name]) for name in sorted(types)],
            hash_key=config.partition_key.name,
            range_key=config.sort_key.name if config.sort_key else None,
            billing_mode="PROVISIONED" if provisioned else "PAY_PER_REQUEST",
            read_capacity=provisioned.read.minimum_units if provisioned else None,
            write_capacity=provisioned.write.minimum_units if provisioned else None,
            on_demand_throughput=_bounds(config),
            global_secondary_index=[
                global_index(name, index, config.capacity) for name, index in sorted(config.global_indexes.items())
            ]
            or None,
            local_secondary_index=[local_index(name, index) for name, index in sorted(config.local_indexes.items())]
            or None,
            stream_enabled=True if config.stream_view_type else None,
            stream_view_type=config.stream_view_type or None,
            ttl=DynamodbTableTtl(attribute_name=config.ttl_attribute, enabled=True) if config.ttl_attribute else None,
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(
                enabled=config.point_in_time_recovery,
                recovery_period_in_days=config.point_in_time_recovery_days if config.point_in_time_recovery else None,
            ),
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key.arn),
            table_class=config.table_class,
            deletion_protection_enabled=config.removal == "keep",
            lifecycle=_lifecycle(config, provisioned),
        )
        skip(table, config.point_in_time_recovery_off_reason, *UNRECOVERABLE)
        self.name = table.id
        self.arn = table.arn
        self.stream_arn = table.stream_arn if config.stream_view_type else ""
        self.key_arn = key.arn
        self.index_names = tuple(sorted((*config.global_indexes, *config.local_indexes)))
        denied = protection_statements(self.arn, target.account_id, has_indexes=bool(self.index_names))
        policy = DynamodbResourcePolicy(self, "policy", resource_arn=self.arn, policy=PolicyDocument(denied).json)
        self.dependencies = (policy,)
        if provisioned:
            add_scaling(self, provisioned, table_name=self.name)
        if config.contributor_insights:
            self._count_keys(config.global_indexes)
        specs = table_alarms(self.name, config.global_indexes)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key_arn: str = "",
        stream_arn: str = "",
        index_names: Iterable[str] = (),
    ) -> ExistingTable:
        """A table that exists already, in the target's account and region.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            name: the table's name.
            key_arn: KMS key that encrypts it, whose key policy lets the account's roles use it; empty when DynamoDB's
                own does.
            stream_arn: ARN of its stream, for `grant_stream`.
            index_names: indexes that are read.

        Raises:
            ConfigError: name, indexes, stream or key do not read like what they are to be.
        """
        return ExistingTable(
            scope, construct_id, name=name, key_arn=key_arn, stream_arn=stream_arn, index_names=index_names
        )

    def _count_keys(self, indexes: Iterable[str]) -> None:
        DynamodbContributorInsights(self, "contributor-insights", table_name=self.name)
        for index in sorted(indexes):
            DynamodbContributorInsights(self, f"contributor-insights-{index}", table_name=self.name, index_name=index)


def _bounds(config: TableConfig) -> DynamodbTableOnDemandThroughput | None:
    capacity = config.capacity
    if not isinstance(capacity, OnDemandConfig):
        return None
    reads, writes = capacity.max_read_request_units, capacity.max_write_request_units
    if reads is None and writes is None:
        return None
    return DynamodbTableOnDemandThroughput(max_read_request_units=reads, max_write_request_units=writes)


def _lifecycle(config: TableConfig, provisioned: ProvisionedConfig | None) -> TerraformResourceLifecycle | None:
    """Terraform leaves the units to what scales them, and refuses to destroy what is kept."""
    scaled = [
        argument
        for argument, scales in (
            ("read_capacity", provisioned is not None and provisioned.read.scales),
            ("write_capacity", provisioned is not None and provisioned.write.scales),
        )
        if scales
    ]
    kept = config.removal == "keep"
    if not scaled and not kept:
        return None
    return TerraformResourceLifecycle(prevent_destroy=True if kept else None, ignore_changes=scaled or None)
