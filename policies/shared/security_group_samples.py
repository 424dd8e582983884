"""Parts of samples with security groups: who carries them, and rules between them."""

from __future__ import annotations

from typing import Any

from policies.policy import Sample
from policies.samples import ZONES, cloud, function, group, merged, resource
from policies.shared.network_samples import ref, subnet

VPC = merged(
    resource("aws_vpc", "main", cidr_block="10.0.0.0/16", enable_dns_support=True, enable_dns_hostnames=True),
    *(subnet(f"main_{zone[-1]}", zone[-1], f"10.0.{index}.0/24") for index, zone in enumerate(ZONES[:2])),
)
"""A VPC with two private subnets and no security group."""

SUBNETS = [ref("aws_subnet.main_a"), ref("aws_subnet.main_b")]


def group_ids(*names: str) -> list[str]:
    """References to security groups; what holds `${` already stays as it is."""
    return [name if name.startswith("${") else ref(f"aws_security_group.{name}") for name in names]


def caller(name: str, /, *names: str, **body: Any) -> Sample:
    """A function in the VPC that carries these security groups."""
    return function(name, vpc_config={"subnet_ids": SUBNETS, "security_group_ids": group_ids(*names)}, **body)


def cache(name: str, /, *names: str, **body: Any) -> Sample:
    """A serverless cache that carries these security groups; it listens at 6379."""
    settings = {"engine": "valkey", "subnet_ids": SUBNETS, "security_group_ids": group_ids(*names), **body}
    return resource("aws_elasticache_serverless_cache", name, name=cloud(name), **settings)


def cluster(name: str, /, *names: str, **body: Any) -> Sample:
    """An Aurora PostgreSQL cluster that carries these security groups, with the subnet group of all clusters."""
    settings = {
        "cluster_identifier": cloud(name),
        "engine": "aurora-postgresql",
        "master_username": "orders",
        "manage_master_user_password": True,
        "skip_final_snapshot": True,
        "db_subnet_group_name": ref("aws_db_subnet_group.main", "name"),
        "vpc_security_group_ids": group_ids(*names),
        **body,
    }
    return merged(
        resource("aws_db_subnet_group", "main", name="sample-main", subnet_ids=SUBNETS),
        resource("aws_rds_cluster", name, **settings),
    )


def inside(name: str, /, *rules: dict[str, Any], **body: Any) -> Sample:
    """A security group with ingress rules in itself."""
    settings = {"description": "Sample", "vpc_id": ref("aws_vpc.main"), "ingress": list(rules), **body}
    return resource("aws_security_group", name, name=cloud(name), **settings)


def named(*names: str) -> Sample:
    """Security groups without rules."""
    return merged(*(group(name) for name in names))
