"""Unresolved values, recognised without importing the engine.

CDKTF passes attributes that are known only after apply as tokens: a string holding `${TfToken[TOKEN.3]}`, a list of one
string `#{TfToken[TOKEN.3]}`, or a huge negative float such as `-8.1e+298`. A token is never judged as
if it were a literal: a list token looks like a list of one element, so every check asks here first.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

_STRING_TOKEN = re.compile(r"[$#]\{TfToken\[[^\]]+\]\}")
_TERRAFORM_EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_NUMBER_TOKEN_BITS = (0xFBFF, 0xFDFF)
"""First 16 bits of the floats that stand for numbers and for members of number lists."""


def region_of(arn: str) -> str:
    """Region of an ARN; empty where it is known only later, or where the ARN names none."""
    return "" if is_token(arn) else arn.split(":")[3]


def is_token(value: object) -> bool:
    """Whether `value` is, or contains, something that is only known later.

    Strings count when they hold a token or a raw Terraform expression (`${var.x}`; the escaped `$${` does not).
    Lists, tuples, sets and mappings count when any member does.
    """
    if isinstance(value, str):
        return bool(_STRING_TOKEN.search(value) or _TERRAFORM_EXPRESSION.search(value))
    if isinstance(value, float):
        first_bits: int = struct.unpack(">H", struct.pack(">d", value)[:2])[0]
        return first_bits in _NUMBER_TOKEN_BITS
    if isinstance(value, Mapping):
        return any(is_token(member) for pair in value.items() for member in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(is_token(member) for member in value)
    return False
