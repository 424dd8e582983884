"""An instance that another stack or another tool made."""

from __future__ import annotations

from functools import partial

import modules.core.engine

from constructs import Construct

from modules.core.warnings import warn
from modules.database.base import DatabaseBase
from modules.database.connection_budgets import DatabaseBudget, capacity_of
from modules.database.existing_config import ExistingDatabaseConfig
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup


class ExistingDatabase(DatabaseBase):
    """An instance that is only used here: functions connect to it, and a proxy stands in front of it, as if owned.

    Only connections that this stack makes are counted against its `max_connections`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ExistingDatabaseConfig,
        network: NetworkBase,
        key: KeyBase,
    ) -> None:
        super().__init__(scope, construct_id)
        self.engine, self.network, self.key = config.engine_data, network, key
        self.identifier = self.instance_identifier = config.identifier
        self.host, self.port = config.host, config.port or self.engine.port
        self.resource_id = config.resource_id
        self.database_name, self.master_username = config.database_name, config.master_username
        self.master_secret_arn, self.master_secret_key_arn = config.master_secret_arn, config.master_secret_key_arn
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=construct_id,
            description="",
            vpc_id=network.vpc_id,
            existing_id=config.security_group_id,
        )
        self.instance_class = config.instance_class or ""
        capacity = capacity_of(config.engine, instance_class=self.instance_class, told=config.max_connections)
        self.budget = DatabaseBudget(self.node.path, capacity, warn=partial(warn, self))
        self.max_connections = capacity.most
