"""RDS clusters: fields that moto drops or misreads, their parameter groups, roles, and the Data API's switch.

moto 5.2.5 drops Performance Insights and certificates of Multi-AZ DB clusters, refuses them IAM authentication and
makes none of their three instances; it stumbles over the storage types of Aurora, shows every cluster a configuration
of Serverless v1, forgets changes of log exports, keeps the backups of deleted clusters,
has no `EnableHttpEndpoint`, `RemoveRoleFromDBCluster` and
`ResetDBClusterParameterGroup`, and does not say that a cluster's parameter was set by the user.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult, EmptyResult
from moto.rds.exceptions import DBClusterNotFoundError, DBClusterParameterGroupNotFoundError, RDSClientError
from moto.rds.models import DBCluster, DBClusterParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, add_attribute, replace_action, wrap, wrap_property

_AURORA = "aurora-"
_MULTI_AZ = ("mysql", "postgres")
_DEFAULT_CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
_VALID_TILL = datetime(2061, 5, 25, tzinfo=UTC)
_DEFAULT_INSIGHTS_DAYS, _DEFAULT_PAUSE_SECONDS = 7, 300
_INSIGHTS = ("performance_insights_enabled", "performance_insights_kms_key_id", "performance_insights_retention_period")


def install() -> None:
    """Extend moto."""
    for name in (*_INSIGHTS, "monitoring_interval", "monitoring_role_arn", "certificate_details"):
        add_attribute(DBCluster, name, None)
    wrap(RDSBackend, "create_db_cluster", "self kwargs", _create)
    wrap(RDSBackend, "modify_db_cluster", "self kwargs", _modify)
    wrap(RDSBackend, "delete_db_cluster", "self cluster_identifier snapshot_name", _delete)
    wrap(RDSResponse, "delete_db_cluster", "self", _delete_backups)
    wrap_property(DBCluster, "scaling_configuration_info", _of_serverless_v1)
    wrap(DBClusterParameterGroup, "update_cluster_parameters", "self new_parameters", _set_by_user)
    replace_action(RDSResponse, describe_db_cluster_parameters)
    for action in (
        enable_http_endpoint,
        disable_http_endpoint,
        remove_role_from_db_cluster,
        reset_db_cluster_parameter_group,
    ):
        add_action(RDSResponse, action)


def enable_http_endpoint(response: Any) -> Any:
    """Switch the Data API of an Aurora cluster on."""
    return _switch_http_endpoint(response, on=True)


def disable_http_endpoint(response: Any) -> Any:
    """Switch it off."""
    return _switch_http_endpoint(response, on=False)


def remove_role_from_db_cluster(response: Any) -> Any:
    """Take a role away from a cluster, by its ARN and the feature it was given for."""
    given = response.params
    cluster = _cluster(response.backend, given["DBClusterIdentifier"])
    feature = given.get("FeatureName")
    kept = [
        role
        for role in cluster.associated_roles
        if (role.role_arn, role.feature_name or None) != (given["RoleArn"], feature or None)
    ]
    if len(kept) == len(cluster.associated_roles):
        raise RDSClientError("DBClusterRoleNotFound", f"Role {given['RoleArn']} cannot be found on the cluster.")
    cluster.associated_roles[:] = kept
    return EmptyResult()


def describe_db_cluster_parameters(response: Any) -> Any:
    """Parameters of a group; `Source` picks those that the user set."""
    parameters = response.backend.describe_db_cluster_parameters(response.params["DBClusterParameterGroupName"])
    source = response.params.get("Source")
    return ActionResult({"Parameters": [each for each in parameters if source in (None, each.get("Source"))]})


def reset_db_cluster_parameter_group(response: Any) -> Any:
    """Give some or all parameters of a group the value of the engine's defaults again."""
    name = response.params["DBClusterParameterGroupName"]
    group = response.backend.db_cluster_parameter_groups.get(name)
    if group is None:
        raise DBClusterParameterGroupNotFoundError(name)
    if response.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in response.params.get("Parameters") or []:
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({"DBClusterParameterGroupName": name})


def _switch_http_endpoint(response: Any, *, on: bool) -> Any:
    arn = response.params["ResourceArn"]
    for cluster in response.backend.clusters.values():
        if cluster.arn == arn and cluster.engine.startswith(_AURORA):
            cluster._enable_http_endpoint = on  # noqa: SLF001 - its setter knows Serverless v1 only
            return ActionResult({"ResourceArn": arn, "HttpEndpointEnabled": on})
    raise RDSClientError("ResourceNotFoundFault", f"{arn} is no Aurora cluster.")


def _create(original: Any, backend: Any, kwargs: Any) -> Any:
    given = dict(kwargs)
    storage, iam = given.get("storage_type"), given.get("enable_iam_database_authentication")
    is_aurora = given["engine"].startswith(_AURORA)
    if is_aurora:
        given.pop("storage_type", None)
    cluster = original(backend, {**given, "enable_iam_database_authentication": False})
    cluster.iam_auth = bool(iam)
    if is_aurora:
        cluster.storage_type = None if storage == "aurora" else storage
        cluster._enable_http_endpoint = bool(given.get("enable_http_endpoint"))  # noqa: SLF001 - see above
    cluster.monitoring_interval = given.get("monitoring_interval") or 0
    cluster.monitoring_role_arn = given.get("monitoring_role_arn")
    _set_insights(cluster, given)
    _set_pause(cluster)
    if given["engine"] in _MULTI_AZ:
        _set_certificate(cluster, given.get("ca_certificate_identifier") or _DEFAULT_CERTIFICATE_AUTHORITY)
        _create_instances(backend, cluster, given)
    return cluster


def _create_instances(backend: Any, cluster: Any, given: dict[str, Any]) -> None:
    """The writer and the two readers that AWS makes with a Multi-AZ DB cluster."""
    for number, zone in enumerate(sorted(cluster.availability_zones)[:3], start=1):
        backend.create_db_instance(
            {
                "db_instance_identifier": f"{cluster.db_cluster_identifier}-instance-{number}",
                "db_instance_class": given["db_cluster_instance_class"],
                "db_cluster_identifier": cluster.db_cluster_identifier,
                "db_subnet_group_name": given.get("db_subnet_group_name"),
                "engine": given["engine"],
                "availability_zone": zone,
                "publicly_accessible": False,
            }
        )


def _modify(original: Any, backend: Any, kwargs: Any) -> Any:
    given = dict(kwargs)
    exports = given.pop("cloudwatch_logs_export_configuration", None) or {}
    iam = given.pop("enable_iam_database_authentication", None)
    http, storage = given.pop("enable_http_endpoint", None), given.pop("storage_type", None)
    authority = given.pop("ca_certificate_identifier", None)
    cluster = _cluster(backend, given["db_cluster_identifier"])
    returned = original(backend, given)
    for state in (cluster, returned):
        logs = [log for log in state.enabled_cloudwatch_logs_exports if log not in exports.get("DisableLogTypes", ())]
        state.enabled_cloudwatch_logs_exports = [*logs, *(exports.get("EnableLogTypes") or ())]
        state.iam_auth = state.iam_auth if iam is None else iam
        if http is not None and state.engine.startswith(_AURORA):
            state._enable_http_endpoint = http  # noqa: SLF001 - see above
        if storage is not None:
            state.storage_type = None if storage == "aurora" else storage
        if authority is not None:
            _set_certificate(state, authority)
        _set_insights(state, given)
        _set_pause(state)
    return returned


def _delete(original: Any, backend: Any, cluster_identifier: str, snapshot_name: str | None = None) -> Any:
    cluster = _cluster(backend, cluster_identifier)
    if cluster.engine in _MULTI_AZ and not cluster.deletion_protection:
        for name in [each.db_instance_identifier for each in cluster.members]:
            backend.delete_db_instance(name, skip_final_snapshot=True)
    return original(backend, cluster_identifier, snapshot_name)


def _delete_backups(original: Any, response: Any) -> Any:
    answer = original(response)
    if response.params.get("DeleteAutomatedBackups") is not False:
        name, snapshots = response.params["DBClusterIdentifier"], response.backend.cluster_snapshots
        for snapshot in [each for each in snapshots.values() if each.db_cluster_identifier == name]:
            if snapshot.snapshot_type == "automated":
                del snapshots[snapshot.db_cluster_snapshot_identifier]
    return answer


def _cluster(backend: Any, identifier: str) -> Any:
    if identifier not in backend.clusters:
        raise DBClusterNotFoundError(identifier)
    return backend.clusters[identifier]


def _set_insights(cluster: Any, given: dict[str, Any]) -> None:
    enabled = given.get("enable_performance_insights")
    cluster.performance_insights_enabled = bool(cluster.performance_insights_enabled if enabled is None else enabled)
    for name, default in zip(_INSIGHTS[1:], (None, _DEFAULT_INSIGHTS_DAYS), strict=True):
        value = given.get(name) or getattr(cluster, name) or default
        setattr(cluster, name, value if cluster.performance_insights_enabled else None)


def _set_pause(cluster: Any) -> None:
    """Only a cluster that pauses says after how long (rds API model)."""
    scaling = cluster.serverless_v2_scaling_configuration
    if scaling:
        known = {name: scaling.get(name) for name in ("MinCapacity", "MaxCapacity", "SecondsUntilAutoPause")}
        pauses = known["MinCapacity"] == 0
        known["SecondsUntilAutoPause"] = (known["SecondsUntilAutoPause"] or _DEFAULT_PAUSE_SECONDS) if pauses else None
        cluster.serverless_v2_scaling_configuration = known


def _set_certificate(cluster: Any, authority: str) -> None:
    cluster.certificate_details = {"CAIdentifier": authority, "ValidTill": _VALID_TILL}


def _of_serverless_v1(value: Any, cluster: Any) -> Any:
    return value if cluster.engine_mode == "serverless" else None


def _set_by_user(original: Any, group: Any, new_parameters: Any) -> None:
    original(group, [{**parameter, "Source": "user"} for parameter in new_parameters])
