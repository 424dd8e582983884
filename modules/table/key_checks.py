"""Whether a table's keys, indexes and capacity fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.core import limits
from modules.core.errors import Problem
from modules.table.alarms import alarm_word
from modules.table.index_config import KeyAttributeConfig

if TYPE_CHECKING:
    from modules.table.config import TableConfig


def key_attributes(config: TableConfig) -> Iterator[tuple[str, KeyAttributeConfig]]:
    """Every key attribute with the field that names it, the table's own first."""
    yield "partition_key", config.partition_key
    if config.sort_key is not None:
        yield "sort_key", config.sort_key
    for name, index in sorted(config.global_indexes.items()):
        yield f'global_indexes["{name}"].partition_key', index.partition_key
        if index.sort_key is not None:
            yield f'global_indexes["{name}"].sort_key', index.sort_key
    for name, local in sorted(config.local_indexes.items()):
        yield f'local_indexes["{name}"].sort_key', local.sort_key


def key_problems(config: TableConfig) -> Iterator[Problem]:
    """What DynamoDB would refuse about keys, indexes and capacity."""
    yield from _type_problems(config)
    yield from _local_problems(config)
    yield from _count_problems(config)
    for name in sorted(set(config.global_indexes) & set(config.local_indexes)):
        given = f'global_indexes and local_indexes both hold "{name}"'
        yield Problem("", given, "an index's name is unique in its table", "rename one")
    for name, index in sorted(config.global_indexes.items()):
        if index.sort_key is not None and index.sort_key.name == index.partition_key.name:
            yield _same_attribute(f'global_indexes["{name}"]', index.sort_key.name)
        if index.capacity is not None and config.capacity.kind == "on_demand":
            yield Problem(
                "",
                f'global_indexes["{name}"].capacity is set and capacity.kind is "on_demand"',
                "an index is paid for as its table is (DynamoDB guide)",
                "remove it, or set capacity.kind to provisioned",
            )
    yield from _alarm_problems(config)
    if config.sort_key is not None and config.sort_key.name == config.partition_key.name:
        yield _same_attribute("the table", config.sort_key.name)


def _type_problems(config: TableConfig) -> Iterator[Problem]:
    types: dict[str, str] = {}
    for field, key in key_attributes(config):
        known = types.setdefault(key.name, key.type)
        if known != key.type:
            yield Problem(
                "",
                f'{field} gives "{key.name}" the type {key.type}',
                f"another key gives it the type {known}, and an attribute has one (CreateTable)",
                "use one type",
            )
    if types.get(config.ttl_attribute, "N") != "N":
        yield Problem(
            "",
            f'ttl_attribute is "{config.ttl_attribute}"',
            f"it is a key of type {types[config.ttl_attribute]}, and an expiry is a number (DynamoDB guide)",
            "name another attribute",
        )


def _local_problems(config: TableConfig) -> Iterator[Problem]:
    if config.local_indexes and config.sort_key is None:
        yield Problem(
            "",
            "local_indexes is set and sort_key is missing",
            "only a table with a sort key takes local indexes (DynamoDB guide)",
            "set sort_key, or make them global",
        )
    for name, index in sorted(config.local_indexes.items()):
        if index.sort_key.name in (config.partition_key.name, config.sort_key.name if config.sort_key else ""):
            yield Problem(
                "",
                f'local_indexes["{name}"].sort_key is "{index.sort_key.name}"',
                "it is a key of the table already, so the index would order nothing anew",
                "name another attribute",
            )


def _alarm_problems(config: TableConfig) -> Iterator[Problem]:
    """Alarms of an index are named after it, without case and with hyphens for whatever is no letter or digit."""
    words: dict[str, str] = {}
    for name in sorted(config.global_indexes):
        known = words.setdefault(alarm_word(name), name)
        if known != name:
            yield Problem(
                "",
                f'global_indexes holds "{known}" and "{name}"',
                f'alarms of both would be named after "{alarm_word(name)}"',
                "rename one",
            )


def _count_problems(config: TableConfig) -> Iterator[Problem]:
    counted = (
        ("global_indexes", len(config.global_indexes), limits.DYNAMODB_MAX_GLOBAL_INDEXES, "a table"),
        ("local_indexes", len(config.local_indexes), limits.DYNAMODB_MAX_LOCAL_INDEXES, "a table"),
    )
    for field, count, most, who in counted:
        if count > most:
            yield Problem("", f"{field} has {count} entries", f"{who} takes {most} (DynamoDB quotas)", "remove some")
    indexes = (*config.global_indexes.values(), *config.local_indexes.values())
    projected = sum(len(index.non_key_attributes) for index in indexes)
    if projected > limits.DYNAMODB_MAX_PROJECTED_ATTRIBUTES:
        yield Problem(
            "",
            f"the indexes name {projected} non_key_attributes",
            f"those of a table name {limits.DYNAMODB_MAX_PROJECTED_ATTRIBUTES} together (DynamoDB quotas)",
            "remove some, or set projection to ALL",
        )


def _same_attribute(where: str, name: str) -> Problem:
    return Problem(
        "", f'partition_key and sort_key of {where} are both "{name}"', "they are two attributes", "name another"
    )
