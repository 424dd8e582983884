"""The extensions of EC2: set through boto3, read back through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients, Network

PORT = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def rule(ec2: Any, group: str, **peer: Any) -> dict[str, Any]:
    answer = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{**PORT, **peer}])
    found: list[dict[str, Any]] = ec2.describe_security_group_rules(
        SecurityGroupRuleIds=[answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]]
    )["SecurityGroupRules"]
    return found[0]


def interfaces(ec2: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ec2.describe_network_interfaces()["NetworkInterfaces"]
    return found


def refused(error: ClientError) -> tuple[str, str]:
    return error.response["Error"]["Code"], error.response["Error"]["Message"]


@pytest.mark.parametrize("text", [{"Description": "why"}, {}])
def test_a_rule_returns_its_description_whatever_its_peer(
    clients: Clients, network: Network, text: dict[str, str]
) -> None:
    ec2 = clients("ec2")
    prefix_list = ec2.create_managed_prefix_list(
        PrefixListName="peers", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.9.0.0/16"}]
    )["PrefixList"]["PrefixListId"]
    one, two = network.groups
    made = [
        rule(ec2, one, UserIdGroupPairs=[{"GroupId": two, **text}]),
        rule(ec2, one, PrefixListIds=[{"PrefixListId": prefix_list, **text}]),
        rule(ec2, one, IpRanges=[{"CidrIp": "10.9.0.0/16", **text}]),
        rule(ec2, one, Ipv6Ranges=[{"CidrIpv6": "::/0", **text}]),
    ]
    assert [each.get("Description") for each in made] == [text.get("Description")] * 4
    assert made[0]["ReferencedGroupInfo"]["GroupId"] == two
    assert made[1]["PrefixListId"] == prefix_list


def test_a_group_that_a_rule_of_another_names_cannot_be_deleted(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    one, two = network.groups
    made = rule(ec2, one, UserIdGroupPairs=[{"GroupId": two}])
    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=two)
    assert refused(caught.value) == ("DependencyViolation", f"resource {two} has a dependent object")
    ec2.revoke_security_group_egress(GroupId=one, SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
    ec2.delete_security_group(GroupId=two)
    with pytest.raises(ClientError) as caught:
        ec2.describe_security_groups(GroupIds=[two])
    assert caught.value.response["Error"]["Code"] == "InvalidGroup.NotFound"


def test_a_group_and_a_subnet_with_an_interface_cannot_be_deleted(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    group, subnet = network.groups[0], network.subnets[0]
    eni = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=group)
    assert refused(caught.value) == ("DependencyViolation", f"resource {group} has a dependent object")
    with pytest.raises(ClientError) as caught:
        ec2.delete_subnet(SubnetId=subnet)
    assert refused(caught.value) == (
        "DependencyViolation",
        f"The subnet '{subnet}' has dependencies and cannot be deleted.",
    )
    ec2.delete_network_interface(NetworkInterfaceId=eni)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)
    assert [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"] if each["VpcId"] == network.vpc] == [
        network.subnets[1]
    ]


@pytest.mark.parametrize(("group", "status"), [("/vpc/flow", "SUCCESS"), ("/vpc/other", "FAILED")])
def test_a_flow_log_finds_its_log_group_by_arn(
    clients: Clients, network: Network, role: str, group: str, status: str
) -> None:
    ec2 = clients("ec2")
    arn = f"arn:aws:logs:{REGION}:123456789012:log-group:/vpc/flow"
    clients("logs").create_log_group(logGroupName=group)
    ec2.create_flow_logs(
        ResourceIds=[network.vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestination=arn,
        DeliverLogsPermissionArn=role,
        MaxAggregationInterval=60,
    )
    flow_log = ec2.describe_flow_logs()["FlowLogs"][0]
    assert (flow_log["LogDestination"], flow_log["LogGroupName"]) == (arn, "/vpc/flow")
    assert (flow_log["DeliverLogsStatus"], flow_log["MaxAggregationInterval"]) == (status, 60)


def test_a_flow_log_keeps_the_prefix_in_its_bucket_and_its_options(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    clients("s3").create_bucket(Bucket="flows", CreateBucketConfiguration={"LocationConstraint": REGION})
    options = {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False}
    made = ec2.create_flow_logs(
        ResourceIds=[network.vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flows/prod/",
        DestinationOptions=options,
    )
    assert made["Unsuccessful"] == []
    flow_log = ec2.describe_flow_logs()["FlowLogs"][0]
    assert flow_log["LogDestination"] == "arn:aws:s3:::flows/prod/"
    assert flow_log["DestinationOptions"] == options


def test_a_flow_log_to_a_bucket_that_does_not_exist_is_refused(clients: Clients, network: Network) -> None:
    made = clients("ec2").create_flow_logs(
        ResourceIds=[network.vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::none/prod/",
    )
    assert made["FlowLogIds"] == []
    assert made["Unsuccessful"][0]["Error"]["Message"] == "LogDestination: none does not exist."


def test_a_nat_gateway_takes_its_interface_with_it(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)["NatGateway"]
    held = interfaces(ec2)
    assert [(each["InterfaceType"], each["RequesterManaged"], each["Description"]) for each in held] == [
        ("nat_gateway", True, f"Interface for NAT Gateway {gateway['NatGatewayId']}")
    ]
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    assert interfaces(ec2) == []


def test_an_interface_endpoint_has_interfaces_in_its_subnets_and_groups(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    endpoint = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=f"com.amazonaws.{REGION}.secretsmanager",
        VpcEndpointType="Interface",
        SubnetIds=[network.subnets[0]],
        SecurityGroupIds=[network.groups[0]],
        IpAddressType="ipv4",
        DnsOptions={"DnsRecordIpType": "ipv4"},
    )["VpcEndpoint"]
    assert (endpoint["IpAddressType"], endpoint["DnsOptions"]["DnsRecordIpType"]) == ("ipv4", "ipv4")
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"],
        AddSubnetIds=[network.subnets[1]],
        AddSecurityGroupIds=[network.groups[1]],
        RemoveSecurityGroupIds=[network.groups[0]],
        IpAddressType="dualstack",
        DnsOptions={"DnsRecordIpType": "dualstack"},
    )
    changed = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])["VpcEndpoints"][0]
    held = interfaces(ec2)
    assert (changed["IpAddressType"], changed["DnsOptions"]["DnsRecordIpType"]) == ("dualstack", "dualstack")
    assert {each["SubnetId"] for each in held} == set(network.subnets)
    assert {each["NetworkInterfaceId"] for each in held} == set(changed["NetworkInterfaceIds"])
    assert {each["InterfaceType"] for each in held} == {"vpc_endpoint"}
    assert {group["GroupId"] for each in held for group in each["Groups"]} == {network.groups[1]}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], RemoveSubnetIds=[network.subnets[0]])
    assert [each["SubnetId"] for each in interfaces(ec2)] == [network.subnets[1]]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert interfaces(ec2) == []


def test_an_interface_endpoint_without_groups_gets_the_default_group(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    endpoint = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=f"com.amazonaws.{REGION}.sqs",
        VpcEndpointType="Interface",
        SubnetIds=list(network.subnets),
    )["VpcEndpoint"]
    assert [group["GroupName"] for group in endpoint["Groups"]] == ["default"]
    assert endpoint["DnsOptions"]["DnsRecordIpType"] == "ipv4"


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_revoking_a_rule_that_is_gone_says_so_as_aws_does(clients: Clients, network: Network, direction: str) -> None:
    ec2 = clients("ec2")
    (group, _) = network.groups
    with pytest.raises(ClientError) as caught:
        getattr(ec2, f"revoke_security_group_{direction}")(
            GroupId=group, SecurityGroupRuleIds=["sgr-0123456789abcdef0"]
        )
    assert refused(caught.value) == (
        "InvalidSecurityGroupRuleId.NotFound",
        "The security group rule ID 'sgr-0123456789abcdef0' does not exist",
    )
