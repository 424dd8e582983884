"""The body of one block of synthesized JSON: its values, what of them is unknown, and its expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.plan.evaluation import MalformedError, Names, known_part, typed, unknown_part
from analysis.plan.shapes import Name, Shape, shape
from analysis.plan.values import UNKNOWN

_MAPS = frozenset(
    {"tags", "tags_all", "variables", "dimensions", "parameters", "triggers", "keepers", "labels", "query", "result"}
)
_ENDS_OF_MAPS = ("_parameters", "_tags", "_variables", "_labels", "_models", "_templates")
_PLAIN = Name()


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
        if value is not UNKNOWN and value is not None:
            self.values[name] = known_part(value)
        if unknown not in (False, {}):
            self.unknown[name] = unknown

    def has(self, name: str) -> bool:
        """Whether the configuration sets it."""
        return name in self.values or name in self.unknown


def body_of(raw: Mapping[str, Any], names: Names, known: Shape | None, ignored: frozenset[str] = frozenset()) -> Body:
    """Read the body of a block.

    Args:
        raw: as it is written.
        names: what is known before Terraform runs.
        known: what its names are; None where only their form tells.
        ignored: names in it that are no values, such as `lifecycle`.

    Raises:
        MalformedError: it is not written as Terraform reads it.
    """
    body, dynamic = Body(), _dynamic(raw.get("dynamic"))
    for name in dict.fromkeys((*raw, *dynamic)):
        value = raw.get(name)
        if (
            name == "//"
            or name in ignored
            or (name == "dynamic" and dynamic)
            or (value is None and name not in dynamic)
        ):
            continue
        of = (known or {}).get(name, _PLAIN)
        if of.is_block or name in dynamic or (of == _PLAIN and _seems_block(name, value)):
            _set_blocks(body, name, value, of, dynamic.get(name, ()), names)
        else:
            listed = [value] if of.kind in {"lo", "so"} and isinstance(value, Mapping) else value
            body.set(name, _typed(name, names.evaluated(listed), of.kind if known is not None else "d"))
            body.expressions[name] = {"constant_value": listed}
    for name, of in (known or {}).items():
        if body.has(name):
            continue
        if of.is_computed:
            body.unknown[name] = True
        elif of.kind == "block":
            body.values[name] = []
    return body


def _typed(name: str, value: Any, kind: str) -> Any:
    try:
        return typed(value, kind)
    except MalformedError as error:
        raise MalformedError(f"{name}: {error}") from None


def _seems_block(name: str, value: Any) -> bool:
    if name in _MAPS or name.endswith(_ENDS_OF_MAPS):
        return False
    entries = value if isinstance(value, list) else [value]
    return bool(entries) and all(isinstance(entry, Mapping) for entry in entries)


def _set_blocks(
    body: Body, name: str, value: Any, of: Name, dynamic: Sequence[Mapping[str, Any]], names: Names
) -> None:
    """Note the blocks of one name; all are unknown where a `dynamic` one makes nobody knows how many."""
    inner = shape(of.inner) if of.inner >= 0 else None
    if of.kind == "labelled" and isinstance(value, Mapping):
        labelled = {label: body_of(_object(entry, name), names, inner) for label, entry in value.items()}
        body.values[name] = {label: entry.values for label, entry in labelled.items()}
        body.unknown[name] = {label: entry.unknown for label, entry in labelled.items()}
        body.expressions[name] = {label: entry.expressions for label, entry in labelled.items()}
        return
    if isinstance(value, str):  # Terraform takes a text for no block, but what it comes to is not told here either
        body.unknown[name], body.expressions[name] = True, {"constant_value": value}
        return
    entries = value if isinstance(value, list) else [value]
    bodies = [body_of(_object(entry, name), names, inner) for entry in entries if entry is not None]
    is_whole = True
    for block in dynamic:
        made = _generated(name, block, inner, names)
        is_whole = is_whole and made is not None
        bodies += [body_of(_content(name, block), names, inner)] if made is None else made
    if not is_whole:
        body.unknown[name], body.expressions[name] = True, [entry.expressions for entry in bodies]
    elif of.kind == "single" and len(bodies) == 1:
        [only] = bodies
        body.values[name], body.unknown[name], body.expressions[name] = only.values, only.unknown, only.expressions
    else:
        body.values[name], body.expressions[name] = (
            [entry.values for entry in bodies],
            [entry.expressions for entry in bodies],
        )
        if any(entry.unknown for entry in bodies):
            body.unknown[name] = [entry.unknown for entry in bodies]


def _generated(name: str, block: Mapping[str, Any], inner: Shape | None, names: Names) -> list[Body] | None:
    """The blocks that a `dynamic` one makes; None where it is not known how many."""
    members = _members(names.evaluated(block.get("for_each")))
    if members is None:
        return None
    iterator, content = str(block.get("iterator") or name), _content(name, block)
    return [body_of(content, names.having(iterator, key=key, value=member), inner) for key, member in members]


def _content(name: str, block: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `dynamic` block makes, which may stand in a list of one."""
    content = block.get("content") or {}
    return _object(content[0] if isinstance(content, list) and len(content) == 1 else content, f"content of {name}")


def _members(value: Any) -> list[tuple[Any, Any]] | None:
    """Keys and values of what a `dynamic` block goes through; None where it is not known."""
    if isinstance(value, Mapping):
        return sorted(value.items())
    return list(enumerate(value)) if isinstance(value, list) else None


def _dynamic(raw: Any) -> dict[str, list[Mapping[str, Any]]]:
    found = dict[str, list[Mapping[str, Any]]]()
    for name, block in _dynamic_blocks(raw):
        found.setdefault(name, []).append(block)
    return found


def _dynamic_blocks(raw: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in raw if isinstance(raw, list) else [] if raw is None else [raw]:
        for name, blocks in _object(entry, "dynamic").items():
            for block in blocks if isinstance(blocks, list) else [blocks]:
                yield name, _object(block, f"dynamic {name}")


def _object(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise MalformedError(f"{name} holds {article(raw)} where an object is needed")
    return raw


def article(raw: Any) -> str:
    """What something is in JSON, for sentences."""
    words = {str: "a text", list: "a list", bool: "a bool", int: "a number", float: "a number", type(None): "null"}
    return words.get(type(raw), "an object")
