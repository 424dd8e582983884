"""Resources with a host of their own, and the TCP ports they listen at.

Sources: the guides of RDS, Aurora, RDS Proxy, ElastiCache, MemoryDB, DocumentDB, Neptune, Redshift, MSK, Amazon MQ,
OpenSearch Service and EFS, read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.plan import UNKNOWN, Plan, Resource

_ENGINES = {
    "ActiveMQ": 61617,
    "MYSQL": 3306,
    "POSTGRESQL": 5432,
    "RabbitMQ": 5671,
    "SQLSERVER": 1433,
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "db2": 50000,
    "mariadb": 3306,
    "memcached": 11211,
    "mysql": 3306,
    "oracle": 1521,
    "postgres": 5432,
    "redis": 6379,
    "sqlserver": 1433,
    "valkey": 6379,
}
_ENGINE = ("engine", "engine_family", "engine_type")
_BROKERS = {
    "bootstrap_brokers": 9092,
    "bootstrap_brokers_tls": 9094,
    "bootstrap_brokers_sasl_scram": 9096,
    "bootstrap_brokers_sasl_iam": 9098,
}


@dataclass(frozen=True)
class Host:
    """A resource type with a host.

    Attributes:
        groups: dotted path of its security groups.
        attributes: those that name its host.
        port: the port it listens at where nothing else is set; 0 where it depends on the engine or is not known.
        parent: argument that leads to what it is only a name of, such as the cluster of a cluster's endpoint.
    """

    groups: str
    attributes: frozenset[str]
    port: int = 0
    parent: str = ""


def _host(groups: str, *attributes: str, port: int = 0, parent: str = "") -> Host:
    return Host(groups, frozenset(attributes), port, parent)


_VPC_GROUPS, _GROUPS = "vpc_security_group_ids", "security_group_ids"
HOSTS: dict[str, Host] = {
    "aws_db_instance": _host(_VPC_GROUPS, "address", "endpoint"),
    "aws_db_proxy": _host(_VPC_GROUPS, "endpoint"),
    "aws_db_proxy_endpoint": _host(_VPC_GROUPS, "endpoint"),
    "aws_docdb_cluster": _host(_VPC_GROUPS, "endpoint", "reader_endpoint", port=27017),
    "aws_efs_mount_target": _host("security_groups", "dns_name", "ip_address", "mount_target_dns_name", port=2049),
    "aws_elasticache_cluster": _host(_GROUPS, "cache_nodes", "cluster_address", "configuration_endpoint"),
    "aws_elasticache_replication_group": _host(
        _GROUPS, "configuration_endpoint_address", "primary_endpoint_address", "reader_endpoint_address", port=6379
    ),
    "aws_elasticache_serverless_cache": _host(_GROUPS, "endpoint", "reader_endpoint"),
    "aws_instance": _host(_VPC_GROUPS, "private_dns", "private_ip"),
    "aws_lb": _host("security_groups", "dns_name"),
    "aws_memorydb_cluster": _host(_GROUPS, "cluster_endpoint", port=6379),
    "aws_mq_broker": _host("security_groups", "instances"),
    "aws_msk_cluster": _host("broker_node_group_info.security_groups", *_BROKERS),
    "aws_msk_serverless_cluster": _host("vpc_config.security_group_ids", "bootstrap_brokers_sasl_iam", port=9098),
    "aws_neptune_cluster": _host(_VPC_GROUPS, "endpoint", "reader_endpoint", port=8182),
    "aws_opensearch_domain": _host("vpc_options.security_group_ids", "dashboard_endpoint", "endpoint", port=443),
    "aws_rds_cluster": _host(_VPC_GROUPS, "endpoint", "reader_endpoint"),
    "aws_rds_cluster_endpoint": _host("", "endpoint", parent="cluster_identifier"),
    "aws_rds_cluster_instance": _host("", "endpoint", parent="cluster_identifier"),
    "aws_redshift_cluster": _host("vpc_security_group_ids", "dns_name", "endpoint", port=5439),
}
"""Resource type → what names its host, its groups and its port."""


def host_of(plan: Plan, resource: Resource) -> Resource:
    """The resource that listens: the cluster of a cluster's endpoint or instance, else the resource itself."""
    parent = HOSTS[resource.type].parent
    found = plan.links(resource, parent, "aws_rds_cluster").only if parent else None
    return found or resource


def is_public(resource: Resource) -> bool:
    """Whether its host stands on the internet and in no VPC."""
    if resource.type == "aws_lb":
        return resource.get("internal") is False
    if resource.type == "aws_opensearch_domain":
        return resource.get("vpc_options") in (None, [])
    return False


def ports_of(plan: Plan, resource: Resource, attributes: frozenset[str] = frozenset()) -> tuple[int, ...]:
    """TCP ports that a resource listens at; empty where the plan does not tell.

    Args:
        plan: the plan.
        resource: the resource.
        attributes: those of it that are named, as brokers have a host for each way to sign in.
    """
    if resource.type == "aws_lb":
        listeners = plan.referrers(resource, "aws_lb_listener", via="load_balancer_arn")
        return _ports(*(entry.get("port") for entry in listeners))
    if resource.type == "aws_msk_cluster":
        return _ports(*(port for name, port in _BROKERS.items() if name in attributes))
    if resource.type == "aws_db_proxy_endpoint":
        proxy = plan.links(resource, "db_proxy_name", "aws_db_proxy").only
        return () if proxy is None else ports_of(plan, proxy)
    port = resource.get("port")
    is_ours = port is UNKNOWN and plan.is_configured(resource, "port")
    return _ports(port if isinstance(port, int) else None if is_ours else _usual(resource))


def _usual(resource: Resource) -> int | None:
    """The port that it has where none is set: of its type, or of its engine."""
    if HOSTS[resource.type].port:
        return HOSTS[resource.type].port
    engine = next((str(value) for name in _ENGINE if (value := resource.get(name)) is not None), "")
    return next((port for name, port in _ENGINES.items() if engine == name or engine.startswith(f"{name}-")), None)


def _ports(*ports: object) -> tuple[int, ...]:
    return tuple(sorted({port for port in ports if isinstance(port, int) and port}))
