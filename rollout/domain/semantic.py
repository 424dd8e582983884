"""Whether two plans do the same: the one that was reviewed, and one made now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analysis.forecast.documented import HOLDS_DATA
from rollout.domain.semantic_values import ABSENT, are_equal, changed, is_within_unknown, known


class Kind(StrEnum):
    """How a plan relates to the reviewed one."""

    SAME = "same"
    PART = "part"
    """It does a part of what was reviewed, or nothing, and nothing else."""

    DIFFERENT = "different"


@dataclass(frozen=True)
class Comparison:
    """How a plan relates to the reviewed one.

    Attributes:
        kind: the relation.
        differences: what it does otherwise than the reviewed one, by address and attribute and without any value;
            empty for the same.
        is_empty: whether nothing is left to do.
    """

    kind: Kind
    differences: tuple[str, ...] = ()
    is_empty: bool = False


def compared(reviewed: Mapping[str, Any], now: Mapping[str, Any]) -> Comparison:
    """Compare two plans of the same root by what they do.

    The same is: the same actions on the same resources, the same attributes changed from and to the same values or to
    values that only AWS will give, the same outputs. A part is: some of these, or the rest of one of them, such as the
    creation that belongs to a replacement.

    Args:
        reviewed: output of `terraform show -json` for the reviewed plan.
        now: the same for the plan made now.
    """
    was, is_now = _deeds(reviewed), _deeds(now)
    missing = sorted(was.keys() - is_now.keys())
    same = [*_otherwise(was, is_now, _same), *(f"{key}: is not changed any more" for key in missing)]
    if not same:
        return Comparison(Kind.SAME, is_empty=not is_now)
    is_part = not any(_otherwise(was, is_now, _rest))
    return Comparison(Kind.PART if is_part else Kind.DIFFERENT, tuple(same), is_empty=not is_now)


@dataclass(frozen=True)
class _Deed:
    """What a plan does to one resource or output."""

    type: str
    actions: tuple[str, ...]
    identity: Any = None
    moved_from: str = ""
    imports: str = ""
    reason: str = ""
    paths: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def _deeds(document: Mapping[str, Any]) -> dict[str, _Deed]:
    deeds = {}
    for raw in document.get("resource_changes") or ():
        deed = _deed(raw.get("change") or {}, raw)
        if raw.get("mode") != "data" and (deed.actions != ("no-op",) or deed.moved_from or deed.imports):
            deposed = f" (deposed {raw['deposed']})" if raw.get("deposed") else ""
            deeds[f"{raw['address']}{deposed}"] = deed
    for raw in document.get("action_invocations") or ():  # of providers, Terraform 1.14
        trigger = json.dumps(raw.get("lifecycle_action_trigger") or {}, sort_keys=True)
        given = {"after": raw.get("config_values"), "after_unknown": raw.get("config_unknown")}
        deeds[f"{raw['address']} ({trigger})"] = _deed({"actions": ["invoke"], **given}, {"type": "action"})
    for name, change in (document.get("output_changes") or {}).items():
        held = {side: {"value": change.get(side)} for side in ("before", "after", "after_unknown")}
        deed = _deed({**change, **held}, {"type": "output"})
        if deed.actions != ("no-op",):
            deeds[f"output {name}"] = deed
    return deeds


def _deed(change: Mapping[str, Any], raw: Mapping[str, Any]) -> _Deed:
    before = change.get("before")
    return _Deed(
        type=str(raw.get("type", "")),
        actions=tuple(change.get("actions") or ()),
        identity=before.get("id") if isinstance(before, Mapping) else None,
        moved_from=str(raw.get("previous_address") or ""),
        imports=json.dumps(change["importing"], sort_keys=True) if change.get("importing") else "",
        reason=str(raw.get("action_reason") or ""),
        paths=changed(before, change.get("after"), change.get("after_unknown")),
        after=known(change.get("after"), change.get("after_unknown")),
    )


def _otherwise(
    was: Mapping[str, _Deed], is_now: Mapping[str, _Deed], judge: Callable[[_Deed, _Deed], Iterator[str]]
) -> Iterator[str]:
    for key, deed in sorted(is_now.items()):
        if key in was:
            yield from (f"{key}: {difference}" for difference in judge(was[key], deed))
        elif not (judge is _rest and _is_left_of_replacement(key, deed, was)):
            yield f"{key}: {_told(deed)}, which was not reviewed"


def _is_left_of_replacement(key: str, deed: _Deed, was: Mapping[str, _Deed]) -> bool:
    """Whether the old one of a replacement that creates first still is to be destroyed."""
    address, _, deposed = key.partition(" (deposed ")
    replaced = was.get(address) if deposed else None
    return replaced is not None and replaced.actions == ("create", "delete") and replaced.identity == deed.identity


def _same(was: _Deed, is_now: _Deed) -> Iterator[str]:
    if was.actions != is_now.actions:
        yield f"{_told(is_now)}; reviewed was: {_told(was)}"
        return
    if was.identity != is_now.identity:
        yield _another(is_now)
    if (was.moved_from, was.imports) != (is_now.moved_from, is_now.imports):
        yield "it is moved or imported from elsewhere than reviewed"
    if was.actions in {("delete",), ("forget",)}:
        return
    before, after = was.paths, is_now.paths
    for path in sorted(before.keys() | after.keys()):
        if path not in after:
            yield f"{path} is not changed any more"
        elif path not in before:
            yield f"{path} is changed, which was not reviewed"
        elif not all(map(are_equal, before[path], after[path])):
            yield f"{path} is changed from or to another value than reviewed"


def _rest(was: _Deed, is_now: _Deed) -> Iterator[str]:
    if is_now.moved_from or is_now.imports:
        yield from _same(was, is_now)
        return
    if not _is_rest_of(was, is_now):
        yield f"{_told(is_now)}; reviewed was: {_told(was)}"
        return
    if was.identity != is_now.identity and not (is_now.identity is None or _is_half_made(is_now)):
        yield _another(is_now)
    if is_now.actions == ("delete",):
        return
    for path, (before, after) in sorted(is_now.paths.items()):
        if is_within_unknown(path, was.after):
            continue
        if was.actions == ("update",) and path not in was.paths:
            yield f"{path} is changed, which was not reviewed"
        elif not are_equal(was.after.get(path, ABSENT), after):
            yield f"{path} is changed to another value than reviewed"
        elif was.actions == ("update",) and not are_equal(was.paths[path][0], before):
            yield f"{path} is changed from another value than reviewed"
    yield from _left_out(was, is_now)


def _left_out(was: _Deed, is_now: _Deed) -> Iterator[str]:
    """What was to be otherwise afterwards, and is neither changed now nor as it was to be."""
    wanted = was.paths if was.actions == ("update",) else was.after
    for path in sorted(wanted.keys() - is_now.paths.keys()):
        if not (is_within_unknown(path, was.after) or are_equal(was.after.get(path, ABSENT), _after(is_now, path))):
            yield f"{path} is left as it is, and was to be another value"


def _after(deed: _Deed, path: str) -> Any:
    return deed.after.get(path, ABSENT)


def _another(deed: _Deed) -> str:
    return f"another object is {'destroyed' if 'delete' in deed.actions else 'changed'} than the one reviewed"


def _is_half_made(deed: _Deed) -> bool:
    return deed.reason == _TAINTED and deed.type not in HOLDS_DATA


_TAINTED = "replace_because_tainted"


def _is_rest_of(was: _Deed, is_now: _Deed) -> bool:
    """Whether the actions are those reviewed, or what is left of them after some of it was done."""
    if was.actions == is_now.actions:
        return True
    is_replacement = set(is_now.actions) == {"create", "delete"}
    if set(was.actions) == {"create", "delete"}:
        return is_replacement or is_now.actions == ("create",)
    return was.actions == ("create",) and is_replacement and _is_half_made(is_now)


def _told(deed: _Deed) -> str:
    if set(deed.actions) == {"create", "delete"}:
        return "it is replaced"
    if deed.actions == ("no-op",):
        return "it is moved or imported"
    return f"it is {_PAST.get(deed.actions[0], deed.actions[0])}" if deed.actions else "nothing"


_PAST = {"create": "created", "update": "changed", "delete": "destroyed", "forget": "forgotten", "invoke": "invoked"}
