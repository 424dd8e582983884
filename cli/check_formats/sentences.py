"""What every format says in words: the counts, and what is to be known beside the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.result import CheckResult, Summary

_SHOWN_TARGETS = 5


def counts(result: CheckResult) -> str:
    """What was found in what, as one sentence without a full stop."""
    from policies.finding import Status  # noqa: PLC0415  # with the policies: only when they are needed

    told = result.summary
    if not told.targets:
        return "nothing was judged"
    failed = Counter(finding.severity for finding in result.findings if finding.status is Status.FAILED)
    by_severity = ", ".join(f"{failed[entry]} {entry}" for entry in sorted(failed, key=lambda one: -one.rank))
    found = f"{sum(failed.values())} failed{f' ({by_severity})' if by_severity else ''}"
    others = ", ".join(f"{result.count(status)} {status}" for status in Status if status is not Status.FAILED)
    judges = f"{_number(told.policies, 'policy', 'policies')} and Checkov {told.checkov}"
    where = f"{_number(told.resources, 'resource')} of {_number(len(told.targets), 'target')}"
    return f"{found}, {others} in {where}; judged by {judges}"


def notes(summary: Summary) -> Iterator[str]:
    """Sentences on what was left out, and on what is not needed any more."""
    if summary.left_out:
        names = ", ".join(summary.left_out[:_SHOWN_TARGETS])
        more = len(summary.left_out) - _SHOWN_TARGETS
        yield (
            f"left out, as nothing that they are made of has changed: {_number(len(summary.left_out), 'target')} "
            f"({names}{f' and {more} more' if more > 0 else ''})"
        )
    yield from summary.unneeded_exceptions
    yield from summary.unneeded_skips
    yield from (f"baseline: {entry} does not occur any more; write the baseline again" for entry in summary.gone)


def _number(count: int, word: str, several: str = "") -> str:
    return f"{count} {word}" if count == 1 else f"{count} {several or f'{word}s'}"
