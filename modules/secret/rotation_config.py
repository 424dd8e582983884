"""Configuration of a secret's rotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within

_FUNCTION = (
    rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:function:[A-Za-z0-9_-]{{1,64}}(?::[A-Za-z0-9_-]+)?"
)
_CRON_FIELD = r"[0-9A-Za-z#?*/,-]+"


class RotationConfig(ConfigModel):
    """When a function puts a new password, and for whom.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Annotated[str, OneOf(("single_user", "alternating_users"), "a rotation strategy", literal=True)] = Field(
        default="single_user",
        description="single_user: one user's password changes. alternating_users: two users take turns, for which the "
        "function needs the secret of a user that may make them. RDS Proxy takes single_user only.",
    )
    function_arn: Annotated[
        str,
        Matching(
            rf"(?:{_FUNCTION})?",
            "a function's ARN reads like arn:aws:lambda:eu-west-1:123456789012:function:name",
            "copy the ARN",
        ),
    ] = Field(
        default="",
        description="Rotation function that exists, and that lets secretsmanager.amazonaws.com invoke it; empty where "
        "rotation_function is passed to the secret.",
    )
    days: Annotated[int, Within(limits.SECRET_ROTATION_DAYS)] | None = Field(
        default=None, description="Days between rotations; 30 unless schedule_expression is set. 1 to 1000."
    )
    schedule_expression: Annotated[
        str,
        Matching(
            rf"(?:rate\([1-9]\d{{0,2}} (?:hours?|days?)\)|cron\(0 (?:{_CRON_FIELD} ){{4}}\*\))?",
            "a rotation's schedule reads like rate(10 days) or cron(0 16 1,15 * ? *), minutes 0 and year * "
            "(Secrets Manager guide)",
            "correct it",
            256,
        ),
    ] = Field(default="", description="Schedule instead of days, in UTC.")
    duration_hours: Annotated[int, Within(limits.SECRET_ROTATION_WINDOW_HOURS, literal=True)] | None = Field(
        default=None, description="Length of the rotation window; null for the rest of the day. 1 to 24."
    )
    rotate_immediately: StrictBool = Field(
        default=True, description="Rotate once when rotation is switched on, instead of at the first window."
    )

    @property
    def schedule_days(self) -> float | None:
        """Days between rotations; None where the schedule says."""
        return None if self.schedule_expression else self.days or limits.SECRET_ROTATION_DEFAULT_DAYS

    def cross_checks(self) -> Iterator[Problem]:
        """Days or a schedule, not both; and not more often than every four hours."""
        if self.days is not None and self.schedule_expression:
            yield Problem(
                "",
                f'days is {self.days:.0f} and schedule_expression is "{self.schedule_expression}"',
                "Secrets Manager takes one of the two",
                "remove one",
            )
        hours = _rate_hours(self.schedule_expression)
        if 0 < hours < limits.SECRET_ROTATION_SHORTEST_HOURS:
            yield Problem(
                "",
                f'schedule_expression is "{self.schedule_expression}"',
                f"Secrets Manager rotates every {limits.SECRET_ROTATION_SHORTEST_HOURS} hours at the soonest "
                "(Secrets Manager guide)",
                "set more hours",
            )
        if 0 < hours < (self.duration_hours or 0):
            yield Problem(
                "",
                f'duration_hours is {self.duration_hours} and schedule_expression is "{self.schedule_expression}"',
                "a window ends before the next one begins (Secrets Manager guide)",
                "shorten duration_hours",
            )


def _rate_hours(schedule: str) -> int:
    """Hours between rotations of a rate in hours; 0 for every other schedule."""
    if not schedule.startswith("rate(") or "hour" not in schedule:
        return 0
    return int(schedule.removeprefix("rate(").split(" ")[0])
