"""The extensions of Lambda functions: their fields, and their network."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients, Network

LATEST = "$LATEST"


def package() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return 1\n")
    return content.getvalue()


def create(client: Any, role: str, name: str = "api", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_function(
        **{
            "FunctionName": name,
            "Role": role,
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Code": {"ZipFile": package()},
            **fields,
        }
    )
    return made


def vpc_config(network: Network, *groups: str) -> dict[str, Any]:
    return {
        "SubnetIds": list(network.subnets),
        "SecurityGroupIds": list(groups or network.groups),
    }


def lambda_interfaces(clients: Clients) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clients("ec2").describe_network_interfaces(
        Filters=[{"Name": "description", "Values": ["AWS Lambda VPC ENI*"]}]
    )["NetworkInterfaces"]
    return found


def pairs(clients: Clients) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (each["SubnetId"], tuple(sorted(group["GroupId"] for group in each["Groups"])))
        for each in lambda_interfaces(clients)
    }


FIELDS: dict[str, tuple[Any, Any]] = {
    "DeadLetterConfig": (
        {"TargetArn": f"arn:aws:sqs:{REGION}:123456789012:one"},
        {"TargetArn": f"arn:aws:sqs:{REGION}:123456789012:two"},
    ),
    "LoggingConfig": (
        {"LogFormat": "JSON", "ApplicationLogLevel": "WARN", "SystemLogLevel": "INFO", "LogGroup": "/a"},
        {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "SystemLogLevel": "WARN", "LogGroup": "/b"},
    ),
    "TracingConfig": ({"Mode": "PassThrough"}, {"Mode": "Active"}),
    "EphemeralStorage": ({"Size": 1024}, {"Size": 2048}),
    "KMSKeyArn": (
        f"arn:aws:kms:{REGION}:123456789012:key/11111111-1111-1111-1111-111111111111",
        f"arn:aws:kms:{REGION}:123456789012:key/22222222-2222-2222-2222-222222222222",
    ),
    "FileSystemConfigs": (
        [
            {
                "Arn": f"arn:aws:elasticfilesystem:{REGION}:123456789012:access-point/fsap-{'1' * 17}",
                "LocalMountPath": "/mnt/a",
            }
        ],
        [
            {
                "Arn": f"arn:aws:elasticfilesystem:{REGION}:123456789012:access-point/fsap-{'2' * 17}",
                "LocalMountPath": "/mnt/b",
            }
        ],
    ),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_kept_and_changed(clients: Clients, role: str, field: str) -> None:
    client = clients("lambda")
    first, second = FIELDS[field]
    assert create(client, role, **{field: first})[field] == first
    assert client.get_function_configuration(FunctionName="api")[field] == first
    client.update_function_configuration(FunctionName="api", Description="another field")
    assert client.get_function_configuration(FunctionName="api")[field] == first
    client.update_function_configuration(FunctionName="api", **{field: second})
    assert client.get_function_configuration(FunctionName="api")[field] == second


def test_a_published_version_keeps_its_fields(clients: Clients, role: str) -> None:
    client = clients("lambda")
    first, second = FIELDS["LoggingConfig"]
    create(client, role, LoggingConfig=first, Publish=True)
    client.update_function_configuration(FunctionName="api", LoggingConfig=second)
    version = client.get_function_configuration(FunctionName="api", Qualifier="1")
    assert version["LoggingConfig"] == first


def test_defaults_are_those_of_lambda(clients: Clients, role: str) -> None:
    made = create(clients("lambda"), role)
    assert made["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/api"}
    assert made["SnapStart"] == {"ApplyOn": "None", "OptimizationStatus": "Off"}
    assert "DeadLetterConfig" not in made
    assert "FileSystemConfigs" not in made


def test_json_logs_have_levels_by_default(clients: Clients, role: str) -> None:
    made = create(clients("lambda"), role, LoggingConfig={"LogFormat": "JSON"})
    assert made["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": "/aws/lambda/api",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
    }


def test_snap_start_is_on_for_published_versions_only(clients: Clients, role: str) -> None:
    client = clients("lambda")
    create(client, role, SnapStart={"ApplyOn": "PublishedVersions"}, Publish=True)
    states = [
        client.get_function_configuration(FunctionName="api", Qualifier=version)["SnapStart"]
        for version in (LATEST, "1")
    ]
    assert states == [
        {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"},
        {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"},
    ]


def test_a_dead_letter_queue_and_a_key_are_removed_by_an_empty_value(clients: Clients, role: str) -> None:
    client = clients("lambda")
    create(client, role, DeadLetterConfig=FIELDS["DeadLetterConfig"][0], KMSKeyArn=FIELDS["KMSKeyArn"][0])
    client.update_function_configuration(FunctionName="api", DeadLetterConfig={"TargetArn": ""}, KMSKeyArn="")
    changed = client.get_function_configuration(FunctionName="api")
    assert "DeadLetterConfig" not in changed
    assert "KMSKeyArn" not in changed


def test_new_code_may_have_another_architecture(clients: Clients, role: str) -> None:
    client = clients("lambda")
    create(client, role, Architectures=["x86_64"])
    client.update_function_code(FunctionName="api", ZipFile=package(), Architectures=["arm64"])
    assert client.get_function_configuration(FunctionName="api")["Architectures"] == ["arm64"]


def test_a_function_names_its_real_vpc(clients: Clients, network: Network, role: str) -> None:
    made = create(clients("lambda"), role, VpcConfig=vpc_config(network))
    assert made["VpcConfig"] == {
        **vpc_config(network),
        "VpcId": network.vpc,
        "Ipv6AllowedForDualStack": False,
    }


def test_functions_with_the_same_groups_share_one_interface_per_subnet(
    clients: Clients, network: Network, role: str
) -> None:
    client = clients("lambda")
    one, two = network.groups
    create(client, role, "first", VpcConfig=vpc_config(network, one, two))
    create(client, role, "second", VpcConfig=vpc_config(network, two, one))
    held = lambda_interfaces(clients)
    assert len(held) == 2
    assert pairs(clients) == {(subnet, tuple(sorted((one, two)))) for subnet in network.subnets}
    assert {(each["InterfaceType"], each["RequesterManaged"], each["Status"]) for each in held} == {
        ("lambda", True, "in-use")
    }
    assert {each["VpcId"] for each in held} == {network.vpc}
    client.delete_function(FunctionName="first")
    assert {each["NetworkInterfaceId"] for each in lambda_interfaces(clients)} == {
        each["NetworkInterfaceId"] for each in held
    }
    client.delete_function(FunctionName="second")
    assert lambda_interfaces(clients) == []


def test_a_published_version_holds_its_interfaces_until_it_is_deleted(
    clients: Clients, network: Network, role: str
) -> None:
    client = clients("lambda")
    one, two = network.groups
    create(client, role, VpcConfig=vpc_config(network, one), Publish=True)
    client.update_function_configuration(FunctionName="api", VpcConfig=vpc_config(network, two))
    assert pairs(clients) == {(subnet, (group,)) for subnet in network.subnets for group in (one, two)}
    client.delete_function(FunctionName="api", Qualifier="1")
    assert pairs(clients) == {(subnet, (two,)) for subnet in network.subnets}


def test_leaving_the_vpc_releases_the_interfaces(clients: Clients, network: Network, role: str) -> None:
    client = clients("lambda")
    create(client, role, VpcConfig=vpc_config(network))
    nowhere: dict[str, list[str]] = {"SubnetIds": [], "SecurityGroupIds": []}
    client.update_function_configuration(FunctionName="api", VpcConfig=nowhere)
    assert lambda_interfaces(clients) == []
    assert client.get_function_configuration(FunctionName="api")["VpcConfig"]["VpcId"] == ""


def test_another_group_frees_the_first_for_deletion(clients: Clients, network: Network, role: str) -> None:
    client, ec2 = clients("lambda"), clients("ec2")
    one, two = network.groups
    create(client, role, VpcConfig=vpc_config(network, one))
    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=one)
    assert caught.value.response["Error"]["Message"] == f"resource {one} has a dependent object"
    client.update_function_configuration(FunctionName="api", VpcConfig={"SecurityGroupIds": [two]})
    ec2.delete_security_group(GroupId=one)
    assert pairs(clients) == {(subnet, (two,)) for subnet in network.subnets}


def refusal(clients: Clients, role: str, config: dict[str, Any]) -> str:
    client = clients("lambda")
    with pytest.raises(client.exceptions.InvalidParameterValueException) as caught:
        create(client, role, VpcConfig=config)
    assert client.list_functions()["Functions"] == []
    message: str = caught.value.response["Error"]["Message"]
    return message


def test_what_does_not_exist_is_refused(clients: Clients, network: Network, role: str) -> None:
    assert refusal(clients, role, {**vpc_config(network), "SubnetIds": ["subnet-0"]}) == (
        "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
        "EC2 Error Message: The subnet ID 'subnet-0' does not exist"
    )
    assert refusal(clients, role, vpc_config(network, "sg-0")) == (
        "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. "
        "EC2 Error Message: The security group 'sg-0' does not exist"
    )


def test_subnets_need_groups_of_the_same_vpc(clients: Clients, network: Network, role: str) -> None:
    ec2 = clients("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    assert refusal(clients, role, vpc_config(network, group)) == (
        "Subnets and security groups must belong to the same VPC."
    )
    assert refusal(clients, role, {"SubnetIds": list(network.subnets), "SecurityGroupIds": []}) == (
        "SubnetIds and SecurityIds must coexist or be both empty list."
    )
