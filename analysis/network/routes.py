"""Routes: which table a subnet uses, and where its routes lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.network.lookups import SUBNET, TABLE, Family, Lookups, Parts, is_open
from analysis.network.ranges import Range, range_of
from analysis.network.rules import RuleReader
from analysis.network.strays import Part, Strays
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource

LOCAL = "local route"
INTERNET_GATEWAY, NAT_GATEWAY, EGRESS_ONLY = "internet gateway", "NAT gateway", "egress-only internet gateway"
TRANSIT_GATEWAY, PEERING, INTERFACE = "transit gateway", "VPC peering connection", "network interface"
VPC_ENDPOINT, OTHER = "VPC endpoint", "gateway"

_DESTINATIONS = ("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id")
_INTERNET = Family(INTERNET_GATEWAY, ("aws_internet_gateway",))
_TARGETS: dict[str, Family] = {
    "nat_gateway_id": Family(NAT_GATEWAY, ("aws_nat_gateway",)),
    "egress_only_gateway_id": Family(EGRESS_ONLY, ("aws_egress_only_internet_gateway",)),
    "transit_gateway_id": Family(TRANSIT_GATEWAY, ("aws_ec2_transit_gateway",)),
    "vpc_peering_connection_id": Family(PEERING, ("aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter")),
    "network_interface_id": Family(INTERFACE, ("aws_network_interface", "aws_instance")),
    "instance_id": Family(INTERFACE, ("aws_instance",)),
    "gateway_id": _INTERNET,
    "vpc_endpoint_id": Family(VPC_ENDPOINT, ("aws_vpc_endpoint",)),
    "carrier_gateway_id": Family("carrier gateway", ("aws_ec2_carrier_gateway",)),
    "local_gateway_id": Family("local gateway", ()),
    "core_network_arn": Family("core network", ()),
}
_KINDS_BY_ID = {"igw-": INTERNET_GATEWAY, "nat-": NAT_GATEWAY, "eigw-": EGRESS_ONLY, "local": LOCAL}


@dataclass(frozen=True)
class Route:
    """One route.

    Attributes:
        address: resource that holds it.
        ranges: ranges it leads from; several for a prefix list.
        containers: VPCs and subnets whose range it names, where the range is known only after apply.
        kind: what it leads to, such as `NAT gateway`.
        target: what it leads to; None when it cannot be told.
        unknown: what of its destination cannot be told.
    """

    address: str
    ranges: tuple[Range, ...]
    containers: frozenset[Part]
    kind: str
    target: Part | None
    unknown: tuple[str, ...] = ()


class Routes:
    """The route tables of a plan."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups, self._plan, self._reader = lookups, lookups.plan, RuleReader(lookups)
        self._known: dict[Part, tuple[Route, ...]] = {}
        self._tables: dict[Part, Parts] = {}

    def table_of(self, subnet: Subnet) -> Parts:
        """The route table of a subnet: the one it is associated with, else its VPC's main one."""
        if subnet.part not in self._tables:
            self._tables[subnet.part] = self._table_of(subnet)
        return self._tables[subnet.part]

    def _table_of(self, subnet: Subnet) -> Parts:
        explicit = self._explicit.get(subnet.part)
        if explicit is not None:
            return explicit
        if isinstance(subnet.part, str) or subnet.part.mode == "data":
            return Parts(unknown=(f"the route table of {subnet}, which is outside the plan",))
        stray = self._floating.first(subnet.part)
        if stray:
            return Parts(unknown=(f"the subnet of {stray}",))
        return self._main_of(subnet)

    def routes(self, table: Part) -> tuple[Route, ...]:
        """The routes of a table that are known."""
        if table not in self._known:
            own = tuple(self._own(table)) if isinstance(table, Resource) else ()
            self._known[table] = (*own, *self._separate.get(table, ()))
        return self._known[table]

    def doubt(self, table: Part) -> str:
        """Why a table may have routes that are not known; empty when it has none."""
        if isinstance(table, str):
            return "" if table.startswith("the default ") else f"the routes of {table}, which is outside the plan"
        if table.mode == "data":
            return "" if isinstance(table.get("routes"), list) else f"the routes of {table}, which is outside the plan"
        if self._lookups.setting(table, "route", []) is UNKNOWN:
            return f"the routes of {table}"
        stray = self._floating_routes.first(table)
        if stray:
            return f"the route table of {stray}"
        if self._lookups.setting(table, "propagating_vgws", []) != [] or table in self._propagated:
            return f"the routes that a virtual private gateway propagates to {table}"
        return ""

    def _main_of(self, subnet: Subnet) -> Parts:
        vpc = subnet.vpc
        if vpc is None:
            return Parts(unknown=(f"the VPC of {subnet}",))
        if vpc in self._main:
            return self._main[vpc]
        if isinstance(vpc, str) or vpc.mode == "data":
            return Parts(unknown=(f"the main route table of {vpc}",))
        stray = self._main_floating.first(vpc) or self._lookups.unadopted(TABLE, vpc)
        if stray:
            return Parts(unknown=(f"the VPC of {stray}",))
        return Parts((self._lookups.default(vpc, TABLE),))

    @cached_property
    def _explicit(self) -> dict[Part, Parts]:
        found: dict[Part, Parts] = {}
        for entry in self._plan.of("aws_route_table_association"):
            subnets = self._lookups.parts(entry, "subnet_id", SUBNET)
            table = self._lookups.parts(entry, "route_table_id", TABLE)
            for subnet in subnets.known:
                mine = table if subnets.only is not None else table | Parts(unknown=(f"{entry.address}.subnet_id",))
                found[subnet] = found[subnet] | mine if subnet in found else mine
        return found

    @cached_property
    def _floating(self) -> Strays:
        """Associations of which not even the subnet is known."""
        return self._lookups.strays(
            entry
            for entry in self._plan.of("aws_route_table_association")
            if not self._lookups.parts(entry, "subnet_id", SUBNET).known
            and self._lookups.setting(entry, "gateway_id", "") == ""
        )

    @cached_property
    def _main(self) -> dict[Part, Parts]:
        found: dict[Part, Parts] = {}
        for entry in self._plan.of("aws_main_route_table_association"):
            vpc = self._lookups.vpc_of(entry)
            if vpc is not None:
                found[vpc] = self._lookups.parts(entry, "route_table_id", TABLE)
        return found

    @cached_property
    def _main_floating(self) -> Strays:
        entries = self._plan.of("aws_main_route_table_association")
        return self._lookups.strays(entry for entry in entries if is_open(self._lookups.vpc_of(entry)))

    @cached_property
    def _separate(self) -> dict[Part, list[Route]]:
        found: dict[Part, list[Route]] = {}
        for entry in self._plan.of("aws_route"):
            tables = self._lookups.parts(entry, "route_table_id", TABLE)
            prefix_list, paths = "destination_prefix_list_id", ("destination_cidr_block", "destination_ipv6_cidr_block")
            route = self._route(entry, "", paths, prefix_list, count=1)
            for table in tables.known:
                certain = tables.only is not None
                doubtful = Route(entry.address, (), frozenset(), route.kind, route.target, ("its route table",))
                found.setdefault(table, []).append(route if certain else doubtful)
        return found

    @cached_property
    def _floating_routes(self) -> Strays:
        every = self._plan.of("aws_route")
        return self._lookups.strays(e for e in every if not self._lookups.parts(e, "route_table_id", TABLE).known)

    @cached_property
    def _propagated(self) -> frozenset[Part]:
        entries = self._plan.of("aws_vpn_gateway_route_propagation")
        return frozenset(
            part for entry in entries for part in self._lookups.parts(entry, "route_table_id", TABLE).known
        )

    def _own(self, table: Resource) -> Iterator[Route]:
        name = "routes" if table.mode == "data" else "route"
        blocks, gone = table.blocks(name), self._gone(table)
        for block in blocks:
            if {block.get(path) for path in _DESTINATIONS} & gone:
                continue
            paths = ("cidr_block", "ipv6_cidr_block")
            yield self._route(table, f"{block.path}.", paths, "destination_prefix_list_id", count=len(blocks))

    def _gone(self, table: Resource) -> set[object]:
        """Destinations of routes that the plan changes or destroys, which the state still lists."""
        if self._plan.is_configured(table, "route"):
            return set()
        before = self._changing.get(str(table.get("id")), ())
        values = {route.get(f"destination_{path}") or route.get(path) for route in before for path in _DESTINATIONS}
        return {value for value in values if isinstance(value, str) and value}

    @cached_property
    def _changing(self) -> dict[str, list[Mapping[str, object]]]:
        return self._lookups.changing("route_table_id", "aws_route")

    def _route(self, resource: Resource, prefix: str, paths: tuple[str, str], prefix_list: str, count: int) -> Route:
        ranges, containers, unknown = list[Range](), frozenset[Part](), list[str]()
        for path in paths:
            value = self._lookups.setting(resource, f"{prefix}{path}")
            known = range_of(value)
            if known is not None:
                ranges.append(known)
            elif value is UNKNOWN:
                named = self._reader.named_ranges(resource, f"{prefix}{path}") if count == 1 else frozenset()
                containers |= named
                unknown.extend(() if named else (f"{resource.address}.{prefix}{path}",))
        listed, kept_by_aws, doubts = self._reader.prefix_lists(resource, f"{prefix}{prefix_list}")
        unknown.extend([f"{prefix}{prefix_list}"] if kept_by_aws else [])
        kind, target = self._target(resource, prefix)
        return Route(resource.address, (*ranges, *listed), containers, kind, target, (*unknown, *doubts))

    def _target(self, resource: Resource, prefix: str) -> tuple[str, Part | None]:
        for name, family in _TARGETS.items():
            path = f"{prefix}{name}"
            value = resource.get(path)
            if not value if value is not UNKNOWN else not prefix and not self._plan.is_configured(resource, path):
                continue
            part = self._lookups.parts(resource, path, family).only
            if part is not None and isinstance(part, str):
                kind = next((kind for start, kind in _KINDS_BY_ID.items() if part.startswith(start)), "")
                return kind or (OTHER if name == "gateway_id" else family.word), part
            if part is None and name == "gateway_id":
                return self._gateway(resource, path)
            return family.word, part
        return OTHER, None

    def _gateway(self, resource: Resource, path: str) -> tuple[str, Part | None]:
        """What a `gateway_id` names that is not one internet gateway for certain."""
        links = self._plan.links(resource, path)
        kinds = {source.type for source, _ in links.sources}
        if kinds and kinds <= set(_INTERNET.types) and links.is_complete:
            return INTERNET_GATEWAY, links.resources[0]
        return OTHER, None
