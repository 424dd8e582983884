"""Field types for configuration models: each refuses with a whole sentence, and lets tokens pass.

They are used inside `Annotated`:

    memory_mb: Annotated[int, Within(limits.LAMBDA_MEMORY_MB)] = 512
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from modules.core.limits import Range
from modules.core.tokens import is_token

REFUSED = "lambdanet_refused"
"""Type of the pydantic error that carries `allowed` and `fix` to the error report."""


def refuse(allowed: str, fix: str) -> PydanticCustomError:
    """The pydantic error for a value that is not allowed."""
    return PydanticCustomError(REFUSED, "{allowed}; {fix}", {"allowed": allowed, "fix": fix})


def _token_or(check: Callable[[Any], Any], inner: CoreSchema) -> CoreSchema:
    def validate(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
        if is_token(value):
            return value
        return check(handler(value))

    return core_schema.no_info_wrap_validator_function(validate, inner)


@dataclass(frozen=True)
class Within:
    """An integer inside an AWS range; booleans and numeric strings are refused."""

    range: Range

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Integer schema, strict, followed by the range check."""

        def check(value: int) -> int:
            if not self.range.minimum <= value <= self.range.maximum:
                raise refuse(self.range.sentence, f"set a value from {self.range.minimum} to {self.range.maximum}")
            if (value - self.range.minimum) % self.range.step:
                raise refuse(self.range.sentence, f"use a multiple of {self.range.step}")
            return value

        del source, handler
        return _token_or(check, core_schema.int_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Bounds for editors."""
        del schema, handler
        return {"type": "integer", "minimum": self.range.minimum, "maximum": self.range.maximum}


@dataclass(frozen=True)
class Matching:
    """A string that matches a pattern and has a bounded length; `allowed` is the rule in words."""

    pattern: str
    allowed: str
    fix: str
    max_length: int = 4096

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """String schema followed by the pattern."""
        compiled = re.compile(self.pattern)

        def check(value: str) -> str:
            if len(value) > self.max_length or not compiled.fullmatch(value):
                raise refuse(self.allowed, self.fix)
            return value

        del source, handler
        return _token_or(check, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Pattern for editors."""
        del schema, handler
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "maxLength": self.max_length}


@dataclass(frozen=True)
class OneOf:
    """A value out of a fixed set, in the order AWS lists it."""

    values: tuple[str | int, ...]
    what: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any-typed schema followed by the membership test."""

        def check(value: Any) -> Any:
            if type(value) is bool or value not in self.values:
                listed = ", ".join(str(member) for member in self.values)
                raise refuse(f"{self.what} is one of {listed}", "choose one of them")
            return value

        del source, handler
        return _token_or(check, core_schema.any_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Enumeration for editors."""
        del schema, handler
        return {"enum": list(self.values)}
