"""Checkov's checks on plans and synthesized JSON, believed only when they can be.

Checkov ends with exit code 0 for missing and broken input, for checks that crash and for zero resources. So the input
is read and counted first, a copy is judged in an empty folder where no configuration file can switch checks off, every
check's failure is told, and what Checkov saw is held against what was given.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from modules.core.errors import PolicyError
from policies.checkov_process import CheckovProcess
from policies.checkov_program import CHECKOV_VARIABLE, find_checkov
from policies.checkov_report import CheckovRecord, CheckovReport, read_answer
from policies.scanned import ScannedInput

__all__ = [
    "CHECKOV_VARIABLE",
    "Checkov",
    "CheckovRecord",
    "CheckovReport",
    "find_checkov",
    "scan",
]


class Checkov:
    """One Checkov for many scans, started by the first and kept; use it in a `with` statement.

    Args:
        folders: folders of further checks for Checkov, in Python or YAML.
        timeout_seconds: how long one input may take.
        at_once: how many inputs are judged at once; by default as many as there are cores.
    """

    def __init__(
        self, *, folders: Sequence[Path] = (), timeout_seconds: float = 300.0, at_once: int | None = None
    ) -> None:
        self._folders = tuple(folders)
        self._timeout_seconds = timeout_seconds
        self._at_once = at_once or os.cpu_count() or 1
        self._running = ExitStack()
        self._process: CheckovProcess | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._end()

    def scan(
        self,
        inputs: Sequence[ScannedInput],
        *,
        without: Collection[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[CheckovReport, ...]:
        """Judge every input.

        Args:
            inputs: what `read_synthesized` and `read_plan` return.
            without: ids of checks that are left out.
            progress: called with how many are judged and how many there are, after each.

        Returns:
            A report for each input, in the order of the inputs.

        Raises:
            PolicyError: the checks could not be run or cannot be believed. What fails is in the reports.
        """
        if not inputs:
            return ()
        process = self._started()
        _refuse_unknown(without, process.checks)
        try:
            reports, problems = dict[int, CheckovReport](), dict[int, str]()
            for number, answer in process.answers(inputs, sorted(set(without)), self._at_once):
                try:
                    report = read_answer(inputs[number], answer, process.version, process.said())
                    reports[number] = replace(report, known=process.checks)
                except PolicyError as error:
                    problems[number] = str(error)
                if progress:
                    progress(len(reports) + len(problems), len(inputs))
        except BaseException:
            self._end()  # answers may be on their way that nobody waits for
            raise
        if problems:
            raise PolicyError("\n".join(problems[number] for number in sorted(problems)))
        return tuple(reports[number] for number in range(len(inputs)))

    def _started(self) -> CheckovProcess:
        if self._process is None:
            started = CheckovProcess(self._folders, self._timeout_seconds)
            self._process = self._running.enter_context(started)
        return self._process

    def _end(self) -> None:
        self._process = None
        self._running.close()


def scan(
    inputs: Sequence[ScannedInput],
    *,
    without: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> tuple[CheckovReport, ...]:
    """Judge every input with a Checkov of its own; see `Checkov.scan`.

    Raises:
        PolicyError: the checks could not be run or cannot be believed. What fails is in the reports.
    """
    with Checkov() as checkov:
        return checkov.scan(inputs, without=without, progress=progress)


def _refuse_unknown(without: Collection[str], known: frozenset[str]) -> None:
    problems = []
    for name in sorted(set(without) - known):
        near = get_close_matches(name, known, n=1)
        problems.append(
            f"{name} is to be left out, and Checkov has no such check{f'; {near[0]} is one' if near else ''}"
        )
    if problems:
        raise PolicyError(
            f"Checkov: {'; '.join(problems)}; an id that is not known may be a typing error, and the check that was "
            "meant would run; correct the id"
        )
