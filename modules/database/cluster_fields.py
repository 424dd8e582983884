"""Field types that the configuration models of clusters share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from modules.core import limits
from modules.core.fields import Matching, refuse
from modules.core.tokens import is_token

_HALF_STEPS = "a capacity takes 0 to 256 ACU in half steps (rds API model)"

EngineVersion = Annotated[
    str,
    Matching(
        r"\d+(?:\.\d+)?(?:\.mysql_aurora\.\d+\.\d+\.\d+)?",
        "a version reads like 17, 16.4 or 8.0.mysql_aurora.3.08.0",
        "correct it",
        40,
        literal=True,
    ),
]

InstanceClass = Annotated[
    str,
    Matching(
        r"db\.[a-z]\d+[a-z-]*\.[a-z0-9]+", "an instance class reads like db.r7g.large", "correct it", 40, literal=True
    ),
]
"""A provisioned class; it decides how many connections there are."""

InstanceKey = Annotated[
    str,
    Matching(
        r"[a-z](?:-?[a-z0-9])*",
        "an instance's name has 1 to 12 lowercase letters, digits and single inner hyphens, a letter first",
        "shorten or correct it",
        12,
        literal=True,
    ),
]
"""Last part of an instance's identifier."""


def _acu(value: Any) -> float:
    if isinstance(value, str | float) and is_token(value):
        raise refuse(
            "it decides what is synthesized, so it cannot be a value that is known only later", "write the value itself"
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(_HALF_STEPS, "write a number, without quotes")
    if not 0 <= value <= limits.AURORA_MAX_ACU or value * 2 != int(value * 2):
        raise refuse(_HALF_STEPS, "set a value such as 0, 0.5 or 16")
    return float(value)


Acu = Annotated[
    float,
    BeforeValidator(_acu),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": limits.AURORA_MAX_ACU, "multipleOf": 0.5}),
]
"""Aurora capacity units; each is about 2 GiB of memory (Aurora guide)."""
