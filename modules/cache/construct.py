"""An ElastiCache replication group: TLS only, encrypted, users by IAM, two zones, kept by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.elasticache_replication_group import ElasticacheReplicationGroup
from constructs import Construct

from modules.cache.alarms import cache_alarms, node_places
from modules.cache.base import CacheBase, Endpoint, SignIn
from modules.cache.config import CacheConfig
from modules.cache.config_checks import TOKEN
from modules.cache.existing import ExistingCache
from modules.cache.nodes import log_deliveries, parameter_group, subnet_group
from modules.cache.token import token_secret
from modules.cache.users import CacheUsers
from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.skips import skip
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic, create_alarms
from modules.secret import Secret
from modules.secret.hand_over import hand_over

NO_FAILOVER, TOKEN_FOR_ALL = ("CKV2_AWS_50",), ("CKV_AWS_31",)
"""Checks that a replication group skips without automatic failover, and those that one with a token does."""


class Cache(CacheBase):
    """Nodes of Valkey or Redis OSS in the isolated subnets of a network.

    Attributes:
        node_ids: id of each node.
        alarm_names: its alarms.

    Raises:
        ConfigError: the configuration does not fit target or network, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: CacheConfig,
        network: NetworkBase,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the cache.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the cache's name.
            config: everything about the cache.
            network: where it stands.
            key: encrypts data, snapshots and logs.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        self._require_zones(config, network)
        name = target.naming.name(construct_id, max_length=limits.CACHE_MAX_NAME_LENGTH)
        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="ElastiCache nodes", vpc_id=network.vpc_id
        )
        users, secret = None, None
        if config.authentication == TOKEN:
            secret = token_secret(self, thing=construct_id, config=config, key=key)
        else:
            users = CacheUsers(self, "users", thing=construct_id, users=config.users)
        kept = config.removal == "keep"
        final_snapshot = target.naming.name(f"{construct_id}-final", max_length=limits.CACHE_MAX_GROUP_NAME_LENGTH)
        group = ElasticacheReplicationGroup(
            self,
            "group",
            replication_group_id=name,
            description=f"Cache {construct_id}",
            engine=config.engine,
            engine_version=config.version,
            node_type=config.node_type,
            port=config.port,
            **_size(config),
            automatic_failover_enabled=config.automatic_failover,
            multi_az_enabled=config.multi_az,
            data_tiering_enabled=True if config.has_data_tiering else None,
            parameter_group_name=parameter_group(self, thing=construct_id, config=config),
            subnet_group_name=subnet_group(self, thing=construct_id, network=network),
            security_group_ids=[self.security_group.id],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled="true",
            kms_key_id=key.arn,
            user_group_ids=[users.group_id] if users else None,
            log_delivery_configuration=log_deliveries(self, name=name, config=config, key=key),
            snapshot_retention_limit=config.snapshot_retention_days,
            snapshot_window=config.snapshot_window if config.snapshot_retention_days else None,
            final_snapshot_identifier=final_snapshot if kept else None,
            maintenance_window=config.maintenance_window,
            auto_minor_version_upgrade="true" if config.auto_minor_version_upgrade else "false",
            apply_immediately=False,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if kept else None,
        )
        if secret is not None:
            hand_over(secret, group, argument="auth_token_wo", version=config.token_version)
        skip(group, config.automatic_failover_off_reason, *NO_FAILOVER)
        skip(group, config.token_reason, *TOKEN_FOR_ALL)
        self.name = group.id
        self.arn = group.arn
        self.endpoint, self.reader_endpoint = _endpoints(group, config)
        self.sign_ins = _sign_ins(users, secret)
        self.dependencies = (group, *(users.resources if users else ()))
        self.node_ids = tuple(f"{self.name}-{place}" for place in node_places(config))
        specs = cache_alarms(self.name, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        host: str,
        security_group_id: str,
        port: int = 6379,
        reader_host: str = "",
        users: Mapping[str, SignIn | str],
    ) -> ExistingCache:
        """A replication group that exists already, in the target's account and region.

        Args:
            scope: where it is used.
            construct_id: part of the names of rules, statements and variables.
            name: id of the replication group.
            host: its primary endpoint, in cluster mode its configuration endpoint.
            security_group_id: group of its nodes; rules that admit functions are added to it.
            port: TCP port of both endpoints.
            reader_host: its reader endpoint; empty where there is none.
            users: name to the id of a user that IAM signs in, or to how the user signs in.

        Raises:
            ConfigError: an id does not read like one, or there is no user.
        """
        return ExistingCache(
            scope,
            construct_id,
            kind="replicationgroup",
            name=name,
            endpoint=Endpoint(host, port),
            reader_endpoint=Endpoint(reader_host, port) if reader_host else None,
            security_group_id=security_group_id,
            users=users,
        )

    def _require_zones(self, config: CacheConfig, network: NetworkBase) -> None:
        zones, problems = network.availability_zones, []
        if config.multi_az and len(zones) == 1:
            problems.append(
                Problem(
                    "",
                    f"the network has the zone {zones[0]} only",
                    "multi_az keeps primary and replicas in different zones",
                    "add a zone to the network, or set multi_az to false with a reason",
                )
            )
        if not network.isolated_subnet_ids:
            problems.append(Problem("", "the network has no isolated subnets", "caches stand in those", "add the tier"))
        if problems:
            raise ConfigError(problems).within(self.node.path)


def _size(config: CacheConfig) -> dict[str, Any]:
    """Nodes by number, or in cluster mode by shards; ElastiCache takes one of the two."""
    if not config.cluster_mode:
        return {"num_cache_clusters": config.nodes}
    return {
        "cluster_mode": "enabled",
        "num_node_groups": config.shards,
        "replicas_per_node_group": config.replicas_per_shard,
    }


def _endpoints(group: ElasticacheReplicationGroup, config: CacheConfig) -> tuple[Endpoint, Endpoint | None]:
    if config.cluster_mode:
        return Endpoint(group.configuration_endpoint_address, config.port), None
    reader = Endpoint(group.reader_endpoint_address, config.port) if config.replicas_per_shard else None
    return Endpoint(group.primary_endpoint_address, config.port), reader


def _sign_ins(users: CacheUsers | None, secret: Secret | None) -> Mapping[str, SignIn]:
    if users is not None:
        return users.sign_ins
    return {"": SignIn(secret_arn=secret.arn, secret_key_arn=secret.key_arn)} if secret is not None else {}
