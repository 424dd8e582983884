"""A proxy that another stack or another tool made."""

from __future__ import annotations

from functools import partial

import modules.core.engine

from constructs import Construct

from modules.core.warnings import warn
from modules.database.connection_budgets import Capacity, DatabaseBudget
from modules.database.connection_pools import PoolBudget
from modules.database.proxy_base import ProxyBase
from modules.database.proxy_existing_config import ExistingProxyConfig
from modules.network import NetworkBase, SecurityGroup

_WHOLE = 100


class ExistingProxy(ProxyBase):
    """A proxy that is only used here; rules that admit functions are added to its group.

    Only connections that this stack's functions borrow are counted, against `pool_connections`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: ExistingProxyConfig, network: NetworkBase
    ) -> None:
        super().__init__(scope, construct_id)
        self.name, self.endpoint, self.endpoints = config.name, config.host, dict(sorted(config.endpoints.items()))
        self.port, self.users = config.engine_data.port, config.users
        self.resource_id, self.database_name = config.resource_id, config.database_name
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=construct_id,
            description="",
            vpc_id=network.vpc_id,
            existing_id=config.security_group_id,
        )
        tell = partial(warn, self)
        known = Capacity(config.pool_connections, config.name, field="pool_connections")
        pool = DatabaseBudget(self.node.path, known, warn=tell)
        self.budget = PoolBudget(self.node.path, database=pool, percent=_WHOLE, warn=tell)
