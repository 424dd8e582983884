"""Where the network interfaces of a target stand: its subnets and security groups, by its type."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.network.lookups import SUBNET, Parts
from analysis.network.network import Network
from analysis.network.peer import Peer
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Plan, Resource


@dataclass(frozen=True)
class _Place:
    """Dotted paths of subnets and security groups; a subnet group's type where one stands between."""

    subnets: str
    groups: str
    subnet_group: str = ""
    is_everywhere: bool = False


_RDS, _VPC_GROUPS, _GROUPS = "aws_db_subnet_group", "vpc_security_group_ids", "security_group_ids"
_PLACES: dict[str, _Place] = {
    "aws_db_instance": _Place("db_subnet_group_name", _VPC_GROUPS, _RDS),
    "aws_db_proxy": _Place("vpc_subnet_ids", _VPC_GROUPS, is_everywhere=True),
    "aws_db_proxy_endpoint": _Place("vpc_subnet_ids", _VPC_GROUPS, is_everywhere=True),
    "aws_docdb_cluster": _Place("db_subnet_group_name", _VPC_GROUPS, "aws_docdb_subnet_group"),
    "aws_efs_mount_target": _Place("subnet_id", "security_groups", is_everywhere=True),
    "aws_elasticache_cluster": _Place("subnet_group_name", _GROUPS, "aws_elasticache_subnet_group"),
    "aws_elasticache_replication_group": _Place("subnet_group_name", _GROUPS, "aws_elasticache_subnet_group"),
    "aws_elasticache_serverless_cache": _Place("subnet_ids", _GROUPS, is_everywhere=True),
    "aws_instance": _Place("subnet_id", _VPC_GROUPS, is_everywhere=True),
    "aws_lb": _Place("subnets", "security_groups", is_everywhere=True),
    "aws_memorydb_cluster": _Place("subnet_group_name", _GROUPS, "aws_memorydb_subnet_group"),
    "aws_mq_broker": _Place("subnet_ids", "security_groups"),
    "aws_msk_cluster": _Place(
        "broker_node_group_info.client_subnets", "broker_node_group_info.security_groups", is_everywhere=True
    ),
    "aws_msk_serverless_cluster": _Place("vpc_config.subnet_ids", "vpc_config.security_group_ids", is_everywhere=True),
    "aws_neptune_cluster": _Place("neptune_subnet_group_name", _VPC_GROUPS, "aws_neptune_subnet_group"),
    "aws_opensearch_domain": _Place("vpc_options.subnet_ids", "vpc_options.security_group_ids", is_everywhere=True),
    "aws_rds_cluster": _Place("db_subnet_group_name", _VPC_GROUPS, _RDS),
    "aws_redshift_cluster": _Place("cluster_subnet_group_name", _VPC_GROUPS, "aws_redshift_subnet_group"),
    "aws_redshiftserverless_workgroup": _Place("subnet_ids", _GROUPS, is_everywhere=True),
    "aws_vpc_endpoint": _Place("subnet_ids", _GROUPS, is_everywhere=True),
}
PLACED_TYPES = tuple(sorted(_PLACES))
"""Resource types with network interfaces in subnets."""

DATABASE_TYPES = (
    "aws_db_instance",
    "aws_db_proxy",
    "aws_docdb_cluster",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_elasticache_serverless_cache",
    "aws_memorydb_cluster",
    "aws_neptune_cluster",
    "aws_rds_cluster",
    "aws_redshift_cluster",
)
"""Databases, proxies and caches."""

_FILE_SYSTEMS = {"aws_efs_file_system": "", "aws_efs_access_point": "file_system_id"}


@dataclass(frozen=True)
class Target:
    """Where a target's network interfaces stand.

    Attributes:
        resource: whose they are.
        subnets: their subnets.
        groups: their security groups.
        doubts: why not all subnets are known.
        group_doubts: why not all groups are known.
        is_everywhere: whether it has an interface in each of the subnets; else it stands in one of them.
    """

    resource: Resource
    subnets: tuple[Subnet, ...]
    groups: tuple[Part, ...]
    doubts: tuple[str, ...] = ()
    group_doubts: tuple[str, ...] = ()
    is_everywhere: bool = True

    def peer(self, subnet: Subnet | None, *, by_group: bool = True) -> Peer:
        """How the other side sees its interface in one subnet; None for one that is not known."""
        vpc = () if subnet is None or subnet.vpc is None else (subnet.vpc,)
        return Peer(
            name=self.resource.address,
            groups=self.groups,
            doubts=self.group_doubts,
            by_group=by_group,
            ranges=() if subnet is None else subnet.ranges,
            containers=frozenset(() if subnet is None else (subnet.part, *vpc)),
            owner=self.resource,
        )


def targets_of(network: Network, resource: Resource) -> tuple[Target, ...]:
    """Where a resource's interfaces stand: one for each mount target of a file system; none if unknown."""
    plan = network.plan
    if resource.type in _FILE_SYSTEMS:
        path = _FILE_SYSTEMS[resource.type]
        system = plan.links(resource, path, "aws_efs_file_system").only if path else resource
        mounts = () if system is None else plan.referrers(system, "aws_efs_mount_target", via="file_system_id")
        return tuple(target for mount in mounts for target in targets_of(network, mount))
    resource = _listener(plan, resource)
    place = _PLACES.get(resource.type)
    if place is None:
        return ()
    subnets, doubts = _subnets(network, resource, place)
    groups, unsure = network.groups_of(resource, place.groups, subnets)
    if resource.type == "aws_lb" and resource.get("load_balancer_type") == "network":
        groups, unsure = (groups, unsure) if plan.is_configured(resource, place.groups) else ((), ())
    return (Target(resource, subnets, groups, doubts, unsure, place.is_everywhere),)


def is_file_system(resource: Resource) -> bool:
    """Whether it is reached through mount targets."""
    return resource.type in _FILE_SYSTEMS


def _listener(plan: Plan, resource: Resource) -> Resource:
    if resource.type in {"aws_rds_cluster_instance", "aws_rds_cluster_endpoint"}:
        return plan.links(resource, "cluster_identifier", "aws_rds_cluster").only or resource
    return resource


def _subnets(network: Network, resource: Resource, place: _Place) -> tuple[tuple[Subnet, ...], tuple[str, ...]]:
    lookups = network.lookups
    if not place.subnet_group:
        if lookups.setting(resource, place.subnets) in (None, "", []):
            return _from_mapping(network, resource)
        subnets, doubts = network.subnets_of(resource, place.subnets)
        if place.subnets == "subnet_id" and len(subnets) > 1:  # one of them
            doubts = (*doubts, f"which of {', '.join(map(str, subnets))} it is")
        if resource.type == "aws_vpc_endpoint":
            endpoint = next((entry for entry in network.endpoints.every if entry.resource is resource), None)
            parts = Parts() if endpoint is None else endpoint.subnets
            return tuple(network.vpcs.subnet(part) for part in parts.known), parts.unknown
        return subnets, doubts
    if lookups.setting(resource, place.subnets) in (None, ""):
        return (), (f"the default VPC, in which {resource} stands without a subnet group",)
    links = network.plan.links(resource, place.subnets, place.subnet_group)
    group = links.only
    if group is None or group.mode == "data" or group.get("subnet_ids") is None:
        names = (*links.literals, *links.unresolved, *map(str, links.resources))
        return (), (f"the subnets of the subnet group {' or '.join(names)}",)
    return network.subnets_of(group, "subnet_ids")


def _from_mapping(network: Network, resource: Resource) -> tuple[tuple[Subnet, ...], tuple[str, ...]]:
    """The subnets of a load balancer with `subnet_mapping`."""
    found = Parts()
    for block in resource.blocks("subnet_mapping"):
        found |= network.lookups.parts(resource, f"{block.path}.subnet_id", SUBNET)
    if found.is_empty or resource.get("subnet_mapping") is UNKNOWN:
        return (), (f"the subnets of {resource}",)
    return tuple(network.vpcs.subnet(part) for part in found.known), found.unknown
