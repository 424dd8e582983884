"""Configuration of an ElastiCache replication group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.cache.config_checks import (
    IAM,
    TOKEN,
    authentication_problems,
    availability_problems,
    engine_problems,
    shard_problems,
    snapshot_problems,
)
from modules.cache.engines import (
    DATA_TIERING_FAMILY,
    DEFAULT_MAXMEMORY_POLICY,
    ENGINES,
    MAXMEMORY_POLICIES,
    node_family,
)
from modules.cache.users_config import CacheUser, UserName
from modules.cache.windows import MaintenanceWindow, SnapshotWindow, window_problems
from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.provider_6 import needs_provider_6
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.observability import AlarmsConfig

_Parameter = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9-]*", "a parameter's name has lowercase letters, digits and hyphens", "correct it", literal=True
    ),
]


class CacheConfig(ConfigModel):
    """A replication group: nodes of Valkey or Redis OSS, in one shard or, in cluster mode, in several.

    TLS, encryption with the stack's key, slow log and engine log are always on.

    Raises:
        ConfigError: with every refused field.
    """

    users: dict[UserName, CacheUser] = Field(
        default_factory=dict, description="Name to user. Functions sign in as one of them; none with a token."
    )
    engine: Annotated[str, OneOf(tuple(ENGINES), "an engine", literal=True)] = Field(
        default="valkey", description="Engine: valkey, or redis for Redis OSS."
    )
    engine_version: (
        Annotated[
            str,
            OneOf(tuple(dict.fromkeys(v for e in ENGINES.values() for v in e.families)), "a version", literal=True),
        ]
        | None
    ) = Field(default=None, description="Version; 8.2 of Valkey, 7.1 of Redis OSS where absent (ElastiCache guide).")
    node_type: Annotated[
        str,
        Matching(
            r"cache\.[a-z][a-z0-9]*\.[a-z0-9]+", "a node type reads like cache.t4g.small", "correct it", literal=True
        ),
    ] = Field(default="cache.t4g.small", description="Type of every node.")
    cluster_mode: StrictBool = Field(
        default=False,
        description="Spread the keys over shards; clients must know cluster mode. Choose at once: ElastiCache "
        "switches it on by way of a third mode only, and never off.",
    )
    shards: Annotated[int, Within(limits.CACHE_SHARDS, literal=True)] = Field(
        default=1, description="Shards; more than one in cluster mode only (ElastiCache guide)."
    )
    replicas_per_shard: Annotated[int, Within(limits.CACHE_REPLICAS_PER_SHARD, literal=True)] = Field(
        default=1, description="Replicas of each shard's primary (elasticache API model)."
    )
    automatic_failover: StrictBool = Field(
        default=True, description="A replica becomes the primary when that fails; needs a replica."
    )
    automatic_failover_off_reason: Reason = Field(
        default="", description="Why nothing takes over; required when automatic_failover is false."
    )
    multi_az: StrictBool = Field(default=True, description="Keep primary and replicas in different zones.")
    multi_az_off_reason: Reason = Field(
        default="", description="Why one zone is enough; required when multi_az is false."
    )
    port: Annotated[int, Within(limits.CACHE_PORT, literal=True)] = Field(default=6379, description="TCP port.")
    authentication: Annotated[str, OneOf((IAM, TOKEN), "an authentication", literal=True)] = Field(
        default=IAM,
        description="iam: users, signed in by IAM. token: one password for everybody and everything (AUTH), which "
        "Terraform copies from a secret; needs AWS provider 6.69 or newer.",
    )
    token_reason: Reason = Field(default="", description="Why one token for all will do; required with token.")
    token_version: Annotated[int, Within(limits.CACHE_TOKEN_VERSION, literal=True)] = Field(
        default=1, description="Higher than before: Terraform copies the token from its secret again."
    )
    maxmemory_policy: Annotated[str, OneOf(MAXMEMORY_POLICIES, "a maxmemory-policy", literal=True)] = Field(
        default=DEFAULT_MAXMEMORY_POLICY,
        description="Which keys go when memory is full (ElastiCache guide, parameters).",
    )
    parameters: dict[_Parameter, str] = Field(
        default_factory=dict,
        description="Further parameters of the engine, with values that are not their defaults (ElastiCache guide).",
    )
    snapshot_retention_days: Annotated[int, Within(limits.CACHE_SNAPSHOT_RETENTION_DAYS, literal=True)] = Field(
        default=7, description="Days that daily snapshots are kept. 0 to 35, 0 for none (elasticache API model)."
    )
    snapshots_off_reason: Reason = Field(
        default="", description="Why there are no snapshots; required with snapshot_retention_days 0."
    )
    snapshot_window: SnapshotWindow = Field(default="03:00-04:00", description="When snapshots begin, in UTC.")
    maintenance_window: MaintenanceWindow = Field(
        default="sun:05:00-sun:06:00", description="When ElastiCache changes nodes, in UTC; an hour at least."
    )
    auto_minor_version_upgrade: StrictBool = Field(
        default=True, description="Take part in ElastiCache's campaigns of minor versions."
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that both logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: a final snapshot, and Terraform refuses to destroy. destroy: neither.",
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of every node.")

    @property
    def version(self) -> str:
        """The engine's version: the chosen one, or the engine's default."""
        return self.engine_version or ENGINES[self.engine].default_version

    @property
    def family(self) -> str:
        """Family of the parameter group, such as `valkey8`."""
        return ENGINES[self.engine].families[self.version]

    @property
    def nodes(self) -> int:
        """Nodes in all."""
        return self.shards * (1 + self.replicas_per_shard)

    @property
    def has_data_tiering(self) -> bool:
        """Whether nodes keep values on disk too, as those of the family r6gd do."""
        return node_family(self.node_type) == DATA_TIERING_FAMILY

    def cross_checks(self) -> Iterator[Problem]:
        """Combinations that ElastiCache refuses, and reasons for what is less safe."""
        yield from engine_problems(self)
        yield from shard_problems(self)
        yield from availability_problems(self)
        yield from authentication_problems(self)
        has_snapshots = self.snapshot_retention_days > 0
        yield from window_problems(self.maintenance_window, self.snapshot_window if has_snapshots else "")
        yield from snapshot_problems(self.snapshot_retention_days, self.snapshots_off_reason)
        yield from removal_problems(self.removal, self.removal_reason)

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A token needs an argument that AWS provider 5 has not: there it would stand in state as it is."""
        if self.authentication == TOKEN:
            argument = "aws_elasticache_replication_group.auth_token_wo and keeps a token in state"
            yield from needs_provider_6(target, 'authentication is "token"', argument, instead="use iam")
