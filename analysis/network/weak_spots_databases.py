"""Weak spots of databases and proxies: zones, public subnets, and ways around a proxy."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.network.network import Network
from analysis.network.peer import Peer, Port
from analysis.network.placed import Placed, functions, targets, zones
from analysis.network.rules import EGRESS, INGRESS
from analysis.network.strays import Part
from analysis.network.targets import DATABASE_TYPES, Target, targets_of
from analysis.plan import Resource

_RDS = ("aws_db_instance", "aws_db_proxy", "aws_rds_cluster")


def database_in_one_zone(network: Network) -> Iterator[Finding]:
    """RDS refuses a subnet group, and a proxy, whose subnets lie in fewer than two zones (RDS guide)."""
    for target in targets(network, DATABASE_TYPES):
        found = zones(target.subnets)
        if target.doubts or not target.subnets or (len(found) != 1 and len(target.subnets) != 1):
            continue
        refused = target.resource.type in _RDS
        zone = next(iter(found), "one zone")
        end = "RDS refuses fewer than two zones" if refused else "its outage stops it"
        message = f"all of its subnets lie in {zone}; {end}"
        level = Level.ERROR if refused else Level.WARNING
        address, missing = target.resource.address, "a subnet in another zone"
        yield Finding("database-in-one-zone", level, address, missing, message, "add a subnet in another zone")


def database_in_public_subnet(network: Network) -> Iterator[Finding]:
    """A database in a public subnet is one setting away from the internet."""
    for target in targets(network, DATABASE_TYPES):
        public = [str(subnet) for subnet in target.subnets if network.is_public(subnet).passes]
        if public:
            message = f"its subnet {public[0]} has a route to an internet gateway"
            missing, fix = f"a private subnet in place of {public[0]}", "put it into subnets without such a route"
            address = target.resource.address
            yield Finding("database-in-public-subnet", Level.WARNING, address, missing, message, fix)


def database_around_proxy(network: Network) -> Iterator[Finding]:
    """Connections that a function opens beside the proxy are in nobody's pool."""
    callers: dict[tuple[Part, ...], Placed] = {}
    for function in functions(network):
        callers.setdefault(function.groups, function)
    for proxy, database in _fronted(network):
        for target in targets_of(network, database):
            for groups, function in callers.items():
                if set(groups) & set(target.groups) or not _reaches(network, function.resource, groups, target):
                    continue
                message = f"{function.resource.address} can connect to it directly, although {proxy.address} fronts it"
                missing = f"a security group that admits only {proxy.address}"
                fix = "remove the rule that admits the function, and let it connect to the proxy"
                yield Finding("database-around-proxy", Level.WARNING, database.address, missing, message, fix)


def _fronted(network: Network) -> Iterator[tuple[Resource, Resource]]:
    """Proxies, each with the database or cluster that it fronts."""
    for entry in network.plan.of("aws_db_proxy_target"):
        proxy = network.plan.links(entry, "db_proxy_name", "aws_db_proxy").only
        for path, kind in (
            ("db_instance_identifier", "aws_db_instance"),
            ("db_cluster_identifier", "aws_rds_cluster"),
        ):
            database = network.plan.links(entry, path, kind).only
            if proxy is not None and database is not None:
                yield proxy, database


def _reaches(network: Network, function: Resource, groups: tuple[Part, ...], target: Target) -> bool:
    """Whether rules on both sides let a function connect, on the database's port."""
    number = target.resource.get("port")
    port = Port(number if isinstance(number, int) else None, target.resource)
    here = Peer(function.address, groups=groups)
    for rule in (rule for group in target.groups for rule in network.groups.rules(group, INGRESS)):
        if rule.groups & set(here.groups):
            out = network.groups.admits(here.groups, EGRESS, target.peer(None), port)
            return out.passes
    return False
