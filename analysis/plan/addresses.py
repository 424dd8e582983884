"""Addresses and references, taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.plan.resource import InstanceKey, Step
from analysis.plan.templates import code, spans

_PART = re.compile(
    r"""\.?(?P<name>[A-Za-z_][\w-]*|\*)        # .name or .*
    |\[(?:"(?P<key>(?:[^"\\]|\\.)*)"|(?P<index>\d+)|(?P<all>\*)|(?P<other>[^\]]*))\]""",
    re.VERBOSE,
)
_TRAVERSAL = re.compile(r"(?<![\w.\"$])[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*)|\[(?:\"[^\"]*\"|\d+|\*)\])+")
_ALL = "*"


@dataclass(frozen=True)
class Reference:
    """What an expression names, from within a module.

    Attributes:
        text: as it stands, such as `aws_subnet.private["a"].id`.
        kind: `resource`, `data`, `module`, `var`, `local`, `each`, `count`, `self` or `other`.
        names: what follows: type and name of a resource, module and output, name of a variable.
        key: instance that is named; None for none.
        any_key: whether all instances are meant by a splat.
        attribute: attribute of it, such as `id`; empty for the whole.
        member: index or key of a member of an output or variable, such as `0` in `module.net.subnet_ids[0]`.
    """

    text: str
    kind: str
    names: tuple[str, ...]
    key: InstanceKey = None
    any_key: bool = False
    attribute: str = ""
    member: InstanceKey = None


def reference(text: str) -> Reference:
    """Take a reference apart."""
    parts = list(_parts(text))
    head = parts[0][0] if parts and isinstance(parts[0][0], str) else ""
    if head in {"var", "local", "each", "count", "self", "path", "terraform"}:
        kind = head if head in {"var", "local", "each", "count", "self"} else "other"
        return Reference(text, kind, _names(parts[1:2]), attribute=_attribute(parts[2:]), member=_member(parts[2:]))
    if head == "module":
        key, any_key, rest = _key(parts[2:])
        names = (*_names(parts[1:2]), *_names(rest[:1]))
        return Reference(text, "module", names, key, any_key, member=_member(rest[1:]))
    skip = 1 if head == "data" else 0
    names = _names(parts[skip : skip + 2])
    if len(names) < 2:  # noqa: PLR2004  # type and name
        return Reference(text, "other", names)
    key, any_key, rest = _key(parts[skip + 2 :])
    return Reference(text, "data" if skip else "resource", names, key, any_key, _attribute(rest))


def references_in(text: str) -> tuple[str, ...]:
    """What the interpolations of a template name, such as `aws_vpc.main.id` in `${aws_vpc.main.id}`."""
    found = dict[str, None]()
    for start, end in spans(text):
        for part in code(text[start + 2 : end - 1]):
            found.update(dict.fromkeys(match[0] for match in _TRAVERSAL.finditer(part)))
    return tuple(found)


def module_steps(address: str) -> tuple[tuple[Step, ...], str]:
    """The module calls that an address begins with, and the rest of it."""
    steps: list[Step] = []
    parts = list(_PART.finditer(address))
    at, position = 0, 0
    while at + 1 < len(parts) and parts[at]["name"] == "module":
        name = parts[at + 1]["name"]
        at += 2
        key: InstanceKey = None
        if at < len(parts) and parts[at]["name"] is None:
            key = _value(parts[at])
            at += 1
        steps.append((name, key))
        position = parts[at - 1].end()
    return tuple(steps), address[position:].removeprefix(".")


def _parts(text: str) -> Iterator[tuple[InstanceKey, bool]]:
    for match in _PART.finditer(text):
        if match["name"] is not None:
            yield match["name"], False
        else:
            yield (_ALL if match["all"] or match["other"] is not None else _value(match)), True


def _value(match: re.Match[str]) -> InstanceKey:
    return int(match["index"]) if match["index"] is not None else match["key"]


def _names(parts: list[tuple[InstanceKey, bool]]) -> tuple[str, ...]:
    return tuple(str(name) for name, is_key in parts if not is_key)


def _key(parts: list[tuple[InstanceKey, bool]]) -> tuple[InstanceKey, bool, list[tuple[InstanceKey, bool]]]:
    if parts and (parts[0][1] or parts[0][0] == _ALL):
        every = parts[0][0] == _ALL
        return (None if every else parts[0][0]), every, parts[1:]
    return None, False, parts


def _attribute(parts: list[tuple[InstanceKey, bool]]) -> str:
    return next((str(name) for name, is_key in parts if not is_key and name != _ALL), "")


def _member(parts: list[tuple[InstanceKey, bool]]) -> InstanceKey:
    return next((key for key, is_key in parts if is_key and key != _ALL), None)
