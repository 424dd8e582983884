"""Leftovers of ElastiCache."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, REGION, Clients

MINE, OTHERS = f"{PREFIX}-files", f"{PREFIX}2-files"


def test_replication_groups_and_what_they_stand_on(empty: Clients) -> None:
    elasticache, ec2 = empty("elasticache"), empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.30.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    for name in (MINE, OTHERS):
        elasticache.create_cache_subnet_group(
            CacheSubnetGroupName=name, CacheSubnetGroupDescription=name, SubnetIds=subnets
        )
        elasticache.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily="valkey8", Description=name
        )
        elasticache.create_user(
            UserId=name, UserName="default", Engine="redis", AccessString="off ~* -@all", NoPasswordRequired=True
        )
        elasticache.create_user_group(UserGroupId=name, Engine="redis", UserIds=[name])
        elasticache.create_replication_group(
            ReplicationGroupId=name,
            ReplicationGroupDescription=name,
            CacheNodeType="cache.t4g.small",
            Engine="valkey",
            EngineVersion="8.2",
            NumCacheClusters=2,
        )
        elasticache.create_serverless_cache(ServerlessCacheName=name, Engine="valkey", SubnetIds=subnets)
        elasticache.create_snapshot(SnapshotName=name, ReplicationGroupId=name)
    assert leftovers(empty, prefix=PREFIX) == (
        f"cache {MINE}",
        f"cache node {MINE}-001",
        f"cache node {MINE}-002",
        f"cache parameter group {MINE}",
        f"cache snapshot {MINE}",
        f"cache subnet group {MINE}",
        f"cache user {MINE}",
        f"cache user group {MINE}",
        f"serverless cache {MINE}",
    )
    elasticache.delete_serverless_cache(ServerlessCacheName=MINE)
    elasticache.delete_replication_group(ReplicationGroupId=MINE)
    elasticache.delete_snapshot(SnapshotName=MINE)
    elasticache.delete_user_group(UserGroupId=MINE)
    elasticache.delete_user(UserId=MINE)
    elasticache.describe_users(UserId=MINE)  # moto forgets a deleted user once that has been told
    elasticache.delete_cache_parameter_group(CacheParameterGroupName=MINE)
    elasticache.delete_cache_subnet_group(CacheSubnetGroupName=MINE)
    assert leftovers(empty, prefix=PREFIX) == ()
