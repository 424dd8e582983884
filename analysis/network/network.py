"""The networks of a plan, read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from analysis.network.answer import Answer, Check, no, unknown, yes
from analysis.network.endpoints import Endpoints
from analysis.network.lookups import GROUP, SUBNET, Lookups, is_open
from analysis.network.network_acls import NetworkAcls
from analysis.network.ranges import is_everywhere, is_public
from analysis.network.routes import INTERNET_GATEWAY, Route, Routes
from analysis.network.security_groups import SecurityGroups
from analysis.network.strays import Part, Strays
from analysis.network.vpcs import Subnet, Vpcs
from analysis.plan import Plan, Resource


class Network:
    """The networks of a plan.

    Attributes:
        plan: the plan.
        lookups: finds parts by the attributes that name them.
        vpcs: VPCs and subnets.
        routes: route tables and routes.
        groups: security groups.
        acls: network ACLs.
        endpoints: VPC endpoints.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lookups = Lookups(plan)
        self.vpcs = Vpcs(self.lookups)
        self.routes = Routes(self.lookups)
        self.groups = SecurityGroups(self.lookups)
        self.acls = NetworkAcls(self.lookups)
        self.endpoints = Endpoints(self.lookups, self.vpcs)
        self._public: dict[Part, Check] = {}

    def subnets_of(self, resource: Resource, path: str) -> tuple[tuple[Subnet, ...], tuple[str, ...]]:
        """The subnets that an attribute names, and what of it cannot be told."""
        parts = self.lookups.parts(resource, path, SUBNET)
        return tuple(self.vpcs.subnet(part) for part in parts.known), parts.unknown

    def groups_of(
        self, resource: Resource, path: str, subnets: Sequence[Subnet]
    ) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        """The security groups that an attribute names, the default one of the VPC where it names none; and doubts."""
        if self.lookups.setting(resource, path) in (None, []):
            vpcs = {subnet.vpc for subnet in subnets}
            vpc = vpcs.pop() if len(vpcs) == 1 else None
            if vpc is None:
                return (), (f"the default security group of the VPC of {resource}",)
            return (self.lookups.default(vpc, GROUP),), ()
        parts = self.lookups.parts(resource, path, GROUP)
        return parts.known, parts.unknown

    def same_vpc(self, left: Part | None, right: Part | None) -> Answer:
        """Whether two subnets lie in one VPC."""
        if left is None or right is None:
            return Answer.UNKNOWN
        if left == right:
            return Answer.YES
        certain = all(
            part.mode == "managed" or isinstance(part.get("id"), str) if isinstance(part, Resource) else "vpc-" in part
            for part in (left, right)
        )
        return Answer.NO if certain else Answer.UNKNOWN

    def default_routes(self, table: Part, version: int = 4) -> tuple[Route, ...]:
        """The routes of a table to the internet: the one from everywhere, else those from public ranges."""
        routes = [
            (route, entry) for route in self.routes.routes(table) for entry in route.ranges if entry.version == version
        ]
        everywhere = tuple(route for route, entry in routes if is_everywhere(entry))
        return everywhere or tuple(dict.fromkeys(route for route, entry in routes if is_public(entry)))

    def is_dual_stack(self, subnet: Subnet) -> bool:
        """Whether a subnet's route table leads to the internet over IPv6."""
        table = self.routes.table_of(subnet).only
        return table is not None and bool(self.default_routes(table, 6))

    def is_public(self, subnet: Subnet) -> Check:
        """Whether a subnet's route table leads to an internet gateway."""
        if subnet.part not in self._public:
            self._public[subnet.part] = self._is_public(subnet)
        return self._public[subnet.part]

    def internet_gateway(self, vpc: Part | None) -> Check:
        """Whether a VPC has an internet gateway."""
        found = self.plan.of("aws_internet_gateway", "aws_internet_gateway_attachment")
        attached = [(entry, self.lookups.vpc_of(entry)) for entry in found if self._names_vpc(entry)]
        for entry, other in attached:
            if vpc is not None and other == vpc:
                return yes("internet gateway", entry.address)
        if (
            not isinstance(vpc, Resource)
            or vpc.type != "aws_vpc"
            or vpc.actions != ("create",)
            or self.lookups.strays(entry for entry, other in attached if is_open(other)).first(vpc)
        ):
            return unknown(f"whether {vpc or 'the VPC'} has an internet gateway")
        return no(f"an internet gateway of {vpc}", "add an aws_internet_gateway to it", str(vpc))

    @cached_property
    def mounts_astray(self) -> Strays:
        """Mount targets whose file system cannot be told."""
        mounts = self.plan.of("aws_efs_mount_target")
        links = ((mount, self.plan.links(mount, "file_system_id", "aws_efs_file_system")) for mount in mounts)
        open_ = (mount for mount, found in links if not found.is_complete or len(found.resources) > 1)
        return self.lookups.strays(open_)

    def _names_vpc(self, gateway: Resource) -> bool:
        return self.lookups.setting(gateway, "vpc_id") not in (None, "")

    def _is_public(self, subnet: Subnet) -> Check:
        parts = self.routes.table_of(subnet)
        table = parts.only
        if table is None:
            return unknown(parts.unknown[0] if parts.unknown else parts.doubt(f"the route table of {subnet}"))
        for route in self.default_routes(table):
            if route.kind == INTERNET_GATEWAY:
                return yes("route to the internet gateway", route.address)
            if route.kind not in _PRIVATE and route.target is None:
                return unknown(f"what the default route of {table} leads to", "", route.address)
        doubt = self.routes.doubt(table) or next(
            (route.unknown[0] for route in self.routes.routes(table) if route.unknown), ""
        )
        if doubt:
            return unknown(doubt)
        return no(f"a route of {table} from 0.0.0.0/0 to an internet gateway", "add the route", str(table))


_PRIVATE = frozenset({"NAT gateway", "transit gateway", "VPC peering connection", "network interface", "VPC endpoint"})

__all__ = ["Answer", "Network"]
