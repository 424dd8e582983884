"""A union of models that `kind` tells apart, one of which is meant where `kind` is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema


@dataclass(frozen=True)
class ByKind:
    """Chooses the member of a union by its field `kind`, so that only its own sentences are told.

    Attributes:
        default: the kind of plain data that names none.
    """

    default: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The union's schema, entered through the model that `kind` names."""
        members: dict[str, type[BaseModel]] = {
            get_args(member.model_fields["kind"].annotation)[0]: member for member in get_args(source)
        }

        def validate(value: Any, _: core_schema.ValidatorFunctionWrapHandler) -> Any:
            if isinstance(value, tuple(members.values())):
                return value
            if not isinstance(value, Mapping):
                raise PydanticKnownError("model_type", {"class_name": "mapping"})
            kind = value.get("kind", self.default)
            if not isinstance(kind, str) or kind not in members:
                expected = ", ".join(members)
                raise PydanticKnownError(
                    "union_tag_invalid", {"discriminator": "kind", "tag": str(kind), "expected_tags": expected}
                )
            return members[kind].model_validate(value)

        return core_schema.no_info_wrap_validator_function(validate, handler(source))
