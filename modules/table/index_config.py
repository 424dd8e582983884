"""Configuration of a table's key attributes and indexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within

AttributeName = Annotated[
    str,
    Matching(
        r"[\s\S]{1,255}", "an attribute's name has 1 to 255 characters (dynamodb API model)", "correct it", literal=True
    ),
]
INDEX_NAME = r"[a-zA-Z0-9_.-]{3,255}"
"""Pattern of an index's name (dynamodb API model)."""

INDEX_NAME_ALLOWED = "an index's name has 3 to 255 letters, digits and characters of _.- (dynamodb API model)"
"""The same in words."""

IndexName = Annotated[str, Matching(INDEX_NAME, INDEX_NAME_ALLOWED, "rename it", literal=True)]
_Projection = Annotated[str, OneOf(("ALL", "KEYS_ONLY", "INCLUDE"), "a projection", literal=True)]
_Units = Annotated[int, Within(limits.DYNAMODB_CAPACITY_UNITS, literal=True)]


class KeyAttributeConfig(ConfigModel):
    """One attribute of a key.

    Raises:
        ConfigError: with every refused field.
    """

    name: AttributeName = Field(description="Name of the attribute.")
    type: Annotated[str, OneOf(("S", "N", "B"), "a key attribute's type", literal=True)] = Field(
        default="S", description="S for text, N for a number, B for bytes."
    )


class _IndexConfig(ConfigModel):
    projection: _Projection = Field(
        default="ALL", description="Attributes that the index holds: ALL, KEYS_ONLY, or INCLUDE of some."
    )
    non_key_attributes: tuple[AttributeName, ...] = Field(
        default=(), description="Attributes besides the keys, with projection INCLUDE; at most 20 (dynamodb API model)."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Attributes exactly where they are asked for."""
        if self.projection == "INCLUDE" and not self.non_key_attributes:
            yield Problem(
                "", "non_key_attributes is empty", "projection INCLUDE names attributes", "name them, or set KEYS_ONLY"
            )
        if self.projection != "INCLUDE" and self.non_key_attributes:
            yield Problem(
                "",
                f'non_key_attributes is set and projection is "{self.projection}"',
                "only INCLUDE names attributes",
                "remove them, or set projection to INCLUDE",
            )
        twice = sorted(name for name, count in Counter(self.non_key_attributes).items() if count > 1)
        if twice:
            given = f"non_key_attributes names {', '.join(twice)} more than once"
            yield Problem("", given, "an index holds an attribute once", "remove the others")
        if len(self.non_key_attributes) > limits.DYNAMODB_MAX_NON_KEY_ATTRIBUTES:
            yield Problem(
                "",
                f"non_key_attributes has {len(self.non_key_attributes)} entries",
                f"an index takes {limits.DYNAMODB_MAX_NON_KEY_ATTRIBUTES} (dynamodb API model)",
                "remove some, or set projection to ALL",
            )


class IndexCapacityConfig(ConfigModel):
    """Capacity of a global index of a provisioned table; it does not scale.

    Raises:
        ConfigError: with every refused field.
    """

    read_units: _Units = Field(description="Read capacity units. 1 to 40000.")
    write_units: _Units = Field(
        description="Write capacity units; fewer than the table's hold the table's writes up. 1 to 40000."
    )


class GlobalIndexConfig(_IndexConfig):
    """A global secondary index: another partition key over all items.

    Raises:
        ConfigError: with every refused field.
    """

    partition_key: KeyAttributeConfig = Field(description="Attribute that items are spread by.")
    sort_key: KeyAttributeConfig | None = Field(default=None, description="Attribute that items are ordered by.")
    capacity: IndexCapacityConfig | None = Field(
        default=None, description="Capacity in a provisioned table; by default the most that the table scales to."
    )


class LocalIndexConfig(_IndexConfig):
    """A local secondary index: another order within one partition key; a table has them from the start or never.

    Raises:
        ConfigError: with every refused field.
    """

    sort_key: KeyAttributeConfig = Field(description="Attribute that items are ordered by.")
