"""Dependencies from a folder of wheels made on the spot: the real uv, no network."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging import Package, dependencies, installer
from modules.function.packaging.lockfile import Lock
from modules.function.packaging.platforms import Platform
from tests.modules.function.packaging.samples import Build, make_wheel, write_files


def _refuse_to_install(*_: object) -> None:
    pytest.fail("installed a second time")


@pytest.fixture
def lock(index: Path, tmp_path: Path) -> Path:
    files = {
        "dep/__init__.py": b"VALUE = 1\n",
        "dep/__pycache__/__init__.cpython-313.pyc": b"compiled",
        "dep-1.0.dist-info/entry_points.txt": b"[console_scripts]\ndep = dep:run\n",
    }
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"dep==1.0 {make_wheel(index, 'dep', files)}\n")
    return lock


def test_dependencies_lie_beside_the_source_without_leftovers(source: Path, build: Build, lock: Path) -> None:
    bare = build(source).files
    package = build(source, lock=lock)
    assert set(package.files) - set(bare) == {
        "dep/__init__.py",
        "dep-1.0.dist-info/METADATA",
        "dep-1.0.dist-info/WHEEL",
        "dep-1.0.dist-info/entry_points.txt",
    }
    with zipfile.ZipFile(package.path) as archive:
        assert archive.read("dep/__init__.py") == b"VALUE = 1\n"


def test_another_cache_gives_the_same_package(source: Path, build: Build, lock: Path, tmp_path: Path) -> None:
    first = build(source, lock=lock)
    assert build(source, lock=lock, cache=tmp_path / "other") == first


def test_a_second_build_installs_nothing(
    source: Path, build: Build, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(source, lock=lock)
    monkeypatch.setattr(dependencies, "install", _refuse_to_install)
    assert build(source, lock=lock) == first


@pytest.mark.parametrize("change", [{"architecture": "x86_64"}, {"runtime": "python3.12"}])
def test_each_platform_has_its_own_tree(
    source: Path, build: Build, lock: Path, tmp_path: Path, change: dict[str, str]
) -> None:
    build(source, lock=lock)
    build(source, lock=lock, **change)
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_the_cache_is_below_the_users_cache_folder(
    source: Path, build: Build, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    build(source, lock=lock, cache=None)
    assert len(list((tmp_path / "xdg" / "lambdanet" / "packages").glob("*/tree/dep/__init__.py"))) == 1
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    build(source, lock=lock, cache=None)
    assert len(list((tmp_path / "home" / ".cache" / "lambdanet" / "packages").iterdir())) == 1


@pytest.mark.parametrize("damage", ["changed", "lost", "added"])
def test_a_spoilt_tree_is_built_again(source: Path, build: Build, lock: Path, tmp_path: Path, damage: str) -> None:
    first = build(source, lock=lock)
    (module,) = (tmp_path / "cache").glob("*/tree/dep/__init__.py")
    match damage:
        case "changed":
            module.write_bytes(b"VALUE = 2\n")
        case "lost":
            module.unlink()
        case _:
            module.with_name("extra.py").touch()
    assert build(source, lock=lock) == first
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_two_processes_at_once_give_the_same_package(source: Path, lock: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from modules.function.packaging import build_package\n"
        "source, lock, cache, output = map(Path, sys.argv[1:])\n"
        "print(build_package(source, handler='handler.handler', runtime='python3.13', architecture='arm64',"
        " output=output, lock=lock, cache=cache).sha256_base64)"
    )
    cache = tmp_path / "cache"
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                script,
                str(source),
                str(lock),
                str(cache),
                str(tmp_path / f"{number}.zip"),
            ],
            stdout=subprocess.PIPE,
        )
        for number in range(2)
    ]
    first, second = (process.communicate(timeout=120)[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert first == second
    assert len(list(cache.iterdir())) == 1


def test_of_two_builds_that_meet_in_the_middle_the_slower_uses_the_others_tree(
    source: Path, build: Build, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_installed = threading.Barrier(2)
    packages: list[Package] = []

    def install_and_meet(lock: Lock, folder: Path, platform: Platform, where: str) -> None:
        installer.install(lock, folder, platform, where)
        both_installed.wait(timeout=60)

    monkeypatch.setattr(dependencies, "install", install_and_meet)

    def run(number: int) -> None:
        packages.append(build(source, lock=lock, output=tmp_path / f"{number}.zip"))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = packages
    assert first.sha256_base64 == second.sha256_base64
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_failed_install_leaves_nothing_behind(
    source: Path, build: Build, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    with pytest.raises(ConfigError):
        build(source, lock=lock)
    assert list((tmp_path / "cache").iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_a_cache_that_cannot_be_written_is_refused(source: Path, build: Build, lock: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock, cache=tmp_path / "file")
    assert str(caught.value) == (
        f'package "shop": the package cache "{tmp_path / "file"}" cannot be used (Not a directory); '
        "dependencies are unpacked there; make the folder writable, free space, "
        "or set cache to another folder"
    )


def test_a_dependency_never_overwrites_the_source(source: Path, build: Build, lock: Path) -> None:
    write_files(source, {"dep/__init__.py": b"ours"})
    with pytest.raises(ConfigError) as caught:
        build(source, lock=lock)
    assert str(caught.value) == (
        'package "shop": dep/__init__.py is in the source and in a dependency; a dependency never overwrites '
        "a source file; rename the source file, or take the dependency out of the lock"
    )
    write_files(source, {f"dep-1.0.dist-info/{name}": b"" for name in ("METADATA", "WHEEL")})
    with pytest.raises(ConfigError, match=r"dep-1\.0\.dist-info/METADATA, .*, dep/__init__\.py are in"):
        build(source, lock=lock)
