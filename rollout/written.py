"""Where each value of YAML files stands: file and line, kept through merging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Origin:
    """A line of a file.

    Attributes:
        file: the file, relative to the environments folder.
        line: the line, from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        """Such as `dev/main/us-east-1.yaml:4`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Written:
    """A value as it is written.

    Attributes:
        origin: where.
        parts: what a mapping holds, by key.
        items: what a list holds.
        is_mapping: whether it is a mapping.
    """

    origin: Origin
    parts: Mapping[str, Written] = field(default_factory=dict)
    items: tuple[Written, ...] = ()
    is_mapping: bool = False

    def merged_with(self, over: Written) -> Written:
        """This with another file's value on top: mappings key by key, everything else replaced whole."""
        if not (self.is_mapping and over.is_mapping):
            return over
        parts = dict(self.parts)
        for key, part in over.parts.items():
            parts[key] = parts[key].merged_with(part) if key in parts else part
        return Written(over.origin, parts, is_mapping=True)


def written_in(path: Path, folder: Path) -> Written | None:
    """The mapping in a YAML file that has been read without an error; None where it is missing or empty."""
    if not path.is_file():
        return None
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        shown = path.relative_to(folder).as_posix()
        return _written(loader, node, shown, node.start_mark) if isinstance(node, yaml.MappingNode) else None
    finally:
        loader.dispose()


def _written(loader: yaml.SafeLoader, node: yaml.Node, file: str, mark: yaml.Mark) -> Written:
    origin = Origin(file, mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        parts = {key.value: _written(loader, value, file, key.start_mark) for key, value in node.value}
        return Written(origin, parts, is_mapping=True)
    if isinstance(node, yaml.SequenceNode):
        return Written(origin, items=tuple(_written(loader, item, file, item.start_mark) for item in node.value))
    return Written(origin)
