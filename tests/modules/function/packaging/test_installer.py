"""Which wheels uv takes for a function, and what it says when there is none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging import installer
from tests.modules.function.packaging.samples import Build, make_wheel

PLATFORMS = [
    ("python3.13", "arm64", "cp313-cp313-manylinux_2_17_aarch64"),
    ("python3.13", "x86_64", "cp313-cp313-manylinux_2_34_x86_64"),
    ("python3.12", "arm64", "cp312-cp312-manylinux_2_28_aarch64"),
    ("python3.11", "arm64", "cp311-cp311-manylinux_2_17_aarch64"),
]
TOO_NEW = [
    ("python3.13", "arm64", "cp313-cp313-manylinux_2_35_aarch64"),
    ("python3.13", "arm64", "cp314-cp314-manylinux_2_17_aarch64"),
    ("python3.13", "arm64", "cp313-cp313-musllinux_1_2_aarch64"),
    ("python3.11", "arm64", "cp311-cp311-manylinux_2_28_aarch64"),
]


def _lock(tmp_path: Path, *lines: str) -> Path:
    lock = tmp_path / "requirements.lock"
    lock.write_text("".join(f"{line}\n" for line in lines))
    return lock


def _refusal(lock: Path, runtime: str, architecture: str, version: str, wheels: str) -> str:
    return (
        f'package "shop": lock is "{lock}", which uv cannot install for {runtime} on {architecture}; '
        f"every requirement is pinned with == and has a wheel for CPython {version} on {wheels} whose hash "
        "is in the lock, and the package index answers; correct the lock or the connection and try again; "
        "uv said: \n"
    )


@pytest.mark.parametrize(("runtime", "architecture", "tag"), PLATFORMS)
def test_wheels_are_the_functions_not_this_machines(
    source: Path, build: Build, index: Path, tmp_path: Path, runtime: str, architecture: str, tag: str
) -> None:
    hashes = " ".join(
        make_wheel(index, "native", {"native.py": each.encode()}, each) for _, _, each in (*PLATFORMS, *TOO_NEW)
    )
    package = build(
        source,
        runtime=runtime,
        architecture=architecture,
        lock=_lock(tmp_path, f"native==1.0 {hashes}"),
    )
    assert tag.encode() in package.path.read_bytes()
    assert len({each for _, _, each in PLATFORMS if each.encode() in package.path.read_bytes()}) == 1


@pytest.mark.parametrize(("runtime", "architecture", "tag"), TOO_NEW)
def test_a_wheel_that_would_not_run_there_is_refused(
    source: Path, build: Build, index: Path, tmp_path: Path, runtime: str, architecture: str, tag: str
) -> None:
    lock = _lock(tmp_path, f"native==1.0 {make_wheel(index, 'native', {'native.py': b''}, tag)}")
    with pytest.raises(ConfigError) as caught:
        build(source, runtime=runtime, architecture=architecture, lock=lock)
    version = runtime.removeprefix("python")
    wheels = "aarch64-manylinux_2_17" if version == "3.11" else "aarch64-manylinux_2_34"
    message = str(caught.value)
    assert message.startswith(_refusal(lock, runtime, architecture, version, wheels))
    assert "native==1.0" in message.partition("uv said")[2]


def test_markers_are_those_of_the_function(source: Path, build: Build, index: Path, tmp_path: Path) -> None:
    conditions = {
        "arm": "platform_machine == 'aarch64'",
        "intel": "platform_machine == 'x86_64'",
        "old": "python_full_version < '3.13'",
        "new": "python_full_version >= '3.13'",
        "windows": "sys_platform == 'win32'",
    }
    lines = (
        f"{name}==1.0 ; {when} {make_wheel(index, name, {f'{name}.py': b''})}" for name, when in conditions.items()
    )
    files = set(build(source, lock=_lock(tmp_path, *lines)).files)
    assert {f"{name}.py" for name in conditions} & files == {"arm.py", "new.py"}


def test_a_source_distribution_is_never_built(source: Path, build: Build, index: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(index / "sdist-1.0"), "gztar", root_dir=source)
    lock = _lock(tmp_path, f"sdist==1.0 --hash=sha256:{'0' * 64}")
    with pytest.raises(ConfigError, match=r"(?s)uv said: .*sdist.*no usable wheels"):
        build(source, lock=lock)


def test_a_wheel_with_another_hash_is_refused(source: Path, build: Build, index: Path, tmp_path: Path) -> None:
    make_wheel(index, "dep", {"dep.py": b""})
    lock = _lock(tmp_path, f"dep==1.0 --hash=sha256:{'0' * 64}")
    with pytest.raises(ConfigError, match=r"(?s)uv said: .*[Hh]ash"):
        build(source, lock=lock)


def test_a_requirement_that_is_not_pinned_is_refused(source: Path, build: Build, index: Path, tmp_path: Path) -> None:
    lock = _lock(tmp_path, f"dep {make_wheel(index, 'dep', {'dep.py': b''})}")
    with pytest.raises(ConfigError, match=r"(?s)uv said: .*pinned with `==`"):
        build(source, lock=lock)


def test_no_connection_is_told_with_uvs_own_words(
    source: Path, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    lock = _lock(tmp_path, f"certifi==2026.10.18 --hash=sha256:{'0' * 64}")
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock)
    before, _, said = str(caught.value).partition("uv said: \n")
    assert before + "uv said: \n" == _refusal(lock, "python3.13", "arm64", "3.13", "aarch64-manylinux_2_34")
    assert re.search("network (was|is) disabled", said)
    assert len(said.splitlines()) <= 12


def test_what_the_runtime_brings_may_be_left_out_of_the_lock(
    source: Path, build: Build, index: Path, tmp_path: Path
) -> None:
    lock = _lock(tmp_path, f"dep==1.0 {make_wheel(index, 'dep', {'dep.py': b''}, requires='boto3')}")
    assert "dep.py" in build(source, lock=lock).files


def test_only_the_last_lines_of_a_long_answer_are_told(
    source: Path, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talkative = tmp_path / "talkative"
    talkative.write_text("#!/bin/sh\nfor n in $(seq 30); do echo line $n >&2; done; exit 1\n")
    talkative.chmod(0o755)
    monkeypatch.setattr(installer, "find_uv", lambda _: talkative)
    with pytest.raises(ConfigError) as caught:
        build(source, lock=_lock(tmp_path, f"dep==1.0 --hash=sha256:{'0' * 64}"))
    said = str(caught.value).partition("uv said: \n")[2].splitlines()
    assert said == [f"  line {number}" for number in range(19, 31)]


def test_a_missing_uv_is_told(
    source: Path, build: Build, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = _lock(tmp_path, f"dep==1.0 {make_wheel(index, 'dep', {'dep.py': b''})}")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock)
    assert str(caught.value) == (
        'package "shop": uv is not installed; it unpacks a function\'s dependencies; '
        "install the pinned one with pip install --require-hashes -r requirements/bootstrap.lock"
    )
