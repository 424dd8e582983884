"""Field types of rollouts: counts or shares of targets, durations, and patterns of names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from modules.core.fields import Matching, refuse

_PERCENTAGE = re.compile(r"(\d{1,3})%", re.ASCII)
_WHOLE = 100


@dataclass(frozen=True)
class CountOrPercentage:
    """A count of targets, or a share of them such as `10%`, as StackSets takes both.

    Attributes:
        minimum: smallest count.
        subject: who takes it, for the error sentence.
    """

    minimum: int
    subject: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any-typed schema with the check."""

        def check(value: Any) -> int | str:
            if type(value) is int and value >= self.minimum:
                return value
            if isinstance(value, str):
                share = _PERCENTAGE.fullmatch(value)
                if share and self.minimum <= int(share[1]) <= _WHOLE:
                    return value
            allowed = f'{self.subject} is a count of targets from {self.minimum}, or a percentage up to "100%"'
            raise refuse(allowed, 'write a whole number without quotes, or a percentage such as "10%"')

        del source, handler
        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Both forms for editors."""
        del schema, handler
        share = {"type": "string", "pattern": rf"^{_PERCENTAGE.pattern}$"}
        return {"anyOf": [{"type": "integer", "minimum": self.minimum}, share]}


def counted(value: int | str, targets: int) -> int:
    """How many of so many targets a count or percentage is; percentages round down, as in StackSets."""
    return value if isinstance(value, int) else int(value.removesuffix("%")) * targets // _WHOLE


@dataclass(frozen=True)
class Minutes:
    """A duration in minutes, from 0; fractions are taken.

    Attributes:
        maximum: longest duration.
        subject: who takes it, for the error sentence.
    """

    maximum: int
    subject: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Number schema with the range check."""

        def check(value: Any) -> float:
            if type(value) in (int, float) and 0 <= value <= self.maximum:
                return float(value)
            raise refuse(
                f"{self.subject} takes 0 to {self.maximum} minutes",
                f"write a number from 0 to {self.maximum}, without quotes",
            )

        del source, handler
        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Bounds for editors."""
        del schema, handler
        return {"type": "number", "minimum": 0, "maximum": self.maximum}


TargetPattern = Annotated[
    str,
    Matching(
        r"[a-z0-9_*-]+",
        "it is a target's name or a pattern of one, with * for any characters",
        "write it in quotes, such as dev-*",
        128,
        literal=True,
    ),
]
"""Name of a target, or a pattern with `*`."""

WrittenReason = Annotated[
    str, Matching(r"[\s\S]*\S[\s\S]*", "a reason is a sentence", "write why in quotes", literal=True)
]
"""Why something is less safe than it could be; never empty."""
