"""What shuts a network further: network ACLs, the locked group, flow records, and the account's gateways."""

from __future__ import annotations

from typing import Any

from local.emulator import Emulator
from modules.key import Key
from modules.network import (
    Bastion,
    BastionConfig,
    BlockPublicAccess,
    BlockPublicAccessConfig,
    Network,
    NetworkConfig,
    SubnetShare,
    SubnetShareConfig,
)
from stacks.base import TargetStack
from tests.apply.harness import Prove

ACCOUNT = "210987654321"
STATELESS = (
    "Network ACLs keep no connections in mind: answers need a rule for all ephemeral ports (CKV_AWS_231), the VPC's "
    "own range one for every protocol (CKV_AWS_352); associations are resources of their own (CKV2_AWS_1)."
)
FLOWS = {"bucket_arn": "arn:aws:s3:::flow-records", "key_prefix": "orders"}


def build(stack: TargetStack) -> None:
    config = NetworkConfig.parse(
        {
            "cidr": "10.20.0.0/16",
            "secondary_cidrs": ["100.64.0.0/16"],
            "availability_zones": ["eu-west-1a", "eu-west-1b"],
            "egress": {"strategy": "nat_single", "zone": "eu-west-1a"},
            "endpoints": {"gateway": []},
            "flow_log": {"traffic_type": "REJECT", "partial_reason": "cost", "destination": FLOWS},
            "network_acls": {"private": {}, "isolated": {"egress": {"vpc": {"number": 50, "protocol": "all",
                                                                          "cidr": "vpc"}}}},
            "dhcp_options": {"domain_name": "orders.example"},
            "vpn_gateway": {"amazon_side_asn": 64513},
            "network_address_usage_metrics": True,
            "alarms": {"enabled": False, "reason": "nothing here is about alarms"},
        }
    )  # fmt: skip
    key = Key(stack, "key")
    network = Network(stack, "network", config=config, key=key)
    bastion = Bastion(stack, "bastion", config=BastionConfig(zone="eu-west-1b"), network=network, key=key)
    SubnetShare(stack, "share", config=SubnetShareConfig(principals=(ACCOUNT,)), network=network)
    left_out = {"orders": {"vpc_id": network.vpc_id, "reason": "its functions call a payment provider"}}
    BlockPublicAccess(stack, "gateways", config=BlockPublicAccessConfig.parse({"exclusions": left_out}))
    stack.output("vpc_id", network.vpc_id, "The VPC")
    stack.output("vpn_gateway_id", network.vpn_gateway_id, "The VPN gateway")
    stack.output("instance_id", bastion.instance_id, "The bastion")
    stack.output("private_subnet_ids", list(network.private_subnet_ids), "Private subnets")
    stack.output("locked_security_group_id", network.locked_security_group_id, "The locked group")


def test_a_network_shut_as_far_as_it_goes(prove: Prove, emulator: Emulator) -> None:
    region = {"LocationConstraint": "eu-west-1"}
    emulator.client("s3", "eu-west-1").create_bucket(Bucket="flow-records", CreateBucketConfiguration=region)
    with prove(build, unscanned_reason=STATELESS) as applied:
        ec2, vpc_id = applied.client("ec2"), applied.outputs["vpc_id"]
        of_the_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
        _flow_log(ec2)
        _network_acls(ec2, of_the_vpc)
        _locked_group(ec2, applied.outputs["locked_security_group_id"])
        _vpn_gateway(ec2, of_the_vpc, applied.outputs)
        _bastion(ec2, applied.client("iam"), applied.outputs["instance_id"])
        _shared(applied.client("ram"), applied.outputs["private_subnet_ids"])
        options = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["DhcpOptionsId"]
        [dhcp] = ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"]
        assert {each["Key"]: [value["Value"] for value in each["Values"]] for each in dhcp["DhcpConfigurations"]} == {
            "domain-name": ["orders.example"],
            "domain-name-servers": ["AmazonProvidedDNS"],
            "ntp-servers": ["169.254.169.123"],
        }
        usage = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableNetworkAddressUsageMetrics")
        assert usage["EnableNetworkAddressUsageMetrics"] == {"Value": True}
        mode = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
        assert mode["InternetGatewayBlockMode"] == "block-bidirectional"
        [left_out] = ec2.describe_vpc_block_public_access_exclusions()["VpcBlockPublicAccessExclusions"]
        assert left_out["ResourceArn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc/{vpc_id}"
        assert left_out["InternetGatewayExclusionMode"] == "allow-egress"


def _flow_log(ec2: Any) -> None:
    [flow_log] = ec2.describe_flow_logs()["FlowLogs"]
    assert (flow_log["LogDestination"], flow_log["TrafficType"]) == ("arn:aws:s3:::flow-records/orders", "REJECT")
    assert flow_log["DestinationOptions"] == {
        "FileFormat": "parquet",
        "HiveCompatiblePartitions": True,
        "PerHourPartition": True,
    }


def _network_acls(ec2: Any, of_the_vpc: list[dict[str, Any]]) -> None:
    acls = ec2.describe_network_acls(Filters=of_the_vpc)["NetworkAcls"]
    by_name = {tag["Value"]: acl for acl in acls for tag in acl["Tags"] if tag["Key"] == "Name"}
    private, isolated = by_name["acme-dev-orders-private"], by_name["acme-dev-orders-isolated"]
    assert [len(acl["Associations"]) for acl in (private, isolated)] == [2, 2]

    def rules(acl: dict[str, Any], *, is_egress: bool) -> list[tuple[Any, ...]]:
        return sorted(
            (rule["RuleNumber"], rule["Protocol"], rule.get("CidrBlock") or rule["Ipv6CidrBlock"])
            for rule in acl["Entries"]
            if rule["Egress"] is is_egress and rule["RuleAction"] == "allow"
        )

    vpc = [(100, "-1", "10.20.0.0/16"), (101, "-1", "100.64.0.0/16")]
    assert rules(private, is_egress=False) == [*vpc, (200, "6", "0.0.0.0/0"), (210, "6", "::/0")]
    assert rules(private, is_egress=True) == [*vpc, (200, "6", "0.0.0.0/0"), (210, "6", "::/0")]
    assert rules(isolated, is_egress=True) == [(50, "-1", "10.20.0.0/16"), (51, "-1", "100.64.0.0/16")]


def _locked_group(ec2: Any, group_id: str) -> None:
    [group] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert (group["GroupName"], group["IpPermissions"], group["IpPermissionsEgress"]) == ("default", [], [])


def _vpn_gateway(ec2: Any, of_the_vpc: list[dict[str, Any]], outputs: dict[str, Any]) -> None:
    [gateway] = ec2.describe_vpn_gateways(VpnGatewayIds=[outputs["vpn_gateway_id"]])["VpnGateways"]
    assert [(each["VpcId"], each["State"]) for each in gateway["VpcAttachments"]] == [(outputs["vpc_id"], "attached")]
    assert gateway["AmazonSideAsn"] == 64513
    tables = ec2.describe_route_tables(Filters=of_the_vpc)["RouteTables"]
    learning = {
        association["SubnetId"]
        for table in tables
        for association in table["Associations"]
        if table["PropagatingVgws"] == [{"GatewayId": outputs["vpn_gateway_id"]}]
    }
    assert learning == set(outputs["private_subnet_ids"])


def _bastion(ec2: Any, iam: Any, instance_id: str) -> None:
    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    [instance] = reservation["Instances"]
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert "KeyName" not in instance
    [group] = instance["NetworkInterfaces"][0]["Groups"]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}])
    assert [(rule["IsEgress"], rule["FromPort"]) for rule in rules["SecurityGroupRules"]] == [(True, 443)]
    attached = iam.list_attached_role_policies(RoleName="acme-dev-orders-bastion")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonSSMManagedInstanceCore"]
    [volume] = instance["BlockDeviceMappings"]
    [disk] = ec2.describe_volumes(VolumeIds=[volume["Ebs"]["VolumeId"]])["Volumes"]
    assert disk["Encrypted"] is True


def _shared(ram: Any, subnets: list[str]) -> None:
    [share] = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert share["allowExternalPrincipals"] is False
    found = {
        kind: {
            each["associatedEntity"]
            for each in ram.get_resource_share_associations(associationType=kind)["resourceShareAssociations"]
        }
        for kind in ("PRINCIPAL", "RESOURCE")
    }
    assert found["PRINCIPAL"] == {ACCOUNT}
    assert found["RESOURCE"] == {f"arn:aws:ec2:eu-west-1:123456789012:subnet/{subnet}" for subnet in subnets}
