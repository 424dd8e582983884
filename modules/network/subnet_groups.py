"""Subnet groups over the isolated subnets, for databases and caches."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from cdktf_cdktf_provider_aws.elasticache_subnet_group import ElasticacheSubnetGroup
from constructs import Construct

from modules.core.context import target_of
from modules.network.config import SubnetGroupsConfig

_LONGEST_NAME = 255  # rds and elasticache API models


class SubnetGroups(Construct):
    """The groups that are asked for; each is updated in place when a zone is added.

    Attributes:
        database: name of the group for RDS, as a token; empty when none is asked for.
        cache: name of the group for ElastiCache, likewise.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: SubnetGroupsConfig, subnet_ids: tuple[str, ...]
    ) -> None:
        super().__init__(scope, construct_id)
        name = target_of(self).naming.name("isolated", max_length=_LONGEST_NAME)
        self.database, self.cache = "", ""
        if config.database:
            database = DbSubnetGroup(
                self,
                "database",
                name=name,
                description="Isolated subnets, for databases",
                subnet_ids=list(subnet_ids),
                tags={"Name": name},
            )
            self.database = database.name
        if config.cache:
            cache = ElasticacheSubnetGroup(
                self,
                "cache",
                name=name,
                description="Isolated subnets, for caches",
                subnet_ids=list(subnet_ids),
                tags={"Name": name},
            )
            self.cache = cache.name
