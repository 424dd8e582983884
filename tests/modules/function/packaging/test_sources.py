from __future__ import annotations

import os
from pathlib import Path

import pytest

from modules.core.errors import ConfigError
from tests.modules.function.packaging.samples import FILES, Build, write_files


def test_what_only_development_needs_stays_out(source: Path, build: Build) -> None:
    before = build(source)
    names = (
        ".env", ".git/config", ".venv/lib/x.py", ".DS_Store", "orders/.DS_Store", "tests/test_rules.py",
        "__pycache__/handler.cpython-313.pyc", "orders/__pycache__/rules.cpython-313.pyc", "orders/old.pyc",
        "test_handler.py",
        "conftest.py", "requirements.in", "requirements.lock", "requirements-dev.txt",
    )  # fmt: skip  # a list of names
    write_files(source, dict.fromkeys(names, b"x"))
    assert build(source) == before


def test_tests_inside_a_package_stay_in(source: Path, build: Build) -> None:
    write_files(source, {"orders/tests/__init__.py": b"", "orders/test_data/a.json": b"{}", "test_data/b.json": b"{}"})
    assert {"orders/tests/__init__.py", "orders/test_data/a.json", "test_data/b.json"} < set(build(source).files)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.txt", {"handler.py", "orders/__init__.py", "orders/rules.py"}),
        ("orders", {"handler.py", "Zeta.txt", "été.txt"}),
        ("/rules.py", set(FILES)),
        ("rules.py", set(FILES) - {"orders/rules.py"}),
        ("orders/r*.py", set(FILES) - {"orders/rules.py"}),
        ("zeta.txt", set(FILES)),
    ],
)
def test_patterns_match_names_or_paths_from_the_top(source: Path, build: Build, pattern: str, left: set[str]) -> None:
    assert set(build(source, exclude=(pattern,)).files) == left


def test_links_inside_the_source_are_followed(source: Path, build: Build) -> None:
    (source / "copy.py").symlink_to("handler.py")
    (source / "shared").symlink_to("orders", target_is_directory=True)
    linked = build(source)
    (source / "copy.py").unlink()
    (source / "shared").unlink()
    real = {
        "copy.py": FILES["handler.py"],
        "shared/__init__.py": b"",
        "shared/rules.py": FILES["orders/rules.py"],
    }
    write_files(source, real)
    assert build(source).sha256_base64 == linked.sha256_base64


@pytest.mark.parametrize(
    ("target", "described"),
    [
        ("../outside.py", '"{tmp}/outside.py", outside the source'),
        ("nowhere.py", "nothing"),
        ("link.py", "nothing"),
        (".", "a folder that contains it"),
    ],
)
def test_other_links_are_refused(source: Path, build: Build, tmp_path: Path, target: str, described: str) -> None:
    (tmp_path / "outside.py").touch()
    (source / "link.py").symlink_to(target)
    with pytest.raises(ConfigError) as caught:
        build(source)
    assert str(caught.value) == (
        f'package "shop": link.py is a symbolic link to {described.format(tmp=tmp_path)}; '
        "links may point to files and folders inside the source; copy what it points to, or exclude it"
    )


def test_a_source_that_does_not_exist_is_refused(tmp_path: Path, build: Build) -> None:
    with pytest.raises(ConfigError) as caught:
        build(tmp_path / "absent")
    assert str(caught.value) == (
        f'package "absent": source is "{tmp_path / "absent"}"; it has to be an existing folder; '
        "correct the path; a relative one counts from the working directory"
    )


def test_a_source_without_files_is_refused(tmp_path: Path, build: Build) -> None:
    folder = write_files(tmp_path / "bare", {"tests/test_a.py": b""})
    with pytest.raises(ConfigError) as caught:
        build(folder)
    assert str(caught.value) == (
        f'package "bare": source is "{folder}", without a single file to package; '
        "a package holds at least its handler; add the handler, or correct exclude"
    )


def test_a_pipe_is_refused(source: Path, build: Build) -> None:
    os.mkfifo(source / "pipe")
    with pytest.raises(ConfigError) as caught:
        build(source)
    assert str(caught.value) == (
        'package "shop": pipe is neither a file nor a folder; a package holds regular files; remove it, or exclude it'
    )


def test_a_name_that_is_not_utf_8_is_refused(source: Path, build: Build) -> None:
    try:
        (source / os.fsdecode(b"bad\xff.py")).touch()
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    with pytest.raises(ConfigError) as caught:
        build(source)
    assert str(caught.value) == (
        "package \"shop\": a file is named 'bad\\udcff.py'; names in a package are UTF-8; "
        "rename the file, or exclude it"
    )
