"""Where resources are written: the lines of their constructs, or else their lines in the JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from modules.core.construct_places import PLACES_FILE
from modules.core.errors import PolicyError
from policies.finding import Place

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_PREFIXES = {"resource": "", "data": "data."}
_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]$')
_DEPTH = 3
"""`resource`, type and name."""


def read_places(folder: Path, project: Path | None = None) -> Mapping[str, Place]:
    """Places of the resources of a stack, by address without an instance's key.

    Args:
        folder: of the stack, with its `*.tf.json`, and `places.json` where constructs made it.
        project: folder that paths begin below; the current one without it. A stack that lies elsewhere has paths that
            begin with the name of its folder.

    Raises:
        PolicyError: `places.json` cannot be read.
    """
    found = dict[str, Place]()
    for file in sorted(folder.glob("*.tf.json")):
        name = _name(file, (project or Path.cwd()).absolute())
        text = file.read_text(encoding="utf-8", errors="replace")
        found.update({address: Place(name, line) for address, line in _lines(text)})
    return {**found, **_constructs(folder / PLACES_FILE)}


def place_of(places: Mapping[str, Place], address: str) -> Place | None:
    """The place of a resource or of the one that it is an instance of; None where it is not known."""
    return places.get(address) or places.get(_KEY.sub("", address))


def _constructs(file: Path) -> dict[str, Place]:
    if not file.is_file():
        return {}
    try:
        listed = json.loads(file.read_bytes())
        return {str(address): Place(str(raw["file"]), int(raw["line"])) for address, raw in listed.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise PolicyError(
            f"{file.parent.name}/{file.name}: is not the list of places that synthesis writes, so lines of constructs "
            "are not known; synthesize the stack again"
        ) from None


def _name(file: Path, project: Path) -> str:
    absolute = file.absolute()
    if absolute.is_relative_to(project):
        return absolute.relative_to(project).as_posix()
    return f"{absolute.parent.name}/{file.name}"


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Each resource and data source with the line that its name stands in."""
    names = list[str | None]()  # the name that each open object is at; None for a list
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            names.append("" if mark == "{" else None)
        elif mark in "}]":
            names = names[:-1]
        elif names and names[-1] is not None and _is_name(text, token.end()):
            names[-1] = json.loads(mark, strict=False)
            path = [name for name in names if name is not None]
            if len(path) == _DEPTH and path[0] in _PREFIXES and "//" not in path:
                line, counted = line + text.count("\n", counted, token.start()), token.start()
                yield f"{_PREFIXES[path[0]]}{path[1]}.{path[2]}", line


def _is_name(text: str, end: int) -> bool:
    """Whether a text that ends here is followed by a colon."""
    while end < len(text) and text[end].isspace():
        end += 1
    return text[end : end + 1] == ":"
