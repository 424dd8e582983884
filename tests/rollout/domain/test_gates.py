from __future__ import annotations

import pytest

from rollout.domain.gates import Finding, Verdict, counted, verdict
from rollout.domain.model import Gate, IgnoredAlarm
from rollout.domain.ports import AlarmState, Reading
from tests.rollout.domain.scheduler_world import START

OK, ALARM = AlarmState.OK, AlarmState.ALARM
SILENT, MISSING = AlarmState.INSUFFICIENT_DATA, AlarmState.MISSING
NOISY = (IgnoredAlarm("acme-*-noisy", "it fires at night"),)


@pytest.mark.parametrize(
    ("gate", "states", "problem", "expected"),
    [
        (Gate(), {"a": OK, "b": OK}, "", Verdict(Finding.PASSES)),
        (Gate(), {"b": ALARM, "a": ALARM, "c": MISSING}, "", Verdict(Finding.FAILS, ("a", "b"), "in ALARM: a, b")),
        (Gate(), {"a": ALARM}, "denied", Verdict(Finding.FAILS, ("a",), "in ALARM: a")),
        (Gate(), {"a": SILENT, "b": OK}, "", Verdict(Finding.INCONCLUSIVE, ("a",), "in INSUFFICIENT_DATA: a")),
        (Gate(), {"a": MISSING, "b": SILENT}, "", Verdict(Finding.INCONCLUSIVE, ("a",), "it has no alarm a")),
        (Gate(), {}, "", Verdict(Finding.INCONCLUSIVE, (), "it has no alarm that counts")),
        (Gate(), {}, "denied", Verdict(Finding.INCONCLUSIVE, (), "its alarms could not be read (denied)")),
        (Gate(missing_data_reason="quiet"), {"a": SILENT}, "", Verdict(Finding.PASSES)),
        (Gate(missing_data_reason="quiet"), {}, "", Verdict(Finding.PASSES)),
        (Gate(missing_data_reason="quiet"), {"a": ALARM}, "", Verdict(Finding.FAILS, ("a",), "in ALARM: a")),
        (
            Gate(missing_data_reason="quiet"),
            {"a": MISSING},
            "",
            Verdict(Finding.INCONCLUSIVE, ("a",), "it has no alarm a"),
        ),
        (Gate(ignored_alarms=NOISY), {"acme-dev-noisy": ALARM, "a": OK}, "", Verdict(Finding.PASSES)),
        (Gate(ignored_alarms=NOISY), {"acme-dev-noisy-2": ALARM}, "", None),
        (Gate(off_reason="no alarms yet"), {"a": ALARM}, "denied", Verdict(Finding.PASSES)),
    ],
)
def test_what_alarms_mean(gate: Gate, states: dict[str, AlarmState], problem: str, expected: Verdict | None) -> None:
    found = verdict(gate, Reading(START, states, problem))
    assert found == (expected or Verdict(Finding.FAILS, ("acme-dev-noisy-2",), "in ALARM: acme-dev-noisy-2"))


def test_a_pattern_knows_no_other_mark_than_the_asterisk() -> None:
    gate = Gate(ignored_alarms=(IgnoredAlarm("a[1]?", "text"), IgnoredAlarm("*-b", "all of them")))
    assert counted(gate, ["a[1]?", "a1x", "x-b", "x-bc"]) == ("a1x", "x-bc")
    assert counted(Gate(off_reason="none"), ["a"]) == ()
