"""Lines of resources in Terraform's JSON."""

from __future__ import annotations

import re

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}:,\[\]\n]')
_DEPTH = 3
"""`resource`, type and name."""


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
