from __future__ import annotations

import base64
import hashlib
import os
import stat
import zipfile
from pathlib import Path

from tests.modules.function.packaging.samples import FILES, Build, write_files

GOLDEN = "B7lZt3hOht9B8BPpvj7bqICdBCXVH2e7wh6tYl+OP9g="
"""Hash of the package of FILES: it may change only together with the archive format, on purpose."""


def test_the_hash_of_a_fixed_source_never_changes(source: Path, build: Build) -> None:
    assert build(source).sha256_base64 == GOLDEN


def test_place_times_modes_and_order_of_creation_do_not_count(tmp_path: Path, build: Build) -> None:
    backwards = dict(reversed(FILES.items()))
    other = write_files(tmp_path / "elsewhere" / "deep" / "copy", backwards)
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() else 0o770)
    package = build(other, output=tmp_path / "other" / "name.zip")
    assert package.sha256_base64 == GOLDEN


def test_one_changed_byte_changes_the_hash(source: Path, build: Build) -> None:
    (source / "orders/rules.py").write_bytes(FILES["orders/rules.py"].replace(b"3", b"4"))
    assert build(source).sha256_base64 != GOLDEN


def test_a_renamed_file_changes_the_hash(source: Path, build: Build) -> None:
    (source / "Zeta.txt").rename(source / "zeta.txt")
    assert build(source).sha256_base64 != GOLDEN


def test_the_package_tells_what_was_written(source: Path, build: Build) -> None:
    package = build(source)
    content = package.path.read_bytes()
    assert package.sha256_base64 == base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert package.zipped_bytes == len(content)
    assert package.unzipped_bytes == sum(map(len, FILES.values()))
    with zipfile.ZipFile(package.path) as archive:
        assert tuple(archive.namelist()) == package.files
        assert {name: archive.read(name) for name in package.files} == FILES


def test_entries_are_sorted_by_bytes_and_carry_nothing_of_this_machine(source: Path, build: Build) -> None:
    with zipfile.ZipFile(build(source).path) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names == ["Zeta.txt", "handler.py", "orders/__init__.py", "orders/rules.py", "été.txt"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}


def test_programs_are_executable_by_their_content(source: Path, build: Build) -> None:
    write_files(source, {"tool": b"#!/bin/sh\n", "lib.so": b"\x7fELF\x02", "plain.sh": b"echo\n"})
    (source / "plain.sh").chmod(0o755)
    with zipfile.ZipFile(build(source).path) as archive:
        modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()}
    assert (modes["tool"], modes["lib.so"], modes["plain.sh"]) == (0o755, 0o755, 0o644)


def test_an_archive_is_replaced_in_one_step_and_no_draft_is_left(source: Path, build: Build) -> None:
    before = build(source)
    with before.path.open("rb") as reader:
        (source / "Zeta.txt").write_bytes(b"changed")
        package = build(source)
        assert base64.b64encode(hashlib.sha256(reader.read()).digest()).decode() == before.sha256_base64
    with zipfile.ZipFile(package.path) as archive:
        assert archive.read("Zeta.txt") == b"changed"
    assert [path.name for path in package.path.parent.iterdir()] == ["package.zip"]
