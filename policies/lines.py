"""Where a resource stands in the file that is judged, for whoever cannot be told where its construct is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policies.finding import Place

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}:,\[\]\n]')
_DEPTH = 3
"""`resource`, type and name."""


@dataclass(frozen=True)
class JudgedFiles:
    """The files of one target.

    Attributes:
        folder: folder of the files, or the plan itself.
        texts: text of each synthesized file by its name; empty for a plan, which is written in one line.
    """

    folder: str
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def place(self, address: str) -> Place:
        """Where a resource stands, by its address without instance keys; the first line where that is not known."""
        if not self.texts:
            return Place(self.folder, 1)
        name, line = self._lines.get(address, (next(iter(self.texts)), 1))
        return Place(name if self.folder in ("", ".") else f"{self.folder}/{name}", line)

    @cached_property
    def _lines(self) -> dict[str, tuple[str, int]]:
        return {address: (name, line) for name, text in self.texts.items() for address, line in lines_of(text).items()}


def lines_of(text: str) -> dict[str, int]:
    """The line of each resource and data source in Terraform's JSON, by address."""
    found: dict[str, int] = {}
    line, last, path, is_key = 1, "", list[str](), False
    for part in _MARK.findall(text):
        if part == "\n":
            line += 1
        elif part == ":":
            is_key = True
        elif part in "{[":
            path.append(last if is_key else "")
            last, is_key = "", False
        elif part in "}]":
            del path[-1:]
            is_key = False
        elif part == ",":
            is_key = False
        elif not is_key:
            last = part[1:-1]
            names = [entry for entry in (*path, last) if entry]
            if len(names) == _DEPTH and names[0] in ("resource", "data"):
                prefix = "data." if names[0] == "data" else ""
                found.setdefault(f"{prefix}{names[1]}.{names[2]}", line)
    return found
