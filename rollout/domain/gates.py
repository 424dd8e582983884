"""What alarms of a target mean for its wave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rollout.domain.model import Gate
from rollout.domain.ports import AlarmState, Reading


class Finding(StrEnum):
    """What a reading means; `inconclusive` where nobody can say, so that a person has to."""

    PASSES = "passes"
    FAILS = "fails"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Verdict:
    """What a reading means, and why.

    Attributes:
        finding: what it means.
        alarms: names of the alarms that decided it, sorted.
        reason: why, as part of a sentence; empty when it passes.
    """

    finding: Finding
    alarms: tuple[str, ...] = ()
    reason: str = ""


def counted(gate: Gate, names: Iterable[str]) -> tuple[str, ...]:
    """Names of the alarms that count at the gate: all but those ignored; none where the gate is off."""
    if gate.off_reason:
        return ()
    patterns = [_pattern(ignored.name) for ignored in gate.ignored_alarms]
    return tuple(name for name in names if not any(pattern.fullmatch(name) for pattern in patterns))


def verdict(gate: Gate, reading: Reading) -> Verdict:
    """What a target's alarms mean.

    One in ALARM fails, whatever else there is. Alarms that could not be read, or do not exist, are inconclusive. Alarms
    without data, and a target without alarms, are so unless `missing_data_reason` is set.

    Args:
        gate: of the target's wave.
        reading: its alarms.
    """
    by_state: dict[AlarmState, list[str]] = {}
    for name in counted(gate, sorted(reading.states)):
        by_state.setdefault(reading.states[name], []).append(name)
    if fired := tuple(by_state.get(AlarmState.ALARM, ())):
        return Verdict(Finding.FAILS, fired, f"in ALARM: {', '.join(fired)}")
    if gate.off_reason:
        return Verdict(Finding.PASSES)
    return _unless_silent(gate, reading.problem, by_state)


def _unless_silent(gate: Gate, problem: str, by_state: Mapping[AlarmState, Sequence[str]]) -> Verdict:
    missing = tuple(by_state.get(AlarmState.MISSING, ()))
    silent = tuple(by_state.get(AlarmState.INSUFFICIENT_DATA, ()))
    if problem:
        return Verdict(Finding.INCONCLUSIVE, (), f"its alarms could not be read ({problem})")
    if missing:
        return Verdict(Finding.INCONCLUSIVE, missing, f"it has no alarm {', '.join(missing)}")
    if gate.missing_data_reason:
        return Verdict(Finding.PASSES)
    if silent:
        return Verdict(Finding.INCONCLUSIVE, silent, f"in INSUFFICIENT_DATA: {', '.join(silent)}")
    if not by_state:
        return Verdict(Finding.INCONCLUSIVE, (), "it has no alarm that counts")
    return Verdict(Finding.PASSES)


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in name.split("*")), re.DOTALL)
