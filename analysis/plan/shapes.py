"""What the AWS provider takes each name of a resource for: a block or a map, text or a number, its own or ours.

JSON writes blocks and maps alike, and a plan tells them apart, so the provider's schema is needed. It stands in
`provider_schema.json`, where every line is one shape: names by blank, each as

- `!name`: the provider sets it where the configuration does not (plain texts and lists of texts without `!` are left
  out, as are all names that are nothing else);
- `name:n` number, `:b` bool, `:m…` map, `:l…` list, `:s…` set, `:o` object, `:d` of any type, `:Ns` an object that is
  written as an attribute, `:Nl`, `:Nm` a list or map of them;
- `name>12` blocks of the shape 12, `name>1:12` a block that stands at most once as an object, `name>m:12` by label.

`python -m rollout.provider_schema` writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_TABLE = "provider_schema.json"
_SECTIONS = {"managed": "resources", "data": "data"}
_BUILT_IN = {"terraform_data": "!id !output:d input:d triggers_replace:d"}


@dataclass(frozen=True)
class Name:
    """What one name of a block is.

    Attributes:
        kind: as in the table, such as `n`; `block`, `single` or `labelled` for blocks; empty for texts and lists of
            them.
        is_computed: whether the provider sets it where the configuration does not.
        inner: number of the shape of its blocks.
    """

    kind: str = ""
    is_computed: bool = False
    inner: int = -1

    @property
    def is_block(self) -> bool:
        """Whether it is a block."""
        return self.kind in {"block", "single", "labelled"}


Shape = Mapping[str, Name]


def shape_of(mode: str, kind: str) -> Shape | None:
    """The shape of a resource or data source; None for what the table does not hold."""
    if kind in _BUILT_IN:
        return _parsed(_BUILT_IN[kind])
    number = _table()[_SECTIONS[mode]].get(kind)
    return None if number is None else shape(number)


@cache
def shape(number: int) -> Shape:
    """A shape by its number in the table."""
    return _parsed(_table()["shapes"][number])


def table_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a provider, as `terraform providers schema -json` describes it."""
    numbers = dict[str, int]()
    sections = {
        section: {kind: _number(raw[kind]["block"], numbers) for kind in sorted(raw)}
        for section, raw in (
            ("resources", schema["resource_schemas"]),
            ("data", schema["data_source_schemas"]),
        )
    }
    return {**sections, "shapes": list(numbers)}


@cache
def _table() -> dict[str, Any]:
    text = files("analysis.plan").joinpath(_TABLE).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _parsed(text: str) -> Shape:
    return dict(_names(text))


def _names(text: str) -> Iterator[tuple[str, Name]]:
    for part in text.split():
        word = part.removeprefix("!")
        if ">" in word:
            name, _, inner = word.partition(">")
            nesting, _, number = inner.rpartition(":")
            yield name, Name({"": "block", "1": "single", "m": "labelled"}[nesting], inner=int(number))
        else:
            name, _, kind = word.partition(":")
            yield name, Name(kind, is_computed=part.startswith("!"))


def _number(block: Mapping[str, Any], numbers: dict[str, int]) -> int:
    parts = list[str]()
    for name, raw in sorted((block.get("attributes") or {}).items()):
        nested = raw.get("nested_type")
        kind = f"N{nested['nesting_mode'][0]}" if nested else _kind(raw["type"])
        kind = "" if kind == "l" else kind
        if raw.get("computed") or kind:
            parts.append(f"{'!' if raw.get('computed') else ''}{name}{':' if kind else ''}{kind}")
    for name, raw in sorted((block.get("block_types") or {}).items()):
        nesting = {"single": "1:", "group": "1:", "map": "m:"}.get(raw["nesting_mode"], "")
        parts.append(f"{name}>{nesting}{_number(raw['block'], numbers)}")
    return numbers.setdefault(" ".join(parts), len(numbers))


def _kind(raw: Any) -> str:
    if isinstance(raw, str):
        return {"string": "", "number": "n", "bool": "b"}.get(raw, "d")
    container, inner = raw
    return {"list": "l", "set": "s", "map": "m"}.get(container, "o") + ("" if container == "object" else _kind(inner))
