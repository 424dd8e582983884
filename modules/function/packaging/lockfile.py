"""What a lock file has to be before anything is downloaded for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from modules.core.errors import ConfigError, Problem

_HASH = re.compile(r"\s--hash=sha256:[0-9a-f]{64}(?=\s|$)")
_OTHER_FILES = re.compile(r"(?:-r|-c|-e|--requirements?|--constraints?|--editable)\b")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HOW = 'write it with "uv pip compile --generate-hashes --universal"'


def check_lock(requirements: Path, where: str) -> bytes:
    """The lock file's bytes, once every requirement in it is found to carry a hash.

    Raises:
        ConfigError: when the file is missing, or lines lack a hash or point to other files;
            with every such line.
    """
    try:
        content = requirements.read_bytes()
        text = content.decode()
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        raise ConfigError.single(
            where,
            f'requirements is "{requirements}"',
            "it is an existing lock file in pip's format",
            f"correct the path; to make one, {_HOW}",
        ) from None
    problems = [
        problem
        for number, line in _lines(text)
        for problem in _problems(f"{requirements.name} line {number}", line, where)
    ]
    if problems:
        raise ConfigError(problems)
    return content


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
