"""What networks consist of, found by the attributes that name them.

A part of a network is a resource of the plan or a text: the id of something outside the plan, or a name for what AWS
makes with a VPC, such as its default security group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.network.strays import Part, Scopes, Strays
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.resource import Step

_DEEPEST = 8

VPCS = ("aws_vpc", "aws_default_vpc")
SUBNETS = ("aws_subnet", "aws_default_subnet")


@dataclass(frozen=True)
class Family:
    """Resources of one kind, and how a VPC's default one is adopted and named.

    Attributes:
        word: what one is called.
        types: its resource types.
        adopted_by: resource type that adopts a VPC's default one.
        adopts: attribute by which it does.
        named_by: attributes of a VPC that name its default one.
    """

    word: str
    types: tuple[str, ...]
    adopted_by: str = ""
    adopts: str = ""
    named_by: tuple[str, ...] = ()


SUBNET = Family("subnet", SUBNETS)
VPC = Family("VPC", VPCS)
GROUP = Family(
    "security group",
    ("aws_security_group", "aws_default_security_group"),
    "aws_default_security_group",
    "vpc_id",
    ("default_security_group_id",),
)
TABLE = Family(
    "route table",
    ("aws_route_table", "aws_default_route_table"),
    "aws_default_route_table",
    "default_route_table_id",
    ("default_route_table_id", "main_route_table_id"),
)
ACL = Family(
    "network ACL",
    ("aws_network_acl", "aws_default_network_acl"),
    "aws_default_network_acl",
    "default_network_acl_id",
    ("default_network_acl_id",),
)
ENDPOINT = Family("VPC endpoint", ("aws_vpc_endpoint",))


@dataclass(frozen=True)
class Parts:
    """What an attribute names.

    Attributes:
        known: parts; each may be it where the attribute takes one and several stand here.
        unknown: what cannot be told.
    """

    known: tuple[Part, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def only(self) -> Part | None:
        """The one part; None when it is not certain which, or whether there is one."""
        return self.known[0] if len(self.known) == 1 and not self.unknown else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named, for sure."""
        return not self.known and not self.unknown

    def __or__(self, other: Parts) -> Parts:
        """Both together."""
        return Parts(
            tuple(dict.fromkeys((*self.known, *other.known))), tuple(dict.fromkeys((*self.unknown, *other.unknown)))
        )

    def doubt(self, what: str) -> str:
        """Why it is not certain which part is meant."""
        if self.unknown:
            return f"{what} ({', '.join(self.unknown)} is known only after apply)"
        return f"which of {', '.join(sorted(map(str, self.known)))} is {what}"


def is_open(vpc: Part | None) -> bool:
    """Whether a VPC may be one that is named differently elsewhere: it cannot be told, or stands for an expression."""
    return vpc is None or (isinstance(vpc, str) and "local." in vpc)


class Lookups:
    """Finds parts of networks in a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._scopes, self._owners = Scopes(plan), dict[str, Part]()

    def setting(self, resource: Resource, path: str, default: Any = None) -> Any:
        """The value at a path; `default` where the configuration sets none and AWS has given none yet."""
        value = resource.get(path, default)
        if value is UNKNOWN and resource.mode == "managed" and not self.plan.is_configured(resource, path):
            return default
        return value

    def parts(self, resource: Resource, path: str, family: Family) -> Parts:
        """The parts of one family that an attribute names."""
        links = self.plan.links(resource, path, *family.types)
        unresolved = list(links.unresolved)
        parts: dict[Part, None] = dict.fromkeys(links.resources)
        for source, attribute in links.sources:
            if source.type in VPCS and attribute in family.named_by:
                parts[self.default(self.canonical(source), family)] = None
                unresolved = [text for text in unresolved if text != f"{source.address}.{attribute}"]
        for text in links.literals:
            parts[self._default_by_id(family).get(text, text)] = None
        if parts:
            unresolved = [text for text in unresolved if text != path]
        return Parts(tuple(sorted(parts, key=str)), tuple(unresolved))

    def changing(self, path: str, *types: str) -> dict[str, list[Mapping[str, Any]]]:
        """Values before the plan of resources that it changes or destroys, by the id that they stand in at a path.

        What the state says of a group, table or ACL holds their rules too, as they were.
        """
        found: dict[str, list[Mapping[str, Any]]] = {}
        for change in self.plan.changes:
            if change.type in types and change.before is not None and isinstance(change.before.get(path), str):
                found.setdefault(change.before[path], []).append(change.before)
        return found

    def vpc_of(self, resource: Resource, path: str = "vpc_id", depth: int = 0) -> Part | None:
        """The VPC that an attribute names; None when it cannot be told.

        An expression that leads nowhere, such as `local.vpc_id`, stands for itself: the same expression in the same
        module is the same VPC.
        """
        parts = self.parts(resource, path, VPC)
        followed = [
            source
            for source, attribute in self.plan.links(resource, path, *VPCS).sources
            if attribute == "vpc_id" and source.type not in VPCS and source is not resource
        ]
        if followed and not any(isinstance(part, Resource) for part in parts.known) and depth < _DEEPEST:
            found = {self.vpc_of(source, "vpc_id", depth + 1) for source in followed}
            return found.pop() if len(found) == 1 else None
        if parts.only is not None:
            return self.canonical(parts.only) if isinstance(parts.only, Resource) else parts.only
        if not parts.known and len(parts.unknown) == 1 and parts.unknown[0].startswith("local."):
            return self._by_local(resource, parts.unknown[0])
        return None

    def canonical(self, vpc: Resource) -> Resource:
        """The one resource that stands for a VPC, where several data sources read the same."""
        identity = vpc.get("id")
        return self._vpcs_by_id.get(identity, vpc) if isinstance(identity, str) else vpc

    def default(self, vpc: Part, family: Family) -> Part:
        """The part of a family that AWS makes with a VPC: the resource that adopts it, or a name for it."""
        name = f"the default {family.word} of {vpc}"
        self._owners[name] = vpc
        return self._adopters(family).get(vpc) or name

    def unadopted(self, family: Family, vpc: Part) -> str:
        """A resource that may adopt the default part of a VPC, which cannot be told; empty for none."""
        key = f"strays of {family.word}"
        if key not in self._cache:
            self._cache[key] = self.strays(entry for entry, found in self._adoptions(family) if is_open(found))
        strays: Strays = self._cache[key]
        return strays.first(vpc)

    def strays(self, entries: Iterable[Resource]) -> Strays:
        """Resources of which it cannot be told what they belong to."""
        return Strays(self._scopes, entries, self._owners)

    @cached_property
    def vpcs(self) -> tuple[Resource, ...]:
        """VPCs of the plan, each once."""
        every = (*self.plan.of(*VPCS), *self.plan.of("aws_vpc", mode="data"))
        return tuple(dict.fromkeys(self.canonical(entry) for entry in every))

    @cached_property
    def _vpcs_by_id(self) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        for entry in (*self.plan.of(*VPCS), *self.plan.of("aws_vpc", mode="data")):
            identity = entry.get("id")
            if isinstance(identity, str):
                found.setdefault(identity, entry)
        return found

    @cached_property
    def _cache(self) -> dict[str, Any]:
        return {}

    def _adopters(self, family: Family) -> dict[Part, Part]:
        key = f"adopters of {family.word}"
        if key not in self._cache:
            self._cache[key] = {vpc: entry for entry, vpc in self._adoptions(family) if vpc is not None}
        found: dict[Part, Part] = self._cache[key]
        return found

    def _adoptions(self, family: Family) -> Iterator[tuple[Resource, Part | None]]:
        for entry in self.plan.of(family.adopted_by) if family.adopted_by else ():
            if family.adopts == "vpc_id":
                yield entry, self.vpc_of(entry)
                continue
            links = self.plan.links(entry, family.adopts, *VPCS)
            vpc = links.only or self._vpc_with_default(links.literals, family)
            yield entry, None if vpc is None else self.canonical(vpc)

    def _vpc_with_default(self, literals: tuple[str, ...], family: Family) -> Resource | None:
        return next((vpc for vpc in self.vpcs for name in family.named_by if vpc.get(name) in literals), None)

    def _default_by_id(self, family: Family) -> dict[str, Part]:
        key = f"default {family.word} by id"
        if key not in self._cache:
            self._cache[key] = {
                identity: self.default(vpc, family)
                for vpc in self.vpcs
                for name in family.named_by[:1]
                if isinstance(identity := vpc.get(name), str)
            }
        found: dict[str, Part] = self._cache[key]
        return found

    def _by_local(self, resource: Resource, text: str) -> Part:
        """The VPC of a module that, with the modules in it, holds only that one: a local value leads to no other."""
        within = self._vpcs_within.get(resource.module, ())
        if len(within) == 1 and within[0].mode == "managed" and within[0].module == resource.module:
            return within[0]
        prefix = f"{resource.module_address}." if resource.module else ""
        return f"{prefix}{text}"

    @cached_property
    def _vpcs_within(self) -> dict[tuple[Step, ...], list[Resource]]:
        """VPCs by each module that they lie in."""
        found: dict[tuple[Step, ...], list[Resource]] = {}
        for vpc in self.vpcs:
            for depth in range(len(vpc.module) + 1):
                found.setdefault(vpc.module[:depth], []).append(vpc)
        return found
