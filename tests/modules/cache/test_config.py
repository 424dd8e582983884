"""Configuration of replication groups: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.cache import CacheConfig
from modules.cache.engines import ENGINES
from modules.core.errors import ConfigError
from modules.core.target import Target

TOKEN = "${TfToken[TOKEN.3]}"
USERS: dict[str, Any] = {"users": {"orders": {}}}
SINGLE: dict[str, Any] = {
    "replicas_per_shard": 0,
    "automatic_failover": False,
    "automatic_failover_off_reason": "a trial",
    "multi_az": False,
    "multi_az_off_reason": "a trial",
}


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        CacheConfig.parse({**USERS, **fields})
    return str(refused.value)


def test_the_default_is_two_nodes_of_valkey_in_two_zones_kept() -> None:
    config = CacheConfig.parse(USERS)
    assert (config.engine, config.version, config.family) == ("valkey", "8.2", "valkey8")
    assert (config.nodes, config.automatic_failover, config.multi_az) == (2, True, True)
    assert (config.authentication, config.removal, config.snapshot_retention_days) == ("iam", "keep", 7)
    assert (config.has_data_tiering, config.cluster_mode) == (False, False)


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [(engine.name, version, family) for engine in ENGINES.values() for version, family in engine.families.items()],
)
def test_each_version_has_its_family(engine: str, version: str, family: str) -> None:
    config = CacheConfig.parse({**USERS, "engine": engine, "engine_version": version})
    assert (config.version, config.family) == (version, family)


def test_redis_has_a_version_of_its_own() -> None:
    assert CacheConfig.parse({**USERS, "engine": "redis"}).version == "7.1"


def test_nodes_of_all_shards_are_counted() -> None:
    config = CacheConfig.parse({**USERS, "cluster_mode": True, "shards": 3, "replicas_per_shard": 2})
    assert config.nodes == 9


def test_one_node_for_two_reasons() -> None:
    assert CacheConfig.parse({**USERS, **SINGLE}).nodes == 1


def test_cluster_mode_without_replicas_fails_over_in_name_only() -> None:
    config = CacheConfig.parse(
        {
            **USERS,
            "cluster_mode": True,
            "shards": 2,
            "replicas_per_shard": 0,
            "multi_az": False,
            "multi_az_off_reason": "a trial",
        }
    )
    assert config.nodes == 2


def test_without_snapshots_their_window_is_no_matter() -> None:
    off: dict[str, Any] = {"snapshot_retention_days": 0, "snapshots_off_reason": "a trial"}
    config = CacheConfig.parse({**USERS, **off, "maintenance_window": "sun:03:00-sun:04:00"})
    assert config.snapshot_window == "03:00-04:00"


def test_data_tiering_goes_with_its_nodes() -> None:
    assert CacheConfig.parse({**USERS, "node_type": "cache.r6gd.xlarge"}).has_data_tiering


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"engine": "memcached"},
            'engine is "memcached"; an engine is one of valkey, redis; choose one of them',
        ),
        (
            {"engine_version": "7.1"},
            'engine_version is "7.1"; valkey has 7.2, 8.0, 8.1, 8.2, 9.0, 9.1 (ElastiCache guide); choose one of them',
        ),
        (
            {"engine_version": "6.2"},
            ('engine_version is "6.2"; a version is one of 7.2, 8.0, 8.1, 8.2, 9.0, 9.1, 7.0, 7.1; choose one of them'),
        ),
        (
            {"node_type": "cache.t2.micro"},
            (
                'node_type is "cache.t2.micro"; families of nodes are c7gn, m5, m6g, m7g, r5, r6g, r6gd, r7g, t3, t4g '
                "(our choice of the ElastiCache guide's); choose one of them"
            ),
        ),
        (
            {"node_type": "cache.r6gd.xlarge", "maxmemory_policy": "volatile-ttl"},
            (
                'maxmemory_policy is "volatile-ttl" and node_type is "cache.r6gd.xlarge"; nodes with data tiering take '
                "volatile-lru, allkeys-lru, volatile-lfu, allkeys-lfu, noeviction (ElastiCache guide); choose one of "
                "them, or another node_type"
            ),
        ),
        (
            {"node_type": "t4g.small"},
            'node_type is "t4g.small"; a node type reads like cache.t4g.small; correct it',
        ),
        (
            {"node_type": TOKEN},
            (
                f'node_type is "{TOKEN}"; it decides what is synthesized, so it cannot be a value that is known only '
                "later; write the value itself"
            ),
        ),
        (
            {"shards": 2},
            (
                "shards is 2; without cluster mode there is one (CreateReplicationGroup); set cluster_mode to true, or "
                "shards to 1"
            ),
        ),
        (
            {"shards": 501, "cluster_mode": True},
            (
                "shards is 501; a replication group in cluster mode takes 1 to 500 shards (ElastiCache guide); set a "
                "value from 1 to 500"
            ),
        ),
        (
            {"shards": 251, "cluster_mode": True},
            (
                "shards is 251 and replicas_per_shard is 1, 502 nodes; a replication group has at most 500 "
                "(ElastiCache guide); lower one of them"
            ),
        ),
        (
            {"replicas_per_shard": 6},
            ("replicas_per_shard is 6; a shard takes 0 to 5 replicas (elasticache API model); set a value from 0 to 5"),
        ),
        (
            {"replicas_per_shard": 0},
            (
                "replicas_per_shard is 0; automatic failover takes two nodes at least (CreateReplicationGroup); add a "
                "replica, or set automatic_failover and multi_az to false with reasons"
            ),
        ),
        (
            {"replicas_per_shard": 0, "cluster_mode": True},
            (
                "replicas_per_shard is 0; Multi-AZ takes a replica for each shard (ElastiCache guide); add one, or set "
                "multi_az to false with a reason"
            ),
        ),
        (
            {"automatic_failover": False, "automatic_failover_off_reason": "a trial"},
            (
                "multi_az is True; Multi-AZ takes automatic failover (CreateReplicationGroup); set multi_az to false "
                "with a reason, or automatic_failover to true"
            ),
        ),
        (
            {**SINGLE, "automatic_failover_off_reason": ""},
            (
                "automatic_failover is False without a reason; the cache takes no writes until a failed primary is "
                "back; set automatic_failover_off_reason"
            ),
        ),
        (
            {**SINGLE, "cluster_mode": True},
            (
                "automatic_failover is False; cluster mode takes it on only (CreateReplicationGroup); remove it, or "
                "set cluster_mode to false"
            ),
        ),
        (
            {"multi_az": False},
            "multi_az is False without a reason; the cache may stop with its zone; set multi_az_off_reason",
        ),
        (
            {"multi_az_off_reason": "a trial"},
            'multi_az_off_reason is "a trial"; a reason belongs to multi_az: false; remove it',
        ),
        (
            {"automatic_failover_off_reason": "a trial"},
            ('automatic_failover_off_reason is "a trial"; a reason belongs to automatic_failover: false; remove it'),
        ),
        (
            {"port": 80},
            (
                "port is 80; a cache's port takes 1024 to 65535 (our bound: no privileged port); set a value from 1024 "
                "to 65535"
            ),
        ),
        (
            {"parameters": {"cluster-enabled": "yes"}},
            "parameters holds cluster-enabled; cluster_mode sets it; set cluster_mode instead",
        ),
        (
            {"parameters": {"maxmemory-policy": "noeviction"}},
            "parameters holds maxmemory-policy; maxmemory_policy sets it; set maxmemory_policy instead",
        ),
        (
            {"snapshot_retention_days": 36},
            (
                "snapshot_retention_days is 36; a cache's snapshot retention takes 0 to 35 days (elasticache API "
                "model, 0 for none); set a value from 0 to 35"
            ),
        ),
        (
            {"snapshot_retention_days": 0},
            (
                "snapshot_retention_days is 0 without a reason; what the cache holds cannot be restored; set "
                "snapshots_off_reason"
            ),
        ),
        (
            {"snapshots_off_reason": "a trial"},
            'snapshots_off_reason is "a trial"; a reason belongs to snapshot_retention_days: 0; remove it',
        ),
        (
            {"snapshot_window": "3-4"},
            'snapshot_window is "3-4"; a snapshot window reads like 03:00-04:00, in UTC; correct it',
        ),
        (
            {"maintenance_window": "sunday"},
            ('maintenance_window is "sunday"; a maintenance window reads like sun:05:00-sun:06:00, in UTC; correct it'),
        ),
        (
            {"users": {}},
            "users is empty; a function signs in as one of them; name one, such as users: {orders: {}}",
        ),
        ({"token_reason": "legacy"}, 'token_reason is "legacy"; a reason belongs to authentication: token; remove it'),
        (
            {"authentication": "token", "users": {}},
            (
                'authentication is "token" without a reason; whoever has the token may do everything; set '
                "token_reason, or use iam"
            ),
        ),
        (
            {"authentication": "token", "token_reason": "legacy"},
            (
                "users holds orders; a cache with a token has no users (CreateReplicationGroup); remove them, or set "
                "authentication to iam"
            ),
        ),
        ({"auth_token": "0123456789abcdef"}, "auth_token is not a field; remove it, or check its spelling"),
        (
            {"removal": "destroy"},
            'removal is "destroy" without a reason; the data would be lost for good; set removal_reason',
        ),
    ],
)
def test_what_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_all_problems_are_told_at_once() -> None:
    assert len(refusal(shards=2, multi_az=False, node_type="cache.m1.small").splitlines()) == 3


def target(provider: str) -> Target:
    return Target.parse(
        {
            "org": "acme",
            "env": "dev",
            "account": "main",
            "account_id": "123456789012",
            "region": "eu-west-1",
            "stack": "orders",
            "owner": "me",
            "aws_provider_version": provider,
        }
    )


def test_a_token_takes_provider_6() -> None:
    config = CacheConfig(authentication="token", token_reason="an old client")
    config.require(target(">= 6.69, < 7"), where="cache")
    with pytest.raises(ConfigError) as refused:
        config.require(target(">= 5.100, < 7"), where="cache")
    assert str(refused.value) == (
        'cache: authentication is "token"; AWS provider 5 has no aws_elasticache_replication_group.auth_token_wo and '
        "keeps a token in state, and the target allows >= 5.100, < 7; use iam, or set the target's "
        'aws_provider_version to ">= 6.69, < 7"'
    )
