"""RDS Proxy: changes, targets, pools, and the errors for a proxy that does not exist.

moto 5.2.5 has no `ModifyDBProxy`, and answers a `KeyError` (status 500) when the targets of a proxy that does not
exist are described, or the proxy is deleted twice. Of a target it tells neither role, ARN nor the database's port, and
of a cluster not its instances. Of a pool it forgets the initialization query, and takes an idle pool of 0 for none.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBProxyNotFoundFault
from moto.rds.models import DBProxyTarget, DBProxyTargetGroup, RDSBackend
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, add_attribute, wrap, wrap_property

_CHANGEABLE = {
    "Auth": "auth",
    "RequireTLS": "require_tls",
    "IdleClientTimeout": "idle_client_timeout",
    "DebugLogging": "debug_logging",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}


def install() -> None:
    """Extend moto."""
    add_action(RDSResponse, modify_db_proxy)
    for method in ("describe_db_proxy_targets", "describe_db_proxy_target_groups", "delete_db_proxy"):
        wrap(RDSBackend, method, "self proxy_name", _known)
    wrap(RDSBackend, "describe_db_proxy_targets", "self proxy_name", _targets)
    add_attribute(DBProxyTarget, "tracked_cluster_id", None)
    add_attribute(DBProxyTargetGroup, "init_query", None)
    wrap(RDSBackend, "modify_db_proxy_target_group", "self proxy_name config", _modify_pool)
    wrap_property(DBProxyTargetGroup, "connection_pool_config", _pool)


def modify_db_proxy(response: Any) -> Any:
    """Change a proxy; the new name moves it, all else is set in place."""
    backend, given = response.backend, response.params
    proxy = backend.describe_db_proxies(db_proxy_name=given["DBProxyName"])[0]
    for parameter, attribute in _CHANGEABLE.items():
        if given.get(parameter) is not None:
            setattr(proxy, attribute, given[parameter])
    new_name = given.get("NewDBProxyName")
    if new_name:
        backend.db_proxies[new_name] = backend.db_proxies.pop(proxy.db_proxy_name)
        proxy.db_proxy_name = new_name
    proxy.updated_date = utcnow()
    return ActionResult({"DBProxy": proxy})


def _known(original: Any, backend: Any, proxy_name: str) -> Any:
    if proxy_name not in backend.db_proxies:
        raise DBProxyNotFoundFault(proxy_name)
    return original(backend, proxy_name)


def _targets(original: Any, backend: Any, proxy_name: str) -> list[Any]:
    """Each target with what it leads to; a cluster also with its instances, of which one is the writer."""
    found = []
    for target in original(backend, proxy_name):
        found.append(target)
        if target.type == "TRACKED_CLUSTER":
            cluster = backend.clusters.get(target.rds_resource_id)
            target.target_arn = cluster.arn if cluster else None
            found += [_member(backend, cluster, instance) for instance in (cluster.members if cluster else ())]
        elif target.rds_resource_id in backend.databases:
            _describe(target, backend.databases[target.rds_resource_id], is_writer=True)
    return found


def _member(backend: Any, cluster: Any, instance: Any) -> Any:
    target = DBProxyTarget(backend, instance.db_instance_identifier, None, "RDS_INSTANCE")
    target.tracked_cluster_id = cluster.db_cluster_identifier
    target._registering = False  # noqa: SLF001  # an instance of a cluster is known as soon as the cluster is
    _describe(target, instance, is_writer=instance.is_cluster_writer)
    return target


def _describe(target: Any, instance: Any, *, is_writer: bool) -> None:
    target.target_arn, target.port = instance.arn, instance.port
    target.endpoint = instance.address
    target.role = "READ_WRITE" if is_writer else "READ_ONLY"


def _modify_pool(original: Any, backend: Any, proxy_name: str, config: Any) -> Any:
    group = original(backend, proxy_name, config)
    if config.get("MaxIdleConnectionsPercent") is not None:
        group.max_idle_connections = config["MaxIdleConnectionsPercent"]
    group.init_query = config.get("InitQuery", group.init_query)
    return group


def _pool(pool: Any, group: Any) -> Any:
    return {**pool, "InitQuery": group.init_query} if group.init_query else pool
