"""How a run shows itself: a live table in a terminal, lines elsewhere, a short table of a large fleet."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from rich.console import Console, RenderableType

from benchmarks.fleet_world import START, JumpingClock, MemoryJournal, fleet_run, planned
from cli.rollout import live
from cli.rollout.live import LiveTable, watching
from cli.rollout.steps import Steps
from cli.rollout.telling import Telling
from cli.rollout.views import Age, line_of, status_json, status_view
from rollout.adapters.terraform_events import Event, Phase
from rollout.domain.model import RunState, TargetState, WaveState
from rollout.domain.ports import Owner
from rollout.domain.progress import Progress
from rollout.domain.records import LIMITS, RUN, WAVE, Draft, Record

FLEET = fleet_run(500)
NAMES = FLEET.waves[0].targets
OWNER = Owner(FLEET.id, "me@here", "here", 7, START)


def fold(*drafts: Draft) -> tuple[Progress, tuple[Record, ...]]:
    journal = MemoryJournal(JumpingClock())
    journal.append(planned(FLEET))
    records = journal.append(drafts)
    return Progress.of(FLEET, journal.read()), records


def drawn(view: RenderableType, *, width: int = 140) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, _environ={})
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (3_600, "1 h 0 min"), (7_900, "2 h 11 min")]
)
def test_ages_are_told_in_the_largest_units(seconds: float, told: str) -> None:
    assert Age(START - timedelta(seconds=seconds), JumpingClock()).__rich__().plain == told


def test_changes_are_told_in_words() -> None:
    name = NAMES[0]
    _, records = fold(
        Draft(RUN, LIMITS, "careful", {"max_concurrent": 3}),
        Draft(f"{WAVE}canary", WaveState.RUNNING),
        Draft(name, TargetState.APPLYING, details={"attempt": 1}),
        Draft(name, TargetState.BAKING, details={"how": "as reviewed"}),
        Draft(name, TargetState.FAILED, "in ALARM: errors"),
    )

    assert [line_of(record) for record in records] == [
        "run: limits: max_concurrent 3; careful",
        "wave canary: running",
        f"{name}: applying",
        f"{name}: baking: as reviewed",
        f"{name}: failed: in ALARM: errors",
    ]


def test_a_fleet_of_hundreds_fits_a_screen() -> None:
    skipped = [target.name for target in FLEET.targets if target.name not in NAMES]
    progress, _ = fold(
        Draft(RUN, RunState.RUNNING),
        Draft(NAMES[0], TargetState.APPLYING),
        Draft(NAMES[1], TargetState.APPLYING),
        Draft(NAMES[1], TargetState.FAILED, "the role is denied"),
        *(Draft(name, TargetState.SKIPPED, "wave canary met more failures than it tolerates") for name in skipped),
    )

    lines = drawn(status_view(FLEET, progress, JumpingClock(), owner=OWNER, most=5))

    assert lines[0] == f"run {FLEET.id}: running, 1 planned, 1 applying, 1 failed, 1,497 skipped"
    assert lines[1] == "carried out by me@here (process 7 on here)"
    assert len(lines) < 30
    text = " ".join("\n".join(lines).replace("│", " ").split())
    assert "the role is denied" in text
    waves = {FLEET.wave_of[name].name for name in skipped}
    assert text.count("wave canary met more failures than it tolerates") == len(waves)


@pytest.mark.parametrize("width", [80, 120, 160])
def test_headings_stay_whole_in_a_narrow_terminal(width: int) -> None:
    progress, _ = fold(
        Draft(RUN, RunState.RUNNING),
        Draft(NAMES[0], TargetState.APPLYING),
        Draft(NAMES[0], TargetState.FAILED, "the role is denied"),
    )

    lines = drawn(status_view(FLEET, progress, JumpingClock(), owner=OWNER, most=5), width=width)

    assert all(len(line) <= width for line in lines)
    assert not any("…" in line for line in lines)


def test_targets_with_reasons_of_their_own_are_counted() -> None:
    failed = [target.name for target in FLEET.targets][:100]
    progress, _ = fold(
        Draft(RUN, RunState.RUNNING),
        *(Draft(name, TargetState.APPLYING) for name in failed),
        *(Draft(name, TargetState.FAILED, f"fails like {number}") for number, name in enumerate(failed)),
    )

    lines = drawn(status_view(FLEET, progress, JumpingClock(), owner=OWNER, most=5))

    assert f"and 95 more; `lambdanet rollout status {FLEET.id} --all` lists every target" in lines


def test_what_a_stopped_run_skips_is_one_line_of_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = [target.name for target in FLEET.targets]
    progress, records = fold(*(Draft(name, TargetState.SKIPPED, "the run is stopped") for name in skipped))

    Telling().changed(progress, records)
    Telling().changed(progress, records[:2])

    told = [line.split(" ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert told == [
        f"1,500 targets ({', '.join(skipped[:5])} and 1,495 more): skipped: the run is stopped",
        f"{skipped[0]}: skipped: the run is stopped",
        f"{skipped[1]}: skipped: the run is stopped",
    ]


def test_nobody_may_carry_a_run_out() -> None:
    progress, _ = fold(Draft(RUN, RunState.RUNNING))

    assert drawn(status_view(FLEET, progress, JumpingClock(), owner=None, most=5))[1] == (
        f"nobody carries it out now; `lambdanet rollout resume {FLEET.id}` goes on with it"
    )


def test_json_holds_every_target() -> None:
    progress, _ = fold(Draft(RUN, RunState.RUNNING))

    found = status_json(FLEET, progress, OWNER)

    assert (found["state"], found["counts"], len(found["targets"])) == ("running", {"planned": 1500}, 1500)
    assert found["owner"]["pid"] == 7
    assert status_json(FLEET, progress, Owner("another", "me", "here", 7, START))["owner"] is None
    assert found["targets"][0] == {
        "name": NAMES[0],
        "wave": "canary",
        "state": "planned",
        "since": START.isoformat(),
        "reason": "",
        "how": "",
        "attempts": 0,
        "digest": found["targets"][0]["digest"],
        "expires_at": (START + timedelta(hours=72)).isoformat(),
        "after": [],
    }


def test_a_running_target_shows_how_far_its_terraform_is() -> None:
    progress, _ = fold(Draft(NAMES[0], TargetState.APPLYING))
    steps = Steps()
    view = status_view(FLEET, progress, JumpingClock(), owner=None, most=5, steps=steps)
    assert "changes" not in "\n".join(drawn(view))

    steps(NAMES[0], Event("aws_vpc.main", "create", Phase.PLANNED))
    steps(NAMES[0], Event("aws_vpc.main", "read", Phase.COMPLETE))
    assert steps.of(NAMES[0]) == ""
    steps(NAMES[0], Event("aws_vpc.main", "create", Phase.COMPLETE, 2.0))
    assert steps.of(NAMES[0]) == "1 change done; create aws_vpc.main, 2 s"
    steps(NAMES[0], Event("aws_db.main", "create", Phase.START))

    assert "1 change done; create aws_db.main" in "\n".join(drawn(view))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_shows_a_table_and_anything_else_lines(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    console = Console(file=io.StringIO(), force_terminal=is_terminal, width=140, color_system=None, _environ={})
    monkeypatch.setattr(live, "console", console)
    monkeypatch.setattr("cli.rollout.telling.console", console)
    progress, records = fold(Draft(RUN, RunState.RUNNING), Draft(NAMES[0], TargetState.APPLYING))

    with watching(progress, JumpingClock(), OWNER) as observer:
        assert isinstance(observer, LiveTable if is_terminal else Telling)
        observer.changed(progress, records)
        observer.noted("SIGINT: nothing more starts")

    assert isinstance(console.file, io.StringIO)
    told = console.file.getvalue()
    assert "SIGINT: nothing more starts\n" in told
    assert f"{START:%H:%M:%S} {NAMES[0]}: applying" in told
    assert ("Waves" in told) is is_terminal
