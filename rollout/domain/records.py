"""What a journal holds: one record for each change of state, never changed and never removed.

Records of one subject are in order; records of different subjects do not depend on each other's order, so that an
engine's jobs may write side by side.

Subject and states, with what stands in a record's details:

- a target's name: `TargetState`. `plan` is `PlanFacts` as JSON (planned, blocked); `attempt` counts applies
  from 1 (applying); `how` it was applied, as in `ApplyOutcome` (baking, done); `alarms` in ALARM, by name (failed).
- `run`: `RunState`; or `limits` with `max_concurrent` and `failure_tolerance`, for every batch from now on; or `noted`,
  which changes nothing: what a person did beside the run, such as releasing a state lock, with the reason.
- `wave:<name>`: `WaveState`; or `approved` with the `digest` of the wave's plans together; or `accepted`: alarms
  without data do not pause the run in this wave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

RUN = "run"
"""Subject of records about the run itself."""

WAVE = "wave:"
"""What subjects of waves begin with."""

APPROVED, ACCEPTED, LIMITS, NOTED = "approved", "accepted", "limits", "noted"
"""States of records that are words of a person."""


@dataclass(frozen=True)
class Draft:
    """A change of state that is to be written.

    Attributes:
        subject: target's name, `run`, or `wave:` with the wave's name.
        state: the new state, or `approved`, `accepted`, `limits`, `noted`.
        reason: why, as a sentence without a value of any secret; may be empty.
        details: further facts, plain JSON values only.
    """

    subject: str
    state: str
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """A change of state as it stands in the journal.

    Attributes:
        number: 1 for a subject's first record, and one more for each further one.
        at: when it was written, with a time zone.
        by: who wrote it: user and host, or what CI calls its run.
        draft: what changed.
    """

    number: int
    at: datetime
    by: str
    draft: Draft

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.draft.subject

    @property
    def state(self) -> str:
        """The new state."""
        return self.draft.state
