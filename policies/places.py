"""Where resources are written: the lines of their constructs, or else their lines in the JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from modules.core.construct_places import PLACES_FILE
from modules.core.errors import PolicyError
from policies.finding import Place
from policies.lines import lines_of

_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]$')


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
        lines = lines_of(file.read_text(encoding="utf-8", errors="replace"))
        found.update({address: Place(name, line) for address, line in lines.items()})
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
