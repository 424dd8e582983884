"""Lock files for Python, read before anything is downloaded for them.

The name decides the format: `uv.lock`, `poetry.lock`, `pylock.toml` (or `pylock.*.toml`), and pip requirements for
every other name. All become pip requirements, which uv then installs: pinned, with a hash for everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules.core.errors import ConfigError, Problem
from modules.function.packaging.other_locks import poetry_requirements, pylock_requirements, uv_requirements

_HASH = re.compile(r"\s--hash=sha256:[0-9a-f]{64}(?=\s|$)")
_OTHER_FILES = re.compile(r"(?:-r|-c|-e|--requirements?|--constraints?|--editable)\b")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HOW = 'write it with "uv pip compile --generate-hashes --universal"'


@dataclass(frozen=True)
class Lock:
    """A lock that was read.

    Attributes:
        path: the lock file.
        requirements: what it locks, as pip requirements.
    """

    path: Path
    requirements: bytes


def read_lock(path: Path, where: str) -> Lock:
    """The lock, once every requirement in it is found to carry a hash.

    Raises:
        ConfigError: when the file is missing, is not what its name says, or requirements lack a hash or point to other
            files; with every such requirement.
    """
    try:
        content = path.read_bytes()
        text = content.decode()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, UnicodeDecodeError):
        raise ConfigError.single(
            where,
            f'lock is "{path}"',
            "it is an existing lock file: pip requirements, uv.lock, poetry.lock or pylock.toml",
            f"correct the path; to make one, {_HOW}",
        ) from None
    converted = True
    if path.name == "uv.lock":
        text = uv_requirements(path, where)
    elif path.name == "poetry.lock":
        text = poetry_requirements(path, text, where)
    elif path.name.startswith("pylock.") and path.suffix == ".toml":
        text = pylock_requirements(path, text, where)
    else:
        converted = False
    problems = [
        problem
        for number, line in _lines(text)
        for problem in _problems(f"{path.name} requirement" if converted else f"{path.name} line {number}", line, where)
    ]
    if problems:
        raise ConfigError(problems)
    return Lock(path, text.encode())


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines, each with its first number: continuations joined, comments and blanks dropped."""
    start, joined = 1, ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).rstrip()
        if not joined:
            start = number
        joined += line.removesuffix("\\") + " "
        if not line.endswith("\\"):
            if joined.strip():
                yield start, joined.strip()
            joined = ""
    if joined.strip():
        yield start, joined.strip()


def _problems(at: str, line: str, where: str) -> Iterator[Problem]:
    shown = line.split(" --hash", 1)[0].strip()
    if _OTHER_FILES.match(line):
        yield Problem(
            where,
            f'{at} is "{shown}"',
            "a lock stands alone: the cache knows it by its own bytes",
            f"lock everything into one file; {_HOW}",
        )
    elif not line.startswith("-") and not _HASH.search(line):
        yield Problem(where, f'{at} is "{shown}", without a hash', "every requirement has a sha256 hash", _HOW)
