"""The body of one block of synthesized JSON: its values, what of them is unknown, and its expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.plan.evaluation import Names, known_part, unknown_part
from analysis.plan.values import UNKNOWN

_MAPS = frozenset({"tags", "variables", "dimensions", "parameters", "triggers", "keepers"})


@dataclass
class Body:
    """One block.

    Attributes:
        values: what is known.
        unknown: true where a value is not known, in the shape of the values.
        expressions: as the configuration of a plan holds them.
    """

    values: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    expressions: dict[str, Any] = field(default_factory=dict)

    def set(self, name: str, value: Any) -> None:
        """Note an evaluated value."""
        unknown = unknown_part(value)
        if value is not UNKNOWN:
            self.values[name] = known_part(value)
        if unknown not in (False, {}):
            self.unknown[name] = unknown

    def set_blocks(self, name: str, bodies: list[Body], *, is_whole: bool) -> None:
        """Note blocks of one name; `is_whole` is false where there may be others."""
        self.expressions[name] = [entry.expressions for entry in bodies]
        if not is_whole:
            self.unknown[name] = True
            return
        self.values[name] = [entry.values for entry in bodies]
        if any(entry.unknown for entry in bodies):
            self.unknown[name] = [entry.unknown for entry in bodies]


def body_of(raw: Mapping[str, Any], names: Names, ignored: frozenset[str] = frozenset()) -> Body:
    """Read the body of a block.

    Args:
        raw: as it is written.
        names: what is known before Terraform runs.
        ignored: names in it that are no values, such as `lifecycle`.

    Raises:
        TypeError, ValueError: it is not written as Terraform reads it.
    """
    body = Body()
    dynamic = dict(_dynamic(raw.get("dynamic")))
    for name in dict.fromkeys((*raw, *dynamic)):
        if name == "//" or name in ignored or (name == "dynamic" and dynamic):
            continue
        value = raw.get(name)
        if name in dynamic or _is_block(name, value):
            _blocks(body, name, value, dynamic.get(name, []), names)
        elif value is not None:
            body.set(name, names.evaluated(value))
            body.expressions[name] = {"constant_value": value}
    return body


def _is_block(name: str, value: Any) -> bool:
    if name in _MAPS or name.endswith("_parameters"):
        return False
    entries = value if isinstance(value, list) else [value]
    return bool(entries) and all(isinstance(entry, Mapping) for entry in entries)


def _blocks(body: Body, name: str, value: Any, dynamic: list[Mapping[str, Any]], names: Names) -> None:
    entries = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(entry, Mapping) for entry in entries):
        raise TypeError(f"{name} is no block")
    bodies = [body_of(entry, names) for entry in entries]
    is_whole = True
    for one in dynamic:
        content = one.get("content") or {}
        each = _members(names.evaluated(one.get("for_each")))
        if each is None:
            is_whole = False
            bodies.append(body_of(content, names))
            continue
        iterator = str(one.get("iterator") or name)
        bodies += [body_of(content, names.having(iterator, key=key, value=member)) for key, member in each]
    body.set_blocks(name, bodies, is_whole=is_whole)


def _members(value: Any) -> list[tuple[Any, Any]] | None:
    """Keys and values of what a `dynamic` block goes through; None where it is not known."""
    if isinstance(value, Mapping):
        return sorted(value.items())
    return list(enumerate(value)) if isinstance(value, list) else None


def _dynamic(raw: Any) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    found = dict[str, list[Mapping[str, Any]]]()
    for entry in raw if isinstance(raw, list) else [raw]:
        if isinstance(entry, Mapping):
            for name, blocks in entry.items():
                listed = blocks if isinstance(blocks, list) else [blocks]
                found.setdefault(name, []).extend(block for block in listed if isinstance(block, Mapping))
    yield from found.items()
