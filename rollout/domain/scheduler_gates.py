"""What the alarms of a wave's targets decide, while it runs and at the end of its bake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rollout.domain.gates import Finding, counted, verdict
from rollout.domain.model import Gate, TargetState
from rollout.domain.ports import AlarmState, Reading
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WaveProgress
from rollout.domain.records import Draft


def alarmed(progress: Progress, wave: WaveProgress, readings: Mapping[str, Reading]) -> Iterator[Draft]:
    """Targets of the wave that fail as one of their alarms is in ALARM, after their apply ended."""
    fired = [name for name, reading in readings.items() if AlarmState.ALARM in reading.states.values()]
    for name in sorted(wave.watched.keys() & fired, key=lambda name: progress.targets[name].place):
        reading = readings[name]
        if reading.at < progress.since(name):
            continue
        found = verdict(wave.wave.gate, reading)
        if found.finding is Finding.FAILS:
            yield Draft(name, TargetState.FAILED, found.reason, {"alarms": list(found.alarms)})


def doubts(progress: Progress, wave: WaveProgress, readings: Mapping[str, Reading], *, now: datetime) -> list[str]:
    """Targets of which nobody can say at the end of the bake whether all is well, and why."""
    gate = wave.wave.gate
    if wave.is_accepted or gate.off_reason:
        return []
    reasons = []
    for name in wave.baking:
        reading = _whole(gate, progress, name, readings[name]) if name in wave.watched else Reading(now)
        if gate.bake_minutes <= 0 and not reading.problem:
            continue  # looked at once, for ALARM only
        found = verdict(gate, reading)
        if found.finding is Finding.INCONCLUSIVE:
            reasons.append(f"{name}: {found.reason}")
    return reasons


def _whole(gate: Gate, progress: Progress, name: str, reading: Reading) -> Reading:
    """The reading, with every alarm that the target has by its plan."""
    facts = progress.facts(name)
    names = counted(gate, facts.alarms) if facts else ()
    return replace(reading, states={**dict.fromkeys(names, AlarmState.MISSING), **reading.states})
