"""Everything in a plan together: what refers to what, whichever part of it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import networkx as nx

from analysis.plan.configuration import Configuration, Expression, counts_differ, expressions_at, leaves, references_of
from analysis.plan.identity import Identities
from analysis.plan.instances import instances_of, resources_of
from analysis.plan.links import Links
from analysis.plan.resolver import Resolver, Scope
from analysis.plan.resource import Resource, Step
from analysis.plan.values import EMPTY, UNKNOWN, has_unknown, known_strings


class World:
    """All resources of a plan, with what they refer to.

    Args:
        document: output of `terraform show -json` for a plan.
        local_values: local values of the root module.
    """

    def __init__(self, document: Mapping[str, Any], local_values: Mapping[str, Any]) -> None:
        self.document = document
        self.configuration = Configuration(document.get("configuration") or {}, local_values)
        self.resources = {entry.address: entry for entry in resources_of(document, self.configuration)}
        self._identities = Identities(self.resources.values())
        self._instances = instances_of(self.resources.values())
        self._resolver = Resolver(self.configuration, self._instances)
        self._links: dict[tuple[Resource, str, frozenset[str]], Links] = {}

    def links(self, resource: Resource, path: str, types: frozenset[str]) -> Links:
        """See `Plan.links`."""
        key = (resource, path, types)
        if key not in self._links:
            self._links[key] = self._find(resource, path, types)
        return self._links[key]

    def text_links(self, resource: Resource, text: str, types: frozenset[str]) -> Links:
        """See `Plan.text_links`."""
        if "${" not in text:
            owner = self._identities.owner(text, types)
            return Links(literals=(text,)) if owner is None else Links((owner,))
        found = self._resolver.found(({"constant_value": text},), self._scope(resource))
        named = {entry: None for entry, _ in found.resources if not types or entry.type in types}
        resources = tuple(sorted(named, key=lambda entry: entry.address))
        unresolved = tuple(found.unresolved) or (() if resources else (text,))
        return Links(resources, (), unresolved, tuple(found.resources))

    def given(self, module: tuple[Step, ...]) -> Links:
        """See `Plan.given`."""
        if not module:
            return Links()
        call = self.configuration.call(module)
        scope = Scope(module[:-1], module[-1][1], call.get("for_each_expression"))
        inputs = [expression for _, expression in leaves(call.get("expressions") or {})]
        found = self._resolver.found(inputs, scope)
        resources = dict.fromkeys(entry for entry, _ in found.resources)
        listed = tuple(sorted(resources, key=lambda entry: entry.address))
        return Links(listed, (), tuple(found.unresolved), tuple(found.resources))

    def owner(self, text: str, types: frozenset[str]) -> Resource | None:
        """See `Plan.owner`."""
        return self._identities.owner(text, types)

    def expressions(self, resource: Resource, path: str) -> tuple[Expression, ...]:
        """The expressions of the configuration at a dotted path."""
        return tuple(expressions_at(self._expressions(resource), path))

    @cached_property
    def graph(self) -> nx.MultiDiGraph[Resource]:
        """See `Plan.graph`."""
        graph: nx.MultiDiGraph[Resource] = nx.MultiDiGraph()
        graph.add_nodes_from(self.resources.values())
        for resource in self.resources.values():
            for path, target in self._edges(resource):
                if target is not resource:
                    graph.add_edge(resource, target, key=path)
        return graph

    def provider_region(self, resource: Resource) -> str | None:
        """The region of the provider that a resource uses; None when the plan does not tell."""
        provider = self.configuration.providers.get(resource.provider) or {}
        expression = (provider.get("expressions") or {}).get("region") or {}
        constant = expression.get("constant_value")
        if isinstance(constant, str) and "${" not in constant:
            return constant
        variables = self.document.get("variables") or {}
        for text in expression.get("references") or ():
            value = (variables.get(text.removeprefix("var.")) or {}).get("value")
            if isinstance(value, str):
                return value
        return None

    def _expressions(self, resource: Resource) -> Mapping[str, Any]:
        entry = self._configured(resource)
        return entry.get("expressions") or {}

    def _configured(self, resource: Resource) -> Mapping[str, Any]:
        return self.configuration.resource(resource.module, resource.mode, resource.type, resource.name) or {}

    def _scope(self, resource: Resource) -> Scope:
        instances = self._instances.get((resource.module, resource.mode, resource.type, resource.name)) or {}
        configured = self._configured(resource)
        counted = references_of(configured.get("count_expression") or {})
        return Scope(resource.module, resource.key, configured.get("for_each_expression"), len(instances), counted)

    def _find(self, resource: Resource, path: str, types: frozenset[str]) -> Links:
        value = resource.get(path)
        if value is not UNKNOWN and value in EMPTY:
            return Links()
        expressions, first = self._expressions(resource), path.partition(".")[0]
        has_more = counts_differ(expressions, {first: resource.get(first)}, path)
        is_one_of_several = has_more and any(part.isdecimal() for part in path.split("."))
        usable = () if is_one_of_several else tuple(expressions_at(expressions, path))
        found = self._resolver.found(usable, self._scope(resource))
        named = [entry for entry, _ in found.resources if not types or entry.type in types]
        known, literals = dict.fromkeys(named), dict[str, None]()
        told = dict[Resource, None]()
        for text in known_strings(value):
            bearers = [entry for entry in named if text in _names(entry)]
            owner = None if bearers else self._identities.owner(text, types)
            if owner is not None:
                bearers = [owner]
                known[owner] = None
            told.update(dict.fromkeys(bearers))
            if not bearers:
                literals[text] = None
        if told and not literals and not has_unknown(value):  # the value tells which of those that are named it is
            known = told
        unresolved: tuple[str, ...] = ()
        if has_unknown(value):
            strangers = (
                f"{entry.address}.{attribute}"
                for entry, attribute in found.resources
                if types and entry.type not in types
            )
            apart = self._strange_members(usable, self._scope(resource), types) if named else strangers
            unresolved = tuple(dict.fromkeys((*found.unresolved, *apart)))
            if has_more or not (unresolved or known):
                unresolved = (*unresolved, path)
        resources = tuple(sorted(known, key=lambda entry: entry.address))
        return Links(resources, tuple(literals), unresolved, tuple(found.resources))

    def _strange_members(self, expressions: Iterable[Expression], scope: Scope, types: frozenset[str]) -> Iterator[str]:
        """Members of a list, each written as a text of its own, that lead to nothing of these types."""
        for expression in expressions:
            members = expression.get("constant_value")
            for text in members if types and isinstance(members, list) else ():
                found = self._resolver.found(({"constant_value": text},), scope).resources
                if not any(entry.type in types for entry, _ in found):
                    yield from (f"{entry.address}.{attribute}" for entry, attribute in found)

    def _edges(self, resource: Resource) -> Iterator[tuple[str, Resource]]:
        scope = self._scope(resource)
        for path, expression in leaves(self._expressions(resource)):
            for target, _ in self._resolver.found([expression], scope).resources:
                yield path, target
        for path, text in _texts(resource.values):
            owner = self._identities.owner(text, frozenset())
            if owner is not None:
                yield path, owner


def _texts(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        inner = f"{path}.{name}" if path else name
        if name in {"id", "arn"} and not path:
            continue
        yield from _texts_of(inner, value)


def _texts_of(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        yield from _texts(value, path)
    elif isinstance(value, Iterable):
        for member in value:
            yield from _texts_of(path, member)


def _names(resource: Resource) -> frozenset[str]:
    return frozenset(value for value in resource.values.values() if isinstance(value, str))
