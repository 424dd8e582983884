"""Read replicas, and the secrets that RDS rotates."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients
from tests.local.test_rds import create


def managed(client: Any) -> dict[str, Any]:
    """An instance whose password RDS keeps."""
    return _made(client, ManageMasterUserPassword=True)


def source_of(client: Any) -> dict[str, Any]:
    """An instance that replicas can be made of."""
    return _made(client, MasterUserPassword="not-a-secret-at-all")


def _made(client: Any, **password: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.medium",
        Engine="mysql",
        EngineVersion="8.4",
        AllocatedStorage=20,
        MasterUsername="owner",
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["error"],
        BackupRetentionPeriod=7,
        DeletionProtection=True,
        MultiAZ=True,
        Tags=[{"Key": "of", "Value": "source"}],
        **password,
    )["DBInstance"]
    return made


def described(client: Any, name: str) -> dict[str, Any]:
    [found] = client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    result: dict[str, Any] = found
    return result


def test_a_replica_is_an_instance_of_its_own(clients: Clients) -> None:
    client = clients("rds")
    source = source_of(client)
    client.create_db_instance_read_replica(
        DBInstanceIdentifier="copy",
        SourceDBInstanceIdentifier="db",
        DBInstanceClass="db.r7g.large",
        EnableCloudwatchLogsExports=["slowquery"],
        Tags=[{"Key": "of", "Value": "copy"}],
    )
    replica, source = described(client, "copy"), described(client, "db")
    assert replica["DbiResourceId"] != source["DbiResourceId"]
    [found] = client.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [replica["DbiResourceId"]]}])[
        "DBInstances"
    ]
    assert found["DBInstanceIdentifier"] == "copy"
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == "db"
    assert source["ReadReplicaDBInstanceIdentifiers"] == ["copy"]
    assert (replica["Engine"], replica["EngineVersion"], replica["MasterUsername"]) == ("mysql", "8.4", "owner")
    assert (replica["TagList"], source["TagList"]) == (
        [{"Key": "of", "Value": "copy"}],
        [{"Key": "of", "Value": "source"}],
    )
    logs = "EnabledCloudwatchLogsExports"
    assert (replica[logs], source[logs]) == (["slowquery"], ["error"])
    assert "MasterUserSecret" not in replica
    for field in ("MultiAZ", "DeletionProtection", "IAMDatabaseAuthenticationEnabled"):
        assert (replica[field], source[field]) == (False, True)
    assert (replica["BackupRetentionPeriod"], source["BackupRetentionPeriod"]) == (0, 7)


def test_a_replica_says_what_is_different(clients: Clients) -> None:
    client = clients("rds")
    source_of(client)
    client.create_db_instance_read_replica(
        DBInstanceIdentifier="copy",
        SourceDBInstanceIdentifier="db",
        MultiAZ=True,
        DeletionProtection=True,
        EnableIAMDatabaseAuthentication=True,
        EnablePerformanceInsights=True,
        AvailabilityZone="eu-west-1b",
    )
    replica = described(client, "copy")
    assert all(replica[field] for field in ("MultiAZ", "DeletionProtection", "IAMDatabaseAuthenticationEnabled"))
    assert (replica["PerformanceInsightsEnabled"], replica["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    assert replica["AvailabilityZone"] == "eu-west-1b"


def test_the_source_stays_when_the_replica_goes(clients: Clients) -> None:
    client = clients("rds")
    source_of(client)
    client.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="db")
    with pytest.raises(ClientError, match="can not be specified when deleting a replica instance"):
        client.delete_db_instance(DBInstanceIdentifier="copy", FinalDBSnapshotIdentifier="last")
    client.delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)
    assert described(client, "db")["ReadReplicaDBInstanceIdentifiers"] == []


def test_no_replica_is_made_of_an_instance_whose_password_rds_keeps(clients: Clients) -> None:
    client = clients("rds")
    managed(client)
    refused = "source instance with engine mysql where ManageMasterUserPassword is enabled is not supported"
    with pytest.raises(ClientError, match=refused):
        client.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="db")


def test_a_source_without_backups_and_a_name_that_is_taken(clients: Clients) -> None:
    client = clients("rds")
    create(client, "bare", BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="Automated backups are not enabled for this database instance"):
        client.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="bare")
    source_of(client)
    with pytest.raises(ClientError, match="DB instance already exists"):
        client.create_db_instance_read_replica(DBInstanceIdentifier="bare", SourceDBInstanceIdentifier="db")


def test_a_managed_secret_rotates_from_the_start_until_that_is_cancelled(clients: Clients) -> None:
    secret = managed(clients("rds"))["MasterUserSecret"]["SecretArn"]
    client = clients("secretsmanager")
    found = client.describe_secret(SecretId=secret)
    assert (found["RotationEnabled"], found["RotationRules"]) == (True, {"AutomaticallyAfterDays": 7})
    assert "RotationLambdaARN" not in found
    client.rotate_secret(SecretId=secret, RotationRules={"AutomaticallyAfterDays": 30}, RotateImmediately=False)
    assert client.describe_secret(SecretId=secret)["RotationRules"] == {"AutomaticallyAfterDays": 30}
    client.cancel_rotate_secret(SecretId=secret)
    assert client.describe_secret(SecretId=secret)["RotationEnabled"] is False


def test_what_nobody_rotates_cannot_be_cancelled(clients: Clients) -> None:
    client = clients("secretsmanager")
    client.create_secret(Name="own", SecretString="text")
    with pytest.raises(ClientError, match="Lambda function ARN configured"):
        client.cancel_rotate_secret(SecretId="own")
