"""RDS instances and parameter groups: fields that moto drops or makes up, and who set a parameter.

moto 5.2.5 drops `NetworkType` and the three Performance Insights fields. It gives every instance the same
`DbiResourceId` (the id that IAM database authentication names), and the certificate authority `rds-ca-default`,
which AWS does not have. It does not say that a parameter was set by the user, so that the provider takes it for an
engine default, and has no `ResetDBParameterGroup`.
"""

from __future__ import annotations

import hashlib
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, add_attribute, wrap

_DEFAULT_CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
_DEFAULT_RETENTION_DAYS = 7
_UPDATE = "self manage_master_user_password master_user_secret_kms_key_id rotate_master_user_password db_kwargs"


def install() -> None:
    """Extend moto."""
    add_attribute(DBInstance, "performance_insights_enabled", value=False)
    add_attribute(DBInstance, "performance_insights_kms_key_id", None)
    add_attribute(DBInstance, "performance_insights_retention_period", None)
    add_attribute(DBInstance, "network_type", "IPV4")
    wrap(RDSBackend, "create_db_instance", "self db_kwargs", _create)
    wrap(DBInstance, "update", _UPDATE, _update)
    wrap(DBParameterGroup, "update_parameters", "self new_parameters", _set_by_user)
    add_action(RDSResponse, reset_db_parameter_group)


def reset_db_parameter_group(response: Any) -> Any:
    """Give some or all parameters of a group the value of the engine's defaults again."""
    name = response.params["DBParameterGroupName"]
    group = response.backend.db_parameter_groups.get(name)
    if group is None:
        raise DBParameterGroupNotFoundError(name)
    if response.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in response.params.get("Parameters") or []:
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({"DBParameterGroupName": name})


def _create(original: Any, backend: Any, db_kwargs: Any) -> Any:
    instance = original(backend, db_kwargs)
    _set_performance_insights(instance, dict(db_kwargs))
    instance.ca_certificate_identifier = db_kwargs.get("ca_certificate_identifier") or _DEFAULT_CERTIFICATE_AUTHORITY
    instance.network_type = db_kwargs.get("network_type") or instance.network_type
    digest = hashlib.sha256(f"{instance.arn} {instance.instance_create_time}".encode()).hexdigest()
    instance.dbi_resource_id = f"db-{digest[:26].upper()}"
    return instance


def _update(original: Any, instance: Any, **given: Any) -> None:
    original(instance, **given)
    _set_performance_insights(instance, given)


def _set_performance_insights(instance: Any, given: dict[str, Any]) -> None:
    enabled = given.get("enable_performance_insights")
    if enabled is not None:
        instance.performance_insights_enabled = enabled
    if not instance.performance_insights_enabled:
        instance.performance_insights_kms_key_id = None
        instance.performance_insights_retention_period = None
        return
    instance.performance_insights_kms_key_id = (
        given.get("performance_insights_kms_key_id") or instance.performance_insights_kms_key_id
    )
    instance.performance_insights_retention_period = (
        given.get("performance_insights_retention_period")
        or instance.performance_insights_retention_period
        or _DEFAULT_RETENTION_DAYS
    )


def _set_by_user(original: Any, group: Any, new_parameters: Any) -> None:
    original(group, [{**parameter, "Source": "user"} for parameter in new_parameters])
