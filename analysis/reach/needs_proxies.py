"""Databases behind the proxies that functions use: a proxy connects from its own subnets and security groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.plan import Plan, Resource
from analysis.reach.model import Destination, Kind, Origin
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_hosts import ports_of

_PROXY, _TARGET = "aws_db_proxy", "aws_db_proxy_target"
_DATABASES = {"db_instance_identifier": "aws_db_instance", "db_cluster_identifier": "aws_rds_cluster"}


def with_databases(plan: Plan, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """The evidence, and for each proxy in it what the proxy connects to."""
    for entry in evidence:
        yield entry
        proxy = entry.destination.resource
        if proxy is not None and proxy.type == _PROXY:
            for database, target in _behind(plan, proxy):
                place = Destination(Kind.RESOURCE, database.address, resource=database, ports=ports_of(plan, database))
                reason = f"{target.address} makes {database.address} a target of {proxy.address}"
                origin = Origin(proxy, "vpc_subnet_ids", "vpc_security_group_ids")
                yield Evidence(entry.function, place, reason, entry.unknown, origin)


def _behind(plan: Plan, proxy: Resource) -> Iterator[tuple[Resource, Resource]]:
    for target in plan.referrers(proxy, _TARGET, via="db_proxy_name"):
        for path, kind in _DATABASES.items():
            for database in plan.links(target, path, kind).resources:
                yield database, target
