"""Configuration of a database instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, model_validator

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.database.config_checks import (
    MASTER_PASSWORD_DAYS,
    engine_problems,
    insights_problems,
    log_export_problems,
    master_password_problems,
    replica_problems,
    reserved_name_problems,
)
from modules.database.engines import ENGINES, INSTANCE_ENGINES, POSTGRES, Engine
from modules.database.instance_fields import DatabaseName, InstanceClass, MasterUsername, ReplicaName
from modules.database.parameters import ParameterName, ParameterValue, parameter_problems
from modules.database.replica_config import ReplicaConfig
from modules.database.storage import GP3, STORAGE_TYPES, storage_problems
from modules.database.windows import BackupWindow, MaintenanceWindow, window_problems
from modules.observability import AlarmsConfig

POSTGRESQL_VERSIONS = POSTGRES.versions
"""Major versions of RDS for PostgreSQL that are offered."""


class DatabaseConfig(ConfigModel):
    """An RDS instance of PostgreSQL, MySQL or MariaDB.

    Encryption, TLS, IAM authentication, log exports and enhanced monitoring are always on, and a master secret that RDS
    keeps and rotates unless a reason says why not.

    Raises:
        ConfigError: with every refused field.
    """

    engine: Annotated[str, OneOf(INSTANCE_ENGINES, "an engine", literal=True)] = Field(
        default="postgres", description="Database engine."
    )
    engine_version: (
        Annotated[
            str, Matching(r"\d+(?:\.\d+)?", "a major version reads like 17, 8.4 or 11.4", "correct it", literal=True)
        ]
        | None
    ) = Field(default=None, description="Major version; null for 17 of PostgreSQL, 8.4 of MySQL, 11.4 of MariaDB.")
    extended_support_reason: Reason = Field(
        default="",
        description="Why a version past standard support is needed, which AWS charges for; required for MySQL 8.0.",
    )
    allow_major_version_upgrade: StrictBool = Field(
        default=False, description="Let engine_version name a newer major version than the instance has."
    )
    database_name: DatabaseName = Field(description="Database created with the instance.")
    master_username: MasterUsername = Field(description="Master user; its password lives in a secret that RDS rotates.")
    master_password_rotation_days: Annotated[int, Within(limits.SECRET_ROTATION_DAYS)] = Field(
        default=MASTER_PASSWORD_DAYS,
        description="Days between rotations of the master user's password (Secrets Manager API).",
    )
    master_password_rotation_off_reason: Reason = Field(
        default="",
        description="Why Terraform generates the master user's password, and RDS does not rotate it; required with "
        "replicas, as RDS makes none of an instance whose password it keeps (RDS guide).",
    )
    master_password_version: Annotated[int, Within(limits.SECRET_VALUE_VERSION, literal=True)] = Field(
        default=1, description="Another number puts a new password, where RDS does not rotate it."
    )
    instance_class: InstanceClass = Field(default="db.t4g.medium", description="Instance class.")
    storage_type: Annotated[str, OneOf(STORAGE_TYPES, "a storage type", literal=True)] = Field(
        default=GP3, description="gp3, or io2 with provisioned IOPS from 100 GiB (RDS guide)."
    )
    allocated_storage_gb: Annotated[int, Within(limits.RDS_ALLOCATED_STORAGE_GB, literal=True)] = Field(
        default=20, description="Storage at first, in GiB (RDS guide)."
    )
    max_allocated_storage_gb: Annotated[int, Within(limits.RDS_ALLOCATED_STORAGE_GB)] = Field(
        default=100, description="Storage autoscaling stops here, in GiB; at least 10 percent above the first size."
    )
    iops: Annotated[int, Within(limits.RDS_IOPS)] | None = Field(
        default=None,
        description="Provisioned IOPS: io2 1000 to 256000; gp3 12000 to 64000 from 400 GiB, none below (RDS guide).",
    )
    storage_throughput_mibps: Annotated[int, Within(limits.RDS_THROUGHPUT_MIBPS)] | None = Field(
        default=None, description="Provisioned throughput of gp3 from 400 GiB, in MiB/s. 500 to 4000 (RDS guide)."
    )
    port: Annotated[int, Within(limits.RDS_PORT)] | None = Field(
        default=None, description="TCP port; null for 5432 of PostgreSQL, 3306 of MySQL and MariaDB (RDS API)."
    )
    multi_az: StrictBool = Field(default=True, description="A standby in a second zone.")
    multi_az_off_reason: Reason = Field(
        default="", description="Why there is no standby; required when multi_az is false."
    )
    backup_retention_days: Annotated[int, Within(limits.RDS_BACKUP_RETENTION_DAYS)] = Field(
        default=7, description="Days of automated backups. 1 to 35 (RDS API)."
    )
    backup_window: BackupWindow | None = Field(
        default=None, description="Daily window of backups, in UTC, such as 02:00-02:30; null lets RDS choose."
    )
    maintenance_window: MaintenanceWindow | None = Field(
        default=None,
        description="Weekly window of maintenance, in UTC, such as sun:03:00-sun:03:30; null lets RDS choose.",
    )
    apply_immediately: StrictBool = Field(
        default=False, description="Change the instance at once, even if it restarts, and not in the next window."
    )
    ca_certificate: Annotated[str, OneOf(limits.RDS_CA_CERTIFICATES, "a certificate authority of RDS")] | None = Field(
        default=None, description="Authority that signs the instance's certificate; null for rds-ca-rsa2048-g1."
    )
    max_connections: Annotated[int, Within(limits.RDS_MAX_CONNECTIONS, literal=True)] | None = Field(
        default=None, description="Most connections at once; null for what AWS derives from the instance class."
    )
    parameters: Mapping[ParameterName, ParameterValue] = Field(
        default_factory=dict, description="Further parameters that take effect at once, such as work_mem."
    )
    pending_reboot_parameters: Mapping[ParameterName, ParameterValue] = Field(
        default_factory=dict, description="Further parameters that take effect with the next restart (static ones)."
    )
    monitoring_interval_seconds: Annotated[
        int, OneOf(limits.RDS_MONITORING_INTERVALS_SECONDS, "an enhanced monitoring interval in seconds")
    ] = Field(default=60, description="Interval of enhanced monitoring, in seconds (RDS API).")
    performance_insights_retention_days: Annotated[
        int, OneOf(limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS, "Performance Insights retention in days")
    ] = Field(default=7, description="Days of Performance Insights; 7 is free (RDS API).")
    performance_insights_off_reason: Reason = Field(
        default="",
        description="Why there are no Performance Insights, such as a class that has none; empty keeps them on.",
    )
    log_exports: tuple[Annotated[str, OneOf(limits.RDS_LOG_EXPORTS, "a log of RDS", literal=True)], ...] | None = Field(
        default=None,
        description="Logs that CloudWatch Logs gets; null for postgresql and upgrade of PostgreSQL, and for error and "
        "slowquery of MySQL and MariaDB.",
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that exported logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    slow_query_milliseconds: Annotated[int, Within(limits.RDS_SLOW_STATEMENT_MS, literal=True)] = Field(
        default=1_000, description="Statements that take longer are logged, in milliseconds."
    )
    replicas: Mapping[ReplicaName, ReplicaConfig] = Field(
        default_factory=dict, description="Read replicas by name; at most 15 (RDS guide)."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: deletion protection, final snapshot, Terraform refuses to destroy. destroy: none of them.",
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the instance.")

    @model_validator(mode="before")
    @classmethod
    def _take_the_engines_own(cls, data: Any) -> Any:
        """Put in what the engine says of version and port, so that the model tells what will be."""
        engine = ENGINES.get(str(data.get("engine", POSTGRES.name))) if isinstance(data, Mapping) else None
        if engine is None:
            return data
        own = {"engine_version": engine.default_version, "port": engine.port}
        return {**data, **{field: value for field, value in own.items() if data.get(field) is None}}

    @property
    def engine_data(self) -> Engine:
        """What the engine takes."""
        return ENGINES[self.engine]

    @property
    def version(self) -> str:
        """Major version, the engine's default if none is named."""
        return self.engine_version or self.engine_data.default_version

    @property
    def exported_logs(self) -> tuple[str, ...]:
        """Logs that CloudWatch Logs gets, sorted as RDS lists them."""
        engine = self.engine_data
        chosen = engine.default_log_exports if self.log_exports is None else self.log_exports
        return tuple(log for log in engine.log_exports if log in chosen)

    def cross_checks(self) -> Iterator[Problem]:
        """What the engine refuses, bounds of several fields together, and reasons for what is less safe."""
        engine = self.engine_data
        yield from engine_problems(engine, self.version, self.extended_support_reason)
        yield from reserved_name_problems(engine, self.master_username, self.database_name)
        yield from master_password_problems(
            self.master_password_rotation_off_reason,
            version=self.master_password_version,
            rotation_days=self.master_password_rotation_days,
        )
        yield from storage_problems(
            self.storage_type,
            first_gb=self.allocated_storage_gb,
            most_gb=self.max_allocated_storage_gb,
            iops=self.iops,
            throughput_mibps=self.storage_throughput_mibps,
        )
        if not self.multi_az and not self.multi_az_off_reason:
            yield Problem(
                "",
                "multi_az is False without a reason",
                "a single instance stops with its zone",
                "set multi_az_off_reason",
            )
        if self.multi_az and self.multi_az_off_reason:
            given = f'multi_az_off_reason is "{self.multi_az_off_reason}"'
            yield Problem("", given, "a reason belongs to multi_az: false", "remove it")
        yield from window_problems(self.backup_window, self.maintenance_window)
        yield from parameter_problems(engine, self.parameters, self.pending_reboot_parameters)
        yield from insights_problems(engine, self.instance_class, self.performance_insights_off_reason)
        yield from log_export_problems(engine, self.log_exports)
        yield from replica_problems(
            engine,
            self.replicas,
            database_class=self.instance_class,
            has_insights=not self.performance_insights_off_reason,
            has_own_password=bool(self.master_password_rotation_off_reason),
        )
        yield from removal_problems(self.removal, self.removal_reason)

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Replicas fit the target."""
        for name, replica in sorted(self.replicas.items()):
            yield from (problem.within(f"replicas.{name}") for problem in replica.target_checks(target))
