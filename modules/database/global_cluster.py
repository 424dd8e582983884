"""A global cluster: what joins a primary cluster and its secondaries in other regions."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.rds_global_cluster import RdsGlobalCluster
from constructs import Construct

from modules.core.context import target_of
from modules.database.global_cluster_config import GlobalDatabaseClusterConfig


class GlobalDatabaseCluster(Construct):
    """A global cluster, made in the stack of its primary; encrypted, kept by default.

    The primary joins with `DatabaseCluster(global_cluster=...)`, a secondary with the configuration's `secondary`.

    Attributes:
        identifier: its name, which secondaries' stacks name.
        id: the same as a token, so that who uses it waits for it.
        config: its configuration.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: GlobalDatabaseClusterConfig | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or GlobalDatabaseClusterConfig()
        kept = config.removal == "keep"
        self.config = config
        self.identifier = target_of(self).naming.name(construct_id, max_length=63)
        self._cluster = RdsGlobalCluster(
            self,
            "global-cluster",
            global_cluster_identifier=self.identifier,
            engine=config.engine,
            engine_version=config.version,
            storage_encrypted=True,
            deletion_protection=kept,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if kept else None,
        )
        self.id: str = self._cluster.id

    @property
    def endpoint(self) -> str:
        """Host name of the writer wherever it is, as a token."""
        return str(self._cluster.endpoint)
