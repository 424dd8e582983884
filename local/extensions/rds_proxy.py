"""RDS Proxy: changes, and the errors for a proxy that does not exist.

moto 5.2.5 has no `ModifyDBProxy`, and answers a `KeyError` (status 500) when the targets of a proxy that does not
exist are described, or the proxy is deleted twice.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBProxyNotFoundFault
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, wrap

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
