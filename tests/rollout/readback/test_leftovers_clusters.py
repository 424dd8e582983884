"""Leftovers of database clusters."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, Clients

MINE, OTHERS = f"{PREFIX}-sales", f"{PREFIX}2-sales"


def test_clusters_and_what_belongs_to_them(empty: Clients) -> None:
    rds = empty("rds")
    for name in (MINE, OTHERS):
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=name, DBParameterGroupFamily="aurora-postgresql17", Description=name
        )
        rds.create_global_cluster(GlobalClusterIdentifier=name, Engine="aurora-postgresql")
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            EngineVersion="17",
            MasterUsername="owner",
            ManageMasterUserPassword=True,
        )
        rds.create_db_cluster_endpoint(
            DBClusterIdentifier=name, DBClusterEndpointIdentifier=f"{name}-custom", EndpointType="ANY"
        )
        rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=f"{name}-final")
    found = leftovers(empty, prefix=PREFIX)
    automatic, managed = (
        next(item for item in found if item.startswith(kind)) for kind in ("cluster snapshot rds:", "secret")
    )
    assert automatic.startswith(f"cluster snapshot rds:{MINE}-")
    assert managed.startswith("secret rds!cluster-")
    assert set(found) == {
        automatic,
        managed,
        f"cluster endpoint {MINE}-custom",
        f"cluster parameter group {MINE}",
        f"cluster snapshot {MINE}-final",
        f"database cluster {MINE}",
        f"global cluster {MINE}",
    }
    rds.delete_db_cluster_endpoint(DBClusterEndpointIdentifier=f"{MINE}-custom")
    rds.delete_db_cluster(DBClusterIdentifier=MINE, SkipFinalSnapshot=True)
    assert leftovers(empty, prefix=PREFIX) == (
        f"cluster parameter group {MINE}",
        f"cluster snapshot {MINE}-final",
        f"global cluster {MINE}",
    )
