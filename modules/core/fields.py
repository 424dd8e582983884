"""Field types for configuration models: each refuses with a whole sentence, and lets tokens pass.

They are used inside `Annotated`:

    memory_mb: Annotated[int, Within(limits.LAMBDA_MEMORY_MB)] = 512
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from modules.core.limits import Range
from modules.core.tokens import is_token

REFUSED = "lambdanet_refused"
"""Type of the pydantic error that carries `allowed` and `fix` to the error report."""


def refuse(allowed: str, fix: str) -> PydanticCustomError:
    """The pydantic error for a value that is not allowed."""
    return PydanticCustomError(REFUSED, "{allowed}; {fix}", {"allowed": allowed, "fix": fix})


def _judged(check: Callable[[Any], Any], inner: CoreSchema, *, token: type, literal: bool) -> CoreSchema:
    """`check`, which refuses on its own whatever is not a literal, preceded by the rule for tokens.

    Args:
        check: returns the accepted literal, or raises what `refuse` gives.
        inner: schema without checks, for pydantic's own books.
        token: type of the tokens that stand for such a value.
        literal: whether no token is taken.
    """

    def validate(value: Any, _: core_schema.ValidatorFunctionWrapHandler) -> Any:
        if not isinstance(value, str | float) or not is_token(value):
            return check(value)
        if literal:
            raise refuse(
                "it decides what is synthesized, so it cannot be a value that is known only later",
                "write the value itself",
            )
        if not isinstance(value, token):
            kind = "text" if token is str else "a number"
            raise refuse(
                f"it stands for {kind} that is known only later, and has the wrong type for it",
                f"pass it through Token.as_{'string' if token is str else 'number'}",
            )
        return value

    return core_schema.no_info_wrap_validator_function(validate, inner)


@dataclass(frozen=True)
class Within:
    """An integer inside an AWS range; booleans and numeric strings are refused.

    Attributes:
        range: what AWS accepts.
        literal: whether the value must be known at synth, as names, counts or thresholds are computed from it.
    """

    range: Range
    literal: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Integer schema with the range check."""

        def check(value: Any) -> int:
            if type(value) is not int:
                quoted = isinstance(value, str)
                fix = "write the number without quotes" if quoted else f"set {_from_to(self.range)}, a whole number"
                raise refuse(self.range.sentence, fix)
            if not self.range.minimum <= value <= self.range.maximum:
                raise refuse(self.range.sentence, f"set {_from_to(self.range)}")
            if (value - self.range.minimum) % self.range.step:
                raise refuse(self.range.sentence, f"set {_from_to(self.range)} in steps of {self.range.step}")
            return value

        del source, handler
        return _judged(check, core_schema.int_schema(), token=float, literal=self.literal)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Bounds for editors."""
        del schema, handler
        return {"type": "integer", "minimum": self.range.minimum, "maximum": self.range.maximum}


def _from_to(bounds: Range) -> str:
    return f"a value from {bounds.minimum} to {bounds.maximum}"


@dataclass(frozen=True)
class Matching:
    """A string that matches a pattern and has a bounded length; digits and word characters are ASCII.

    Attributes:
        pattern: regular expression for the whole string.
        allowed: the rule in words.
        fix: what to do about a string that is refused.
        max_length: most characters.
        literal: whether the value must be known at synth, as names or ids are made of it.
    """

    pattern: str
    allowed: str
    fix: str
    max_length: int = 4096
    literal: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """String schema with the pattern."""
        compiled = re.compile(self.pattern, re.ASCII)

        def check(value: Any) -> str:
            if not isinstance(value, str):
                raise refuse(self.allowed, "write it in quotes" if isinstance(value, _UNQUOTED) else self.fix)
            if len(value) > self.max_length or not compiled.fullmatch(value) or _has_surrogate(value):
                raise refuse(self.allowed, self.fix)
            return value

        del source, handler
        return _judged(check, core_schema.str_schema(), token=str, literal=self.literal)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Pattern for editors."""
        del schema, handler
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "maxLength": self.max_length}


_UNQUOTED = (bool, int, float, date)
"""What YAML makes of text such as `yes`, `012`, `1e3` or `2026-11-21` without quotes."""


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


@dataclass(frozen=True)
class OneOf:
    """A value out of a fixed set, in the order AWS lists it.

    Attributes:
        values: the set; all strings or all integers.
        what: what the value is, for the error sentence.
        literal: whether the value must be known at synth, as it decides what is created.
    """

    values: tuple[str, ...] | tuple[int, ...]
    what: str
    literal: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any-typed schema with the membership test."""
        wanted = type(self.values[0])

        def check(value: Any) -> Any:
            if isinstance(value, wanted) and not isinstance(value, bool) and value in self.values:
                return value
            fix = "choose one of them"
            if isinstance(value, str | int) and str(value) in map(str, self.values):
                fix = "write it in quotes" if wanted is str else "write it without quotes"
            named = ", ".join(str(each) for each in self.values if each != "")
            raise refuse(f"{self.what} is one of {named}{', or empty' if '' in self.values else ''}", fix)

        del source, handler
        token = str if wanted is str else float
        return _judged(check, core_schema.any_schema(), token=token, literal=self.literal)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Enumeration for editors."""
        del schema, handler
        return {"enum": list(self.values)}


Text = Annotated[str, Matching(r"[^\0]*", "it takes text", "write it in quotes, without control characters")]
"""Any text that survives being written as JSON."""

AccountId = Annotated[
    str, Matching(r"\d{12}", "an AWS account id has 12 digits", "quote it in YAML and write all digits", literal=True)
]
"""Id of an AWS account."""


def bucket_name(*, literal: bool) -> Matching:
    """The name of a bucket; `literal` where it is needed before Terraform runs."""
    return Matching(
        r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "an S3 bucket name has 3 to 63 lowercase letters, digits, hyphens and single dots, and is no IP address",
        "write the bucket's name",
        literal=literal,
    )


KnownBucketName = Annotated[str, bucket_name(literal=True)]
"""Name of a bucket that is needed before Terraform runs, such as the one that keeps its states."""

KeyPrefix = Annotated[
    str,
    Matching(
        r"(?:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)?",
        "it takes letters, digits and characters of _.-, with single / between",
        "write it without / at either end",
        200,
        literal=True,
    ),
]
"""What every key of a bucket begins with; empty for nothing."""

RoleName = Annotated[
    str,
    Matching(
        r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}",
        "a role's name has 1 to 64 letters, digits and characters of _+=,.@- (IAM API), and may have a path before",
        "write the name alone, without arn and account",
        576,
        literal=True,
    ),
]
"""Name of a role that is the same in many accounts."""

Reason = Annotated[str, Matching(r"(?:[\s\S]*\S[\s\S]*)?", "a reason is a sentence", "write why, or remove the field")]
"""Why something is less safe than it could be; empty where nothing is."""
