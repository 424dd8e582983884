"""The demo function's package, with its real dependencies: needs the package index or uv's cache of it."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from tests.modules.function.packaging.samples import Build

SOURCE = Path(__file__).parents[4] / "stacks/handlers/orders_api"
MACHINES = {"arm64": 183, "x86_64": 62}  # e_machine in the ELF header


@pytest.mark.parametrize(("architecture", "machine"), MACHINES.items())
def test_compiled_dependencies_are_for_the_functions_architecture(
    build: Build, architecture: str, machine: int
) -> None:
    package = build(SOURCE, architecture=architecture, lock=SOURCE / "requirements.lock")
    with zipfile.ZipFile(package.path) as archive:
        libraries = {name: archive.read(name) for name in package.files if ".so" in Path(name).suffixes}
    assert any(name.startswith("psycopg_binary/") and ".cpython-313-" in name for name in libraries)
    assert {struct.unpack_from("<H", library, 18)[0] for library in libraries.values()} == {machine}
    assert {"handler.py", "schema.sql", "certifi/cacert.pem"} < set(package.files)
    assert not {"requirements.in", "requirements.lock"} & set(package.files)
