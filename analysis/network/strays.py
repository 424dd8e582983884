"""Expressions that cannot be told, and what they may lead to.

What an expression leads to lies in its own module, in the modules in it, or among what the module is given. Only a data
source that is read during apply may lead anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.resource import Step

Part = Resource | str
"""A part of a network: a resource, the id of something outside the plan, or a name for what AWS makes with a VPC."""

_READ = frozenset(
    f"aws_{name}"
    for name in (
        "ec2_managed_prefix_list", "instance", "instances", "internet_gateway", "nat_gateway", "nat_gateways",
        "network_acls", "network_interface", "network_interfaces", "resourcegroupstaggingapi_resources", "route",
        "route_table", "route_tables", "security_group", "security_groups", "ssm_parameter", "subnet", "subnets", "vpc",
        "vpc_endpoint", "vpcs",
    )
)  # fmt: skip


@dataclass(frozen=True)
class _Scope:
    """What an expression of a module may lead to.

    Attributes:
        module: itself and the modules in it; empty for the whole plan.
        given: resources outside that it is given.
    """

    module: tuple[Step, ...]
    given: frozenset[Resource] = frozenset()

    def holds(self, resource: Resource) -> bool:
        """Whether a resource is among it."""
        return resource.module[: len(self.module)] == self.module or resource in self.given


class Scopes:
    """What expressions of each module may lead to."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[tuple[Step, ...], _Scope] = {}

    def of(self, module: tuple[Step, ...]) -> _Scope:
        """What an expression of a module may lead to."""
        if module not in self._known:
            self._known[module] = self._scope(module)
        return self._known[module]

    def _scope(self, module: tuple[Step, ...]) -> _Scope:
        if not module or module in self._reading:
            return _Scope(())
        given = self._plan.given(module)
        if given.unresolved:
            return self.of(module[:-1])
        return _Scope(module, frozenset(given.resources))

    @cached_property
    def _reading(self) -> frozenset[tuple[Step, ...]]:
        """Modules with data sources of networks that are read during apply, and the modules around them."""
        found = set[tuple[Step, ...]]()
        for entry in self._plan.of(*_READ, mode="data"):
            if entry.get("id") is UNKNOWN or entry.get("ids") is UNKNOWN or not entry.values:
                found.update(entry.module[:depth] for depth in range(len(entry.module) + 1))
        return frozenset(found)


class Strays:
    """Resources of which it cannot be told what they belong to.

    Args:
        scopes: what expressions of each module may lead to.
        entries: the resources.
        owners: VPCs by the names of their default parts.
    """

    def __init__(self, scopes: Scopes, entries: Iterable[Resource], owners: Mapping[str, Part]) -> None:
        self._scopes, self._owners = scopes, owners
        self._firsts: dict[_Scope, str] = {}
        for entry in entries:
            self._firsts.setdefault(scopes.of(entry.module), entry.address)

    def first(self, part: Part) -> str:
        """Address of the first that may belong to a part; empty when none may."""
        owner = self._owners.get(part, part) if isinstance(part, str) else part
        for scope, address in self._firsts.items():
            if isinstance(owner, str) or scope.holds(owner):
                return address
        return ""
