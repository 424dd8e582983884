"""The database read back: encrypted, TLS only, reachable from nowhere but its proxy, kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, only, pages
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.log_groups import log_group_checks
from rollout.readback.network import Vpc

_LOGS = ("postgresql", "upgrade")


def database_instance(clients: Clients, outputs: Mapping[str, Any]) -> Any:
    """The stack's instance, as RDS describes it; `Any`, as boto3 returns plain dictionaries."""
    rds: Any = clients("rds")  # Any: clients are made from models at run time
    identifier = outputs["database_identifier"]
    return only(rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"], f"database {identifier}")


def database_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Settings of the instance."""
    instance, wanted = database_instance(clients, outputs), expected.database
    subject = f"database {outputs['database_identifier']}"
    key = key_arn(clients, expected.prefix)
    secret = instance.get("MasterUserSecret") or {}
    manager: Any = clients("secretsmanager")  # Any: as above
    managed = manager.describe_secret(SecretId=secret["SecretArn"]) if secret else {}
    rotation = managed.get("RotationRules", {}) if managed.get("RotationEnabled") else {}
    facts: dict[str, tuple[object, object]] = {
        "status": ("available", instance["DBInstanceStatus"]),
        "engine": ("postgres", instance["Engine"]),
        "major version": (wanted.engine_version, str(instance["EngineVersion"]).partition(".")[0]),
        "instance class": (wanted.instance_class, instance["DBInstanceClass"]),
        "database name": (wanted.database_name, instance.get("DBName")),
        "master user": (wanted.master_username, instance["MasterUsername"]),
        "port": (wanted.port, instance["Endpoint"]["Port"]),
        "storage encrypted": (True, instance["StorageEncrypted"]),
        "storage key": (key, instance.get("KmsKeyId")),
        "IAM authentication": (True, instance["IAMDatabaseAuthenticationEnabled"]),
        "publicly accessible": (False, instance["PubliclyAccessible"]),
        "standby in another zone": (wanted.multi_az, instance["MultiAZ"]),
        "deletion protection": (wanted.deletion_protection, instance["DeletionProtection"]),
        "days of backups": (wanted.backup_retention_days, instance["BackupRetentionPeriod"]),
        "exported logs": (_LOGS, instance.get("EnabledCloudwatchLogsExports") or []),
        "enhanced monitoring seconds": (wanted.monitoring_interval_seconds, instance.get("MonitoringInterval")),
        "Performance Insights": (True, instance.get("PerformanceInsightsEnabled")),
        "Performance Insights key": (key, instance.get("PerformanceInsightsKMSKeyId")),
        "master secret managed by RDS": (True, bool(secret.get("SecretArn"))),
        "master secret key": (key, secret.get("KmsKeyId")),
        "days between master passwords": (
            wanted.master_password_rotation_days,
            rotation.get("AutomaticallyAfterDays"),
        ),
    }
    checks = [equal(f"{subject}: {name}", want, found) for name, (want, found) in facts.items()]
    for kind in _LOGS:
        checks += log_group_checks(
            clients,
            f"/aws/rds/instance/{outputs['database_identifier']}/{kind}",
            retention_days=wanted.log_retention_days,
            prefix=expected.prefix,
        )
    return checks


def database_placement_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The instance may stand in the isolated subnets only, one per zone."""
    group = database_instance(clients, outputs)["DBSubnetGroup"]
    subject = f"database {outputs['database_identifier']}"
    isolated = Vpc.read(clients, outputs["vpc_id"]).tier("isolated")
    return [
        equal(f"{subject}: VPC", outputs["vpc_id"], group["VpcId"]),
        equal(
            f"{subject}: subnets",
            list(isolated.values()),
            [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
        ),
        equal(f"{subject}: zones", expected.zones, list(isolated)),
    ]


def database_parameter_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """TLS is required by the one parameter group in use, and the group is in force."""
    rds: Any = clients("rds")  # Any: as above
    subject = f"database {outputs['database_identifier']}"
    groups = database_instance(clients, outputs)["DBParameterGroups"]
    group = only(groups, f"parameter group of {subject}")
    name = group["DBParameterGroupName"]
    parameters = pages(rds, "describe_db_parameters", "Parameters", DBParameterGroupName=name)
    values = {parameter["ParameterName"]: parameter.get("ParameterValue") for parameter in parameters}
    own = f"{outputs['database_identifier']}-postgres{expected.database.engine_version}"
    return [
        equal(f"{subject}: parameter group", own, name),
        equal(f"{subject}: parameters in force", "in-sync", group["ParameterApplyStatus"]),
        equal(f"parameter group {name}: rds.force_ssl", "1", values.get("rds.force_ssl")),
        equal(f"parameter group {name}: log_connections", "1", values.get("log_connections")),
        equal(f"parameter group {name}: log_statement", "ddl", values.get("log_statement")),
    ]
