"""Which targets a command is about, and where their states are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget

if TYPE_CHECKING:  # they bring AWS's SDK
    from cli.rollout.access import Access
    from rollout.adapters.states import States

Targets = Annotated[
    list[str] | None, typer.Option("--target", help="Name of a target, or a pattern with *; may be repeated.")
]
_SHOWN = 20


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"


def chosen(targets: Iterable[RunTarget], patterns: Sequence[str] | None) -> tuple[RunTarget, ...]:
    """Targets that a pattern matches, in their order; all without a pattern.

    Raises:
        RolloutError: with a sentence for each pattern that matches none.
    """
    every = tuple(targets)
    if not patterns:
        return every
    matched = {pattern: {each.name for each in every if fnmatchcase(each.name, pattern)} for pattern in patterns}
    names = sorted(each.name for each in every)
    known = ", ".join(names[:_SHOWN]) or "none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    problems = [
        f'--target is "{pattern}", which matches no target; there are: {known}{more}; name one of them'
        for pattern, found in matched.items()
        if not found
    ]
    if problems:
        raise RolloutError("\n".join(problems))
    wanted = set().union(*matched.values())
    return tuple(each for each in every if each.name in wanted)


def states_of(access: Access) -> States:
    """States of targets, read with the role that plans."""
    from rollout.adapters.roles import Purpose  # noqa: PLC0415  # brings boto3
    from rollout.adapters.states import States  # noqa: PLC0415  # the same

    def bucket(target: RunTarget, region: str) -> Any:
        return access.roles.client(target, "s3", Purpose.PLAN, region=region)

    return States(bucket, access.project)
