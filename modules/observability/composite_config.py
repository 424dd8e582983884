"""Configuration of a composite alarm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within

_AlarmName = Annotated[
    str,
    Matching(
        r'[^\0"\\]{0,255}', "an alarm's name has 1 to 255 characters (PutMetricAlarm)", "correct it", literal=True
    ),
]


class CompositeAlarmConfig(ConfigModel):
    """When a composite alarm fires, and when it keeps quiet.

    Raises:
        ConfigError: with every refused field.
    """

    description: Annotated[
        str,
        Matching(r"[^\0]{0,1024}", "a description has at most 1024 characters (PutCompositeAlarm)", "shorten it"),
    ] = Field(default="", description="What it means and where to look; empty says which alarms it is made of.")
    fires_with: Annotated[str, OneOf(("any", "all"), "fires_with", literal=True)] = Field(
        default="any", description="any: one alarm is enough. all: every alarm must have fired."
    )
    suppressor: _AlarmName = Field(
        default="",
        description="Name of an alarm while which this one publishes nothing, such as that of a maintenance; empty for "
        "none.",
    )
    suppressor_wait_seconds: Annotated[int, Within(limits.CLOUDWATCH_SUPPRESSOR_SECONDS)] = Field(
        default=60, description="Seconds that it waits for the suppressor to fire before it publishes."
    )
    suppressor_extension_seconds: Annotated[int, Within(limits.CLOUDWATCH_SUPPRESSOR_SECONDS)] = Field(
        default=60, description="Seconds that it keeps quiet after the suppressor has recovered."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Times belong to a suppressor."""
        fields = type(self).model_fields
        for name in ("suppressor_wait_seconds", "suppressor_extension_seconds"):
            if not self.suppressor and getattr(self, name) != fields[name].default:
                yield Problem("", f"{name} is set without a suppressor", "it is a time of the suppressor's",
                              "set suppressor, or remove it")  # fmt: skip
