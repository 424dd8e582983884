"""A serverless cache: TLS only, encrypted, users by IAM, two or three zones, limited cost, kept by default."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.elasticache_serverless_cache import (
    ElasticacheServerlessCache,
    ElasticacheServerlessCacheCacheUsageLimits,
    ElasticacheServerlessCacheCacheUsageLimitsDataStorage,
    ElasticacheServerlessCacheCacheUsageLimitsEcpuPerSecond,
)
from constructs import Construct

from modules.cache.alarms import serverless_alarms
from modules.cache.base import CacheBase, Endpoint, SignIn
from modules.cache.existing import ExistingCache
from modules.cache.serverless_config import ServerlessCacheConfig
from modules.cache.users import CacheUsers
from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic, create_alarms

PORT, READER_PORT = 6379, 6380
"""Ports of a serverless cache; the reader endpoint has one of its own (ElastiCache guide)."""


class ServerlessCache(CacheBase):
    """A serverless cache of Valkey or Redis OSS, with endpoints in the isolated subnets of a network.

    Attributes:
        alarm_names: its alarms.

    Raises:
        ConfigError: the configuration does not fit target or network, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ServerlessCacheConfig,
        network: NetworkBase,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the cache; the arguments are those of `Cache`."""
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        subnet_ids = self._subnet_ids(config, network)
        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="Serverless cache", vpc_id=network.vpc_id
        )
        users = CacheUsers(self, "users", thing=construct_id, users=config.users)
        cache = ElasticacheServerlessCache(
            self,
            "cache",
            name=target.naming.name(construct_id, max_length=limits.CACHE_MAX_NAME_LENGTH),
            description=f"Cache {construct_id}",
            engine=config.engine,
            major_engine_version=config.version,
            cache_usage_limits=[_usage_limits(config)],
            subnet_ids=subnet_ids,
            security_group_ids=[self.security_group.id],
            kms_key_id=key.arn,
            user_group_id=users.group_id,
            snapshot_retention_limit=config.snapshot_retention_days,
            daily_snapshot_time=config.daily_snapshot_time if config.snapshot_retention_days else None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None,
        )
        self.name, self.is_serverless = cache.name, True
        self.arn = cache.arn
        self.endpoint = Endpoint(cache.endpoint.get(0).address, PORT)
        self.reader_endpoint = Endpoint(cache.reader_endpoint.get(0).address, READER_PORT)
        self.sign_ins = users.sign_ins
        self.dependencies = (cache, *users.resources)
        specs = serverless_alarms(self.name, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        host: str,
        security_group_id: str,
        users: Mapping[str, SignIn | str],
    ) -> ExistingCache:
        """A serverless cache that exists already, in the target's account and region.

        Args:
            scope: where it is used.
            construct_id: part of the names of rules, statements and variables.
            name: its name.
            host: its endpoint; the reader's has the same name and another port.
            security_group_id: its group; rules that admit functions are added to it.
            users: name to the id of a user that IAM signs in, or to how the user signs in.

        Raises:
            ConfigError: an id does not read like one, or there is no user.
        """
        return ExistingCache(
            scope,
            construct_id,
            kind="serverlesscache",
            name=name,
            endpoint=Endpoint(host, PORT),
            reader_endpoint=Endpoint(host, READER_PORT),
            security_group_id=security_group_id,
            users=users,
        )

    def _subnet_ids(self, config: ServerlessCacheConfig, network: NetworkBase) -> list[str]:
        found = dict(zip(network.availability_zones, network.isolated_subnet_ids, strict=False))
        most = max(limits.CACHE_SERVERLESS_ZONES)
        zones = config.availability_zones or tuple(found)[:most]
        unknown = [zone for zone in zones if zone not in found]
        if unknown:
            raise ConfigError.single(
                self.node.path,
                f"availability_zones holds {', '.join(unknown)}",
                f"the network has isolated subnets in {', '.join(found) or 'no zone'}",
                "name zones of the network",
            )
        if len(zones) not in limits.CACHE_SERVERLESS_ZONES:
            raise ConfigError.single(
                self.node.path,
                f"the network has isolated subnets in {', '.join(found) or 'no zone'}",
                "a serverless cache stands in two or three zones (ElastiCache guide)",
                "add a zone to the network",
            )
        return [found[zone] for zone in sorted(zones)]


def _usage_limits(config: ServerlessCacheConfig) -> ElasticacheServerlessCacheCacheUsageLimits:
    return ElasticacheServerlessCacheCacheUsageLimits(
        data_storage=[
            ElasticacheServerlessCacheCacheUsageLimitsDataStorage(
                unit="GB", minimum=config.min_storage_gb, maximum=config.max_storage_gb
            )
        ],
        ecpu_per_second=[
            ElasticacheServerlessCacheCacheUsageLimitsEcpuPerSecond(
                minimum=config.min_ecpu_per_second, maximum=config.max_ecpu_per_second
            )
        ],
    )
