"""Custom endpoints of RDS clusters, which moto 5.2.5 does not have."""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.rds.exceptions import DBClusterNotFoundError, RDSClientError
from moto.rds.models import DBCluster, RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, add_attribute, state, wrap


class _Endpoint(RDSBaseModel):  # type: ignore[misc]  # moto is untyped
    """A custom endpoint."""

    resource_type = "cluster-endpoint"

    def __init__(self, backend: Any, cluster: Any, given: Any) -> None:
        super().__init__(backend)
        self.db_cluster_endpoint_identifier = given["DBClusterEndpointIdentifier"].lower()
        self.db_cluster_identifier = cluster.db_cluster_identifier
        self.custom_endpoint_type = given["EndpointType"]
        self.static_members = list(given.get("StaticMembers") or [])
        self.excluded_members = list(given.get("ExcludedMembers") or [])
        self.endpoint_type, self.status = "CUSTOM", "available"
        self.endpoint = (
            f"{self.db_cluster_endpoint_identifier}.cluster-custom-{cluster.url_identifier}.{self.region}"
            ".rds.amazonaws.com"
        )
        self.tags = given.get("Tags") or []

    @property
    def resource_id(self) -> str:
        """Last part of its ARN."""
        return str(self.db_cluster_endpoint_identifier)

    @property
    def db_cluster_endpoint_arn(self) -> str:
        """Its ARN."""
        return str(self.arn)


def install() -> None:
    """Extend moto."""
    for action in (
        create_db_cluster_endpoint,
        describe_db_cluster_endpoints,
        modify_db_cluster_endpoint,
        delete_db_cluster_endpoint,
    ):
        add_action(RDSResponse, action)
    add_attribute(DBCluster, "custom_endpoints", property(_of_cluster))
    wrap(RDSBackend, "_get_resource_for_tagging", "self arn", _tagged)


def create_db_cluster_endpoint(response: Any) -> Any:
    """Make an endpoint for some instances of a cluster."""
    backend, given = response.backend, response.params
    name = given["DBClusterIdentifier"]
    if name not in backend.clusters:
        raise DBClusterNotFoundError(name)
    endpoint = _Endpoint(backend, backend.clusters[name], given)
    if endpoint.resource_id in _endpoints(backend):
        raise RDSClientError("DBClusterEndpointAlreadyExistsFault", f"{endpoint.resource_id} exists already.")
    _endpoints(backend)[endpoint.resource_id] = endpoint
    return ActionResult(endpoint)


def describe_db_cluster_endpoints(response: Any) -> Any:
    """Custom endpoints, by cluster or by name."""
    cluster, name = (
        response.params.get("DBClusterIdentifier"),
        response.params.get("DBClusterEndpointIdentifier"),
    )
    found = [
        endpoint
        for endpoint in _endpoints(response.backend).values()
        if cluster in (None, endpoint.db_cluster_identifier) and name in (None, endpoint.resource_id)
    ]
    return ActionResult({"DBClusterEndpoints": found})


def modify_db_cluster_endpoint(response: Any) -> Any:
    """Change an endpoint's type or members."""
    endpoint, given = _endpoint(response), response.params
    endpoint.custom_endpoint_type = given.get("EndpointType") or endpoint.custom_endpoint_type
    for field, key in (("static_members", "StaticMembers"), ("excluded_members", "ExcludedMembers")):
        if given.get(key) is not None:
            setattr(endpoint, field, list(given[key]))
    return ActionResult(endpoint)


def delete_db_cluster_endpoint(response: Any) -> Any:
    """Remove an endpoint."""
    endpoint = _endpoint(response)
    del _endpoints(response.backend)[endpoint.resource_id]
    endpoint.status = "deleting"
    return ActionResult(endpoint)


def _endpoint(response: Any) -> Any:
    name = response.params["DBClusterEndpointIdentifier"].lower()
    if name not in _endpoints(response.backend):
        raise RDSClientError("DBClusterEndpointNotFoundFault", f"{name} does not exist.")
    return _endpoints(response.backend)[name]


def _endpoints(backend: Any) -> dict[Any, Any]:
    return state(backend, "cluster_endpoints")


def _of_cluster(cluster: Any) -> list[str]:
    endpoints = _endpoints(cluster.backend).values()
    return [each.endpoint for each in endpoints if each.db_cluster_identifier == cluster.db_cluster_identifier]


def _tagged(original: Any, backend: Any, arn: str) -> Any:
    kind, _, name = arn.rpartition(":")
    return _endpoints(backend).get(name) if kind.endswith(":cluster-endpoint") else original(backend, arn)
