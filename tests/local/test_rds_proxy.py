"""The extensions of RDS Proxy: endpoints, targets and pools."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients, Network

SECRET = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:s"


@pytest.fixture
def client(clients: Clients, network: Network) -> Any:
    rds = clients("rds")
    rds.create_db_proxy(
        DBProxyName="p",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": SECRET}],
        RoleArn="arn:aws:iam::123456789012:role/one",
        VpcSubnetIds=list(network.subnets),
        VpcSecurityGroupIds=[network.groups[0]],
    )
    return rds


def make(client: Any, network: Network, name: str = "reader", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_db_proxy_endpoint(
        DBProxyName="p", DBProxyEndpointName=name, VpcSubnetIds=list(network.subnets), **fields
    )["DBProxyEndpoint"]
    return made


def test_an_endpoint_is_made_changed_and_deleted(client: Any, network: Network) -> None:
    made = make(client, network, TargetRole="READ_ONLY", Tags=[{"Key": "a", "Value": "b"}])
    expected = {
        "DBProxyEndpointName": "reader", "DBProxyName": "p", "Status": "available", "TargetRole": "READ_ONLY",
        "IsDefault": False, "VpcSubnetIds": list(network.subnets), "VpcSecurityGroupIds": [network.groups[0]],
    }  # fmt: skip
    assert {name: made[name] for name in expected} == expected
    assert made["Endpoint"].startswith("reader.endpoint.proxy-")
    arn = made["DBProxyEndpointArn"]
    assert arn.startswith(f"arn:aws:rds:{REGION}:123456789012:db-proxy-endpoint:prx-endpoint-")
    assert client.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "a", "Value": "b"}]
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "c", "Value": "d"}])
    assert len(client.list_tags_for_resource(ResourceName=arn)["TagList"]) == 2

    client.modify_db_proxy_endpoint(
        DBProxyEndpointName="reader", NewDBProxyEndpointName="readers", VpcSecurityGroupIds=[network.groups[1]]
    )
    [found] = client.describe_db_proxy_endpoints(DBProxyName="p")["DBProxyEndpoints"]
    assert (found["DBProxyEndpointName"], found["VpcSecurityGroupIds"]) == ("readers", [network.groups[1]])

    assert client.delete_db_proxy_endpoint(DBProxyEndpointName="readers")["DBProxyEndpoint"]["Status"] == "deleting"
    assert client.describe_db_proxy_endpoints()["DBProxyEndpoints"] == []


def test_endpoints_go_with_their_proxy(client: Any, network: Network) -> None:
    make(client, network)
    client.delete_db_proxy(DBProxyName="p")
    assert client.describe_db_proxy_endpoints()["DBProxyEndpoints"] == []


def test_endpoints_that_rds_refuses(client: Any, network: Network) -> None:
    make(client, network)
    with pytest.raises(client.exceptions.DBProxyEndpointAlreadyExistsFault):
        make(client, network)
    with pytest.raises(client.exceptions.ClientError, match="TargetRole is one of READ_WRITE, READ_ONLY"):
        make(client, network, "odd", TargetRole="WRITE_ONLY")
    for number in range(19):
        make(client, network, f"e{number}")
    with pytest.raises(client.exceptions.DBProxyEndpointQuotaExceededFault):
        make(client, network, "one-too-many")


@pytest.mark.parametrize(
    "action", ["describe_db_proxy_endpoints", "modify_db_proxy_endpoint", "delete_db_proxy_endpoint"]
)
def test_an_unknown_endpoint_is_an_error_of_rds(client: Any, action: str) -> None:
    with pytest.raises(client.exceptions.DBProxyEndpointNotFoundFault):
        getattr(client, action)(DBProxyEndpointName="none")


def test_endpoints_of_an_unknown_proxy(client: Any) -> None:
    with pytest.raises(client.exceptions.DBProxyNotFoundFault):
        client.describe_db_proxy_endpoints(DBProxyName="none")


def instance(client: Any, name: str, **fields: Any) -> None:
    client.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.r6g.large", **fields)


def test_a_cluster_is_a_target_with_its_instances(client: Any) -> None:
    client.create_db_cluster(
        DBClusterIdentifier="c", Engine="aurora-postgresql", MasterUsername="owner", MasterUserPassword="of-these-tests"
    )
    for name in ("one", "two"):
        instance(client, name, Engine="aurora-postgresql", DBClusterIdentifier="c")
    client.register_db_proxy_targets(DBProxyName="p", TargetGroupName="default", DBClusterIdentifiers=["c"])
    found = client.describe_db_proxy_targets(DBProxyName="p", TargetGroupName="default")["Targets"]
    assert [(each["Type"], each["RdsResourceId"], each.get("Role")) for each in found] == [
        ("TRACKED_CLUSTER", "c", None), ("RDS_INSTANCE", "one", "READ_WRITE"), ("RDS_INSTANCE", "two", "READ_ONLY"),
    ]  # fmt: skip
    assert found[0]["TargetArn"].endswith(":cluster:c")
    assert {each["TrackedClusterId"] for each in found[1:]} == {"c"}
    assert {each["TargetHealth"]["State"] for each in found[1:]} == {"AVAILABLE"}


def test_an_instance_is_a_target_with_its_own_port(client: Any) -> None:
    instance(
        client, "db", Engine="postgres", AllocatedStorage=20, Port=5433, MasterUsername="owner",
        MasterUserPassword="of-these-tests",
    )  # fmt: skip
    client.register_db_proxy_targets(DBProxyName="p", TargetGroupName="default", DBInstanceIdentifiers=["db"])
    [found] = client.describe_db_proxy_targets(DBProxyName="p", TargetGroupName="default")["Targets"]
    assert (found["Port"], found["Role"], found["TargetArn"][-6:]) == (5433, "READ_WRITE", ":db:db")


def test_a_pool_keeps_its_query_and_an_idle_pool_of_none(client: Any) -> None:
    def pool(**fields: Any) -> dict[str, Any]:
        client.modify_db_proxy_target_group(
            DBProxyName="p", TargetGroupName="default", ConnectionPoolConfig={"MaxConnectionsPercent": 80, **fields}
        )
        groups = client.describe_db_proxy_target_groups(DBProxyName="p")["TargetGroups"]
        found: dict[str, Any] = groups[0]["ConnectionPoolConfig"]
        return found

    assert pool(MaxIdleConnectionsPercent=0, InitQuery="SET x=1")["MaxIdleConnectionsPercent"] == 0
    assert pool()["InitQuery"] == "SET x=1"
    assert pool()["MaxIdleConnectionsPercent"] == 40
