"""Node.js packages, installed by the real npm from archives beside the source: no network."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.function.packaging import Package, build_node_package
from tests.modules.function.packaging.samples import write_files

HANDLER = b"import { value } from 'dep';\nexport const handler = async () => value;\n"


def pack(name: str, **more: Any) -> bytes:
    """What `npm pack` makes of a package with one file."""
    content = io.BytesIO()
    files = {
        "package.json": json.dumps({"name": name, "version": "1.0.0", **more}).encode(),
        "index.js": b"// " + name.encode(),
    }
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for path, data in files.items():
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def locked(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    return {"version": "1.0.0", "resolved": f"file:archives/{name}-1.0.0.tgz", "integrity": integrity, **more}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a dependency, one for each processor, one for development, and a script that must not run."""
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_offline", "true")
    dep = pack("dep", scripts={"install": "touch ran"}, bin={"dep": "index.js"})
    native = {cpu: pack(f"native-{cpu}", cpu=[cpu], os=["linux"]) for cpu in ("arm64", "x64")}
    tool = pack("tool")
    archives = {"dep": dep, **{f"native-{cpu}": content for cpu, content in native.items()}, "tool": tool}
    files = {name: f"file:archives/{name}-1.0.0.tgz" for name in archives}
    project = {
        "name": "shop", "version": "1.0.0", "type": "module",
        "dependencies": {"dep": files["dep"]},
        "optionalDependencies": {f"native-{cpu}": files[f"native-{cpu}"] for cpu in native},
        "devDependencies": {"tool": files["tool"]},
    }  # fmt: skip
    lock = {
        "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
        "packages": {
            "": {name: value for name, value in project.items() if name != "type"},
            "node_modules/dep": locked("dep", dep, hasInstallScript=True, bin={"dep": "index.js"}),
            **{
                f"node_modules/native-{cpu}": locked(f"native-{cpu}", content, cpu=[cpu], os=["linux"], optional=True)
                for cpu, content in native.items()
            },
            "node_modules/tool": locked("tool", tool, dev=True),
        },
    }  # fmt: skip
    return write_files(
        tmp_path / "shop",
        {
            "index.js": HANDLER,
            "package.json": json.dumps(project).encode(),
            "package-lock.json": json.dumps(lock).encode(),
            "node_modules/old/index.js": b"of this machine",
            "index.test.js": b"",
            **{f"archives/{name}-1.0.0.tgz": content for name, content in archives.items()},
        },
    )


def build(source: Path, tmp_path: Path, **other: Any) -> Package:
    preset: dict[str, Any] = {"handler": "index.handler", "architecture": "arm64", "cache": tmp_path / "cache"}
    return build_node_package(source, **{**preset, "output": tmp_path / "out" / "package.zip", **other})


def refusal(source: Path, tmp_path: Path, **other: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        build(source, tmp_path, **other)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(("architecture", "cpu"), [("arm64", "arm64"), ("x86_64", "x64")])
def test_what_the_lock_names_is_packaged_for_the_functions_processor(
    source: Path, tmp_path: Path, architecture: str, cpu: str
) -> None:
    package = build(source, tmp_path, architecture=architecture)
    assert package.files == (
        "index.js",
        "node_modules/dep/index.js",
        "node_modules/dep/package.json",
        f"node_modules/native-{cpu}/index.js",
        f"node_modules/native-{cpu}/package.json",
        "package.json",
    )


def test_another_cache_and_place_give_the_same_package(source: Path, tmp_path: Path) -> None:
    first = build(source, tmp_path)
    copy = tmp_path / "elsewhere" / "shop"
    copy.parent.mkdir()
    source.rename(copy)
    second = build(copy, tmp_path, cache=tmp_path / "other", output=tmp_path / "second.zip")
    assert second.sha256_base64 == first.sha256_base64


def change(source: Path, **packages: dict[str, Any] | None) -> None:
    path = source / "package-lock.json"
    lock = json.loads(path.read_bytes())
    for name, fields in packages.items():
        package = lock["packages"][f"node_modules/{name}"]
        package.update(fields or {})
        for field in [field for field, value in package.items() if value is None]:
            package.pop(field)
    path.write_text(json.dumps(lock))


def test_every_package_that_is_not_an_archive_with_a_hash_is_told(source: Path, tmp_path: Path) -> None:
    change(source, dep={"integrity": None}, tool={"integrity": None})
    lock = json.loads((source / "package-lock.json").read_bytes())
    lock["packages"]["node_modules/near"] = {"resolved": "near", "link": True}
    lock["packages"]["node_modules/far"] = {"resolved": "file:../far.tgz", "integrity": "sha512-x"}
    (source / "package-lock.json").write_text(json.dumps(lock))
    assert refusal(source, tmp_path) == [
        (
            'package "shop": package-lock.json names dep without integrity; every package has a hash; run npm install '
            "again"
        ),
        (
            'package "shop": package-lock.json links near to a folder; every package is an archive, known by its hash; '
            "pack it with npm pack, and depend on the archive"
        ),
        (
            'package "shop": package-lock.json takes far from "file:../far.tgz"; an archive lies below the source '
            "folder; copy it there, and depend on the copy"
        ),
    ]


def test_an_archive_with_another_hash_is_refused_in_npms_words(source: Path, tmp_path: Path) -> None:
    (source / "archives" / "dep-1.0.0.tgz").write_bytes(pack("dep", description="changed"))
    (said,) = refusal(source, tmp_path)
    assert said.startswith(
        f'package "shop": lock is "{source / "package-lock.json"}", which npm cannot install; it is what npm wrote for '
        "the package.json beside it, and the registry answers; correct the lock or the connection and try again; "
        "npm said: \n"
    )
    assert "EINTEGRITY" in said
    assert not list((tmp_path / "cache").iterdir())


def test_dependencies_without_a_lock_are_refused(source: Path, tmp_path: Path) -> None:
    (source / "package-lock.json").unlink()
    assert refusal(source, tmp_path) == [
        (
            f'package "shop": "{source / "package-lock.json"}" does not exist; dependencies are installed from '
            "package.json and package-lock.json, which lie beside each other; run npm install --package-lock-only, "
            "and commit both"
        )
    ]


def test_an_old_lock_is_refused(source: Path, tmp_path: Path) -> None:
    (source / "package-lock.json").write_text('{"lockfileVersion": 1}')
    assert refusal(source, tmp_path) == [
        (
            f'package "shop": lock is "{source / "package-lock.json"}" of lockfileVersion 1; from 2 on it names every '
            "package with its place and hash; run npm install with npm 7 or newer"
        )
    ]


def test_a_lock_without_packages_is_refused(source: Path, tmp_path: Path) -> None:
    (source / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": []}')
    assert refusal(source, tmp_path) == [
        (
            f'package "shop": lock is "{source / "package-lock.json"}", without packages by their place; npm states '
            "them so; run npm install again"
        )
    ]


def test_a_handler_that_is_not_there_is_refused(source: Path, tmp_path: Path) -> None:
    assert refusal(source, tmp_path, handler="src/app.handler") == [
        (
            'package "shop": handler is "src/app.handler", and there is no src/app.js, src/app.mjs or src/app.cjs; '
            "the handler's file is packaged; add the file, or correct handler"
        )
    ]


def test_a_source_without_dependencies_needs_no_lock(tmp_path: Path) -> None:
    bare = write_files(tmp_path / "bare", {"index.mjs": b"export const handler = 1\n", "package.json": b"{}"})
    assert build(bare, tmp_path).files == ("index.mjs", "package.json")


def test_a_bundle_of_ones_own_is_packaged_as_it_is(source: Path, tmp_path: Path) -> None:
    command = ("sh", "-c", "mkdir -p dist && cat index.js > dist/app.mjs")
    package = build(source, tmp_path, handler="app.handler", command=command, command_output=Path("dist"))
    with zipfile.ZipFile(package.path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"app.mjs": HANDLER}
    one = build(source, tmp_path, handler="app.handler", command=command, command_output=Path("dist/app.mjs"))
    assert one.files == ("app.mjs",)
