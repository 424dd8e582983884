"""uv.lock, poetry.lock and pylock.toml as pip requirements with hashes.

Markers stay as they are: uv evaluates them for the function's platform. Of a Poetry project the group `main` without
extras is installed, of a uv project what it is without development groups and extras.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modules.core.errors import ConfigError, Problem
from modules.function.packaging.programs import find_uv, last_lines, uv_environment

_TIMEOUT_SECONDS = 300
_FIRST_POETRY_WITH_MARKERS = (2, 1)


def uv_requirements(path: Path, where: str) -> str:
    """What `uv export --frozen` makes of a uv.lock; nothing is resolved again.

    Raises:
        ConfigError: there is no pyproject.toml beside the lock, or uv refuses.
    """
    if not (path.parent / "pyproject.toml").is_file():
        raise ConfigError.single(
            where,
            f'lock is "{path}", without a pyproject.toml beside it',
            "uv reads both",
            "copy it there, or lock into pip requirements",
        )
    command = [
        str(find_uv(where)), "export", "--frozen", "--offline", "--project", str(path.parent),
        "--no-emit-project", "--no-default-groups", "--no-header", "--no-annotate",
        "--format", "requirements-txt", "--quiet", "--color", "never",
    ]  # fmt: skip  # one option and its value beside each other
    result = subprocess.run(
        command, env=uv_environment(), capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
    )
    if result.returncode:
        raise ConfigError.single(
            where,
            f'lock is "{path}", which uv cannot export',
            "it is what uv lock wrote for the pyproject.toml beside it",
            f"run uv lock again; uv said: {last_lines(result.stderr)}",
        )
    return result.stdout


def poetry_requirements(path: Path, text: str, where: str) -> str:
    """The group `main` of a poetry.lock.

    Raises:
        ConfigError: it is not what Poetry 2 writes, or a package comes from elsewhere than an index.
    """
    return _read(path, text, where, _poetry)


def pylock_requirements(path: Path, text: str, where: str) -> str:
    """Every package of a pylock.toml (PEP 751) that comes from an index.

    Raises:
        ConfigError: it is not a pylock.toml, a package comes from elsewhere, or depends on an extra or a group.
    """
    return _read(path, text, where, _pylock)


def _poetry(path: Path, data: dict[str, Any], where: str) -> str:
    version = str(data.get("metadata", {}).get("lock-version", ""))
    if not version or tuple(int(part) for part in version.split(".")) < _FIRST_POETRY_WITH_MARKERS:
        raise ConfigError.single(
            where,
            f'lock is "{path}" of lock version {version or "none"}',
            "from 2.1 on a poetry.lock says which group and platform a package is for",
            "lock again with Poetry 2",
        )
    packages = [
        package
        for package in data.get("package", [])
        if "main" in package.get("groups", ["main"]) and not package.get("optional")
    ]
    _refuse_other_sources(path, packages, ("source",), ("legacy",), where)
    return _lines(
        (package["name"], package["version"], _poetry_marker(package), [file["hash"] for file in package["files"]])
        for package in packages
    )


def _pylock(path: Path, data: dict[str, Any], where: str) -> str:
    packages = data.get("packages", [])
    _refuse_other_sources(path, packages, ("vcs", "directory", "archive"), (), where)
    choosy = [each for each in packages if "extras" in each.get("marker", "") or "groups" in each.get("marker", "")]
    if choosy:
        raise ConfigError(
            Problem(
                where,
                f"{path.name} installs {package['name']} if {package['marker']}",
                "a function has neither extras nor dependency groups",
                "lock what the function needs, and nothing else",
            )
            for package in choosy
        )
    return _lines(
        (each["name"], each["version"], each.get("marker", ""), [f"sha256:{hash_}" for hash_ in _pylock_hashes(each)])
        for each in packages
    )


def _pylock_hashes(package: Mapping[str, Any]) -> Iterator[str]:
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    for file in files:
        if "sha256" in file.get("hashes", {}):
            yield file["hashes"]["sha256"]


def _poetry_marker(package: Mapping[str, Any]) -> str:
    markers = package.get("markers", "")
    return str(markers.get("main", "") if isinstance(markers, Mapping) else markers)


def _lines(packages: Iterator[tuple[str, str, str, list[str]]]) -> str:
    lines = []
    for name, version, marker, hashes in packages:
        condition = f" ; {marker}" if marker else ""
        wanted = "".join(f" \\\n    --hash={each}" for each in sorted(set(hashes)) if each.startswith("sha256:"))
        lines.append(f"{name}=={version}{condition}{wanted}\n")
    return "".join(sorted(lines))


def _refuse_other_sources(
    path: Path, packages: list[dict[str, Any]], fields: tuple[str, ...], taken: tuple[str, ...], where: str
) -> None:
    problems = [
        Problem(
            where,
            f"{path.name} takes {package['name']} from {kind}",
            "every package is a wheel of an index, known by its hash",
            "publish it to an index, or copy its source beside the handler",
        )
        for package in packages
        for field in fields
        if field in package and (kind := str(package[field].get("type", field))) not in taken
    ]
    if problems:
        raise ConfigError(problems)


def _read(path: Path, text: str, where: str, convert: Callable[[Path, dict[str, Any], str], str]) -> str:
    try:
        return convert(path, tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError.single(
            where, f'lock is "{path}", which is not TOML ({error})', "its name says so", "lock again"
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError.single(
            where,
            f'lock is "{path}", which is not made as its name says ({type(error).__name__}: {error})',
            "Poetry and the tools that write pylock.toml state name, version and files of every package",
            "lock again",
        ) from None
