"""A plan as a destruction: what goes, what stays, who named what, and in which order Terraform destroys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import networkx as nx

from analysis.forecast.model import Action
from analysis.plan import Plan, Resource
from analysis.plan.identity import Identities
from analysis.plan.values import has_unknown, known_strings

_NAMING = ("id", "arn", "invoke_arn", "name", "function_name", "key_id", "identifier", "cluster_identifier")
_ALL = "\x00"  # sorts before every address, so that what it leads to becomes free at once


class Destruction:
    """What a plan destroys.

    Values before a plan are what the state holds, so all of them are known.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.before = {resource.address: resource for resource in plan.before}
        self._identities = Identities(self.before.values())

    @cached_property
    def destroyed(self) -> tuple[Resource, ...]:
        """Resources that are destroyed, for good or to be made anew, as they were; by address."""
        return tuple(resource for resource in self.before.values() if "delete" in resource.actions)

    @cached_property
    def forgotten(self) -> tuple[Resource, ...]:
        """Resources that Terraform forgets and AWS keeps, as they were; by address."""
        return tuple(resource for resource in self.before.values() if "forget" in resource.actions)

    @cached_property
    def replace_paths(self) -> Mapping[str, tuple[tuple[str | int, ...], ...]]:
        """Paths of the attributes that force each replacement, by address."""
        return {change.address: change.replace_paths for change in self.plan.changes}

    def of(self, *types: str) -> tuple[Resource, ...]:
        """Destroyed resources of these types."""
        return tuple(resource for resource in self.destroyed if resource.type in types)

    def after(self, resource: Resource) -> Resource | None:
        """The same resource as the plan leaves it; None when it is destroyed for good or forgotten."""
        return self.plan.at(resource.address)

    def owner(self, text: object, *types: str) -> Resource | None:
        """The resource that a text identified before the plan."""
        return self._identities.owner(text, frozenset(types)) if isinstance(text, str) else None

    def holders(self, resource: Resource) -> tuple[tuple[Resource, str], ...]:
        """Resources that named this one's id or ARN before the plan, with the attribute, in the order of addresses."""
        found = dict[tuple[Resource, str], None]()
        for name in ("id", "arn"):
            for holder, path in self._holders.get(str(resource.values.get(name)), ()):
                if holder is not resource:
                    found[holder, path] = None
        return tuple(sorted(found, key=lambda entry: (entry[0].address, entry[1])))

    def names_after(self, resource: Resource, path: str, texts: Iterable[object]) -> bool | None:
        """Whether an attribute of the resource names one of these texts after the plan; None when it is not known."""
        after = self.after(resource)
        if after is None:
            return False
        value = after.get(path)
        wanted = {text for text in texts if isinstance(text, str)}
        if any(text in wanted for text in known_strings(value)):
            return True
        return None if has_unknown(value) else False

    @cached_property
    def order(self) -> tuple[Resource, ...]:
        """Destroyed and forgotten resources in the order in which Terraform destroys: dependents first."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        concerned = {resource.address: resource for resource in (*self.destroyed, *self.forgotten)}
        graph.add_nodes_from(concerned)
        for address, resource in concerned.items():
            graph.add_edge(f"{_ALL}{configured(resource)}", address)
            for needed in self._needed(resource):
                if needed != address:
                    graph.add_edge(address, needed)
        try:
            ordered = tuple(nx.lexicographical_topological_sort(graph))
        except nx.NetworkXUnfeasible:  # texts can name each other in a circle; what Terraform recorded cannot
            ordered = tuple(sorted(concerned))
        return tuple(concerned[node] for node in ordered if node in concerned)

    def depends(self, resource: Resource, on: Resource) -> bool | None:
        """Whether the state recorded that `resource` depends on `on`; None when the plan holds no such record."""
        if resource.address not in self._recorded:
            return None
        seen, waiting = set[str](), [configured(resource)]
        target = configured(on)
        while waiting:
            here = waiting.pop()
            for needed in self._recorded_by_resource.get(here, ()):
                if needed == target:
                    return True
                if needed not in seen:
                    seen.add(needed)
                    waiting.append(needed)
        return False

    def _needed(self, resource: Resource) -> Iterator[str]:
        """What it depends on: instances by their address, all instances of a resource by the mark and its address."""
        if resource.address in self._recorded:
            yield from (f"{_ALL}{name}" for name in self._recorded[resource.address])
        else:
            for text in known_strings(resource.values):
                owner = self.owner(text)
                if owner is not None and ("delete" in owner.actions or "forget" in owner.actions):
                    yield owner.address

    @cached_property
    def _recorded(self) -> Mapping[str, tuple[str, ...]]:
        """Recorded dependencies by address, where the plan holds the state before it."""
        values = (self.plan.document.get("prior_state") or {}).get("values") or {}
        listed = _listed(values.get("root_module") or {})
        return {str(raw["address"]): tuple(raw.get("depends_on") or ()) for raw in listed}

    @cached_property
    def _recorded_by_resource(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for address, names in self._recorded.items():
            resource = self.before.get(address)
            if resource is not None:
                found.setdefault(configured(resource), set()).update(names)
        return {name: frozenset(names) for name, names in found.items()}

    @cached_property
    def _holders(self) -> Mapping[str, tuple[tuple[Resource, str], ...]]:
        wanted = {
            text
            for resource in self.destroyed
            for name in _NAMING
            if isinstance(text := resource.values.get(name), str) and text
        }
        found: dict[str, list[tuple[Resource, str]]] = {}
        for resource in self.before.values():
            for path, value in resource.values.items():
                for text in set(known_strings(value)) & wanted:
                    found.setdefault(text, []).append((resource, path))
        return {text: tuple(holders) for text, holders in found.items()}


def action_of(resource: Resource) -> Action:
    """What the plan does to a resource."""
    if "forget" in resource.actions:
        return Action.FORGET
    if resource.is_replaced:
        return Action.REPLACE
    return Action.DELETE if resource.is_deleted else Action.UPDATE


def configured(resource: Resource) -> str:
    """The address without instance keys, as states record dependencies."""
    modules = "".join(f"module.{name}." for name, _ in resource.module)
    return f"{modules}{resource.type}.{resource.name}"


def listed(resources: Iterable[Resource], most: int = 3) -> str:
    """Addresses in a sentence: the first few, and how many more there are."""
    addresses = [resource.address for resource in resources]
    shown = ", ".join(addresses[:most])
    return shown if len(addresses) <= most else f"{shown} and {len(addresses) - most} more"


def _listed(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _listed(child)
