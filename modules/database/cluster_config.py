"""Configuration of an Aurora cluster or an RDS Multi-AZ DB cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.database.cluster_checks import engine_problems, name_problems
from modules.database.cluster_fields import EngineVersion
from modules.database.cluster_scaling_config import ReaderScalingConfig
from modules.database.cluster_types import ClusterType, MultiAz, ServerlessV2
from modules.database.config_checks import MASTER_PASSWORD_DAYS, master_password_problems
from modules.database.engines import ENGINES, Engine
from modules.database.global_cluster_config import SecondaryMember
from modules.database.parameters import ParameterName, ParameterValue
from modules.database.windows import BackupWindow, MaintenanceWindow, window_problems
from modules.observability import AlarmsConfig

CLUSTER_ENGINES = ("aurora-postgresql", "aurora-mysql", "postgres", "mysql")
"""Engines of clusters (rds API model)."""

LOG_EXPORTS = tuple(sorted({log for name in CLUSTER_ENGINES for log in ENGINES[name].log_exports}))
"""Logs of clusters that CloudWatch Logs can get; each engine has some of them (rds API model)."""

_Name = Annotated[
    str,
    Matching(
        r"(?:[a-z][a-z0-9_]*)?",
        "a name here has lowercase letters, digits and underscores, a letter first (rds API model)",
        "correct it",
        64,
        literal=True,
    ),
]


class DatabaseClusterConfig(ConfigModel):
    """A cluster of database instances with one writer.

    Encryption, TLS, IAM authentication, log exports, Performance Insights and enhanced monitoring are always on, and a
    master secret that RDS keeps and rotates unless a reason says why not.

    Raises:
        ConfigError: with every refused field.
    """

    engine: Annotated[str, OneOf(CLUSTER_ENGINES, "a cluster's engine", literal=True)] = Field(
        default="aurora-postgresql", description="Engine; postgres and mysql are those of Multi-AZ DB clusters."
    )
    engine_version: EngineVersion | None = Field(
        default=None,
        description="Major version, or for Aurora a whole one such as 16.4 or 8.0.mysql_aurora.3.08.0; null for 17 of "
        "PostgreSQL, 8.4 of MySQL and 8.0 of Aurora MySQL.",
    )
    extended_support_reason: Reason = Field(
        default="",
        description="Why a version past standard support is needed, which AWS charges for; required for MySQL 8.0.",
    )
    allow_major_version_upgrade: StrictBool = Field(
        default=False, description="Let engine_version name a newer major version than the cluster has."
    )
    cluster_type: ClusterType = Field(
        default_factory=ServerlessV2, description="What kind of cluster it is: serverless_v2, provisioned or multi_az."
    )
    database_name: _Name = Field(default="", description="Database created with the cluster; required.")
    master_username: _Name = Field(
        default="", description="Master user, whose password lives in a secret that RDS rotates; required."
    )
    port: Annotated[int, Within(limits.RDS_PORT, literal=True)] | None = Field(
        default=None, description="TCP port; without it the engine's own (rds API model)."
    )
    data_api: StrictBool = Field(
        default=False, description="Let SQL be run over HTTPS, without a connection (Aurora guide, RDS Data API)."
    )
    master_password_rotation_days: Annotated[int, Within(limits.SECRET_ROTATION_DAYS)] = Field(
        default=MASTER_PASSWORD_DAYS,
        description="Days between rotations of the master user's password (Secrets Manager API).",
    )
    master_password_rotation_off_reason: Reason = Field(
        default="",
        description="Why Terraform generates the master user's password, and RDS does not rotate it; required of a "
        "global cluster's primary, as RDS keeps no password of its members (Aurora guide).",
    )
    master_password_version: Annotated[int, Within(limits.SECRET_VALUE_VERSION, literal=True)] = Field(
        default=1, description="Another number puts a new password, where RDS does not rotate it."
    )
    parameters: Mapping[ParameterName, ParameterValue] = Field(
        default_factory=dict, description="Further parameters of the cluster that take effect at once, by name."
    )
    pending_reboot_parameters: Mapping[ParameterName, ParameterValue] = Field(
        default_factory=dict, description="Further parameters of the cluster that take effect with the next restart."
    )
    instance_parameters: Mapping[ParameterName, ParameterValue] = Field(
        default_factory=dict,
        description="Further parameters of the instances that take effect at once; Aurora only, such as sql_mode.",
    )
    max_connections: Annotated[int, Within(limits.RDS_MAX_CONNECTIONS, literal=True)] | None = Field(
        default=None, description="Most connections of an instance; without it AWS's own number (RDS guide)."
    )
    slow_query_milliseconds: Annotated[int, Within(limits.RDS_SLOW_STATEMENT_MS, literal=True)] = Field(
        default=1_000, description="Statements that take longer are logged, in milliseconds."
    )
    log_exports: tuple[Annotated[str, OneOf(LOG_EXPORTS, "a log of a cluster", literal=True)], ...] | None = Field(
        default=None, description="Logs that CloudWatch Logs gets; null for errors and slow statements."
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that exported logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    backup_retention_days: Annotated[int, Within(limits.RDS_BACKUP_RETENTION_DAYS)] = Field(
        default=7, description="Days of automated backups. 1 to 35 (rds API model)."
    )
    backtrack_window_seconds: Annotated[int, Within(limits.AURORA_BACKTRACK_SECONDS, literal=True)] = Field(
        default=0, description="How far Aurora MySQL can go back in place, in seconds; 0 for not at all."
    )
    backup_window: BackupWindow | None = Field(default=None, description="Daily, in UTC; without it AWS's choice.")
    maintenance_window: MaintenanceWindow | None = Field(
        default=None, description="Weekly, in UTC; without it AWS's choice."
    )
    apply_immediately: StrictBool = Field(
        default=False, description="Change the cluster at once, even if it restarts, and not in the next window."
    )
    ca_certificate: Annotated[str, OneOf(limits.RDS_CA_CERTIFICATES, "a certificate authority of RDS")] | None = Field(
        default=None, description="Authority that signs the instances' certificates; null for rds-ca-rsa2048-g1."
    )
    monitoring_interval_seconds: Annotated[
        int, OneOf(limits.RDS_MONITORING_INTERVALS_SECONDS, "an enhanced monitoring interval in seconds")
    ] = Field(default=60, description="Interval of enhanced monitoring, in seconds (rds API model).")
    performance_insights_retention_days: Annotated[
        int, OneOf(limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS, "Performance Insights retention in days")
    ] = Field(default=7, description="Days of Performance Insights; 7 is free (rds API model).")
    reader_scaling: ReaderScalingConfig | None = Field(
        default=None, description="Readers that are added and removed with the load; Aurora only."
    )
    custom_endpoint_instances: tuple[str, ...] = Field(
        default=(), description="Names of the instances behind an endpoint of their own, such as one for reports."
    )
    secondary: SecondaryMember | None = Field(
        default=None, description="The global cluster whose secondary this is; then it has no names of its own."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: deletion protection, final snapshot, Terraform refuses to destroy. destroy: none of them.",
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the cluster.")

    @property
    def engine_data(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @property
    def version(self) -> str:
        """The version that is asked for."""
        return self.engine_version or self.engine_data.default_version

    @property
    def exported_logs(self) -> tuple[str, ...]:
        """Logs that CloudWatch Logs gets."""
        engine = self.engine_data
        chosen = engine.default_log_exports if self.log_exports is None else self.log_exports
        return tuple(log for log in engine.log_exports if log in chosen)

    def cross_checks(self) -> Iterator[Problem]:
        """What the engine and the kind of cluster have and have not."""
        yield from engine_problems(self)
        yield from name_problems(self)
        yield from window_problems(self.backup_window, self.maintenance_window)
        yield from master_password_problems(
            self.master_password_rotation_off_reason,
            version=self.master_password_version,
            rotation_days=self.master_password_rotation_days,
        )
        yield from removal_problems(self.removal, self.removal_reason)

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A secondary's primary is in another region."""
        if self.secondary is not None and self.secondary.source_region == target.region:
            yield Problem(
                "",
                f'secondary.source_region is "{target.region}"',
                "a global cluster has one cluster in each region, and this is the target's (Aurora guide)",
                "name the primary's region",
            )

    @property
    def multi_az(self) -> MultiAz | None:
        """The fields of a Multi-AZ DB cluster, if it is one."""
        return self.cluster_type if isinstance(self.cluster_type, MultiAz) else None
