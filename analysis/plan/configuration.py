"""The configuration part of a plan: modules, their resources, calls and outputs, and the expressions in them.

Expressions stand as `{"references": […]}` or `{"constant_value": …}`. What CDKTF synthesizes is constant texts with
`${…}` in them, which Terraform keeps as they are, even where the value is known only after apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.plan.addresses import references_in
from analysis.plan.resource import Step
from analysis.plan.values import at, known_strings

_LEAF = frozenset({"references", "constant_value"})
Expression = Mapping[str, Any]


class Configuration:
    """The configuration of a plan.

    Args:
        raw: `configuration` of `terraform show -json`.
        local_values: local values of the root module, from a `cdk.tf.json`; a plan holds none.
    """

    def __init__(self, raw: Mapping[str, Any], local_values: Mapping[str, Any] | None = None) -> None:
        self._root: Mapping[str, Any] = raw.get("root_module") or {}
        self.providers: Mapping[str, Mapping[str, Any]] = raw.get("provider_config") or {}
        self._locals = dict(local_values or {})
        self._modules: dict[tuple[str, ...], Mapping[str, Any]] = {(): self._root}
        self._resources: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}

    def module(self, steps: tuple[Step, ...]) -> Mapping[str, Any]:
        """The module at the end of these calls; empty when it is not in the configuration (any more)."""
        names = tuple(name for name, _ in steps)
        if names not in self._modules:
            call = self.call(steps)
            self._modules[names] = call.get("module") or {}
        return self._modules[names]

    def call(self, steps: tuple[Step, ...]) -> Mapping[str, Any]:
        """The module call that these steps end with."""
        calls = self.module(steps[:-1]).get("module_calls") or {}
        return calls.get(steps[-1][0]) or {}

    def resource(self, steps: tuple[Step, ...], mode: str, kind: str, name: str) -> Mapping[str, Any] | None:
        """The configuration of a resource; None when it has none (any more)."""
        names = tuple(step for step, _ in steps)
        if names not in self._resources:
            listed = self.module(steps).get("resources") or ()
            self._resources[names] = {str(entry.get("address")): entry for entry in listed}
        return self._resources[names].get(f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}")

    def output(self, steps: tuple[Step, ...], name: str) -> Expression | None:
        """The expression of a module's output."""
        output = (self.module(steps).get("outputs") or {}).get(name)
        return None if output is None else output.get("expression") or {}

    def local_value(self, steps: tuple[Step, ...], name: str) -> Expression | None:
        """The expression of a local value, where it is known: in the root module of what CDKTF synthesized."""
        return {"constant_value": self._locals[name]} if not steps and name in self._locals else None


def is_leaf(node: Any) -> bool:
    """Whether this is an expression, and not a block that holds expressions."""
    return isinstance(node, Mapping) and set(node) <= _LEAF


def expressions_at(expressions: Any, path: str) -> Iterator[Expression]:
    """The expressions at and below a dotted path; of all blocks where their number is not that of the values."""
    yield from _walk(expressions, tuple(path.split(".")) if path else ())


def counts_differ(expressions: Any, values: Any, path: str) -> bool:
    """Whether blocks on the way to a path are not as many as their values, as `dynamic` blocks are not written down."""
    node = expressions
    for part in path.split("."):
        if isinstance(node, list):
            if not isinstance(values, list) or len(node) != len(values):
                return True
            index = int(part) if part.isdecimal() else 0
            node, values = (node[index], values[index]) if index < len(node) else ({}, {})
            if part.isdecimal():
                continue
        if not isinstance(node, Mapping) or is_leaf(node):
            return False
        node, values = node.get(part), values.get(part) if isinstance(values, Mapping) else None
    return isinstance(node, list) and (not isinstance(values, list) or len(node) != len(values))


def references_of(expression: Expression) -> tuple[str, ...]:
    """What an expression names, the most precise of each: `a.b.id` without `a.b`."""
    listed = [str(text) for text in expression.get("references") or ()]
    for text in known_strings(expression.get("constant_value")):
        listed.extend(references_in(text))
    found = tuple(dict.fromkeys(listed))
    return tuple(text for text in found if not any(other.startswith((f"{text}.", f"{text}[")) for other in found))


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Expression]]:
    """Every expression below `node` with its dotted path; blocks of one kind share a path."""
    if is_leaf(node):
        yield ".".join(path), node
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(node, list):
        for inner in node:
            yield from leaves(inner, path)


def _walk(node: Any, path: tuple[str, ...]) -> Iterator[Expression]:
    if is_leaf(node):
        constant = node.get("constant_value")
        if path and "references" not in node and constant is not None:
            yield {"constant_value": at(constant, None, ".".join(path))}
        else:
            yield node
    elif isinstance(node, list):
        chosen, rest = node, path
        if path and path[0].isdecimal():
            index, rest = int(path[0]), path[1:]
            chosen = [node[index]] if index < len(node) else node
        for inner in chosen:
            yield from _walk(inner, rest)
    elif isinstance(node, Mapping):
        if not path:
            for inner in node.values():
                yield from _walk(inner, ())
        elif path[0] in node:
            yield from _walk(node[path[0]], path[1:])
