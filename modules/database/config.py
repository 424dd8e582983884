"""Configuration of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig

POSTGRESQL_VERSIONS = ("14", "15", "16", "17")
"""Major versions offered; the minor version is AWS's choice (`auto_minor_version_upgrade`)."""

_SQL = """
all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
leading limit localtime localtimestamp not null offset on only or order placing primary references returning select
session_user some symmetric system_user table then to trailing true union unique user using variadic when where
window with
"""
RESERVED_WORDS = frozenset(_SQL.split())
"""Words that SQL keeps for itself (PostgreSQL manual, appendix C); RDS takes none as a name."""

_RESERVED_USERS = RESERVED_WORDS | {"admin", "rdsadmin", "rdsproxyadmin", "rdsrepladmin"}
_RESERVED_USER_PREFIXES = ("pg_", "rds_")
_RESERVED_DATABASES = RESERVED_WORDS | {"postgres", "rdsadmin", "template0", "template1"}


def _name(longest: int) -> Matching:
    return Matching(
        r"[a-z][a-z0-9_]*",
        f"a name here has 1 to {longest} lowercase letters, digits and underscores, a letter first (RDS API)",
        "shorten or correct it",
        longest,
    )


class DatabaseConfig(ConfigModel):
    """An RDS for PostgreSQL instance.

    Encryption, TLS, IAM authentication, a managed master secret, log exports, Performance Insights and enhanced
    monitoring are always on.

    Raises:
        ConfigError: with every refused field.
    """

    database_name: Annotated[str, _name(63)] = Field(description="Database created with the instance.")
    master_username: Annotated[str, _name(16)] = Field(
        description="Master user; its password lives in a secret that RDS rotates."
    )
    engine_version: Annotated[str, OneOf(POSTGRESQL_VERSIONS, "a PostgreSQL major version")] = Field(
        default="17", description="Major version of PostgreSQL."
    )
    instance_class: Annotated[
        str,
        Matching(
            r"db\.[a-z0-9]+(?:-[a-z0-9]+)?\.[a-z0-9]+", "an instance class reads like db.t4g.medium", "correct it"
        ),
    ] = Field(default="db.t4g.medium", description="Instance class.")
    allocated_storage_gb: Annotated[int, Within(limits.RDS_ALLOCATED_STORAGE_GB, literal=True)] = Field(
        default=20, description="Storage at first, in GiB (gp3, RDS guide)."
    )
    max_allocated_storage_gb: Annotated[int, Within(limits.RDS_ALLOCATED_STORAGE_GB)] = Field(
        default=100, description="Storage autoscaling stops here, in GiB; at least 10 percent above the first size."
    )
    port: Annotated[int, Within(limits.RDS_PORT)] = Field(default=5432, description="TCP port (RDS API).")
    multi_az: StrictBool = Field(default=True, description="A standby in a second zone.")
    multi_az_off_reason: Reason = Field(
        default="", description="Why there is no standby; required when multi_az is false."
    )
    backup_retention_days: Annotated[int, Within(limits.RDS_BACKUP_RETENTION_DAYS)] = Field(
        default=7, description="Days of automated backups. 1 to 35 (RDS API)."
    )
    monitoring_interval_seconds: Annotated[
        int, OneOf(limits.RDS_MONITORING_INTERVALS_SECONDS, "an enhanced monitoring interval in seconds")
    ] = Field(default=60, description="Interval of enhanced monitoring, in seconds (RDS API).")
    performance_insights_retention_days: Annotated[
        int, OneOf(limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS, "Performance Insights retention in days")
    ] = Field(default=7, description="Days of Performance Insights; 7 is free (RDS API).")
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that exported logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    slow_query_milliseconds: Annotated[
        int,
        Within(limits.Range(1, 2_147_483_647, "ms", "log_min_duration_statement", "PostgreSQL manual"), literal=True),
    ] = Field(default=1_000, description="Statements that take longer are logged, in milliseconds.")
    removal: Removal = Field(
        default="keep",
        description="keep: deletion protection, final snapshot, Terraform refuses to destroy. destroy: none of them.",
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the instance.")

    def cross_checks(self) -> Iterator[Problem]:
        """Names AWS reserves, storage bounds, and reasons for what is less safe."""
        if self.master_username in _RESERVED_USERS or self.master_username.startswith(_RESERVED_USER_PREFIXES):
            yield Problem(
                "", f'master_username is "{self.master_username}"', "RDS for PostgreSQL reserves it", "choose another"
            )
        if self.database_name in _RESERVED_DATABASES:
            yield Problem(
                "", f'database_name is "{self.database_name}"', "RDS for PostgreSQL reserves it", "choose another"
            )
        first, most = self.allocated_storage_gb, self.max_allocated_storage_gb
        if not is_token(most) and most * 10 < first * 11:
            needed = -(-first * 11 // 10)
            possible = needed <= limits.RDS_ALLOCATED_STORAGE_GB.maximum
            yield Problem(
                "",
                f"max_allocated_storage_gb is {most}",
                f"it is at least 10 percent above allocated_storage_gb ({first}) (RDS guide)",
                f"set it to at least {needed}" if possible else "allocate less at first",
            )
        if not self.multi_az and not self.multi_az_off_reason:
            yield Problem(
                "",
                "multi_az is False without a reason",
                "a single instance stops with its zone",
                "set multi_az_off_reason",
            )
        yield from removal_problems(self.removal, self.removal_reason)
