"""A path, step by step, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.network import Answer, Check
from analysis.reach.model import Hop, Verdict

_WORST_FIRST = (Verdict.UNREACHABLE, Verdict.UNDECIDABLE, Verdict.REACHABLE)


@dataclass(frozen=True)
class Outcome:
    """What comes of one path.

    Attributes:
        verdict: whether it leads there.
        hops: the steps that pass, as far as they go.
        missing: the first step that does not; what is unknown when it cannot be told.
        fix: what to do.
        kind: kind of the step that is missing or unknown.
    """

    verdict: Verdict
    hops: tuple[Hop, ...] = ()
    missing: str = ""
    fix: str = ""
    kind: str = ""

    @property
    def is_reachable(self) -> bool:
        """Whether it leads there for certain."""
        return self.verdict is Verdict.REACHABLE


@dataclass
class Trail:
    """The steps of a path, in the order in which a packet takes them."""

    steps: list[tuple[str, Check]] = field(default_factory=list)

    def add(self, kind: str, check: Check) -> None:
        """Add a step."""
        self.steps.append((kind, check))

    def extend(self, other: Trail) -> None:
        """Add the steps of another."""
        self.steps.extend(other.steps)

    def outcome(self) -> Outcome:
        """Reachable when all steps pass; the first that does not; else the first that is unknown."""
        for answer, verdict in ((Answer.NO, Verdict.UNREACHABLE), (Answer.UNKNOWN, Verdict.UNDECIDABLE)):
            for index, (kind, check) in enumerate(self.steps):
                if check.answer is answer:
                    return Outcome(verdict, _hops(self.steps[:index]), check.note, check.fix, kind)
        return Outcome(Verdict.REACHABLE, _hops(self.steps))


def agreed(trails: Sequence[Trail], kind: str, doubt: str) -> Trail:
    """One of several trails, each of which may be the one: the first where all come to the same, else a doubt."""
    if len({trail.outcome().verdict for trail in trails}) == 1:
        return trails[0]
    return Trail([(kind, Check(Answer.UNKNOWN, doubt))])


def every(outcomes: Iterable[Outcome]) -> Outcome:
    """What comes of paths that must all lead there: the worst, the first of its kind."""
    listed = list(outcomes)
    return min(listed, key=lambda outcome: _WORST_FIRST.index(outcome.verdict))


def some(outcomes: Sequence[Outcome]) -> Outcome:
    """What comes of paths of which one is enough: the best, the first of its kind."""
    return max(outcomes, key=lambda outcome: (_WORST_FIRST.index(outcome.verdict), -outcomes.index(outcome)))


def undecided(missing: str, fix: str = "", hops: tuple[Hop, ...] = ()) -> Outcome:
    """What cannot be told: `missing` is unknown."""
    return Outcome(Verdict.UNDECIDABLE, hops, missing, fix)


def _hops(steps: Iterable[tuple[str, Check]]) -> tuple[Hop, ...]:
    passed = (Hop(kind, check.address, check.note) for kind, check in steps if check.answer is Answer.YES)
    return tuple(dict.fromkeys(passed))
