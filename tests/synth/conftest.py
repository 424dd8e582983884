from __future__ import annotations

from typing import Any

import pytest

from tests.synth.project import Synthesized, copy_project, synthesize


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Every target of `environments/`, synthesized once by each worker that needs it."""
    return synthesize(copy_project(tmp_path_factory.mktemp("synth") / "project"))


@pytest.fixture(scope="session")
def document(synthesized: Synthesized) -> dict[str, Any]:
    return synthesized.document()
