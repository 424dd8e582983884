"""The extensions of ElastiCache: users and their groups, parameter groups, nodes, serverless caches."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients, Network

ARN = "arn:aws:elasticache:eu-west-1:123456789012"


@pytest.fixture
def elasticache(clients: Clients) -> Any:
    return clients("elasticache")


def user(elasticache: Any, identity: str, **other: Any) -> str:
    fields = {"UserName": identity, "Engine": "redis", "AccessString": "on ~* +@all", **other}
    made: str = elasticache.create_user(UserId=identity, **fields)["UserId"]
    return made


def people(elasticache: Any) -> list[str]:
    return [
        user(elasticache, "nobody", UserName="default", AccessString="off ~* -@all", NoPasswordRequired=True),
        user(elasticache, "api", AuthenticationMode={"Type": "iam"}),
    ]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = error.value.response["Error"]["Code"]
    return found


def replication_group(elasticache: Any, **other: Any) -> Any:
    fields = {"ReplicationGroupDescription": "orders", "CacheNodeType": "cache.t4g.small", "Engine": "valkey"}
    given = {"EngineVersion": "8.2", "NumCacheClusters": 2, **fields, **other}
    return elasticache.create_replication_group(ReplicationGroupId="orders", **given)["ReplicationGroup"]


def test_a_group_of_users(elasticache: Any) -> None:
    made = elasticache.create_user_group(
        UserGroupId="orders", Engine="redis", UserIds=people(elasticache), Tags=[{"Key": "env", "Value": "dev"}]
    )
    assert (made["Status"], made["UserIds"], made["ARN"]) == ("active", ["nobody", "api"], f"{ARN}:usergroup:orders")
    (found,) = elasticache.describe_user_groups(UserGroupId="orders")["UserGroups"]
    assert (found["UserIds"], found["ReplicationGroups"], found["ServerlessCaches"]) == (["nobody", "api"], [], [])
    tags = elasticache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"]
    assert tags == [{"Key": "env", "Value": "dev"}]
    (api,) = elasticache.describe_users(UserId="api")["Users"]
    assert (api["Authentication"]["Type"], api["UserGroupIds"]) == ("iam", ["orders"])
    (nobody,) = elasticache.describe_users(UserId="nobody")["Users"]
    assert (nobody["UserName"], nobody["Authentication"]["Type"]) == ("default", "no-password")


def test_a_group_changes_and_goes(elasticache: Any) -> None:
    elasticache.create_user_group(UserGroupId="orders", Engine="redis", UserIds=people(elasticache))
    user(elasticache, "report", AuthenticationMode={"Type": "iam"})
    changed = elasticache.modify_user_group(UserGroupId="orders", UserIdsToAdd=["report"], UserIdsToRemove=["api"])
    assert changed["UserIds"] == ["nobody", "report"]
    elasticache.delete_user(UserId="report")
    assert elasticache.describe_user_groups()["UserGroups"][0]["UserIds"] == ["nobody"]
    elasticache.delete_user_group(UserGroupId="orders")
    with pytest.raises(ClientError) as refused:
        elasticache.describe_user_groups(UserGroupId="orders")
    assert code(refused) == "UserGroupNotFound"


def test_what_a_group_takes(elasticache: Any) -> None:
    nobody, api = people(elasticache)
    other = user(elasticache, "other", UserName="default", NoPasswordRequired=True)
    for engine, users, expected in (
        ("redis", [api], "DefaultUserRequired"),
        ("redis", [nobody, "unknown"], "UserNotFound"),
        ("redis", [nobody, other], "DuplicateUserName"),
        ("valkey", [nobody, api], "InvalidParameterCombination"),
    ):
        with pytest.raises(ClientError) as refused:
            elasticache.create_user_group(UserGroupId="orders", Engine=engine, UserIds=users)
        assert code(refused) == expected
    elasticache.create_user_group(UserGroupId="orders", Engine="redis", UserIds=[nobody])
    with pytest.raises(ClientError) as refused:
        elasticache.create_user_group(UserGroupId="orders", Engine="redis", UserIds=[nobody])
    assert code(refused) == "UserGroupAlreadyExists"


def test_iam_signs_in_only_whose_id_is_its_name(elasticache: Any) -> None:
    with pytest.raises(ClientError, match="User Id and User name must be same"):
        user(elasticache, "api", UserName="default", AuthenticationMode={"Type": "iam"})


def test_a_user_changes(elasticache: Any) -> None:
    user(elasticache, "api", AuthenticationMode={"Type": "iam"})
    changed = elasticache.modify_user(UserId="api", AccessString="on ~orders:* +@read")
    assert changed["AccessString"] == "on ~orders:* +@read"
    with pytest.raises(ClientError) as refused:
        elasticache.modify_user(UserId="report", AccessString="on +@read")
    assert code(refused) == "UserNotFound"


def test_parameter_groups(elasticache: Any) -> None:
    named = {"CacheParameterGroupName": "orders"}
    made = elasticache.create_cache_parameter_group(
        **named, CacheParameterGroupFamily="valkey8", Description="orders", Tags=[{"Key": "env", "Value": "dev"}]
    )["CacheParameterGroup"]
    assert (made["CacheParameterGroupFamily"], made["ARN"]) == ("valkey8", f"{ARN}:parametergroup:orders")
    assert len(elasticache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"]) == 1
    values = [
        {"ParameterName": name, "ParameterValue": value}
        for name, value in (("maxmemory-policy", "allkeys-lru"), ("timeout", "60"))
    ]
    elasticache.modify_cache_parameter_group(**named, ParameterNameValues=values)

    def read() -> dict[str, str]:
        found = elasticache.describe_cache_parameters(**named, Source="user")["Parameters"]
        return {each["ParameterName"]: each["ParameterValue"] for each in found}

    assert read() == {"maxmemory-policy": "allkeys-lru", "timeout": "60"}
    assert elasticache.describe_cache_parameters(**named, Source="system")["Parameters"] == []
    elasticache.reset_cache_parameter_group(**named, ParameterNameValues=values[:1])
    assert read() == {"timeout": "60"}
    elasticache.reset_cache_parameter_group(**named, ResetAllParameters=True)
    assert read() == {}
    elasticache.delete_cache_parameter_group(**named)
    assert elasticache.describe_cache_parameter_groups()["CacheParameterGroups"] == []


def test_what_parameter_groups_refuse(elasticache: Any) -> None:
    given = {"CacheParameterGroupName": "orders", "CacheParameterGroupFamily": "valkey8", "Description": "orders"}
    elasticache.create_cache_parameter_group(**given)
    replication_group(elasticache, CacheParameterGroupName="orders")
    for action, arguments, expected in (
        ("create_cache_parameter_group", given, "CacheParameterGroupAlreadyExists"),
        (
            "create_cache_parameter_group",
            {**given, "CacheParameterGroupName": "new", "CacheParameterGroupFamily": "valkey5"},
            "InvalidParameterValue",
        ),
        (
            "describe_cache_parameter_groups",
            {"CacheParameterGroupName": "unknown"},
            "CacheParameterGroupNotFound",
        ),
        (
            "delete_cache_parameter_group",
            {"CacheParameterGroupName": "orders"},
            "InvalidCacheParameterGroupState",
        ),
    ):
        with pytest.raises(ClientError) as refused:
            getattr(elasticache, action)(**arguments)
        assert code(refused) == expected


def test_nodes_are_cache_clusters(elasticache: Any, network: Network) -> None:
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="orders", CacheSubnetGroupDescription="orders", SubnetIds=list(network.subnets)
    )
    made = replication_group(
        elasticache,
        CacheSubnetGroupName="orders",
        SecurityGroupIds=[network.groups[0]],
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        TransitEncryptionMode="required",
        AtRestEncryptionEnabled=True,
    )
    assert made["MemberClusters"] == ["orders-001", "orders-002"]
    (shard,) = made["NodeGroups"]
    assert shard["ReaderEndpoint"]["Address"].startswith("replica.orders.")
    nodes = elasticache.describe_cache_clusters()["CacheClusters"]
    assert [node["CacheClusterId"] for node in nodes] == made["MemberClusters"]
    (node,) = elasticache.describe_cache_clusters(CacheClusterId="orders-002")["CacheClusters"]
    assert (node["EngineVersion"], node["ReplicationGroupId"], node["CacheSubnetGroupName"]) == (
        "8.2.0",
        "orders",
        "orders",
    )
    assert node["SecurityGroups"] == [{"SecurityGroupId": network.groups[0], "Status": "active"}]
    assert (node["TransitEncryptionMode"], node["AtRestEncryptionEnabled"]) == ("required", True)
    elasticache.delete_replication_group(ReplicationGroupId="orders")
    assert elasticache.describe_cache_clusters()["CacheClusters"] == []
    assert elasticache.describe_replication_groups()["ReplicationGroups"] == []


def test_a_replication_group_changes(elasticache: Any) -> None:
    elasticache.create_user_group(UserGroupId="people", Engine="redis", UserIds=people(elasticache))
    replication_group(elasticache, UserGroupIds=["people"])
    delivery = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "orders"}},
        "LogFormat": "json",
    }
    changed = elasticache.modify_replication_group(
        ReplicationGroupId="orders",
        SnapshotRetentionLimit=3,
        SnapshotWindow="01:00-02:00",
        PreferredMaintenanceWindow="mon:05:00-mon:06:00",
        UserGroupIdsToRemove=["people"],
        LogDeliveryConfigurations=[delivery],
    )["ReplicationGroup"]
    assert (changed["SnapshotRetentionLimit"], changed["SnapshotWindow"]) == (3, "01:00-02:00")
    assert changed["UserGroupIds"] == []
    assert [each["Status"] for each in changed["LogDeliveryConfigurations"]] == ["active"]
    (node,) = elasticache.describe_cache_clusters(CacheClusterId="orders-001")["CacheClusters"]
    assert node["PreferredMaintenanceWindow"] == "mon:05:00-mon:06:00"
    off = {"LogType": "slow-log", "Enabled": False}
    changed = elasticache.modify_replication_group(ReplicationGroupId="orders", LogDeliveryConfigurations=[off])
    assert changed["ReplicationGroup"]["LogDeliveryConfigurations"] == []


def test_a_user_group_in_use_stays(elasticache: Any) -> None:
    elasticache.create_user_group(UserGroupId="people", Engine="redis", UserIds=people(elasticache))
    replication_group(elasticache, UserGroupIds=["people"])
    assert elasticache.describe_user_groups()["UserGroups"][0]["ReplicationGroups"] == ["orders"]
    with pytest.raises(ClientError) as refused:
        elasticache.delete_user_group(UserGroupId="people")
    assert code(refused) == "InvalidUserGroupState"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"UserGroupIds": ["unknown"]}, "UserGroupNotFound"),
        ({"CacheParameterGroupName": "unknown"}, "CacheParameterGroupNotFound"),
        ({"CacheParameterGroupName": "seven"}, "InvalidParameterCombination"),
        ({"CacheSubnetGroupName": "unknown"}, "CacheSubnetGroupNotFoundFault"),
        ({"NumCacheClusters": 1, "AutomaticFailoverEnabled": True}, "InvalidParameterValue"),
    ],
)
def test_what_a_replication_group_takes(elasticache: Any, given: dict[str, Any], expected: str) -> None:
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="seven", CacheParameterGroupFamily="valkey7", Description="orders"
    )
    with pytest.raises(ClientError) as refused:
        replication_group(elasticache, **given)
    assert code(refused) == expected


def test_a_serverless_cache(elasticache: Any, network: Network) -> None:
    elasticache.create_user_group(UserGroupId="people", Engine="redis", UserIds=people(elasticache))
    limits = {"DataStorage": {"Maximum": 5, "Unit": "GB"}, "ECPUPerSecond": {"Maximum": 5000}}
    made = elasticache.create_serverless_cache(
        ServerlessCacheName="orders",
        Engine="valkey",
        MajorEngineVersion="8",
        SubnetIds=list(network.subnets),
        SecurityGroupIds=[network.groups[0]],
        CacheUsageLimits=limits,
        UserGroupId="people",
        Tags=[{"Key": "env", "Value": "dev"}],
    )["ServerlessCache"]
    assert (made["Status"], made["FullEngineVersion"], made["CacheUsageLimits"]) == ("available", "8.1", limits)
    assert (made["Endpoint"]["Port"], made["ReaderEndpoint"]["Port"]) == (6379, 6380)
    assert len(elasticache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"]) == 1
    assert elasticache.describe_user_groups()["UserGroups"][0]["ServerlessCaches"] == ["orders"]
    changed = elasticache.modify_serverless_cache(
        ServerlessCacheName="orders", SnapshotRetentionLimit=3, DailySnapshotTime="03:00", RemoveUserGroup=True
    )["ServerlessCache"]
    assert (changed["SnapshotRetentionLimit"], changed["DailySnapshotTime"]) == (3, "03:00")
    assert "UserGroupId" not in changed
    elasticache.delete_serverless_cache(ServerlessCacheName="orders")
    assert elasticache.describe_serverless_caches()["ServerlessCaches"] == []
    with pytest.raises(ClientError) as refused:
        elasticache.describe_serverless_caches(ServerlessCacheName="orders")
    assert code(refused) == "ServerlessCacheNotFoundFault"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"MajorEngineVersion": "6"}, "InvalidParameterValue"),
        ({"UserGroupId": "unknown"}, "UserGroupNotFound"),
        ({}, "InvalidParameterValue"),
    ],
    ids=["version", "users", "one zone"],
)
def test_what_a_serverless_cache_takes(
    elasticache: Any, network: Network, given: dict[str, Any], expected: str
) -> None:
    subnets = list(network.subnets) if given else [network.subnets[0]]
    with pytest.raises(ClientError) as refused:
        elasticache.create_serverless_cache(ServerlessCacheName="orders", Engine="valkey", SubnetIds=subnets, **given)
    assert code(refused) == expected
