"""uv.lock, poetry.lock and pylock.toml, all installed by the real uv from a folder of wheels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging.lockfile import read_lock
from modules.function.packaging.programs import find_uv
from tests.modules.function.packaging.samples import Build, make_wheel, write_files

WHERE = 'package "shop"'


@pytest.fixture
def hashes(index: Path) -> dict[str, str]:
    """Hash of a wheel for every platform, and for each processor, as a lock states it."""
    return {
        name: make_wheel(index, name, {f"{name}.py": name.encode()}).removeprefix("--hash=")
        for name in ("plain", "arm", "intel", "tool")
    }


def write_lock(tmp_path: Path, name: str, content: str) -> Path:
    return write_files(tmp_path / "locked", {name: content.encode()}) / name


def poetry_package(name: str, hash_: str, more: str = "") -> str:
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\noptional = false\npython-versions = ">=3.9"\n'
        f'groups = ["main"]\nfiles = [{{file = "{name}-1.0-py3-none-any.whl", hash = "{hash_}"}}]\n{more}\n'
    )


POETRY_END = '[metadata]\nlock-version = "{}"\npython-versions = ">=3.9"\ncontent-hash = "x"\n'


def test_the_main_group_of_a_poetry_lock_is_installed(
    source: Path, build: Build, hashes: dict[str, str], tmp_path: Path
) -> None:
    lock = write_lock(
        tmp_path,
        "poetry.lock",
        poetry_package("plain", hashes["plain"])
        + poetry_package("arm", hashes["arm"], "markers = \"platform_machine == 'aarch64'\"")
        + poetry_package("intel", hashes["intel"], "markers = {main = \"platform_machine == 'x86_64'\"}")
        + poetry_package("tool", hashes["tool"]).replace('["main"]', '["dev"]')
        + poetry_package("extra", f"sha256:{'0' * 64}").replace("optional = false", "optional = true")
        + POETRY_END.format("2.1"),
    )
    files = set(build(source, lock=lock).files)
    assert {"plain.py", "arm.py", "intel.py", "tool.py", "extra.py"} & files == {"plain.py", "arm.py"}


def test_an_old_poetry_lock_is_refused(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, "poetry.lock", POETRY_END.format("2.0"))
    assert refusal(lock) == [
        (
            f'{WHERE}: lock is "{lock}" of lock version 2.0; from 2.1 on a poetry.lock says which group and platform '
            "a package is for; lock again with Poetry 2"
        )
    ]


def test_a_poetry_package_from_elsewhere_than_an_index_is_refused(tmp_path: Path) -> None:
    source = '[package.source]\ntype = "git"\nurl = "https://example.org/plain.git"'
    content = poetry_package("plain", f"sha256:{'0' * 64}", source) + POETRY_END.format("2.1")
    assert refusal(write_lock(tmp_path, "poetry.lock", content)) == [
        (
            f"{WHERE}: poetry.lock takes plain from git; every package is a wheel of an index, known by its hash; "
            "publish it to an index, or copy its source beside the handler"
        )
    ]


def pylock_package(name: str, hash_: str, more: str = "") -> str:
    digest = hash_.removeprefix("sha256:")
    return (
        f'[[packages]]\nname = "{name}"\nversion = "1.0"\n{more}\n'
        f'wheels = [{{name = "{name}-1.0-py3-none-any.whl", hashes = {{sha256 = "{digest}"}}}}]\n'
    )


PYLOCK = 'lock-version = "1.0"\ncreated-by = "a test"\n'


def test_a_pylock_is_installed(source: Path, build: Build, hashes: dict[str, str], tmp_path: Path) -> None:
    lock = write_lock(
        tmp_path,
        "pylock.function.toml",
        PYLOCK
        + pylock_package("plain", hashes["plain"])
        + pylock_package("arm", hashes["arm"], "marker = \"platform_machine == 'aarch64'\"")
        + pylock_package("intel", hashes["intel"], "marker = \"platform_machine == 'x86_64'\""),
    )
    files = set(build(source, lock=lock, architecture="x86_64").files)
    assert {"plain.py", "arm.py", "intel.py"} & files == {"plain.py", "intel.py"}


def test_a_pylock_with_groups_or_folders_is_refused(tmp_path: Path) -> None:
    hash_ = f"sha256:{'0' * 64}"
    chosen = write_lock(
        tmp_path, "pylock.toml", PYLOCK + pylock_package("plain", hash_, "marker = \"'dev' in dependency_groups\"")
    )
    assert refusal(chosen) == [
        (
            f"{WHERE}: pylock.toml installs plain if 'dev' in dependency_groups; a function has neither extras nor "
            "dependency groups; lock what the function needs, and nothing else"
        )
    ]
    folder = '[[packages]]\nname = "plain"\ndirectory = {path = "../plain"}\n'
    assert refusal(write_lock(tmp_path, "pylock.toml", PYLOCK + folder)) == [
        (
            f"{WHERE}: pylock.toml takes plain from directory; every package is a wheel of an index, known by its "
            "hash; publish it to an index, or copy its source beside the handler"
        )
    ]


def test_a_package_without_a_hash_is_refused(tmp_path: Path) -> None:
    bare = '[[packages]]\nname = "plain"\nversion = "1.0"\nwheels = []\n'
    assert refusal(write_lock(tmp_path, "pylock.toml", PYLOCK + bare)) == [
        (
            f'{WHERE}: pylock.toml requirement is "plain==1.0", without a hash; every requirement has a sha256 hash; '
            'write it with "uv pip compile --generate-hashes --universal"'
        )
    ]


@pytest.mark.parametrize("name", ["poetry.lock", "pylock.toml"])
def test_what_is_not_toml_is_refused(tmp_path: Path, name: str) -> None:
    lock = write_lock(tmp_path, name, "plain==1.0")
    (said,) = refusal(lock)
    assert said.startswith(f'{WHERE}: lock is "{lock}", which is not TOML (')
    assert said.endswith("); its name says so; lock again")


def test_a_lock_that_is_made_otherwise_is_refused(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, "pylock.toml", PYLOCK + '[[packages]]\nname = "plain"\nwheels = []\n')
    assert refusal(lock) == [
        (
            f"{WHERE}: lock is \"{lock}\", which is not made as its name says (KeyError: 'version'); Poetry and the "
            "tools that write pylock.toml state name, version and files of every package; lock again"
        )
    ]


def test_what_uv_locked_is_installed_without_development_groups(
    source: Path, build: Build, hashes: dict[str, str], tmp_path: Path
) -> None:
    project = (
        '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["plain==1.0", "arm==1.0 ; platform_machine == \'aarch64\'"]\n'
        '[dependency-groups]\ndev = ["tool==1.0"]\n'
    )
    lock = write_lock(tmp_path, "pyproject.toml", project).with_name("uv.lock")
    subprocess.run(
        [find_uv(WHERE), "lock", "--project", lock.parent, "--python", sys.executable], check=True, capture_output=True
    )
    text = lock.read_text()
    for name, hash_ in hashes.items():  # uv states no hashes for a folder of wheels, as it does for an index
        text = text.replace(f'{name}-1.0-py3-none-any.whl"', f'{name}-1.0-py3-none-any.whl", hash = "{hash_}"')
    lock.write_text(text)
    files = set(build(source, lock=lock).files)
    assert {"plain.py", "arm.py", "tool.py"} & files == {"plain.py", "arm.py"}


def test_a_uv_lock_needs_its_project(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, "uv.lock", "version = 1\n")
    assert refusal(lock) == [
        (
            f'{WHERE}: lock is "{lock}", without a pyproject.toml beside it; uv reads both; copy it there, or lock '
            "into pip requirements"
        )
    ]


def test_a_uv_lock_that_uv_cannot_export_is_refused(tmp_path: Path) -> None:
    lock = write_lock(tmp_path, "uv.lock", "not a lock")
    lock.with_name("pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n')
    (said,) = refusal(lock)
    assert said.startswith(
        f'{WHERE}: lock is "{lock}", which uv cannot export; it is what uv lock wrote for the pyproject.toml beside '
        "it; run uv lock again; uv said: \n  "
    )


def refusal(lock: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_lock(lock, WHERE)
    return [str(problem) for problem in caught.value.problems]
