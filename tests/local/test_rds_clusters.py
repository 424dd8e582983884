"""The extensions of RDS clusters, their endpoints and global clusters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients, Network

KEY = f"arn:aws:kms:{REGION}:123456789012:key/11111111-1111-1111-1111-111111111111"
INSIGHTS = ("PerformanceInsightsEnabled", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod")
ROLE = "arn:aws:iam::123456789012:role/one"


def create(client: Any, name: str = "c", engine: str = "aurora-postgresql", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_db_cluster(
        DBClusterIdentifier=name,
        Engine=engine,
        EngineVersion={"aurora-mysql": "8.0", "mysql": "8.4"}.get(engine, "17"),
        MasterUsername="owner",
        MasterUserPassword="a-password-of-tests",
        **fields,
    )["DBCluster"]
    return made


def multi_az(client: Any, name: str = "c", engine: str = "mysql", **fields: Any) -> dict[str, Any]:
    given = {"StorageType": "io2", "AllocatedStorage": 100, "Iops": 1_000, "DBClusterInstanceClass": "db.m6gd.large"}
    return create(client, name, engine, **{**given, **fields})


def read(client: Any, name: str = "c") -> dict[str, Any]:
    (found,) = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    cluster: dict[str, Any] = found
    return cluster


def test_a_multi_az_cluster_has_three_instances_that_come_and_go_with_it(clients: Clients) -> None:
    client = clients("rds")
    multi_az(client)
    members = read(client)["DBClusterMembers"]
    assert [member["DBInstanceIdentifier"] for member in members] == ["c-instance-1", "c-instance-2", "c-instance-3"]
    assert [member["IsClusterWriter"] for member in members] == [True, False, False]
    instances = client.describe_db_instances()["DBInstances"]
    assert {each["AvailabilityZone"] for each in instances} == {f"{REGION}{zone}" for zone in "abc"}
    assert {each["DBInstanceClass"] for each in instances} == {"db.m6gd.large"}
    client.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)
    assert client.describe_db_instances()["DBInstances"] == []


def test_a_protected_multi_az_cluster_keeps_its_instances(clients: Clients) -> None:
    client = clients("rds")
    multi_az(client, DeletionProtection=True)
    with pytest.raises(client.exceptions.ClientError, match="Cannot delete protected Cluster"):
        client.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)
    assert len(client.describe_db_instances()["DBInstances"]) == 3


def test_iam_authentication_is_for_every_cluster(clients: Clients) -> None:
    client = clients("rds")
    assert multi_az(client, EnableIAMDatabaseAuthentication=True)["IAMDatabaseAuthenticationEnabled"]
    assert not create(client, "d")["IAMDatabaseAuthenticationEnabled"]
    client.modify_db_cluster(DBClusterIdentifier="d", EnableIAMDatabaseAuthentication=True)
    assert read(client, "d")["IAMDatabaseAuthenticationEnabled"]


def test_performance_insights_are_kept_changed_and_turned_off(clients: Clients) -> None:
    client = clients("rds")
    multi_az(client, EnablePerformanceInsights=True, PerformanceInsightsKMSKeyId=KEY)
    assert [read(client)[name] for name in INSIGHTS] == [True, KEY, 7]
    client.modify_db_cluster(DBClusterIdentifier="c", PerformanceInsightsRetentionPeriod=731)
    assert [read(client)[name] for name in INSIGHTS] == [True, KEY, 731]
    client.modify_db_cluster(DBClusterIdentifier="c", EnablePerformanceInsights=False)
    assert [read(client).get(name) for name in INSIGHTS] == [False, None, None]


def test_certificates_and_monitoring_of_a_multi_az_cluster(clients: Clients) -> None:
    client = clients("rds")
    multi_az(client, MonitoringInterval=15, MonitoringRoleArn=ROLE)
    found = read(client)
    assert (found["MonitoringInterval"], found["MonitoringRoleArn"]) == (15, ROLE)
    assert found["CertificateDetails"]["CAIdentifier"] == "rds-ca-rsa2048-g1"
    client.modify_db_cluster(DBClusterIdentifier="c", CACertificateIdentifier="rds-ca-ecc384-g1")
    assert read(client)["CertificateDetails"]["CAIdentifier"] == "rds-ca-ecc384-g1"
    assert "CertificateDetails" not in create(client, "d")


@pytest.mark.parametrize(("given", "told"), [(None, None), ("aurora", None), ("aurora-iopt1", "aurora-iopt1")])
def test_auroras_standard_storage_is_not_told(clients: Clients, given: str | None, told: str | None) -> None:
    client = clients("rds")
    create(client, **({"StorageType": given} if given else {}))
    assert read(client).get("StorageType") == told
    client.modify_db_cluster(DBClusterIdentifier="c", StorageType="aurora-iopt1")
    assert read(client)["StorageType"] == "aurora-iopt1"
    client.modify_db_cluster(DBClusterIdentifier="c", StorageType="aurora")
    assert "StorageType" not in read(client)


def test_only_a_cluster_that_pauses_says_after_how_long(clients: Clients) -> None:
    client = clients("rds")
    name = "ServerlessV2ScalingConfiguration"
    create(client, ServerlessV2ScalingConfiguration={"MinCapacity": 0, "MaxCapacity": 8})
    assert read(client)[name] == {"MinCapacity": 0.0, "MaxCapacity": 8.0, "SecondsUntilAutoPause": 300}
    paused = {"MinCapacity": 0, "MaxCapacity": 8, "SecondsUntilAutoPause": 900}
    client.modify_db_cluster(DBClusterIdentifier="c", **{name: paused})
    assert read(client)[name]["SecondsUntilAutoPause"] == 900
    client.modify_db_cluster(DBClusterIdentifier="c", **{name: {"MinCapacity": 0.5, "MaxCapacity": 8}})
    assert read(client)[name] == {"MinCapacity": 0.5, "MaxCapacity": 8.0}
    assert "ScalingConfigurationInfo" not in read(client)


def test_the_data_api_is_switched_on_and_off(clients: Clients) -> None:
    client = clients("rds")
    arn = create(client, EnableHttpEndpoint=True)["DBClusterArn"]
    assert read(client)["HttpEndpointEnabled"]
    assert client.disable_http_endpoint(ResourceArn=arn)["HttpEndpointEnabled"] is False
    assert not read(client)["HttpEndpointEnabled"]
    assert client.enable_http_endpoint(ResourceArn=arn)["ResourceArn"] == arn
    assert read(client)["HttpEndpointEnabled"]
    client.modify_db_cluster(DBClusterIdentifier="c", EnableHttpEndpoint=False)
    assert not read(client)["HttpEndpointEnabled"]
    other = multi_az(client, "d")["DBClusterArn"]
    with pytest.raises(client.exceptions.ResourceNotFoundFault):
        client.enable_http_endpoint(ResourceArn=other)


def test_log_exports_are_changed(clients: Clients) -> None:
    client = clients("rds")
    multi_az(client, EnableCloudwatchLogsExports=["error"])
    changed = {"EnableLogTypes": ["slowquery"], "DisableLogTypes": ["error"]}
    client.modify_db_cluster(DBClusterIdentifier="c", CloudwatchLogsExportConfiguration=changed)
    assert read(client)["EnabledCloudwatchLogsExports"] == ["slowquery"]


def test_a_role_is_taken_away(clients: Clients) -> None:
    client = clients("rds")
    create(client)
    read(client)
    client.add_role_to_db_cluster(DBClusterIdentifier="c", RoleArn=ROLE, FeatureName="s3Import")
    assert [role["RoleArn"] for role in read(client)["AssociatedRoles"]] == [ROLE]
    client.remove_role_from_db_cluster(DBClusterIdentifier="c", RoleArn=ROLE, FeatureName="s3Import")
    assert read(client)["AssociatedRoles"] == []
    with pytest.raises(client.exceptions.DBClusterRoleNotFoundFault):
        client.remove_role_from_db_cluster(DBClusterIdentifier="c", RoleArn=ROLE)


def test_a_parameter_says_that_the_user_set_it_until_it_is_reset(clients: Clients) -> None:
    client = clients("rds")
    group = "g"
    client.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=group, DBParameterGroupFamily="aurora-postgresql17", Description="g"
    )
    given = [
        {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": "immediate"}
        for name in ("rds.force_ssl", "log_connections", "log_disconnections")
    ]
    client.modify_db_cluster_parameter_group(DBClusterParameterGroupName=group, Parameters=given)

    def set_by(source: str) -> set[str]:
        found = client.describe_db_cluster_parameters(DBClusterParameterGroupName=group, Source=source)["Parameters"]
        return {each["ParameterName"] for each in found}

    assert set_by("user") == {"rds.force_ssl", "log_connections", "log_disconnections"}
    assert set_by("engine-default") == set()
    client.reset_db_cluster_parameter_group(DBClusterParameterGroupName=group, Parameters=[given[0]])
    assert set_by("user") == {"log_connections", "log_disconnections"}
    client.reset_db_cluster_parameter_group(DBClusterParameterGroupName=group, ResetAllParameters=True)
    assert set_by("user") == set()
    with pytest.raises(client.exceptions.DBParameterGroupNotFoundFault):
        client.reset_db_cluster_parameter_group(DBClusterParameterGroupName="none", ResetAllParameters=True)


def test_automated_backups_go_with_their_cluster_unless_they_are_kept(clients: Clients) -> None:
    client = clients("rds")
    for name, deleted in (("c", True), ("d", False)):
        create(client, name)
        client.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=deleted)
    snapshots = client.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [each["DBClusterIdentifier"] for each in snapshots] == ["d"]


def test_a_custom_endpoint_is_made_changed_tagged_and_removed(clients: Clients) -> None:
    client = clients("rds")
    create(client)
    made = client.create_db_cluster_endpoint(
        DBClusterIdentifier="c",
        DBClusterEndpointIdentifier="Reports",
        EndpointType="ANY",
        StaticMembers=["c-b"],
        Tags=[{"Key": "env", "Value": "dev"}],
    )
    assert (made["DBClusterEndpointIdentifier"], made["EndpointType"], made["CustomEndpointType"]) == (
        "reports", "CUSTOM", "ANY",
    )  # fmt: skip
    assert read(client)["CustomEndpoints"] == [made["Endpoint"]]
    arn = made["DBClusterEndpointArn"]
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "owner", "Value": "me"}])
    client.remove_tags_from_resource(ResourceName=arn, TagKeys=["env"])
    assert client.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "owner", "Value": "me"}]
    client.modify_db_cluster_endpoint(
        DBClusterEndpointIdentifier="reports", EndpointType="READER", StaticMembers=["c-a", "c-b"]
    )
    (found,) = client.describe_db_cluster_endpoints(DBClusterEndpointIdentifier="reports")["DBClusterEndpoints"]
    assert (found["CustomEndpointType"], found["StaticMembers"]) == ("READER", ["c-a", "c-b"])
    assert client.delete_db_cluster_endpoint(DBClusterEndpointIdentifier="reports")["Status"] == "deleting"
    assert client.describe_db_cluster_endpoints(DBClusterIdentifier="c")["DBClusterEndpoints"] == []


def test_custom_endpoints_that_there_are_not(clients: Clients) -> None:
    client = clients("rds")
    with pytest.raises(client.exceptions.DBClusterNotFoundFault):
        client.create_db_cluster_endpoint(
            DBClusterIdentifier="none", DBClusterEndpointIdentifier="reports", EndpointType="ANY"
        )
    with pytest.raises(client.exceptions.DBClusterEndpointNotFoundFault):
        client.delete_db_cluster_endpoint(DBClusterEndpointIdentifier="none")
    create(client)
    given = {"DBClusterIdentifier": "c", "DBClusterEndpointIdentifier": "reports", "EndpointType": "ANY"}
    client.create_db_cluster_endpoint(**given)
    with pytest.raises(client.exceptions.DBClusterEndpointAlreadyExistsFault):
        client.create_db_cluster_endpoint(**given)


def test_a_global_cluster_has_members_that_leave(clients: Clients) -> None:
    client = clients("rds")
    for name in ("all", "other"):
        client.create_global_cluster(
            GlobalClusterIdentifier=name, Engine="aurora-mysql", StorageEncrypted=True, DatabaseName="orders",
            Tags=[{"Key": "env", "Value": "dev"}],
        )  # fmt: skip
    arn = create(client, "c", "aurora-mysql", GlobalClusterIdentifier="all", StorageEncrypted=True)["DBClusterArn"]
    (found,) = client.describe_global_clusters(GlobalClusterIdentifier="all")["GlobalClusters"]
    assert (found["StorageEncrypted"], found["DatabaseName"]) == (True, "orders")
    assert [(member["DBClusterArn"], member["IsWriter"]) for member in found["GlobalClusterMembers"]] == [(arn, True)]
    by_member = client.describe_global_clusters(Filters=[{"Name": "db-cluster-id", "Values": [arn]}])
    assert [each["GlobalClusterIdentifier"] for each in by_member["GlobalClusters"]] == ["all"]
    tags = client.list_tags_for_resource(ResourceName=found["GlobalClusterArn"])["TagList"]
    assert tags == [{"Key": "env", "Value": "dev"}]
    with pytest.raises(client.exceptions.InvalidGlobalClusterStateFault):
        client.delete_global_cluster(GlobalClusterIdentifier="all")
    client.remove_from_global_cluster(GlobalClusterIdentifier="all", DbClusterIdentifier=arn)
    assert "GlobalClusterIdentifier" not in read(client)
    with pytest.raises(client.exceptions.DBClusterNotFoundFault):
        client.remove_from_global_cluster(GlobalClusterIdentifier="all", DbClusterIdentifier=arn)
    client.delete_global_cluster(GlobalClusterIdentifier="all")


def test_a_deleted_member_leaves_its_global_cluster(clients: Clients) -> None:
    client = clients("rds")
    client.create_global_cluster(GlobalClusterIdentifier="all", Engine="aurora-mysql")
    create(client, "c", "aurora-mysql", GlobalClusterIdentifier="all")
    client.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)
    (found,) = client.describe_global_clusters()["GlobalClusters"]
    assert found["GlobalClusterMembers"] == []


def test_a_global_cluster_is_protected_and_upgraded_with_its_members(clients: Clients) -> None:
    client = clients("rds")
    client.create_global_cluster(GlobalClusterIdentifier="all", Engine="aurora-mysql", DeletionProtection=True)
    create(client, "c", "aurora-mysql", GlobalClusterIdentifier="all")
    version = "8.0.mysql_aurora.3.08.0"
    client.modify_global_cluster(GlobalClusterIdentifier="all", EngineVersion=version)
    assert read(client)["EngineVersion"] == version
    client.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)
    with pytest.raises(client.exceptions.InvalidGlobalClusterStateFault):
        client.delete_global_cluster(GlobalClusterIdentifier="all")
    client.modify_global_cluster(GlobalClusterIdentifier="all", DeletionProtection=False)
    client.delete_global_cluster(GlobalClusterIdentifier="all")
    with pytest.raises(client.exceptions.GlobalClusterNotFoundFault):
        client.describe_global_clusters(GlobalClusterIdentifier="all")


def test_an_instance_of_a_cluster_stands_in_its_network(clients: Clients, network: Network) -> None:
    client = clients("rds")
    client.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="s", SubnetIds=list(network.subnets))
    multi_az(client, DBSubnetGroupName="s", VpcSecurityGroupIds=[network.groups[0]])
    (found, *_) = client.describe_db_instances()["DBInstances"]
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "s"
    assert [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]] == [network.groups[0]]
