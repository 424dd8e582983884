"""Field types of prices and usage: exact decimals, refused with whole sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from modules.core import limits
from modules.core.fields import Matching, refuse

_PRICE = re.compile(r"\d{1,9}(?:\.\d{1,20})?", re.ASCII)
_MOST = 10**15


@dataclass(frozen=True)
class Money:
    """A price in USD, written as text so that no digit is lost."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Decimal from text of digits."""

        def check(value: Any) -> Decimal:
            if isinstance(value, Decimal):
                return value
            if not isinstance(value, str):
                raise refuse("a price is text, so that no digit is lost", 'write it in quotes, such as "0.045"')
            if not _PRICE.fullmatch(value):
                raise refuse('a price is digits with a point, such as "0.045"', "correct it")
            return Decimal(value)

        del source, handler
        return core_schema.no_info_plain_validator_function(check)


@dataclass(frozen=True)
class Amount:
    """A number that is not negative, whole or not.

    Attributes:
        what: what is counted, for the error sentence, such as `GB a month`.
        most: largest accepted number.
    """

    what: str
    most: int = _MOST

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Decimal from a number."""

        def check(value: Any) -> Decimal:
            allowed = f"it takes 0 to {self.most} {self.what}"
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                raise refuse(allowed, "write the number without quotes" if isinstance(value, str) else "set a number")
            number = Decimal(str(value))
            if not number.is_finite() or not 0 <= number <= self.most:
                raise refuse(allowed, "set a number in this range")
            return number

        del source, handler
        return core_schema.no_info_plain_validator_function(check)


Usd = Annotated[Decimal, Money()]
"""A price in USD."""

Region = Annotated[
    str, Matching(limits.REGION, "an AWS region reads like eu-west-1", "write the region's code name", literal=True)
]
"""An AWS region."""
