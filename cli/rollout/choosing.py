"""Which targets a command is about, and what it takes to look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.naming import named

if TYPE_CHECKING:  # they bring AWS's SDK
    from cli.rollout.access import Access
    from rollout.adapters.states import States
    from rollout.adapters.unit_workspace import Workspaces

Targets = Annotated[
    list[str] | None, typer.Option("--target", help="Name of a target, or a pattern with *; may be repeated.")
]
_TIMEOUT_SECONDS = 3_600.0
"""For one Terraform command that only reads, or releases a lock."""


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"


class Named(Protocol):
    """Something that has the name of a target."""

    @property
    def name(self) -> str:
        """The target's name."""
        ...


_Named = TypeVar("_Named", bound=Named)


def chosen(targets: Iterable[_Named], patterns: Sequence[str] | None, *, what: str = "target") -> tuple[_Named, ...]:
    """Targets that a pattern matches, in their order; all without a pattern.

    Args:
        targets: what there is to choose from.
        patterns: names, or patterns with `*`.
        what: what it is called in sentences.

    Raises:
        RolloutError: with a sentence for each pattern that matches none.
    """
    every = tuple(targets)
    if not patterns:
        return every
    matched = {pattern: {each.name for each in every if fnmatchcase(each.name, pattern)} for pattern in patterns}
    names = sorted(each.name for each in every)
    problems = [
        f'--target is "{pattern}", which matches no {what}; there are: {named(names)}; name one of them'
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


def workspaces_of(access: Access) -> Workspaces:
    """Folders that Terraform runs in."""
    from rollout.adapters.unit_workspace import Workspaces  # noqa: PLC0415  # brings boto3

    return Workspaces(
        access.project / ".rollout" / "work",
        access.roles,
        project=access.project,
        timeout_seconds=_TIMEOUT_SECONDS,
        lock_wait_seconds=access.settings.lock_wait_minutes * 60.0,
    )


@contextmanager
def synthesized(access: Access) -> Iterator[Callable[[RunTarget], bytes]]:
    """Synthesizes every target, and gives what packs the root of one.

    Raises:
        TargetError: there is no `main.py` beside the environments folder.
        SynthError: it failed.
    """
    from rollout.adapters.root import pack  # noqa: PLC0415  # with the others
    from rollout.adapters.synth import synthesize  # noqa: PLC0415  # the same

    with TemporaryDirectory(prefix="lambdanet-rollout-") as folder:
        stacks = synthesize(Path(folder), project=access.project, environments=access.environments)
        yield lambda target: pack(stacks / target.name)
