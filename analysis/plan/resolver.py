"""References to resource instances: through `for_each`, `count`, variables and outputs of modules, and local values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from analysis.plan.addresses import Reference, reference
from analysis.plan.configuration import Configuration, Expression, references_of
from analysis.plan.resource import InstanceKey, Resource, Step

Instances = Mapping[tuple[tuple[Step, ...], str, str, str], Mapping[InstanceKey, Resource]]
_DEEPEST = 64
_SILENT = frozenset({"count", "other"})
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Scope:
    """Where an expression stands.

    Attributes:
        module: module calls around it.
        key: instance key of the resource or module call it belongs to.
        for_each: its `for_each` expression; None without one.
        instances: how many instances the resource has.
        counted: what its `count` names, such as the list that it is the length of.
    """

    module: tuple[Step, ...] = ()
    key: InstanceKey = None
    for_each: Expression | None = None
    instances: int = 0
    counted: tuple[str, ...] = ()


@dataclass
class Found:
    """What references lead to: resources with the attribute that is named, and what cannot be told."""

    resources: dict[tuple[Resource, str], None] = field(default_factory=dict)
    unresolved: dict[str, None] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Take over what another found."""
        self.resources.update(other.resources)
        self.unresolved.update(other.unresolved)


class Resolver:
    """Finds what expressions name.

    Args:
        configuration: of the plan.
        instances: resource instances by module, mode, type and name.
    """

    def __init__(self, configuration: Configuration, instances: Instances) -> None:
        self._configuration, self._instances = configuration, instances
        self._calls: dict[tuple[tuple[Step, ...], str], dict[InstanceKey, InstanceKey]] = {}
        for steps, *_ in instances:
            for depth, (called, key) in enumerate(steps):
                self._calls.setdefault((steps[:depth], called), {})[key] = key
        self._known: dict[tuple[str, tuple[Step, ...], InstanceKey, int, tuple[str, ...], bool], Found] = {}

    def found(self, expressions: Iterable[Expression], scope: Scope, depth: int = 0) -> Found:
        """What these expressions name."""
        result = Found()
        for expression in expressions:
            texts = references_of(expression)
            by_key = any(text.startswith(("count.", "each.")) for text in texts)
            for text in texts:
                result.add(self._one(text, scope, by_key=by_key, depth=depth))
        return result

    def _one(self, text: str, scope: Scope, *, by_key: bool, depth: int) -> Found:
        key = (text, scope.module, scope.key, id(scope.for_each), scope.counted, by_key)
        if key not in self._known:
            self._known[key] = Found(unresolved={text: None})  # until it is resolved: a reference to itself ends here
            self._known[key] = self._resolve(reference(text), scope, by_key=by_key, depth=depth)
        return self._known[key]

    def _resolve(self, named: Reference, scope: Scope, *, by_key: bool, depth: int) -> Found:
        found: Found | None = None
        if named.kind in _SILENT or named.text == "each.key":
            found = Found()
        elif depth > _DEEPEST:
            found = None
        elif named.kind in {"resource", "data"}:
            found = self._instances_of(named, scope, by_key=by_key)
        elif named.kind == "module":
            found = _narrowed(self._output(named, scope, by_key=by_key, depth=depth + 1), named, scope, by_key=by_key)
        elif named.kind == "var":
            found = _narrowed(self._variable(named, scope, depth + 1), named, scope, by_key=by_key)
        elif named.kind == "each":
            found = self._each(named, scope, depth + 1)
        elif named.kind == "local":
            expression = self._configuration.local_value(scope.module, named.names[0])
            found = None if expression is None else self.found([expression], scope, depth + 1)
        return found or Found(unresolved={named.text: None})

    def _instances_of(self, named: Reference, scope: Scope, *, by_key: bool) -> Found:
        kind, name = named.names[:2]
        mode = "data" if named.kind == "data" else "managed"
        instances = self._instances.get((scope.module, mode, kind, name))
        if instances is None:
            exists = self._configuration.resource(scope.module, mode, kind, name) is not None
            return Found() if exists else Found(unresolved={named.text: None})
        if None in instances and self._is_repeated(scope.module, mode, kind, name):
            same = by_key and named.key is None and scope.key is None
            every = Found({(resource, named.attribute): None for resource in instances.values()})
            return every if same else Found(every.resources, {named.text: None})
        chosen = _chosen(instances, named, scope, by_key=by_key)
        found = Found({(resource, named.attribute): None for resource in chosen})
        return _member(found, named, scope.key, scope) if by_key and named.key is None else found

    def _is_repeated(self, module: tuple[Step, ...], mode: str, kind: str, name: str) -> bool:
        """Whether it has `count` or `for_each`; an instance without a key then stands for an unknown number of them."""
        configured = self._configuration.resource(module, mode, kind, name) or {}
        return "count_expression" in configured or "for_each_expression" in configured

    def _output(self, named: Reference, scope: Scope, *, by_key: bool, depth: int) -> Found:
        if not named.names:
            return Found(unresolved={named.text: None})
        called = named.names[0]
        calls = self._calls.get((scope.module, called))
        chosen = (None,) if calls is None else _chosen(calls, named, scope, by_key=by_key)
        outputs = named.names[1:] or tuple(
            self._configuration.module((*scope.module, (called, None))).get("outputs") or ()
        )
        result = Found()
        for key in chosen:
            steps = (*scope.module, (called, key))
            for output in outputs:
                expression = self._configuration.output(steps, output)
                if expression is None:
                    result.unresolved[named.text] = None
                else:
                    result.add(self.found([expression], Scope(steps), depth))
        return result

    def _variable(self, named: Reference, scope: Scope, depth: int) -> Found:
        if not scope.module:  # of the root module: a value that was given, and names nothing
            return Found()
        call = self._configuration.call(scope.module)
        expression = (call.get("expressions") or {}).get(named.names[0])
        if expression is None:  # its default: a value that names nothing
            return Found()
        outer = Scope(scope.module[:-1], scope.module[-1][1], call.get("for_each_expression"))
        return self.found([expression], outer, depth)

    def _each(self, named: Reference, scope: Scope, depth: int) -> Found:
        if scope.for_each is None:
            return Found(unresolved={named.text: None})
        every = self.found([scope.for_each], Scope(scope.module), depth)
        attribute = named.attribute
        mine = {(resource, attribute): None for resource, _ in every.resources if resource.key == scope.key}
        if mine:
            return Found(mine)
        if len(every.resources) == 1 and not every.unresolved:
            return every
        return Found(unresolved={named.text: None})


def _narrowed(found: Found, named: Reference, scope: Scope, *, by_key: bool) -> Found:
    """Of what an output or variable holds, the member that is named."""
    is_whole = named.kind == "module" and len(named.names) == 1
    if named.member is not None:
        return _member(found, named, named.member)
    return _member(found, named, scope.key, scope) if by_key and not is_whole else found


def _member(found: Found, named: Reference, key: InstanceKey, scope: Scope | None = None) -> Found:
    """The instance with the same index or key; in their order where `count` counts them all."""
    if key is None or len(found.resources) <= 1:
        return found
    mine = [entry for entry in found.resources if entry[0].key == key]
    in_order = sorted(found.resources, key=lambda entry: _place(entry[0].key))
    is_one_resource = len({(entry.module, entry.type, entry.name) for entry, _ in found.resources}) == 1
    counts_all = scope is not None and named.text in scope.counted and scope.instances == len(in_order)
    if not mine and isinstance(key, int) and counts_all and is_one_resource:
        mine = in_order[key : key + 1]
    return Found(dict.fromkeys(mine), found.unresolved) if mine else Found(unresolved={named.text: None})


def _place(key: InstanceKey) -> tuple[int, str]:
    """Where an instance stands in a list of all: by its index, or by its key as Terraform sorts keys."""
    return (key, "") if isinstance(key, int) else (0, key or "")


def _chosen(
    instances: Mapping[InstanceKey, _Item], named: Reference, scope: Scope, *, by_key: bool
) -> tuple[_Item, ...]:
    if named.key is not None:
        return (instances[named.key],) if named.key in instances else ()
    if by_key and scope.key in instances:
        return (instances[scope.key],)
    return tuple(instances.values())
