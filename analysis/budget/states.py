"""A plan's resources after it, and before it: the same questions of both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from analysis.budget.view import Keys, View
from analysis.plan import UNKNOWN, Resource
from analysis.plan.values import known_strings


class After:
    """Resources as the plan leaves them.

    Args:
        view: the plan.
    """

    is_before = False

    def __init__(self, view: View) -> None:
        self.view = view

    def of(self, *types: str) -> tuple[Resource, ...]:
        """Managed resources of these types."""
        return self.view.plan.of(*types)

    def key(self, resource: Resource) -> str:
        """See `View.key`."""
        return self.view.key(resource)

    def keys(self, resource: Resource, path: str, *types: str) -> Keys:
        """What an attribute leads to; nothing where AWS fills in what the configuration leaves out."""
        if self._is_left_out(resource, path):
            return Keys()
        return self.view.keys(resource, path, *types)

    def groups(self, resource: Resource, path: str) -> Keys:
        """Security groups that an attribute leads to; nothing where AWS fills them in."""
        return Keys() if self._is_left_out(resource, path) else self.view.groups(resource, path)

    def follow(self, resource: Resource, path: str, *types: str) -> tuple[tuple[Resource, ...], str]:
        """Resources that an attribute leads to, and why they may not be all; empty when they are."""
        if self._is_left_out(resource, path):
            return (), ""
        links = self.view.plan.links(resource, path, *types)
        return links.resources, self.view.keys(resource, path, *types).unknown

    def _is_left_out(self, resource: Resource, path: str) -> bool:
        is_attribute = "." not in path  # a block that is written as `dynamic` stands nowhere in the configuration
        return is_attribute and resource.get(path) is UNKNOWN and not self.view.plan.is_configured(resource, path)


class Before:
    """Resources as they were; all that they lead to is known by id or name.

    Args:
        view: the plan.
    """

    is_before = True

    def __init__(self, view: View) -> None:
        self.view = view

    def of(self, *types: str) -> tuple[Resource, ...]:
        """Managed resources of these types."""
        return tuple(entry for kind in types for entry in self._by_type.get(kind, ()))

    def key(self, resource: Resource) -> str:
        """The id."""
        key = str(resource.get("id", f"{self.view.name}#{resource.address}"))
        self.view.labels.setdefault(key, self.view.address(resource))
        return key

    def keys(self, resource: Resource, path: str, *_types: str) -> Keys:
        """Ids at a dotted path."""
        return Keys(tuple(dict.fromkeys(known_strings(resource.get(path)))))

    def groups(self, resource: Resource, path: str) -> Keys:
        """Ids of security groups at a dotted path."""
        return self.keys(resource, path)

    def follow(self, resource: Resource, path: str, *types: str) -> tuple[tuple[Resource, ...], str]:
        """Resources whose id or name stands at a dotted path."""
        wanted = dict.fromkeys(known_strings(resource.get(path)))
        found = (entry for text in wanted for kind in types for entry in self._by_name.get((kind, text), ()))
        return tuple(dict.fromkeys(found)), ""

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for entry in self.view.plan.before:
            for name in dict.fromkeys(_names(entry)):
                found.setdefault((entry.type, name), []).append(entry)
        return found

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for entry in self.view.plan.before:
            found.setdefault(entry.type, []).append(entry)
        return {kind: tuple(entries) for kind, entries in found.items()}


State = After | Before


def _names(resource: Resource) -> Iterator[str]:
    for attribute in ("id", "name", "function_name", "identifier", "cluster_identifier", "arn"):
        value = resource.get(attribute)
        if isinstance(value, str):
            yield value
