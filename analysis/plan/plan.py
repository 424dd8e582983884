"""A plan: what will be, what was, and what leads where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import networkx as nx

from analysis.plan.instances import resources_before
from analysis.plan.links import Links
from analysis.plan.resource import Resource, Step
from analysis.plan.values import known_strings
from analysis.plan.world import World


@dataclass(frozen=True)
class Change:
    """What a plan does to one resource.

    Attributes:
        address: of the resource.
        type: such as `aws_security_group`.
        actions: `("create",)`, `("update",)`, `("delete",)`, a pair of these,
            `("forget",)`.
        before: values before; None when it is created.
        after: values after; None when it is destroyed.
        after_unknown: what of `after` is known only after apply.
        replace_paths: paths of the attributes that force a replacement.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)
    after_unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)
    replace_paths: tuple[tuple[str | int, ...], ...] = ()


class Plan:
    """A Terraform plan.

    Args:
        document: output of `terraform show -json` for a plan.
        source: where it came from, for messages; such as a path.
        local_values: local values of the root module, from the `cdk.tf.json` beside the plan.
    """

    def __init__(
        self, document: Mapping[str, Any], source: str = "", local_values: Mapping[str, Any] | None = None
    ) -> None:
        self._set(source, World(document, local_values or {}), "")

    def _set(self, source: str, world: World, module_address: str) -> None:
        self.source, self.document, self._world, self._module = source, world.document, world, module_address
        everything = world.resources
        self._resources = {address: everything[address] for address in everything if _is_below(address, module_address)}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Resources and data sources as the plan leaves them, by address; without what is destroyed for good."""
        return tuple(self._resources.values())

    def of(self, *types: str, mode: str = "managed") -> tuple[Resource, ...]:
        """Resources of these types (all types without one), in the order of their addresses."""
        wanted = frozenset(types)
        if mode != "managed":
            return tuple(entry for entry in self.resources if entry.mode == mode and entry.type in wanted)
        by_type = self._by_type
        if len(types) == 1:
            return by_type.get(types[0], ())
        return tuple(entry for entry in self.resources if entry.mode == mode and (not types or entry.type in wanted))

    def at(self, address: str) -> Resource | None:
        """The resource with this address."""
        return self._resources.get(address)

    def links(self, resource: Resource, path: str, *types: str) -> Links:
        """What the attribute at a dotted path leads to.

        Args:
            resource: whose attribute it is.
            path: such as `vpc_config.subnet_ids` or `route.1.nat_gateway_id`.
            types: resource types that count; others are only among `sources`. All without one.

        Returns:
            Links, never guessed: what cannot be told is in `unresolved`.
        """
        return self._world.links(resource, path, frozenset(types))

    def referrers(self, resource: Resource, *types: str, via: str = "") -> tuple[Resource, ...]:
        """Resources (of these types) that refer to `resource`, by the attribute at the dotted path `via` or by any."""
        found = dict[Resource, None]()
        for source, _, path in self.graph.in_edges(resource, keys=True):
            if (not types or source.type in types) and (not via or path == via or path.startswith(f"{via}.")):
                found[source] = None
        return tuple(sorted((entry for entry in found if entry in self), key=lambda entry: entry.address))

    def texts(self, resource: Resource, path: str) -> tuple[str, ...]:
        """Constant texts of the configuration at a dotted path; with `${…}` where CDKTF wrote them."""
        expressions = self._world.expressions(resource, path)
        return tuple(text for expression in expressions for text in known_strings(expression.get("constant_value")))

    def constants(self, resource: Resource, path: str) -> tuple[Any, ...]:
        """What the configuration writes down at a dotted path, in its own shape, with `${…}` where CDKTF wrote it.

        It tells the names in a map, which a plan does not as soon as one of its values is known only after apply.
        """
        written = (expression.get("constant_value") for expression in self._world.expressions(resource, path))
        return tuple(value for value in written if value is not None)

    def is_configured(self, resource: Resource, path: str) -> bool:
        """Whether the configuration sets anything at a dotted path; an unknown value that it does not set is AWS's.

        A block that the plan holds is set, though the plan does not write down what a `dynamic` one is made of.
        """
        if any(self._world.expressions(resource, path)):  # a resource without any expression has an empty one
            return True
        name, _, inner = path.partition(".")
        return bool(inner and resource.blocks(name)) and not any(self._world.expressions(resource, name))

    def text_links(self, resource: Resource, text: str, *types: str) -> Links:
        """What one text of the configuration leads to, read where `resource` stands.

        Args:
            resource: whose configuration holds the text.
            text: such as `${aws_sqs_queue.jobs.arn}` or `arn:aws:sqs:eu-west-1:123456789012:jobs`.
            types: resource types that count; all without one.
        """
        return self._world.text_links(resource, text, frozenset(types))

    def given(self, module: tuple[Step, ...]) -> Links:
        """What a module is given: all that its inputs lead to; nothing for the root module."""
        return self._world.given(module)

    def owner(self, text: str, *types: str) -> Resource | None:
        """The resource that a known ARN, id, host or (with types) name belongs to; None when it is none of the plan."""
        return self._world.owner(text, frozenset(types))

    def region(self, resource: Resource) -> str | None:
        """The region a resource lies in: its own, its ARN's, or its provider's; None when the plan does not tell."""
        own = resource.get("region")
        if isinstance(own, str):
            return own
        arn = resource.get("arn")
        if isinstance(arn, str) and (region := arn.split(":")[3:4]) and region[0]:  # arn:aws:service:region:…
            return region[0]
        return self._world.provider_region(resource)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What changes, in the order of the plan; what stays and what is only read is not among it."""
        return tuple(entry for entry in self._changes() if _is_below(entry.address, self._module))

    @cached_property
    def before(self) -> tuple[Resource, ...]:
        """Managed resources as they were before the plan, by address: what will be destroyed too."""
        found = resources_before(self.document, self._world.configuration)
        return tuple(entry for entry in found if _is_below(entry.address, self._module))

    @property
    def graph(self) -> nx.MultiDiGraph[Resource]:
        """Every resource, with an edge for each attribute that refers to another; the edge's key is its dotted path.

        It holds the whole plan, also where this is only a part of it.
        """
        return self._world.graph

    def below(self, module_address: str) -> Plan:
        """The same plan with only the resources in a module and the modules in it."""
        part = object.__new__(Plan)
        part._set(self.source, self._world, module_address)
        return part

    def __contains__(self, resource: Resource) -> bool:
        """Whether the resource is one of this plan."""
        return self._resources.get(resource.address) is resource

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            if resource.mode == "managed":
                found.setdefault(resource.type, []).append(resource)
        return {kind: tuple(entries) for kind, entries in found.items()}

    def _changes(self) -> Iterator[Change]:
        for raw in self.document.get("resource_changes") or ():
            change = raw.get("change") or {}
            actions = tuple(change.get("actions") or ())
            if raw.get("mode") == "data" or actions in {("no-op",), ("read",), ()}:
                continue
            yield Change(
                address=str(raw["address"]),
                type=str(raw.get("type", "")),
                actions=actions,
                before=change.get("before"),
                after=change.get("after"),
                after_unknown=change.get("after_unknown") or {},
                replace_paths=tuple(tuple(path) for path in change.get("replace_paths") or ()),
            )


def _is_below(address: str, module_address: str) -> bool:
    return not module_address or address.startswith((f"{module_address}.", f"{module_address}["))
