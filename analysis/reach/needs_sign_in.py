"""Hosts that a role may sign in to: IAM authentication of databases, proxies, caches, brokers and search domains."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.iam import Statement, overlaps
from analysis.plan import Plan, Resource
from analysis.reach.model import Destination, Kind
from analysis.reach.needs_by_lambda import Used
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_hosts import is_public, ports_of

_PROXY_TARGET, _IAM_PORT = "aws_db_proxy_target", 9098
SIGN_INS: dict[str, tuple[str, ...]] = {
    "elasticache:Connect": ("aws_elasticache_replication_group", "aws_elasticache_serverless_cache"),
    "es:ESHttp*": ("aws_opensearch_domain",),
    "kafka-cluster:*": ("aws_msk_cluster", "aws_msk_serverless_cluster"),
    "memorydb:Connect": ("aws_memorydb_cluster",),
    "rds-db:connect": ("aws_db_instance", "aws_db_proxy", "aws_rds_cluster"),
}
"""Action → types of what is signed in to (service authorization reference)."""


def sign_in_evidence(
    plan: Plan, function: Resource, used: Used, action: str, statement: Statement
) -> Iterator[Evidence]:
    """What an action that signs in somewhere says of where requests go."""
    types = [kind for pattern, kinds in SIGN_INS.items() if overlaps(pattern, action) for kind in kinds]
    for host in statement.resources.resources if not statement.not_resources else ():
        if host.type not in types or host in used.polled:
            continue
        unknown = ""
        if plan.referrers(host, _PROXY_TARGET):
            unknown = f"whether the function connects to {host.address} or to its proxy"
        ports = (_IAM_PORT,) if host.type == "aws_msk_cluster" else ports_of(plan, host)
        kind = Kind.INTERNET if is_public(host) else Kind.RESOURCE
        place = Destination(kind, host.address, resource=host, ports=ports)
        yield Evidence(function, place, f"{statement.source} allows {action} on {host.address}", unknown)
