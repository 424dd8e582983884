"""How a release shows itself in a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli import release_observer
from cli.release_observer import Bars, Lines, watching
from rollout.release import Observer, Outcome, ReleaseTarget, Result

TARGETS = [ReleaseTarget(name, "live", "shop", name) for name in ("orders", "bills")]


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> Console:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None, _environ={})
    monkeypatch.setattr(release_observer, "console", console)
    return console


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def tell(observer: Observer) -> None:
    for target in TARGETS:
        observer.started(target.name, "version 1 to 2")
        observer.progressed(target.name, 10.0, "InProgress")
        observer.progressed(target.name, 10.0, "InProgress")
    observer.noted("something")
    observer.finished(Result(TARGETS[0], Outcome.SHIFTED, "all traffic went"))
    observer.finished(Result(TARGETS[1], Outcome.UNSETTLED, "it did not"))


def test_plain_lines_tell_each_change_once(monkeypatch: pytest.MonkeyPatch) -> None:
    console = shown(monkeypatch, terminal=False)
    with watching() as observer:
        assert isinstance(observer, Lines)
        tell(observer)
    assert written(console).splitlines() == [
        "orders:live: version 1 to 2",
        "orders:live: 10 percent, InProgress",
        "bills:live: version 1 to 2",
        "bills:live: 10 percent, InProgress",
        "something",
        "✓ orders:live: all traffic went",
        "✗ bills:live: it did not",
    ]


def test_a_terminal_shows_a_bar_for_each_function_until_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    console = shown(monkeypatch, terminal=True)
    with watching() as observer:
        assert isinstance(observer, Bars)
        tell(observer)
        assert [(task.description, task.completed, task.visible) for task in observer.progress.tasks] == [
            ("orders:live", 10.0, False),
            ("bills:live", 10.0, False),
        ]
    assert "✓ orders:live: all traffic went\n" in written(console)
    assert "10 % InProgress" in written(console)
