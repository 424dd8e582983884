"""The function that something invokes, and by which alias or version: named by name, ARN or reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import EMPTY
from policies.shared.per_plan import per_plan

FUNCTION, ALIAS = "aws_lambda_function", "aws_lambda_alias"
LATEST = "$LATEST"
_QUALIFIER = r"(?P<qualifier>[\w$-]+)"
_ARN = re.compile(
    rf"(?:arn:[\w-]+:lambda:(?P<region>[\w-]+):\d{{12}}:|\b(?:\d{{12}}:)?)function:(?P<name>[\w-]+)(?::{_QUALIFIER})?",
    re.ASCII,
)
_NAME = re.compile(rf"(?P<name>[\w-]+)(?::{_QUALIFIER})?", re.ASCII)
_SUFFIX = re.compile(rf"\}}:{_QUALIFIER}(?:/invocations)?$", re.ASCII)
_OF_A_VERSION = frozenset({"qualified_arn", "qualified_invoke_arn", "version"})
_KEPT = frozenset({"value", "insecure_value", "secret_string"})


@dataclass(frozen=True)
class Callee:
    """What is invoked.

    Attributes:
        function: the function; None where it is none of the plan.
        qualifier: name of the alias, or version; empty for the unqualified function, None where it is not known.
        unknown: what is not known; empty where the function is, or lies outside the plan.
    """

    function: Resource | None = None
    qualifier: str | None = ""
    unknown: str = ""

    def __str__(self) -> str:
        """How it is called in messages."""
        if self.function is None:
            return self.unknown or "a function outside the plan"
        return f"{self.function} with the qualifier {self.qualifier}" if self.qualifier else str(self.function)


def callee(plan: Plan, resource: Resource, path: str, *, qualifier: str = "") -> Callee | None:
    """The function that an attribute names; None where it names something else, or nothing.

    Args:
        plan: the plan.
        resource: whose attribute it is.
        path: such as `function_name`, `arn` or `integration_uri`.
        qualifier: path of the attribute that holds alias or version, where there is one.
    """
    value = resource.get(path)
    if value is UNKNOWN:
        found = _of_reference(plan, resource, path)
    elif value in EMPTY:
        return None
    else:
        found = _of_text(plan, str(value), is_name=path == "function_name")
    if found is None or not qualifier or resource.get(qualifier) in EMPTY:
        return found
    return replace(found, qualifier=_qualifier(plan, resource, qualifier))


@per_plan
def aliases(plan: Plan) -> Mapping[Resource, tuple[Resource, ...]]:
    """The aliases of each function that has any."""
    found = dict[Resource, list[Resource]]()
    for alias in plan.of(ALIAS):
        function = _function_of(plan, alias)
        if function is not None:
            found.setdefault(function, []).append(alias)
    return {function: tuple(entries) for function, entries in found.items()}


def names(resources: Iterable[Resource]) -> str:
    """Resources in a message."""
    return ", ".join(sorted(map(str, resources)))


def _of_text(plan: Plan, text: str, *, is_name: bool) -> Callee | None:
    found = _ARN.search(text) or (_NAME.fullmatch(text) if is_name else None)
    if found is None:
        return None
    function = plan.owner(found["name"], FUNCTION)
    region = found.groupdict().get("region")
    if function is not None and region and plan.region(function) not in (None, region):
        function = None
    qualifier = found["qualifier"] or ""
    return Callee(_managed(function), "" if qualifier == LATEST else qualifier)


def _of_reference(plan: Plan, resource: Resource, path: str) -> Callee | None:
    links = plan.links(resource, path, FUNCTION, ALIAS)
    named = {entry: attribute for entry, attribute in links.sources if entry.type in (FUNCTION, ALIAS)}
    aliases = [entry for entry in named if entry.type == ALIAS]
    functions = [entry for entry in named if entry.type == FUNCTION]
    if len(aliases) == 1:
        function = _function_of(plan, aliases[0])
        if not functions or functions == [function]:
            return Callee(_managed(function), _alias_name(aliases[0]))
    elif len(functions) == 1 and not aliases:
        function = functions[0]
        return Callee(_managed(function), _written(plan, resource, path, function, named[function]))
    if not named and links.sources and all(_is_address(entry, attribute) for entry, attribute in links.sources):
        return None  # of a queue, a topic, a state machine
    return Callee(qualifier=None, unknown=f"what {path} of {resource} names")


def _is_address(entry: Resource, attribute: str) -> bool:
    """Whether it names a resource of AWS itself, and not what is kept in one, such as the value of a parameter."""
    return entry.type.startswith("aws_") and attribute not in _KEPT


def _written(plan: Plan, resource: Resource, path: str, function: Resource, attribute: str) -> str | None:
    """The qualifier behind a reference to a function, such as `live` in `${aws_lambda_function.orders.arn}:live`."""
    if attribute in _OF_A_VERSION:
        return f"{function}.version"
    texts = plan.texts(resource, path)
    if not texts:  # written in HCL, whose plans do not tell what stands around a reference
        return None if function in aliases(plan) else ""
    found = _SUFFIX.search(texts[0])
    if found is not None:
        return "" if found["qualifier"] == LATEST else found["qualifier"]
    return None if "}:${" in texts[0] else ""


def _qualifier(plan: Plan, resource: Resource, path: str) -> str | None:
    value = resource.get(path)
    if value is not UNKNOWN:
        return "" if value == LATEST else str(value)
    for entry, attribute in plan.links(resource, path).sources:
        if entry.type == ALIAS:
            return _alias_name(entry)
        if entry.type == FUNCTION and attribute in _OF_A_VERSION:
            return f"{entry}.version"
    return None


def _function_of(plan: Plan, alias: Resource) -> Resource | None:
    found = callee(plan, alias, "function_name")
    return None if found is None else found.function


def _alias_name(alias: Resource) -> str:
    name = alias.get("name")
    return str(alias) if name is UNKNOWN else str(name)


def _managed(function: Resource | None) -> Resource | None:
    return None if function is None or function.mode != "managed" else function
