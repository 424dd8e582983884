"""Configuration of tables: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.table import OnDemandConfig, ProvisionedConfig, TableConfig
from modules.table.key_checks import key_attributes
from tests.modules.core.samples import sentence

ID: dict[str, Any] = {"partition_key": {"name": "id"}}
SORTED: dict[str, Any] = {**ID, "sort_key": {"name": "at", "type": "N"}}
BY_STATUS: dict[str, Any] = {"partition_key": {"name": "status"}}


def test_the_default_is_paid_by_request_backed_up_and_kept() -> None:
    config = TableConfig.parse(ID)
    assert isinstance(config.capacity, OnDemandConfig)
    assert (config.point_in_time_recovery, config.point_in_time_recovery_days) == (True, 35)
    assert (config.removal, config.stream_view_type, config.ttl_attribute) == ("keep", "", "")
    assert (config.table_class, config.contributor_insights) == ("STANDARD", False)


def test_the_idempotency_preset_has_the_names_that_powertools_expects() -> None:
    config = TableConfig.idempotency(removal="destroy", removal_reason="a trial")
    assert (config.partition_key.name, config.partition_key.type, config.sort_key) == ("id", "S", None)
    assert (config.ttl_attribute, config.capacity.kind, config.removal) == ("expiration", "on_demand", "destroy")


def test_a_field_of_the_preset_is_judged_like_any_other() -> None:
    with pytest.raises(ConfigError) as refused:
        TableConfig.idempotency(removal="destroy")
    assert str(refused.value) == (
        'removal is "destroy" without a reason; the items would be lost for good; set removal_reason'
    )


def test_a_provisioned_table_scales_between_two_bounds() -> None:
    capacity = {"kind": "provisioned", "read": {"minimum_units": 5, "maximum_units": 50}}
    config = TableConfig.parse({**ID, "capacity": {**capacity, "write": {"minimum_units": 1, "maximum_units": 1}}})
    assert isinstance(config.capacity, ProvisionedConfig)
    assert (config.capacity.read.scales, config.capacity.write.scales) == (True, False)
    assert config.capacity.read.target_utilization_percent == 70


def test_an_attribute_of_several_keys_is_defined_once() -> None:
    indexes = {
        "by-at": {"partition_key": {"name": "at", "type": "N"}},
        "by-id": {**BY_STATUS, "sort_key": {"name": "id"}},
    }
    config = TableConfig.parse({**SORTED, "global_indexes": indexes})
    assert [field for field, _ in key_attributes(config)] == [
        "partition_key",
        "sort_key",
        'global_indexes["by-at"].partition_key',
        'global_indexes["by-id"].partition_key',
        'global_indexes["by-id"].sort_key',
    ]


def names(count: int, first: str) -> list[str]:
    return [f"{first}-{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "partition_key is missing; it has no default; set it"),
        (
            {"partition_key": {"name": "id", "type": "BOOL"}},
            'partition_key.type is "BOOL"; a key attribute\'s type is one of S, N, B; choose one of them',
        ),
        (
            {**ID, "sort_key": {"name": "id"}},
            'partition_key and sort_key of the table are both "id"; they are two attributes; name another',
        ),
        (
            {**SORTED, "global_indexes": {"by-at": {"partition_key": {"name": "at"}}}},
            (
                'global_indexes["by-at"].partition_key gives "at" the type S; another key gives it the type N, and an '
                "attribute has one (CreateTable); use one type"
            ),
        ),
        (
            {**ID, "ttl_attribute": "id"},
            (
                'ttl_attribute is "id"; it is a key of type S, and an expiry is a number (DynamoDB guide); '
                "name another "
                "attribute"
            ),
        ),
        (
            {**ID, "local_indexes": {"by-number": {"sort_key": {"name": "number"}}}},
            (
                "local_indexes is set and sort_key is missing; only a table with a sort key takes local "
                "indexes (DynamoDB "
                "guide); set sort_key, or make them global"
            ),
        ),
        (
            {**SORTED, "local_indexes": {"by-at": {"sort_key": {"name": "at", "type": "N"}}}},
            (
                'local_indexes["by-at"].sort_key is "at"; it is a key of the table already, so the index would order '
                "nothing anew; name another attribute"
            ),
        ),
        (
            {
                **SORTED,
                "local_indexes": {"by-status": {"sort_key": {"name": "status"}}},
                "global_indexes": {"by-status": BY_STATUS},
            },
            (
                'global_indexes and local_indexes both hold "by-status"; an index\'s name is unique in its table; '
                "rename one"
            ),
        ),
        (
            {**ID, "global_indexes": {"by.status": BY_STATUS, "By_Status": BY_STATUS}},
            (
                'global_indexes holds "By_Status" and "by.status"; alarms of both would be named after "by-status"; '
                "rename one"
            ),
        ),
        (
            {**ID, "global_indexes": {"by-status": {**BY_STATUS, "sort_key": {"name": "status"}}}},
            (
                'partition_key and sort_key of global_indexes["by-status"] are both "status"; they are two '
                "attributes; name "
                "another"
            ),
        ),
        (
            {**ID, "global_indexes": {"by-status": {**BY_STATUS, "capacity": {"read_units": 1, "write_units": 1}}}},
            (
                'global_indexes["by-status"].capacity is set and capacity.kind is "on_demand"; an index is '
                "paid for as its "
                "table is (DynamoDB guide); remove it, or set capacity.kind to provisioned"
            ),
        ),
        (
            {**ID, "global_indexes": {"by-status": {**BY_STATUS, "projection": "INCLUDE"}}},
            (
                "global_indexes.by-status: non_key_attributes is empty; projection INCLUDE names attributes; "
                "name them, or "
                "set KEYS_ONLY"
            ),
        ),
        (
            {**ID, "global_indexes": {"by-status": {**BY_STATUS, "non_key_attributes": ["total"]}}},
            (
                'global_indexes.by-status: non_key_attributes is set and projection is "ALL"; only INCLUDE names '
                "attributes; remove them, or set projection to INCLUDE"
            ),
        ),
        (
            {
                **ID,
                "global_indexes": {
                    "by-status": {**BY_STATUS, "projection": "INCLUDE", "non_key_attributes": names(21, "a")}
                },
            },
            (
                "global_indexes.by-status: non_key_attributes has 21 entries; an index takes 20 (dynamodb API model); "
                "remove some, or set projection to ALL"
            ),
        ),
        (
            {
                **ID,
                "global_indexes": {
                    "by-status": {**BY_STATUS, "projection": "INCLUDE", "non_key_attributes": ["a", "a"]}
                },
            },
            (
                "global_indexes.by-status: non_key_attributes names a more than once; an index holds an attribute "
                "once; remove the others"
            ),
        ),
        (
            {**ID, "global_indexes": dict.fromkeys(names(21, "by-status"), BY_STATUS)},
            "global_indexes has 21 entries; a table takes 20 (DynamoDB quotas); remove some",
        ),
        (
            {**SORTED, "local_indexes": {key: {"sort_key": {"name": "status"}} for key in names(6, "by-status")}},
            "local_indexes has 6 entries; a table takes 5 (DynamoDB quotas); remove some",
        ),
        (
            {
                **ID,
                "global_indexes": {
                    key: {**BY_STATUS, "projection": "INCLUDE", "non_key_attributes": names(17, "a")}
                    for key in names(6, "by-status")
                },
            },
            (
                "the indexes name 102 non_key_attributes; those of a table name 100 together (DynamoDB quotas); remove "
                "some, or set projection to ALL"
            ),
        ),
        (
            {**ID, "global_indexes": {"by status": BY_STATUS}},
            (
                'global_indexes.by status is "by status"; an index\'s name has 3 to 255 letters, digits and '
                "characters of "
                "_.- (dynamodb API model); rename it"
            ),
        ),
        (
            {**ID, "point_in_time_recovery": False},
            (
                "point_in_time_recovery is False without a reason; what is deleted would be lost; set "
                "point_in_time_recovery_off_reason"
            ),
        ),
        (
            {**ID, "point_in_time_recovery_off_reason": "it can be made again"},
            (
                'point_in_time_recovery_off_reason is "it can be made again"; a reason belongs to '
                "point_in_time_recovery: "
                "false; remove it"
            ),
        ),
        (
            {**ID, "point_in_time_recovery_days": 36},
            (
                "point_in_time_recovery_days is 36; a table's recovery period takes 1 to 35 days (dynamodb API model, "
                "RecoveryPeriodInDays); set a value from 1 to 35"
            ),
        ),
        (
            {**ID, "removal": "destroy"},
            'removal is "destroy" without a reason; the items would be lost for good; set removal_reason',
        ),
        (
            {**ID, "stream_view_type": "ALL"},
            (
                'stream_view_type is "ALL"; a stream\'s view type is one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, '
                "NEW_AND_OLD_IMAGES, or empty; choose one of them"
            ),
        ),
    ],
)
def test_what_dynamodb_would_refuse(fields: dict[str, Any], said: str) -> None:
    assert sentence(TableConfig, fields) == said


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (
            {"minimum_units": 50, "maximum_units": 5},
            "minimum_units is 50 and maximum_units is 5; the fewest units are not more than the most; swap them",
        ),
        (
            {"minimum_units": 0, "maximum_units": 5},
            (
                "minimum_units is 0; a table's provisioned capacity takes 1 to 40000 units (DynamoDB quotas: "
                "the default "
                "quota of a table); set a value from 1 to 40000"
            ),
        ),
        (
            {"minimum_units": 1, "maximum_units": 5, "target_utilization_percent": 95},
            (
                "target_utilization_percent is 95; a table's target utilization takes 20 to 90 percent (DynamoDB "
                "guide); set "
                "a value from 20 to 90"
            ),
        ),
    ],
)
def test_capacity_that_cannot_scale(read: dict[str, Any], said: str) -> None:
    capacity = {"kind": "provisioned", "read": read, "write": {"minimum_units": 1, "maximum_units": 1}}
    told = sentence(TableConfig, {**ID, "capacity": capacity})
    assert told.removeprefix("capacity.read: ").removeprefix("capacity.read.") == said
