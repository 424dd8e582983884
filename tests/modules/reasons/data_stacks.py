"""Stacks in which databases and stores make every choice that takes a reason once."""

from __future__ import annotations

from modules.bucket import Bucket, BucketConfig
from modules.cache import Cache, CacheConfig
from modules.database import (
    Database,
    DatabaseCluster,
    DatabaseClusterConfig,
    DatabaseConfig,
    DatabaseProxy,
    DatabaseProxyConfig,
)
from modules.filesystem import FileSystem, FileSystemConfig
from modules.image_repository import ImageRepository, ImageRepositoryConfig
from modules.secret import Secret, SecretConfig
from modules.table import Table, TableConfig
from stacks.base import TargetStack
from tests.modules.reasons.base import GONE, NAMES, Base, off, why


def databases(stack: TargetStack) -> None:
    """What databases and their proxies choose."""
    base = Base(stack)
    base.add_network()
    fields = {
        "multi_az": False,
        "multi_az_off_reason": why("DatabaseConfig.multi_az_off_reason"),
        "performance_insights_off_reason": why("DatabaseConfig.performance_insights_off_reason"),
        "master_password_rotation_off_reason": why("DatabaseConfig.master_password_rotation_off_reason"),
        "removal": "destroy",
        "removal_reason": why("DatabaseConfig.removal_reason"),
        "alarms": off("DatabaseConfig"),
        "replicas": {
            "a": {"multi_az": True, "removal": "destroy", "removal_reason": why("ReplicaConfig.removal_reason")}
        },
    }
    database = Database(stack, "database", config=DatabaseConfig.parse({**NAMES, **fields}), **base.inside)
    pool = {
        "iam_auth": "DISABLED",
        "iam_auth_off_reason": why("DatabaseProxyConfig.iam_auth_off_reason"),
        "oversubscription_reason": why("DatabaseProxyConfig.oversubscription_reason"),
        "alarms": off("DatabaseProxyConfig"),
    }
    proxy = DatabaseProxy(stack, "proxy", database=database, config=DatabaseProxyConfig.parse(pool))
    base.function("api", reserved_concurrency=900).connect_to(proxy, user="owner")
    cluster = {
        "removal": "destroy",
        "removal_reason": why("DatabaseClusterConfig.removal_reason"),
        "master_password_rotation_off_reason": why("DatabaseClusterConfig.master_password_rotation_off_reason"),
        "alarms": off("DatabaseClusterConfig"),
    }
    config = DatabaseClusterConfig.parse({**NAMES, **cluster})
    DatabaseCluster(stack, "cluster", config=config, **base.inside)


def stores(stack: TargetStack) -> None:
    """What keeps data chooses."""
    base = Base(stack)
    base.add_network()
    alone = {
        "users": {"app": {}},
        "automatic_failover": False,
        "automatic_failover_off_reason": why("CacheConfig.automatic_failover_off_reason"),
        "multi_az": False,
        "multi_az_off_reason": why("CacheConfig.multi_az_off_reason"),
        "snapshot_retention_days": 0,
        "snapshots_off_reason": why("CacheConfig.snapshots_off_reason"),
        "alarms": off("CacheConfig"),
        **GONE,
    }
    Cache(stack, "alone", config=CacheConfig.parse(alone), **base.inside)
    shared = {
        "users": {},
        "engine": "redis",
        "authentication": "token",
        "token_reason": why("CacheConfig.token_reason"),
    }
    Cache(stack, "shared", config=CacheConfig.parse(shared), **base.inside)
    bare = ("access_log_off_reason", "notifications_off_reason", "replication_off_reason", "sse_algorithm_reason")
    plain = {**GONE, "sse_algorithm": "AES256", **{field: why(f"BucketConfig.{field}") for field in bare}}
    Bucket(stack, "logs", config=BucketConfig.parse(plain), key=base.key)
    forgetful = why("TableConfig.point_in_time_recovery_off_reason")
    table = {
        "partition_key": {"name": "id"},
        "point_in_time_recovery": False,
        "point_in_time_recovery_off_reason": forgetful,
        "alarms": off("TableConfig"),
        **GONE,
    }
    Table(stack, "orders", config=TableConfig.parse(table), **base.watched)
    reason = why("AccessPointConfig.root_reason")
    points = {"all": {"path": "/", "root_reason": reason}, "root": {"path": "/root", "uid": 0, "root_reason": reason}}
    kept = {
        "backup": False,
        "backup_off_reason": why("FileSystemConfig.backup_off_reason"),
        "alarms": off("FileSystem"),
    }
    files = FileSystemConfig.parse({"access_points": points, **kept, **GONE})
    FileSystem(stack, "files", config=files, **base.inside)
    stays = SecretConfig.parse({**GONE, "rotation_off_reason": why("SecretConfig.rotation_off_reason")})
    Secret(stack, "password", config=stays, key=base.key)
    moved = {**GONE, "mutable_tags_reason": why("ImageRepositoryConfig.mutable_tags_reason")}
    ImageRepository(stack, "images", config=ImageRepositoryConfig.parse(moved), key=base.key)
