"""Configuration of a global cluster and of a cluster that follows one in another region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.removal import Removal, removal_problems
from modules.database.cluster_fields import EngineVersion
from modules.database.cluster_versions import version_problems
from modules.database.engines import ENGINES, Engine
from modules.database.instance_fields import DatabaseName

GLOBAL_ENGINES = ("aurora-postgresql", "aurora-mysql")
"""Engines of global clusters (rds API model)."""

_Region = Annotated[
    str, Matching(limits.REGION, "an AWS region reads like eu-west-1", "write the region's code name", literal=True)
]


class SecondaryMember(ConfigModel):
    """What a cluster needs to know to follow a primary in another region; the master user comes from there."""

    global_cluster_identifier: Annotated[
        str,
        Matching(
            r"[a-z](?:-?[a-z0-9])*",
            "a global cluster's identifier has lowercase letters, digits and single inner hyphens (rds API model)",
            "copy it from RDS",
            63,
        ),
    ] = Field(description="Identifier of the global cluster, which the primary's stack makes.")
    database_name: DatabaseName = Field(description="The primary's database, for functions here.")
    source_region: _Region = Field(description="Region of the primary, whose encrypted storage is copied.")
    write_forwarding: StrictBool = Field(
        default=False, description="Let this cluster pass writes on to the primary (rds API model)."
    )


class GlobalDatabaseClusterConfig(ConfigModel):
    """A global cluster: one primary that writes, and up to ten secondaries in other regions. Encryption is on."""

    engine: Annotated[str, OneOf(GLOBAL_ENGINES, "a global cluster's engine", literal=True)] = Field(
        default="aurora-postgresql", description="Engine of every member."
    )
    engine_version: EngineVersion | None = Field(
        default=None, description="Version of every member, where upgrades begin; null for 17, and 8.0 of Aurora MySQL."
    )
    removal: Removal = Field(
        default="keep", description="keep: deletion protection, and Terraform refuses to destroy. destroy: neither."
    )
    removal_reason: Reason = Field(default="", description="Why it may go; required with removal destroy.")

    @property
    def engine_data(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @property
    def version(self) -> str:
        """The version that is asked for."""
        return self.engine_version or self.engine_data.default_version

    def cross_checks(self) -> Iterator[Problem]:
        """A version that there is, and a reason for what may be lost."""
        yield from version_problems(self.engine_data, self.version)
        yield from removal_problems(self.removal, self.removal_reason, lost="members' ties")
