"""Read replicas of RDS instances.

moto 5.2.5 makes a replica by copying the source: with its resource id, so that whoever looks for either finds two, its
tags, and with lists that both share. It drops the logs that are
exported, and takes a source without backups or with a password that RDS keeps, which RDS does not
(CreateDBInstanceReadReplica; RDS guide, limitations of password management).
"""

from __future__ import annotations

import hashlib
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.utils import utcnow
from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
    RDSClientError,
)
from moto.rds.models import RDSBackend

from local.extensions.patching import wrap

_OWN = {
    "backup_retention_period": 0,
    "deletion_protection": False,
    "enable_iam_database_authentication": False,
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "multi_az": False,
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
}
"""What a replica does not take over from its source, unless the request says so."""
_SHARED = ("db_security_groups", "domain_memberships", "vpc_security_group_ids")


def install() -> None:
    """Extend moto."""
    wrap(RDSBackend, "create_db_instance_read_replica", "self db_kwargs", _create)
    wrap(
        RDSBackend,
        "delete_db_instance",
        "self db_instance_identifier final_db_snapshot_identifier skip_final_snapshot delete_automated_backups",
        _delete,
    )


def _create(original: Any, backend: Any, db_kwargs: Any) -> Any:
    given = dict(db_kwargs)
    source = backend.find_db_from_id(given["source_db_instance_identifier"])
    if given["db_instance_identifier"] in backend.databases:
        raise DBInstanceAlreadyExists
    if not source.backup_retention_period:
        raise InvalidDBInstanceStateFault(
            "Automated backups are not enabled for this database instance. To enable automated backups, use "
            "ModifyDBInstance to set the backup retention period to a non-zero value."
        )
    if source.manage_master_user_password:
        raise RDSClientError(
            "InvalidParameterValue",
            f"Creating read replicas for source instance with engine {source.engine} where ManageMasterUserPassword is "
            "enabled is not supported.",
        )
    logs, tags = given.pop("enable_cloudwatch_logs_exports", None), given.pop("tags", None)
    before = list(source.enabled_cloudwatch_logs_exports)
    replica = original(backend, {**_OWN, **given})
    source.enabled_cloudwatch_logs_exports = before
    replica.enabled_cloudwatch_logs_exports = list(logs or [])
    replica.tags = list(tags or [])
    for name, value in _OWN.items():
        if given.get(name) is None and not name.startswith("performance"):
            setattr(replica, name, value)
    for name in _SHARED:
        setattr(replica, name, list(getattr(replica, name)))
    replica._associated_roles = []  # noqa: SLF001  # moto has no public name for it
    replica.created = replica.instance_create_time = utcnow()
    digest = hashlib.sha256(f"{replica.arn} {replica.instance_create_time}".encode()).hexdigest()
    replica.dbi_resource_id = f"db-{digest[:26].upper()}"
    return replica


def _delete(
    original: Any,
    backend: Any,
    db_instance_identifier: str,
    final_db_snapshot_identifier: str | None = None,
    *choices: Any,
    **named: Any,
) -> Any:
    database = backend.databases.get(db_instance_identifier)
    if database is not None and database.is_replica and final_db_snapshot_identifier:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance"
        )
    return original(backend, db_instance_identifier, final_db_snapshot_identifier, *choices, **named)
