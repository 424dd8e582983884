from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.function.packaging import Package, build_package
from tests.modules.function.packaging.samples import FILES, Build, write_files


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_files(tmp_path / "shop", FILES)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def run(source: Path, **overrides: Any) -> Package:
        preset: dict[str, Any] = {
            "handler": "handler.handler",
            "runtime": "python3.13",
            "architecture": "arm64",
            "output": tmp_path / "out" / "package.zip",
            "cache": tmp_path / "cache",
        }
        return build_package(source, **(preset | overrides))

    return run


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that the real uv takes instead of a package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return folder
