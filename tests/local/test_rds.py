"""The extensions of RDS and RDS Proxy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients, Network

KEY = f"arn:aws:kms:{REGION}:123456789012:key/11111111-1111-1111-1111-111111111111"
INSIGHTS = ("PerformanceInsightsEnabled", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod")


def create(client: Any, name: str = "db", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        EngineVersion="17.4",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="a-password-of-tests",
        **fields,
    )["DBInstance"]
    return made


def insights(instance: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(instance.get(name) for name in INSIGHTS)


def test_performance_insights_are_kept_changed_and_turned_off(clients: Clients) -> None:
    client = clients("rds")
    made = create(
        client,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=KEY,
        PerformanceInsightsRetentionPeriod=31,
    )
    assert insights(made) == (True, KEY, 31)
    client.modify_db_instance(DBInstanceIdentifier="db", PerformanceInsightsRetentionPeriod=731)
    assert insights(client.describe_db_instances()["DBInstances"][0]) == (True, KEY, 731)
    client.modify_db_instance(DBInstanceIdentifier="db", EnablePerformanceInsights=False)
    assert insights(client.describe_db_instances()["DBInstances"][0]) == (False, None, None)


def test_performance_insights_are_off_by_default_and_keep_seven_days(clients: Clients) -> None:
    client = clients("rds")
    assert insights(create(client)) == (False, None, None)
    client.modify_db_instance(DBInstanceIdentifier="db", EnablePerformanceInsights=True)
    assert insights(client.describe_db_instances()["DBInstances"][0]) == (True, None, 7)


def test_the_network_type_is_kept(clients: Clients) -> None:
    client = clients("rds")
    assert create(client)["NetworkType"] == "IPV4"
    assert create(client, "dual", NetworkType="DUAL")["NetworkType"] == "DUAL"
    client.modify_db_instance(DBInstanceIdentifier="db", NetworkType="DUAL")
    assert client.describe_db_instances(DBInstanceIdentifier="db")["DBInstances"][0]["NetworkType"] == "DUAL"


def test_the_certificate_authority_is_that_of_aws_by_default(clients: Clients) -> None:
    client = clients("rds")
    assert create(client)["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"
    other = create(client, "other", CACertificateIdentifier="rds-ca-ecc384-g1")
    assert other["CACertificateIdentifier"] == "rds-ca-ecc384-g1"


def test_every_instance_has_a_resource_id_of_its_own(clients: Clients) -> None:
    client = clients("rds")
    ids = {create(client, name)["DbiResourceId"] for name in ("one", "two")}
    assert len(ids) == 2
    assert all(each.startswith("db-") and len(each) == 29 for each in ids)


def test_a_parameter_says_that_the_user_set_it_until_it_is_reset(clients: Clients) -> None:
    client = clients("rds")
    client.create_db_parameter_group(DBParameterGroupName="g", DBParameterGroupFamily="postgres17", Description="g")
    given = [
        {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": "immediate"}
        for name in ("rds.force_ssl", "log_connections", "log_disconnections")
    ]
    client.modify_db_parameter_group(DBParameterGroupName="g", Parameters=given)

    def read() -> dict[str, str]:
        found = client.describe_db_parameters(DBParameterGroupName="g", Source="user")["Parameters"]
        return {each["ParameterName"]: each["Source"] for each in found}

    assert read() == dict.fromkeys(("rds.force_ssl", "log_connections", "log_disconnections"), "user")
    client.reset_db_parameter_group(DBParameterGroupName="g", Parameters=[given[0]])
    assert read() == dict.fromkeys(("log_connections", "log_disconnections"), "user")
    client.reset_db_parameter_group(DBParameterGroupName="g", ResetAllParameters=True)
    assert read() == {}


def test_parameters_of_an_unknown_group_cannot_be_reset(clients: Clients) -> None:
    client = clients("rds")
    with pytest.raises(client.exceptions.DBParameterGroupNotFoundFault) as caught:
        client.reset_db_parameter_group(DBParameterGroupName="none", ResetAllParameters=True)
    assert caught.value.response["Error"]["Message"] == "DB Parameter Group none not found."


def test_a_proxy_is_changed_and_renamed(clients: Clients, network: Network) -> None:
    client = clients("rds")
    secret = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:s"
    auth = [{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": secret}]
    client.create_db_proxy(
        DBProxyName="p",
        EngineFamily="POSTGRESQL",
        Auth=auth,
        RoleArn="arn:aws:iam::123456789012:role/one",
        VpcSubnetIds=list(network.subnets),
        VpcSecurityGroupIds=[network.groups[0]],
    )
    client.modify_db_proxy(
        DBProxyName="p",
        NewDBProxyName="q",
        Auth=[{**auth[0], "IAMAuth": "REQUIRED"}],
        RequireTLS=True,
        IdleClientTimeout=60,
        DebugLogging=True,
        RoleArn="arn:aws:iam::123456789012:role/two",
        SecurityGroups=[network.groups[1]],
    )
    found = client.describe_db_proxies(DBProxyName="q")["DBProxies"][0]
    assert {name: found[name] for name in ("RequireTLS", "IdleClientTimeout", "DebugLogging", "RoleArn")} == {
        "RequireTLS": True,
        "IdleClientTimeout": 60,
        "DebugLogging": True,
        "RoleArn": "arn:aws:iam::123456789012:role/two",
    }
    assert found["VpcSecurityGroupIds"] == [network.groups[1]]
    assert found["Auth"] == [{**auth[0], "IAMAuth": "REQUIRED"}]
    assert found["UpdatedDate"] > found["CreatedDate"]


@pytest.mark.parametrize("action", ["describe_db_proxy_targets", "describe_db_proxy_target_groups", "delete_db_proxy"])
def test_an_unknown_proxy_is_an_error_of_rds(clients: Clients, action: str) -> None:
    client = clients("rds")
    with pytest.raises(client.exceptions.DBProxyNotFoundFault) as caught:
        getattr(client, action)(DBProxyName="none")
    assert caught.value.response["Error"]["Message"] == (
        "The specified proxy name none doesn't correspond to a proxy owned by your Amazon Web Services account "
        "in the specified Amazon Web Services Region."
    )
