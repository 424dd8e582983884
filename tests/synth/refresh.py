"""Bring an inventory up to date: `python -m tests.synth.refresh <name>`, or every one with `all`.

Values and counts are taken from a fresh synth, in the shape that the file has. What is gone is never dropped silently,
since an address is a contract; what is absent must stay absent.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.synth.inventory import FOLDER, NAMES, Inventory, by_sid, counted, differences, elements
from tests.synth.project import copy_project, synthesize


def refreshed(name: str, text: str, document: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The inventory's new text, and what a person has to decide."""
    data = yaml.safe_load(text)
    found = elements(document, data.get("scope", ""))
    counts = counted(found)
    data["values"] = {address: _reshaped(shape, found.get(address, shape)) for address, shape in data["values"].items()}
    data["counts"] = {kind: counts.get(kind, 0) for kind in data["counts"]}
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    fresh = comment + yaml.safe_dump(data, sort_keys=False, width=1_000, allow_unicode=True)
    return fresh, differences(Inventory.parse(name, fresh), document)


def _reshaped(shape: Any, actual: Any) -> Any:
    if isinstance(shape, dict) and isinstance(actual, dict | list):
        members = actual if isinstance(actual, dict) else by_sid(actual)
        return {key: _reshaped(part, members.get(key, part)) for key, part in shape.items()}
    return actual


def main(arguments: list[str]) -> int:
    """Refresh what is named."""
    if len(arguments) != 1 or arguments[0] not in (*NAMES, "all"):
        sys.stderr.write(f"name one inventory ({', '.join(NAMES)}) or all\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        document = synthesize(copy_project(Path(folder) / "project")).document()
    undecided = []
    for name in NAMES if arguments[0] == "all" else arguments:
        path = FOLDER / f"{name}.yaml"
        text, open_questions = refreshed(name, path.read_text(encoding="utf-8"), document)
        path.write_text(text, encoding="utf-8")
        undecided += [f"{name}: {line}; correct the stack, or the inventory by hand\n" for line in open_questions]
    sys.stderr.write("".join(undecided))
    return 1 if undecided else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
