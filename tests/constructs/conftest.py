"""A stack with nothing in it, and a function's source in a working directory of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.key import Key
from stacks.base import App, TargetStack
from tests.constructs.bare import target


@pytest.fixture
def stack(tmp_path: Path) -> TargetStack:
    return TargetStack(App(outdir=str(tmp_path)), target())


@pytest.fixture
def key(stack: TargetStack) -> Key:
    return Key(stack, "key")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    return tmp_path / "src"
