"""Global clusters: looked up by name and by member, changed, tagged, and left by their members.

moto 5.2.5 keeps them in the backend of us-east-1 and looks for them in the caller's region when a member leaves or is
deleted, lists all of them whatever is asked for, and has no `ModifyGlobalCluster`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.rds.exceptions import RDSClientError
from moto.rds.models import GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from local.extensions.patching import add_action, add_attribute, replace_action, wrap

_HOME = "us-east-1"


def install() -> None:
    """Extend moto."""
    add_attribute(GlobalCluster, "database_name", None)
    replace_action(RDSResponse, describe_global_clusters)
    replace_action(RDSResponse, remove_from_global_cluster)
    wrap(RDSResponse, "create_global_cluster", "self", _create)
    wrap(RDSResponse, "delete_global_cluster", "self", _delete)
    wrap(RDSBackend, "delete_db_cluster", "self cluster_identifier snapshot_name", _leave)
    wrap(RDSBackend, "_get_resource_for_tagging", "self arn", _tagged)
    add_action(RDSResponse, modify_global_cluster)


def describe_global_clusters(response: Any) -> Any:
    """Global clusters, by name or by the ARN of a member (filter `db-cluster-id`)."""
    name = response.params.get("GlobalClusterIdentifier")
    found = [_global_cluster(response, name)] if name else list(response.global_backend.global_clusters.values())
    for given in response.params.get("Filters") or ():
        wanted = set(given["Values"])
        found = [
            each
            for each in found
            if wanted & {text for member in each.members for text in (member.arn, member.db_cluster_identifier)}
        ]
    return ActionResult({"GlobalClusters": found})


def modify_global_cluster(response: Any) -> Any:
    """Change the deletion protection, or the version of every member."""
    cluster, given = _global_cluster(response, response.params["GlobalClusterIdentifier"]), response.params
    if given.get("DeletionProtection") is not None:
        cluster.deletion_protection = given["DeletionProtection"]
    if given.get("EngineVersion"):
        for each in (cluster, *cluster.members):
            each.engine_version = given["EngineVersion"]
    return ActionResult({"GlobalCluster": cluster})


def remove_from_global_cluster(response: Any) -> Any:
    """Let a member go, which goes on alone."""
    cluster = _global_cluster(response, response.params["GlobalClusterIdentifier"])
    arn = response.params["DbClusterIdentifier"]
    for member in [member for member in cluster.members if arn in (member.arn, member.db_cluster_identifier)]:
        cluster.members.remove(member)
        member.global_cluster_identifier = None
        return ActionResult({"GlobalCluster": cluster})
    raise RDSClientError("DBClusterNotFoundFault", f"{arn} is no member of {cluster.global_cluster_identifier}.")


def _create(original: Any, response: Any) -> Any:
    result = original(response)
    cluster = response.global_backend.global_clusters[response.params["GlobalClusterIdentifier"]]
    cluster.database_name = response.params.get("DatabaseName")
    cluster.tags = response.params.get("Tags") or []
    return result


def _delete(original: Any, response: Any) -> Any:
    if _global_cluster(response, response.params["GlobalClusterIdentifier"]).deletion_protection:
        raise RDSClientError("InvalidGlobalClusterStateFault", "The global cluster is protected against deletion.")
    return original(response)


def _leave(original: Any, backend: Any, cluster_identifier: str, snapshot_name: str | None = None) -> Any:
    deleted = original(backend, cluster_identifier, snapshot_name)
    for cluster in rds_backends[backend.account_id][_HOME].global_clusters.values():
        cluster.members[:] = [member for member in cluster.members if member is not deleted]
    return deleted


def _global_cluster(response: Any, name: str) -> Any:
    clusters = response.global_backend.global_clusters
    if name not in clusters:
        raise RDSClientError("GlobalClusterNotFoundFault", f"Global cluster {name} not found.")
    return clusters[name]


def _tagged(original: Any, backend: Any, arn: str) -> Any:
    kind, _, name = arn.rpartition(":")
    if kind.endswith(":global-cluster"):
        return rds_backends[backend.account_id][_HOME].global_clusters.get(name)
    return original(backend, arn)
