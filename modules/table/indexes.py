"""A table's indexes as its Terraform resource takes them."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTableGlobalSecondaryIndex,
    DynamodbTableGlobalSecondaryIndexOnDemandThroughput,
    DynamodbTableLocalSecondaryIndex,
)

from modules.table.capacity_config import Capacity, OnDemandConfig, ProvisionedConfig
from modules.table.index_config import GlobalIndexConfig, IndexCapacityConfig, LocalIndexConfig


def global_index(name: str, config: GlobalIndexConfig, capacity: Capacity) -> DynamodbTableGlobalSecondaryIndex:
    """A global index; its units do not scale, as Terraform could leave them alone only with the whole index."""
    units = _units(config, capacity) if isinstance(capacity, ProvisionedConfig) else None
    return DynamodbTableGlobalSecondaryIndex(
        name=name,
        hash_key=config.partition_key.name,
        range_key=config.sort_key.name if config.sort_key else None,
        projection_type=config.projection,
        non_key_attributes=sorted(config.non_key_attributes) or None,
        read_capacity=units.read_units if units else None,
        write_capacity=units.write_units if units else None,
        on_demand_throughput=_bounds(capacity) if isinstance(capacity, OnDemandConfig) else None,
    )


def local_index(name: str, config: LocalIndexConfig) -> DynamodbTableLocalSecondaryIndex:
    """A local index, which uses the table's capacity."""
    return DynamodbTableLocalSecondaryIndex(
        name=name,
        range_key=config.sort_key.name,
        projection_type=config.projection,
        non_key_attributes=sorted(config.non_key_attributes) or None,
    )


def _units(config: GlobalIndexConfig, capacity: ProvisionedConfig) -> IndexCapacityConfig:
    most = IndexCapacityConfig(read_units=capacity.read.maximum_units, write_units=capacity.write.maximum_units)
    return config.capacity or most


def _bounds(capacity: OnDemandConfig) -> DynamodbTableGlobalSecondaryIndexOnDemandThroughput | None:
    reads, writes = capacity.max_read_request_units, capacity.max_write_request_units
    if reads is None and writes is None:
        return None
    return DynamodbTableGlobalSecondaryIndexOnDemandThroughput(
        max_read_request_units=reads, max_write_request_units=writes
    )
