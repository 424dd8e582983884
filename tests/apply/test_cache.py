"""A replication group with a replica, one with shards, a serverless cache, and functions that IAM signs in."""

from __future__ import annotations

from functools import partial
from typing import Any

from modules.cache import Cache, CacheConfig, ServerlessCache, ServerlessCacheConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack
from tests.apply.harness import Applied, Prove

GONE = {"removal": "destroy", "removal_reason": "made by a test"}
OFF = {"enabled": False, "reason": "no alarm is looked at"}
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
ZONES = ["eu-west-1a", "eu-west-1b"]
SESSIONS = {
    "users": {"api": {}, "report": {"access_string": "on ~sessions:* -@all +@read"}},
    "replicas_per_shard": 1,
    "maxmemory_policy": "allkeys-lru",
    "parameters": {"notify-keyspace-events": "Ex"},
    **GONE,
}
RESULTS = {"users": {"api": {}}, "max_storage_gb": 5, "max_ecpu_per_second": 5_000, **GONE}
SHARDS = {
    "users": {"api": {}},
    "engine": "redis",
    "node_type": "cache.r6gd.xlarge",
    "cluster_mode": True,
    "shards": 2,
    "alarms": OFF,
    **GONE,
}
NAMES = {name: f"acme-dev-orders-{name}" for name in ("sessions", "results", "shards")}


def build(stack: TargetStack, sessions: dict[str, Any] = SESSIONS) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    plan = NetworkConfig.parse({"cidr": "10.20.0.0/16", "availability_zones": ZONES, "egress": "none", "alarms": OFF})
    network = Network(stack, "network", config=plan, key=key)
    config = CacheConfig.parse(sessions)
    cache = Cache(stack, "sessions", config=config, network=network, key=key, alarm_topic=topic)
    serverless = ServerlessCache(
        stack, "results", config=ServerlessCacheConfig.parse(RESULTS), network=network, key=key, alarm_topic=topic
    )
    shards = Cache(stack, "shards", config=CacheConfig.parse(SHARDS), network=network, key=key)
    settings = FunctionConfig.parse(
        {"code": CODE, "reserved_concurrency": 5, "attachment": {"security_group": "own"}, "alarms": OFF}
    )
    api = Function(stack, "api", config=settings, network=network, key=key)
    api.connect_to(cache, user="api")
    api.connect_to(cache, user="api", reader=True)
    report = Function(stack, "report", config=settings, network=network, key=key)
    report.connect_to(serverless)
    report.connect_to(serverless, reader=True)
    report.connect_to(shards)
    stack.output("vpc_id", network.vpc_id, "The VPC")
    stack.output("key_arn", key.arn, "The key")
    stack.output("groups", [each.security_group.id for each in (cache, serverless, shards)], "The caches' groups")
    stack.output("alarms", [*cache.alarm_names, *serverless.alarm_names], "Alarms of both")


def test_caches_with_users_and_functions(prove: Prove) -> None:
    with prove(build) as applied:
        elasticache = applied.client("elasticache")
        _is_encrypted_and_highly_available(applied, elasticache)
        _delivers_its_logs(applied, elasticache)
        _signs_in_by_iam(elasticache)
        _is_limited(applied, elasticache)
        _has_shards(applied, elasticache)
        _lets_functions_in(applied)
        _is_watched(applied)
        _changes_one_thing(applied)


def _is_encrypted_and_highly_available(applied: Applied, elasticache: Any) -> None:
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId=NAMES["sessions"])["ReplicationGroups"]
    assert (group["AtRestEncryptionEnabled"], group["TransitEncryptionEnabled"]) == (True, True)
    assert (group["TransitEncryptionMode"], group["KmsKeyId"]) == ("required", applied.outputs["key_arn"])
    assert (group["AutomaticFailover"], group["MultiAZ"], group["ClusterEnabled"]) == ("enabled", "enabled", False)
    assert (group["SnapshotRetentionLimit"], group["SnapshotWindow"]) == (7, "03:00-04:00")
    assert group["UserGroupIds"] == [f"{NAMES['sessions']}-users"]
    (shard,) = group["NodeGroups"]
    assert [member["CacheClusterId"] for member in shard["NodeGroupMembers"]] == [
        f"{NAMES['sessions']}-001",
        f"{NAMES['sessions']}-002",
    ]
    (node,) = elasticache.describe_cache_clusters(CacheClusterId=f"{NAMES['sessions']}-001")["CacheClusters"]
    assert (node["Engine"], node["EngineVersion"], node["AutoMinorVersionUpgrade"]) == ("valkey", "8.2.0", True)
    assert node["PreferredMaintenanceWindow"] == "sun:05:00-sun:06:00"
    assert [each["SecurityGroupId"] for each in node["SecurityGroups"]] == applied.outputs["groups"][:1]
    (subnets,) = elasticache.describe_cache_subnet_groups(CacheSubnetGroupName=node["CacheSubnetGroupName"])[
        "CacheSubnetGroups"
    ]
    identities = [each["SubnetIdentifier"] for each in subnets["Subnets"]]
    found = applied.client("ec2").describe_subnets(SubnetIds=identities)["Subnets"]
    assert sorted(each["AvailabilityZone"] for each in found) == ZONES
    named = node["CacheParameterGroup"]["CacheParameterGroupName"]
    assert named == f"{NAMES['sessions']}-valkey8"
    parameters = elasticache.describe_cache_parameters(CacheParameterGroupName=named, Source="user")["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in parameters} == {
        "maxmemory-policy": "allkeys-lru",
        "notify-keyspace-events": "Ex",
    }


def _delivers_its_logs(applied: Applied, elasticache: Any) -> None:
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId=NAMES["sessions"])["ReplicationGroups"]
    delivered = {
        each["LogType"]: (each["LogFormat"], each["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"])
        for each in group["LogDeliveryConfigurations"]
    }
    path = f"/aws/vendedlogs/elasticache/{NAMES['sessions']}"
    assert delivered == {kind: ("json", f"{path}/{kind}") for kind in ("engine-log", "slow-log")}
    logs = applied.client("logs").describe_log_groups(logGroupNamePrefix=path)["logGroups"]
    assert [(each["kmsKeyId"], each["retentionInDays"]) for each in logs] == [(applied.outputs["key_arn"], 365)] * 2


def _signs_in_by_iam(elasticache: Any) -> None:
    users = {user["UserId"]: user for user in elasticache.describe_users()["Users"]}
    sessions, results, shards = NAMES["sessions"], NAMES["results"], NAMES["shards"]
    assert {
        identity: (user["UserName"], user["Authentication"]["Type"], user["AccessString"])
        for identity, user in users.items()
        if identity != "default"
    } == {
        f"{sessions}-api": (f"{sessions}-api", "iam", "on ~* +@all -@dangerous"),
        f"{sessions}-default": ("default", "no-password", "off ~* -@all"),
        f"{sessions}-report": (f"{sessions}-report", "iam", "on ~sessions:* -@all +@read"),
        f"{results}-api": (f"{results}-api", "iam", "on ~* +@all -@dangerous"),
        f"{results}-default": ("default", "no-password", "off ~* -@all"),
        f"{shards}-api": (f"{shards}-api", "iam", "on ~* +@all -@dangerous"),
        f"{shards}-default": ("default", "no-password", "off ~* -@all"),
    }
    groups = {group["UserGroupId"]: group for group in elasticache.describe_user_groups()["UserGroups"]}
    assert {
        identity: (sorted(group["UserIds"]), group["ReplicationGroups"], group["ServerlessCaches"])
        for identity, group in groups.items()
    } == {
        f"{sessions}-users": ([f"{sessions}-{name}" for name in ("api", "default", "report")], [sessions], []),
        f"{results}-users": ([f"{results}-{name}" for name in ("api", "default")], [], [results]),
        f"{shards}-users": ([f"{shards}-{name}" for name in ("api", "default")], [shards], []),
    }


def _is_limited(applied: Applied, elasticache: Any) -> None:
    (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
    assert (cache["ServerlessCacheName"], cache["Engine"], cache["MajorEngineVersion"]) == (
        NAMES["results"],
        "valkey",
        "8",
    )
    assert cache["CacheUsageLimits"] == {
        "DataStorage": {"Maximum": 5, "Unit": "GB"},
        "ECPUPerSecond": {"Maximum": 5_000},
    }
    assert (cache["KmsKeyId"], cache["SecurityGroupIds"]) == (
        applied.outputs["key_arn"],
        applied.outputs["groups"][1:2],
    )
    assert (cache["SnapshotRetentionLimit"], cache["DailySnapshotTime"]) == (7, "03:00")
    assert len(cache["SubnetIds"]) == len(ZONES)


def _has_shards(applied: Applied, elasticache: Any) -> None:
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId=NAMES["shards"])["ReplicationGroups"]
    assert (group["ClusterMode"], group["ClusterEnabled"], group["DataTiering"]) == ("enabled", True, "enabled")
    assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [2, 2]
    (node,) = elasticache.describe_cache_clusters(CacheClusterId=f"{NAMES['shards']}-0002-001")["CacheClusters"]
    named = node["CacheParameterGroup"]["CacheParameterGroupName"]
    assert (named, node["EngineVersion"]) == (f"{NAMES['shards']}-redis7", "7.1.0")
    (parameter,) = elasticache.describe_cache_parameters(CacheParameterGroupName=named, Source="user")["Parameters"]
    assert (parameter["ParameterName"], parameter["ParameterValue"]) == ("cluster-enabled", "yes")
    variables = _variables(applied, "report")
    assert variables["SHARDS_HOST"] == group["ConfigurationEndpoint"]["Address"]


def _lets_functions_in(applied: Applied) -> None:
    variables = {name: _variables(applied, name) for name in ("api", "report")}
    assert sorted(variables["api"]) == [
        f"SESSIONS_{suffix}" for suffix in ("HOST", "NAME", "PORT", "READER_HOST", "READER_PORT", "USER")
    ]
    assert variables["api"]["SESSIONS_USER"] == f"{NAMES['sessions']}-api"
    assert variables["api"]["SESSIONS_HOST"].startswith("master.")
    assert variables["api"]["SESSIONS_READER_HOST"].startswith("replica.")
    assert (variables["api"]["SESSIONS_PORT"], variables["api"]["SESSIONS_READER_PORT"]) == ("6379", "6379")
    assert (variables["report"]["RESULTS_PORT"], variables["report"]["RESULTS_READER_PORT"]) == ("6379", "6380")
    assert variables["report"]["RESULTS_NAME"] == NAMES["results"]
    where = "arn:aws:elasticache:eu-west-1:123456789012"
    stores = (
        ("api", "sessions", "replicationgroup"),
        ("report", "results", "serverlesscache"),
        ("report", "shards", "replicationgroup"),
    )
    for function, store, kind in stores:
        connect = _statements(applied, function)[f"Connect{store.capitalize()}AsApi"]
        assert connect["Action"] == ["elasticache:Connect"]
        assert connect["Resource"] == [f"{where}:{kind}:{NAMES[store]}", f"{where}:user:{NAMES[store]}-api"]
    rules = applied.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": applied.outputs["groups"]}]
    )["SecurityGroupRules"]
    own = {name: _group(applied, name) for name in ("api", "report")}
    sessions, results, shards = applied.outputs["groups"]
    expected = [
        (sessions, own["api"], 6379),
        (results, own["report"], 6379),
        (results, own["report"], 6380),
        (shards, own["report"], 6379),
    ]
    found = [(rule["GroupId"], rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"]) for rule in rules]
    assert sorted(found) == sorted(expected)
    assert not any(rule["IsEgress"] for rule in rules)


def _is_watched(applied: Applied) -> None:
    names = applied.outputs["alarms"]
    alarms = [
        alarm
        for page in applied.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNames=names)
        for alarm in page["MetricAlarms"]
    ]
    assert len(alarms) == len(names) == 18
    watched = {alarm["AlarmName"]: alarm["Dimensions"] for alarm in alarms}
    assert watched["acme-dev-orders-sessions-memory-002"] == [
        {"Name": "CacheClusterId", "Value": f"{NAMES['sessions']}-002"}
    ]
    assert watched["acme-dev-orders-results-throttles"] == [{"Name": "clusterId", "Value": NAMES["results"]}]


def _changes_one_thing(applied: Applied) -> None:
    """One user's rights, and nothing else."""
    report = {**SESSIONS["users"]["report"], "access_string": "on ~sessions:* -@all +@read +@connection"}  # type: ignore[index]  # plain data
    changed = {**SESSIONS, "users": {"api": {}, "report": report}}
    plan = applied.apply(partial(build, sessions=changed))
    (change,) = [each for each in plan.resource_changes if not each.is_quiet]
    assert (change.type, change.actions) == ("aws_elasticache_user", ("update",))
    users = applied.client("elasticache").describe_users(UserId=f"{NAMES['sessions']}-report")["Users"]
    assert [user["AccessString"] for user in users] == ["on ~sessions:* -@all +@read +@connection"]


def _variables(applied: Applied, name: str) -> dict[str, str]:
    found = applied.client("lambda").get_function_configuration(FunctionName=f"acme-dev-orders-{name}")
    variables: dict[str, str] = found["Environment"]["Variables"]
    return variables


def _group(applied: Applied, name: str) -> str:
    found = applied.client("lambda").get_function_configuration(FunctionName=f"acme-dev-orders-{name}")
    (group,) = found["VpcConfig"]["SecurityGroupIds"]
    return str(group)


def _statements(applied: Applied, name: str) -> dict[str, dict[str, Any]]:
    role = f"acme-dev-orders-{name}"
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {statement["Sid"]: statement for statement in document["Statement"]}
