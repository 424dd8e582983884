"""RDS Proxy: endpoints beside the default one, with their tags; moto 5.2.5 has none."""

from __future__ import annotations

import hashlib
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBProxyNotFoundFault, RDSClientError
from moto.rds.models import RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, state, wrap

_MOST = 20
_ROLES = ("READ_WRITE", "READ_ONLY")


class ProxyEndpoint(RDSBaseModel):  # type: ignore[misc]  # moto is untyped
    """One endpoint of a proxy; attributes are named after the members of the rds API model."""

    resource_type = "db-proxy-endpoint"

    def __init__(self, backend: Any, proxy: Any, given: Any) -> None:
        super().__init__(backend)
        self.db_proxy_endpoint_name, self.db_proxy_name = given["DBProxyEndpointName"], proxy.db_proxy_name
        self.vpc_id, self.vpc_subnet_ids = proxy.vpc_id, list(given["VpcSubnetIds"])
        self.vpc_security_group_ids = list(given.get("VpcSecurityGroupIds") or proxy.vpc_security_group_ids)
        self.target_role = given.get("TargetRole") or _ROLES[0]
        self.endpoint_network_type = given.get("EndpointNetworkType") or "IPV4"
        self.status, self.is_default, self.created_date = "available", False, utcnow()
        self.tags = list(given.get("Tags") or [])
        digest = hashlib.sha256(f"{proxy.arn} {self.db_proxy_endpoint_name} {self.created_date}".encode()).hexdigest()
        self._id = f"prx-endpoint-{digest[:17]}"
        host = f"{self.db_proxy_endpoint_name}.endpoint.proxy-{proxy.url_identifier}"
        self.endpoint = f"{host}.{self.region}.rds.amazonaws.com"

    @property
    def resource_id(self) -> str:
        """Last part of the ARN."""
        return self._id

    @property
    def db_proxy_endpoint_arn(self) -> Any:
        """The ARN, under the name that the API gives it."""
        return self.arn


def install() -> None:
    """Extend moto."""
    for action in (
        create_db_proxy_endpoint,
        describe_db_proxy_endpoints,
        modify_db_proxy_endpoint,
        delete_db_proxy_endpoint,
    ):
        add_action(RDSResponse, action)
    wrap(RDSBackend, "_get_resource_for_tagging", "self arn", _tagged)
    wrap(RDSBackend, "delete_db_proxy", "self proxy_name", _delete_proxy)


def create_db_proxy_endpoint(response: Any) -> Any:
    """Make an endpoint of a proxy."""
    backend, given = response.backend, response.params
    proxy = backend.describe_db_proxies(db_proxy_name=given["DBProxyName"])[0]
    known, name = _endpoints(backend), given["DBProxyEndpointName"]
    if name in known:
        raise RDSClientError(
            "DBProxyEndpointAlreadyExistsFault",
            f"Cannot create the DBProxyEndpoint because a DBProxyEndpoint with the identifier {name} already exists.",
        )
    if sum(each.db_proxy_name == proxy.db_proxy_name for each in known.values()) >= _MOST:
        raise RDSClientError("DBProxyEndpointQuotaExceededFault", f"A DBProxy has {_MOST} endpoints at most.")
    if given.get("TargetRole") not in (None, *_ROLES):
        raise RDSClientError("InvalidParameterValue", f"TargetRole is one of {', '.join(_ROLES)}.")
    known[name] = ProxyEndpoint(backend, proxy, given)
    return ActionResult({"DBProxyEndpoint": known[name]})


def describe_db_proxy_endpoints(response: Any) -> Any:
    """The endpoints of a proxy, or one of them, or all."""
    backend, given = response.backend, response.params
    proxy_name, name = given.get("DBProxyName"), given.get("DBProxyEndpointName")
    if proxy_name and proxy_name not in backend.db_proxies:
        raise DBProxyNotFoundFault(proxy_name)
    found = [_endpoint(backend, name)] if name else list(_endpoints(backend).values())
    found = [each for each in found if proxy_name in (None, each.db_proxy_name)]
    if name and not found:
        raise _not_found(name)
    return ActionResult({"DBProxyEndpoints": found})


def modify_db_proxy_endpoint(response: Any) -> Any:
    """Change an endpoint's groups or name."""
    backend, given = response.backend, response.params
    endpoint = _endpoint(backend, given["DBProxyEndpointName"])
    if given.get("VpcSecurityGroupIds"):
        endpoint.vpc_security_group_ids = list(given["VpcSecurityGroupIds"])
    new_name = given.get("NewDBProxyEndpointName")
    if new_name:
        known = _endpoints(backend)
        known[new_name] = known.pop(endpoint.db_proxy_endpoint_name)
        endpoint.db_proxy_endpoint_name = new_name
    return ActionResult({"DBProxyEndpoint": endpoint})


def delete_db_proxy_endpoint(response: Any) -> Any:
    """Delete an endpoint."""
    endpoint = _endpoint(response.backend, response.params["DBProxyEndpointName"])
    del _endpoints(response.backend)[endpoint.db_proxy_endpoint_name]
    endpoint.status = "deleting"
    return ActionResult({"DBProxyEndpoint": endpoint})


def _delete_proxy(original: Any, backend: Any, proxy_name: str) -> Any:
    deleted = original(backend, proxy_name)
    for name in [name for name, each in _endpoints(backend).items() if each.db_proxy_name == proxy_name]:
        del _endpoints(backend)[name]
    return deleted


def _tagged(original: Any, backend: Any, arn: str) -> Any:
    found = [endpoint for endpoint in _endpoints(backend).values() if endpoint.arn == arn]
    return found[0] if found else original(backend, arn)


def _endpoints(backend: Any) -> dict[Any, Any]:
    return state(backend, "db_proxy_endpoints")


def _endpoint(backend: Any, name: str) -> Any:
    try:
        return _endpoints(backend)[name]
    except KeyError:
        raise _not_found(name) from None


def _not_found(name: str) -> Any:
    return RDSClientError("DBProxyEndpointNotFoundFault", f"DBProxyEndpoint {name} doesn't exist.")
