"""What takes network interfaces and addresses in subnets, functions excepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.budget.states import State
from analysis.budget.targets import PROXY, Targets
from analysis.budget.view import SUBNETS, Keys, number_at
from analysis.plan import Resource

LOAD_BALANCER_ADDRESSES = 8  # ELB guide: free addresses that an Application Load Balancer asks of each subnet
_IPV6 = "ipv6"


@dataclass(frozen=True)
class Occupant:
    """A resource with network interfaces.

    Attributes:
        resource: the resource.
        subnets: where they lie, as keys.
        addresses: IPv4 addresses in each of the subnets; a fraction where they spread over all of them.
        interfaces: network interfaces in all.
        groups: security groups, as keys.
        is_hyperplane: whether its interfaces count against those that Lambda may have in a VPC.
        note: how the number comes about.
    """

    resource: Resource
    subnets: Keys
    addresses: Fraction
    interfaces: int
    groups: Keys = field(default=Keys())
    is_hyperplane: bool = False
    note: str = ""


def occupants(state: State) -> Iterator[Occupant]:
    """Every such resource of a plan, after or before it."""
    yield from _endpoints(state)
    yield from _proxies(state)
    for kind, path in _SINGLE.items():
        for entry in state.of(kind):
            yield _one(state, entry, path)
    for kind in ("aws_lb", "aws_alb"):
        for entry in state.of(kind):
            yield _load_balancer(state, entry)
    yield from _databases(state)
    yield from _nodes(state)


_SINGLE = {"aws_efs_mount_target": "subnet_id", "aws_nat_gateway": "subnet_id", "aws_instance": "subnet_id",
           "aws_network_interface": "subnet_id"}  # fmt: skip


def _one(state: State, entry: Resource, path: str) -> Occupant:
    more = _secondary(entry)
    is_mount_target = entry.type == "aws_efs_mount_target"
    subnets = state.keys(entry, path, *SUBNETS)
    return Occupant(entry, subnets, Fraction(1 + more), 1, is_hyperplane=is_mount_target)


def _secondary(entry: Resource) -> int:
    """Addresses beside the first."""
    lists = ("secondary_private_ip_addresses", "secondary_private_ips", "private_ips", "secondary_allocation_ids")
    listed = max((len(value) for name in lists if isinstance(value := entry.get(name), list)), default=0)
    if entry.type == "aws_network_interface":
        counted = number_at(entry, "private_ips_count", 0) or 0
        return max(listed - 1, counted, 0)
    return max(listed, number_at(entry, "secondary_private_ip_address_count", 0) or 0)


def _endpoints(state: State) -> Iterator[Occupant]:
    for entry in state.of("aws_vpc_endpoint"):
        if entry.get("vpc_endpoint_type", "Gateway") == "Gateway":
            continue
        subnets = state.keys(entry, "subnet_ids", *SUBNETS)
        each = Fraction(0 if entry.get("ip_address_type") == _IPV6 else 1)
        groups = state.groups(entry, "security_group_ids")
        yield Occupant(entry, subnets, each, len(subnets.keys), groups, is_hyperplane=True)
    for entry in state.of("aws_vpc_endpoint_subnet_association"):
        yield Occupant(entry, state.keys(entry, "subnet_id", *SUBNETS), Fraction(1), 1, is_hyperplane=True)


def _proxies(state: State) -> Iterator[Occupant]:
    targets = Targets(state)
    endpoints: dict[Resource, int] = {}
    for entry in state.of("aws_db_proxy_endpoint"):
        for proxy in state.follow(entry, "db_proxy_name", PROXY)[0]:
            endpoints[proxy] = endpoints.get(proxy, 0) + 1
    for proxy in state.of(PROXY):
        subnets = state.keys(proxy, "vpc_subnet_ids", *SUBNETS)
        needed = targets.addresses(proxy, endpoints.get(proxy, 0))
        each = Fraction(needed, max(len(subnets.keys), 1))
        groups = state.groups(proxy, "vpc_security_group_ids")
        note = f"{needed} in all its subnets together, by the largest database behind it (RDS guide, RDS Proxy)"
        yield Occupant(proxy, subnets, each, needed, groups, is_hyperplane=True, note=note)


def _load_balancer(state: State, entry: Resource) -> Occupant:
    subnets = state.keys(entry, "subnets", *SUBNETS) | state.keys(entry, "subnet_mapping.subnet_id", *SUBNETS)
    is_application = entry.get("load_balancer_type", "application") == "application"
    each = LOAD_BALANCER_ADDRESSES if is_application else 1
    note = f"{each} in each subnet (ELB guide)" if is_application else ""
    return Occupant(entry, subnets, Fraction(each), each * len(subnets.keys), note=note)


def _databases(state: State) -> Iterator[Occupant]:
    for entry in state.of("aws_db_instance"):
        nodes = 2 if entry.get("multi_az") is True else 1
        yield _spread(entry, _group(state, entry, "db_subnet_group_name", "aws_db_subnet_group"), nodes)
    for entry in state.of("aws_rds_cluster_instance"):
        clusters, _ = state.follow(entry, "cluster_identifier", "aws_rds_cluster")
        holder = entry if not clusters else clusters[0]
        yield _spread(entry, _group(state, holder, "db_subnet_group_name", "aws_db_subnet_group"), 1)


def _nodes(state: State) -> Iterator[Occupant]:
    kind = "aws_elasticache_subnet_group"
    for entry in state.of("aws_elasticache_replication_group"):
        subnets = _group(state, entry, "subnet_group_name", kind)
        clusters, unknown = _number(state, entry, "num_cache_clusters", 1)
        shards, more = _number(state, entry, "num_node_groups", 0)
        replicas, most = _number(state, entry, "replicas_per_node_group", 0)
        nodes = max(shards * (1 + replicas), clusters)
        yield _spread(entry, subnets | Keys(unknown=unknown or more or most), nodes)
    for entry in state.of("aws_elasticache_cluster"):
        group = state.keys(entry, "replication_group_id")
        if not group.keys and not group.unknown:
            nodes, unknown = _number(state, entry, "num_cache_nodes", 1)
            yield _spread(entry, _group(state, entry, "subnet_group_name", kind) | Keys(unknown=unknown), nodes)
    for entry in state.of("aws_elasticache_serverless_cache"):
        subnets = state.keys(entry, "subnet_ids", *SUBNETS)
        yield Occupant(entry, subnets, Fraction(1), len(subnets.keys))
    for entry in state.of("aws_msk_cluster"):
        subnets = state.keys(entry, "broker_node_group_info.client_subnets", *SUBNETS)
        nodes, unknown = _number(state, entry, "number_of_broker_nodes", 1)
        yield _spread(entry, subnets | Keys(unknown=unknown), nodes)


def _number(state: State, entry: Resource, path: str, default: int) -> tuple[int, str]:
    """A number that AWS fills in where the configuration leaves it out, and what is not known of it."""
    found = number_at(entry, path, default)
    is_unknown = found is None and state.view.plan.is_configured(entry, path)
    return (default if found is None else found), f"{path} of {state.view.address(entry)}" if is_unknown else ""


def _spread(entry: Resource, subnets: Keys, nodes: int) -> Occupant:
    return Occupant(entry, subnets, Fraction(nodes, max(len(subnets.keys), 1)), nodes)


def _group(state: State, entry: Resource, path: str, kind: str) -> Keys:
    """Subnets of the subnet group that a resource names; unknown where the group is no resource of the plan."""
    groups, unknown = state.follow(entry, path, kind)
    found = Keys(unknown=unknown)
    for group in groups:
        found = found | state.keys(group, "subnet_ids", *SUBNETS)
    if groups or unknown or not (outside := state.keys(entry, path, kind).keys):
        return found
    return Keys(unknown=f"the subnets of subnet group {outside[0]}")
