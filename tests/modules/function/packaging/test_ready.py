"""Zip archives that somebody else made."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging import Package, check_archive

HANDLER = b"def handler(event, context):\n    return event\n"
MIB = 1024 * 1024


def elf(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01".ljust(18, b"\0") + struct.pack("<H", machine)


def make(path: Path, files: dict[str, bytes], *, mode: int = 0o644, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = method
            archive.writestr(entry, content)
    return path


def check(path: Path, **other: Any) -> Package:
    return check_archive(path, **{"handler": "app.handler", "runtime": "python3.13", "architecture": "arm64", **other})


def refusal(path: Path, **other: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        check(path, **other)
    return [str(problem) for problem in caught.value.problems]


def test_an_archive_is_taken_as_it_is(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER, "lib/x86.so": elf(62), "lib/arm.so": elf(183)})
    before = path.read_bytes()
    package = check(path)
    assert (package.path, package.zipped_bytes, path.read_bytes()) == (path, len(before), before)
    assert package.unzipped_bytes == len(HANDLER) + 40


def test_a_missing_archive_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.zip") == [
        (
            f'package "a.zip": path is "{tmp_path / "a.zip"}", which cannot be read (No such file or directory); it is '
            "an existing zip archive; build it before the stack is synthesized, or correct the path"
        )
    ]


def test_what_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"not one")
    assert refusal(path) == [
        (
            f'package "a.zip": path is "{path}", which is not a whole zip archive (File is not a zip file); Lambda '
            "unpacks a zip archive, stored or deflated; build it again"
        )
    ]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER}, method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"return event", b"return EVENT"))
    assert refusal(path) == [
        (
            f'package "a.zip": path is "{path}", which is not a whole zip archive (app.py is damaged); Lambda unpacks '
            "a zip archive, stored or deflated; build it again"
        )
    ]


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    assert refusal(path) == [
        'package "a.zip": app.py is encrypted; Lambda has no password for an archive; build it without one'
    ]


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    assert refusal(make(tmp_path / "a.zip", {})) == [
        'package "a.zip": the archive is empty; it holds at least the handler; build it again'
    ]


def test_names_that_leave_the_archive_are_refused(tmp_path: Path) -> None:
    assert refusal(make(tmp_path / "a.zip", {"app.py": HANDLER, "../b.py": b""})) == [
        'package "a.zip": ../b.py leaves the archive; names are relative, with slashes between; build the archive again'
    ]


def test_files_that_lambdas_user_cannot_read_or_run_are_refused(tmp_path: Path) -> None:
    assert refusal(make(tmp_path / "a.zip", {"app.py": HANDLER}, mode=0o600)) == [
        (
            'package "a.zip": app.py has mode 600; Lambda runs as another user, who reads only what everybody may '
            "(Lambda guide, zip archives); run chmod -R a+rX before the archive is built"
        )
    ]
    program = make(tmp_path / "b.zip", {"bootstrap": b"#!/bin/sh\n"})
    assert refusal(program, runtime="provided.al2023", handler="bootstrap") == [
        (
            'package "b.zip": bootstrap has mode 644; Lambda runs it as a program (Lambda guide, custom runtimes); '
            "run chmod 755 bootstrap before the archive is built"
        )
    ]


def test_a_handler_that_is_not_in_the_archive_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER})
    assert refusal(path, handler="main.handler") == [
        (
            'package "a.zip": handler is "main.handler", and the source has no main.py; the handler\'s module is a '
            "file of the source that is not excluded; add the file, or correct handler"
        )
    ]
    assert refusal(path, handler="app.main")[0].startswith(
        'package "a.zip": handler is "app.main", and app.py does not define main; '
    )
    assert refusal(path, handler="index.handler", runtime="nodejs22.x") == [
        (
            'package "a.zip": handler is "index.handler", and there is no index.js, index.mjs or index.cjs; the '
            "handler's file is packaged; add the file, or correct handler"
        )
    ]
    check(path, handler="com.example.App::handle", runtime="java21")


def test_code_compiled_for_the_other_processor_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER, **{f"lib/{name}.so": elf(62) for name in "dabc"}})
    assert refusal(path) == [
        (
            'package "a.zip": lib/a.so, lib/b.so, lib/c.so and 1 more are compiled for x86_64; the function\'s '
            "architecture is arm64; build for arm64, or set architecture to x86_64"
        )
    ]
    check(path, architecture="x86_64")


def test_limits_are_those_of_the_archive_and_of_what_is_in_it(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"app.py": HANDLER, "model.bin": b"\0" * (251 * MIB)})
    assert refusal(path) == [
        (
            'package "a.zip": 251.0 MiB unzipped (layers included); most is in model.bin 251.0 MiB; Lambda takes '
            "250 MiB unzipped (Lambda quotas); leave files out with exclude, drop a dependency, or move some into a "
            "layer"
        )
    ]
