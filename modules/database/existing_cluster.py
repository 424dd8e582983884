"""A cluster that another stack or another tool made."""

from __future__ import annotations

from functools import partial

import modules.core.engine

from constructs import Construct

from modules.core.warnings import warn
from modules.database.cluster_base import DatabaseClusterBase
from modules.database.connection_budgets import DatabaseBudget, capacity_of
from modules.database.existing_cluster_config import ExistingDatabaseClusterConfig
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup


class ExistingDatabaseCluster(DatabaseClusterBase):
    """A cluster that is only used here: functions connect to it, and a proxy stands in front of it, as if owned.

    Only connections that this stack makes are counted against its `max_connections`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ExistingDatabaseClusterConfig,
        network: NetworkBase,
        key: KeyBase,
    ) -> None:
        super().__init__(scope, construct_id)
        self.engine, self.network, self.key = config.engine_data, network, key
        self.identifier = self.cluster_identifier = config.identifier
        self.host, self.port = config.host, config.port or self.engine.port
        self.reader_host, self.resource_id = config.reader_host, config.resource_id
        self.database_name, self.master_username = config.database_name, config.master_username
        self.master_secret_arn, self.master_secret_key_arn = config.master_secret_arn, config.master_secret_key_arn
        self.arn, self.has_data_api = config.data_api_cluster_arn, bool(config.data_api_cluster_arn)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=construct_id,
            description="",
            vpc_id=network.vpc_id,
            existing_id=config.security_group_id,
        )
        self.instance_class, self.max_acu = config.instance_class or "", config.max_acu
        self.is_paused_when_idle = bool(config.max_acu) and config.min_acu == 0
        capacity = capacity_of(
            config.engine,
            instance_class=self.instance_class,
            max_acu=config.max_acu,
            min_acu=config.min_acu,
            told=config.max_connections,
        )
        tell = partial(warn, self)
        self.budget = DatabaseBudget(self.node.path, capacity, warn=tell)
        self.reader_budget = DatabaseBudget(f"{self.node.path} (readers)", capacity, warn=tell)
        self.max_connections = self.reader_max_connections = capacity.most
