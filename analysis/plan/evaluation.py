"""What the texts of synthesized JSON are worth before Terraform runs: literals, and what only names literals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.plan.shapes import Name, shape_of
from analysis.plan.templates import spans
from analysis.plan.values import UNKNOWN, has_unknown

_NAMED = re.compile(r'(?P<root>local|each|count)\.(?P<name>[\w-]+)(?P<rest>(?:\.[A-Za-z_][\w-]*|\["[^"]*"\]|\[\d+\])*)')
_ATTRIBUTE = re.compile(
    r'(?P<type>[a-z]\w*)\.(?P<name>[\w-]+)\.(?P<attribute>[a-z]\w*)(?P<rest>(?:\["[^"]*"\]|\[\d+\])*)'
)
_STEP = re.compile(r'\.(?P<name>[\w-]+)|\["(?P<key>[^"]*)"\]|\[(?P<index>\d+)\]')
_SET = re.compile(r"toset\((?P<members>\[.*\])\)", re.DOTALL)
_DIRECTIVE = re.compile(r"(?<!%)%\{")


class MalformedError(ValueError):
    """Something stands where Terraform reads something else; the text says what."""


@dataclass(frozen=True)
class Names:
    """What expressions may name and is known before Terraform runs.

    Attributes:
        local_values: local values as they are written.
        resources: bodies of resources by type and name, as they are written.
        given: further values by root, such as `each` with its key and value, or the iterator of a `dynamic` block.
        open: names that are being worked out, so that a circle ends.
    """

    local_values: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict, repr=False)
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def having(self, root: str, **values: Any) -> Names:
        """The same names and one more root, such as `each`."""
        return replace(self, given={**self.given, root: values})

    def evaluated(self, raw: Any) -> Any:
        """A value as it is written, with UNKNOWN in place of what only Terraform can tell."""
        if isinstance(raw, str):
            return self._text(raw)
        if isinstance(raw, list):
            return [self.evaluated(member) for member in raw]
        if isinstance(raw, Mapping):
            keys = {key: self._text(key) for key in raw}
            if not all(isinstance(key, str) for key in keys.values()):
                return UNKNOWN
            return {keys[key]: self.evaluated(inner) for key, inner in raw.items()}
        return raw

    def _text(self, raw: str) -> Any:
        if "{" not in raw:
            return raw
        if _DIRECTIVE.search(raw):
            return UNKNOWN
        parts, at = list[str](), 0
        for start, end in spans(raw):
            value = self._expression(raw[start + 2 : end - 1].strip())
            if (start, end) == (0, len(raw)):
                return value
            if not isinstance(value, str | int | float):
                return UNKNOWN
            parts += [_literal(raw[at:start]), value if isinstance(value, str) else json.dumps(value)]
            at = end
        return "".join([*parts, _literal(raw[at:])])

    def _expression(self, code: str) -> Any:
        if members := _SET.fullmatch(code):
            try:
                return self.evaluated(json.loads(members["members"]))
            except ValueError:
                return UNKNOWN
        root = code.partition(".")[0]
        match = _NAMED.fullmatch(code) or (_of(root).fullmatch(code) if root in self.given else None)
        if match:
            value = self._named(match["root"], match["name"])
        elif (match := _ATTRIBUTE.fullmatch(code)) and (match["type"], match["name"]) in self.resources:
            value = self._attribute(match["type"], match["name"], match["attribute"])
        else:
            return UNKNOWN
        for step in _STEP.finditer(match["rest"]):
            value = _inner(value, step)
        return value

    def _named(self, root: str, name: str) -> Any:
        if root != "local":
            return self.given.get(root, {}).get(name, UNKNOWN)
        return self._apart(f"local.{name}", self.local_values.get(name, UNKNOWN))

    def _attribute(self, kind: str, name: str, attribute: str) -> Any:
        """What a resource is given; UNKNOWN where it is given nothing, as the provider may set it."""
        body, of = self.resources[kind, name], (shape_of("managed", kind) or {}).get(attribute, Name())
        raw = body.get(attribute)
        if raw is None or of.is_block or of.kind[:1] == "N" or "count" in body or "for_each" in body:
            return UNKNOWN
        return typed(self._apart(f"{kind}.{name}.{attribute}", raw), of.kind)

    def _apart(self, name: str, raw: Any) -> Any:
        if raw is UNKNOWN or name in self.open:
            return UNKNOWN
        return replace(self, given={}, open=self.open | {name}).evaluated(raw)

    def settled(self, raw: Any) -> Any:
        """A value where all of it is known, and what is written where it is not."""
        value = self.evaluated(raw)
        return raw if has_unknown(value) else value


def known_part(value: Any) -> Any:
    """An evaluated value as Terraform writes it: what is not known is missing, or null within a list."""
    if isinstance(value, Mapping):
        return {name: known_part(inner) for name, inner in value.items() if inner is not UNKNOWN}
    if isinstance(value, list):
        return [known_part(inner) for inner in value]
    return None if value is UNKNOWN else value


def unknown_part(value: Any) -> Any:
    """True where an evaluated value is not known, in the shape of the value."""
    if isinstance(value, Mapping):
        marked = {name: unknown_part(inner) for name, inner in value.items()}
        return {name: inner for name, inner in marked.items() if inner is not False}
    if isinstance(value, list):
        return [unknown_part(inner) for inner in value]
    return value is UNKNOWN


def typed(value: Any, kind: str) -> Any:
    """An evaluated value as a plan holds it: `"30"` is a number where the provider wants one.

    A set or a map is not known as soon as one of its members is not; a set of texts is sorted.

    Args:
        value: as it is written.
        kind: as in `analysis.plan.shapes`.

    Raises:
        MalformedError: the provider wants something else.
    """
    container, inner = kind[:1], kind[1:]
    if value is UNKNOWN or value is None or container in {"d", "o", "N"}:
        return value
    if isinstance(value, Mapping):
        if kind and container != "m":
            raise MalformedError(f"an object stands where {_WANTED[container]} is needed")
        found = {name: typed(member, inner if container == "m" else "d") for name, member in value.items()}
        return UNKNOWN if container == "m" and UNKNOWN in found.values() else found
    if isinstance(value, list):
        return _list(value, container, inner)
    if container in {"m", "l", "s"}:
        raise MalformedError(f"{json.dumps(value)} stands where {_WANTED[container]} is needed")
    return _scalar(value, kind)


_WANTED = {"n": "a number", "b": "a bool", "m": "a map", "l": "a list", "s": "a set"}


def _list(value: list[Any], container: str, inner: str) -> Any:
    if container not in {"", "l", "s"}:
        raise MalformedError(f"a list stands where {_WANTED[container]} is needed")
    members = [typed(member, inner) for member in value]
    if container != "s":
        return members
    texts = all(isinstance(member, str) for member in members)
    return UNKNOWN if UNKNOWN in members else sorted(set(members)) if texts else members


def _scalar(value: Any, kind: str) -> Any:
    if not kind:
        return json.dumps(value) if isinstance(value, bool | int | float) else value
    if kind == "b":
        if value in (True, False, "true", "false"):
            return value in (True, "true")
    elif isinstance(value, str):
        try:
            return int(value) if value.lstrip("-").isdecimal() else float(value)
        except ValueError:
            pass
    elif not isinstance(value, bool):
        return value
    raise MalformedError(f"{json.dumps(value)} stands where {_WANTED[kind]} is needed")


def _of(root: str) -> re.Pattern[str]:
    return re.compile(_NAMED.pattern.replace("local|each|count", re.escape(root)))


def _inner(value: Any, step: re.Match[str]) -> Any:
    if isinstance(value, list) and step["index"] is not None:
        index = int(step["index"])
        return value[index] if index < len(value) else UNKNOWN
    name = step["name"] if step["name"] is not None else step["key"]
    return value.get(name, UNKNOWN) if isinstance(value, Mapping) and name is not None else UNKNOWN


def _literal(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")
