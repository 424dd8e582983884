"""Runs planned with what commands have: a bar, warnings, and words for Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from cli.rollout.access import Access
from cli.rollout.bars import bar
from cli.rollout.choosing import chosen
from cli.rollout.revision import revision_of
from cli.terminal import errors
from rollout.domain.naming import said_once
from rollout.domain.records import Record

if TYPE_CHECKING:  # they load networkx, or AWS's SDK
    from rollout.domain.model import Run, RunTarget
    from rollout.domain.progress import Progress
    from rollout.domain.waves import Resolved
    from rollout.running.in_parallel import Told
    from rollout.running.planning import Planning

_INTERRUPTED = 130
_SYNTH_SECONDS, _SYNTH_SECONDS_EACH = 600.0, 20.0
"""How long synthesis may take: at most, and for each target more; a target takes about a second."""


def planned_run(access: Access, resolved: Resolved, revision: str, workers: int) -> Progress:
    """A new run: one synth for all targets, then their plans."""
    from rollout.adapters.root import pack  # noqa: PLC0415  # with what plans
    from rollout.adapters.synth import synth_warnings, synthesize  # noqa: PLC0415  # the same
    from rollout.running.planning import new_run, plan_run  # noqa: PLC0415  # the same

    access.store.owner()  # whether it can be reached is told before minutes go into synthesis
    run = new_run(
        resolved,
        now=access.clock.now(),
        suite_version=version("lambdanet"),
        revision=revision or revision_of(access.project),
    )
    with TemporaryDirectory(prefix="lambdanet-rollout-") as folder:
        with _synthesizing():
            stacks = synthesize(
                Path(folder),
                project=access.project,
                environments=access.environments,
                target=run.targets[0].name if len(run.targets) == 1 else "",
                timeout_seconds=_SYNTH_SECONDS + _SYNTH_SECONDS_EACH * len(run.targets),
            )
        for warning in said_once(synth_warnings(stacks)):
            errors.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
        with _planning(access, run, workers) as (planning, total):
            total(len(run.targets))
            return plan_run(planning, run, lambda target: pack(stacks / target.name))


def planned_more(access: Access, only: Sequence[str], workers: int) -> Progress:
    """What a run has to be planned yet."""
    from rollout.running.planning import due, plan_more  # noqa: PLC0415  # with what plans

    now = access.clock.now()
    names = [each.name for each in chosen(access.run.targets, only)] if only else []
    with _planning(access, access.run, workers) as (planning, total):
        total(len(names or due(access.progress(), now=now)))
        return plan_more(planning, access.run, now=now, only=names)


def planned_again(access: Access, run: Run, root_of: Callable[[RunTarget], bytes], workers: int) -> Progress:
    """A new run of roots that are there already: those of earlier runs."""
    from rollout.running.planning import plan_run  # noqa: PLC0415  # with what plans

    with _planning(access, run, workers) as (planning, total):
        total(len(run.targets))
        return plan_run(planning, run, root_of)


class _Total:
    """How many targets are planned, told to a bar."""

    def __init__(self, told: Told) -> None:
        self._told, self._done, self._of = told, 0, 0

    def __call__(self, total: int) -> None:
        """So many are to be planned."""
        self._of = total
        self._tell()

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """These are."""
        del progress
        self._done += len(records)
        self._tell()

    def noted(self, sentence: str) -> None:
        """Something else."""
        errors.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def _tell(self) -> None:
        self._told(min(self._done, self._of), self._of)


@contextmanager
def _synthesizing() -> Iterator[None]:
    with errors.status("synthesizing"):
        try:
            yield
        except KeyboardInterrupt:
            errors.print("interrupted; no run was made", highlight=False)
            raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _planning(access: Access, run: Run, workers: int) -> Iterator[tuple[Planning, _Total]]:
    from rollout.running.planning import Planning  # noqa: PLC0415  # with what plans

    with bar("planning") as told:
        total = _Total(told)
        try:
            yield Planning(access.store, access.unit, workers or access.settings.workers, total), total
        except (KeyboardInterrupt, SystemExit) as end:
            go_on = f"run {run.id}: planning was interrupted; `lambdanet rollout plan --run {run.id}` goes on"
            errors.print(go_on, markup=False, highlight=False, soft_wrap=True)
            if isinstance(end, KeyboardInterrupt):
                raise typer.Exit(_INTERRUPTED) from None
            raise
