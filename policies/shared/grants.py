"""Whether a permission lets a trigger invoke its function."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from analysis.plan import UNKNOWN, Links, Plan, Resource, Unknown
from analysis.plan.values import EMPTY
from policies.shared.asynchronous import PERMISSION
from policies.shared.callees import Callee, callee
from policies.shared.per_plan import per_plan
from policies.shared.permitted import names_it
from policies.shared.triggers import Trigger

_ACTIONS = frozenset({"lambda:InvokeFunction", "lambda:Invoke*", "lambda:*", "*"})
_Answer = bool | Unknown


@per_plan
def permissions(plan: Plan) -> Mapping[Resource | None, tuple[tuple[Resource, Callee], ...]]:
    """Permissions by their function; by None those of which it is not known."""
    found = dict[Resource | None, list[tuple[Resource, Callee]]]()
    for entry in plan.of(PERMISSION):
        called = callee(plan, entry, "function_name", qualifier="qualifier")
        if called is not None and (called.function is not None or called.unknown):
            found.setdefault(called.function, []).append((entry, called))
    return {function: tuple(entries) for function, entries in found.items()}


def granted(plan: Plan, trigger: Trigger) -> tuple[_Answer, str]:
    """Whether a permission lets the trigger's service invoke its function, and what keeps that from being known."""
    by_function, unclear = permissions(plan), ""
    for entry, called in by_function.get(trigger.callee.function, ()):
        answer = _all(
            _same_qualifier(called, trigger.callee),
            _is_principal(entry.get("principal"), trigger.kind.principal),
            _is_action(entry.get("action")),
            _is_source(plan, entry, trigger),
        )
        if answer is True:
            return True, ""
        unclear = unclear or ("" if answer is False else str(entry))
    strays = by_function.get(None, ())
    unclear = unclear or (str(strays[0][0]) if strays else "")
    return (UNKNOWN, unclear) if unclear else (False, "")


def _all(*answers: _Answer) -> _Answer:
    if False in answers:
        return False
    return UNKNOWN if UNKNOWN in answers else True


def _same_qualifier(left: Callee, right: Callee) -> _Answer:
    return UNKNOWN if left.qualifier is None or right.qualifier is None else left.qualifier == right.qualifier


def _is_principal(value: object, wanted: str) -> _Answer:
    if value is UNKNOWN:
        return UNKNOWN
    name, _, domain = wanted.partition(".")
    named = str(value).removesuffix(".cn")
    return named in ("*", wanted) or (named.startswith(f"{name}.") and named.endswith(f".{domain}"))


def _is_action(value: object) -> _Answer:
    return UNKNOWN if value is UNKNOWN else str(value) in _ACTIONS


def _is_source(plan: Plan, permission: Resource, trigger: Trigger) -> _Answer:
    """Whether the permission is for what the trigger sends from."""
    value = permission.get("source_arn")
    if value is not UNKNOWN and value in EMPTY:
        return True
    source = _source(plan, trigger)
    named = plan.links(permission, "source_arn")
    if any(_is_part_of(plan, entry, trigger, source) for entry in named.resources):
        return True
    texts = [text for text in named.literals for entry in source.resources or (None,) if _matches(text, entry, source)]
    if texts:
        return True
    if source.unresolved or named.unresolved:
        return UNKNOWN
    doubts = (names_it(text, entry) for text in named.literals for entry in source.resources)
    is_by_id = any(entry.type.startswith("aws_api") for entry in source.resources) and not named.resources
    return UNKNOWN if UNKNOWN in doubts or (is_by_id and value is UNKNOWN) else False


def _source(plan: Plan, trigger: Trigger) -> Links:
    if not trigger.kind.source:
        return Links((trigger.resource,))
    return plan.links(trigger.resource, trigger.kind.source, *trigger.kind.source_types)


def _is_part_of(plan: Plan, entry: Resource, trigger: Trigger, source: Links) -> bool:
    """Whether a resource is the source, or a part of it, such as a stage of an API."""
    if entry in source.resources:
        return True
    if not entry.type.startswith("aws_api"):
        return False
    of = plan.links(entry, trigger.kind.source, *trigger.kind.source_types)
    return bool(set(of.resources) & set(source.resources))


def _matches(text: str, entry: Resource | None, source: Links) -> bool:
    if text == "*" or any(fnmatchcase(known, text) for known in source.literals):
        return True
    if entry is None:
        return False
    identity = entry.get("id")
    if entry.type.startswith("aws_api") and isinstance(identity, str):
        parts = text.rpartition(":")[2].split("/")
        return fnmatchcase(identity, parts[0])
    return names_it(text, entry) is True
