"""The extensions for networks: IPAM pools, IPv6 ranges, transit gateway attachments, ElastiCache subnet groups."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients, Network


def pool_of(clients: Clients, *cidrs: str) -> str:
    ec2 = clients("ec2")
    scope = ec2.create_ipam()["Ipam"]["PrivateDefaultScopeId"]
    made = ec2.create_ipam_pool(IpamScopeId=scope, AddressFamily="ipv4", Locale=REGION)["IpamPool"]
    for cidr in cidrs:
        assert ec2.provision_ipam_pool_cidr(IpamPoolId=made["IpamPoolId"], Cidr=cidr)["IpamPoolCidr"]["Cidr"] == cidr
    pool_id: str = made["IpamPoolId"]
    return pool_id


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = error.value.response["Error"]["Code"]
    return found


def test_a_pool_gives_vpcs_ranges_that_do_not_overlap_and_takes_them_back(clients: Clients) -> None:
    ec2, pool_id = clients("ec2"), pool_of(clients, "10.64.0.0/18")
    vpcs = [ec2.create_vpc(Ipv4IpamPoolId=pool_id, Ipv4NetmaskLength=length)["Vpc"] for length in (20, 19)]
    assert [vpc["CidrBlock"] for vpc in vpcs] == ["10.64.0.0/20", "10.64.32.0/19"]
    allocations = ec2.get_ipam_pool_allocations(IpamPoolId=pool_id)["IpamPoolAllocations"]
    assert [(each["ResourceId"], each["ResourceType"]) for each in allocations] == [
        (vpc["VpcId"], "vpc") for vpc in vpcs
    ]
    for vpc in vpcs:
        ec2.delete_vpc(VpcId=vpc["VpcId"])
    assert ec2.get_ipam_pool_allocations(IpamPoolId=pool_id)["IpamPoolAllocations"] == []


def test_a_pool_that_is_full_or_not_there_gives_nothing(clients: Clients) -> None:
    ec2, pool_id = clients("ec2"), pool_of(clients, "10.64.0.0/20")
    with pytest.raises(ClientError) as full:
        ec2.create_vpc(Ipv4IpamPoolId=pool_id, Ipv4NetmaskLength=19)
    assert code(full) == "InsufficientCidrBlocks"
    with pytest.raises(ClientError) as absent:
        ec2.get_ipam_pool_allocations(IpamPoolId="ipam-pool-0123456789abcdef0")
    assert code(absent) == "InvalidIpamPoolId.NotFound"


def test_a_subnet_is_found_by_its_ipv6_range(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    answer = ec2.associate_subnet_cidr_block(SubnetId=network.subnets[0], Ipv6CidrBlock="2600:1f16:1:1::/64")
    association = answer["Ipv6CidrBlockAssociation"]["AssociationId"]
    found = ec2.describe_subnets(
        Filters=[{"Name": "ipv6-cidr-block-association.association-id", "Values": [association]}]
    )["Subnets"]
    assert [subnet["SubnetId"] for subnet in found] == [network.subnets[0]]
    (kept,) = found[0]["Ipv6CidrBlockAssociationSet"]
    assert (kept["Ipv6CidrBlock"], kept["Ipv6CidrBlockState"]["State"]) == ("2600:1f16:1:1::/64", "associated")


def test_a_transit_gateway_attachment_keeps_its_tags_and_is_seen_as_deleted(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    made = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway,
        VpcId=network.vpc,
        SubnetIds=list(network.subnets),
        TagSpecifications=[{"ResourceType": "transit-gateway-attachment", "Tags": [{"Key": "Name", "Value": "one"}]}],
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]

    def seen(**which: list[str]) -> list[tuple[str, str]]:
        found = ec2.describe_transit_gateway_vpc_attachments(**which)["TransitGatewayVpcAttachments"]
        return [(each["State"], each["Tags"][0]["Value"]) for each in found]

    assert seen(TransitGatewayAttachmentIds=[made]) == [("available", "one")]
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=made)
    assert seen(TransitGatewayAttachmentIds=[made]) == [("deleted", "one")]
    assert seen() == []


def test_a_cache_subnet_group_is_changed_and_deleted(clients: Clients, network: Network) -> None:
    cache = clients("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="isolated", CacheSubnetGroupDescription="one", SubnetIds=[network.subnets[0]]
    )
    changed = cache.modify_cache_subnet_group(CacheSubnetGroupName="isolated", SubnetIds=list(network.subnets))
    assert {each["SubnetIdentifier"] for each in changed["CacheSubnetGroup"]["Subnets"]} == set(network.subnets)
    (kept,) = cache.describe_cache_subnet_groups(CacheSubnetGroupName="isolated")["CacheSubnetGroups"]
    assert (kept["CacheSubnetGroupDescription"], len(kept["Subnets"])) == ("one", 2)
    cache.delete_cache_subnet_group(CacheSubnetGroupName="isolated")
    with pytest.raises(ClientError) as gone:
        cache.delete_cache_subnet_group(CacheSubnetGroupName="isolated")
    assert code(gone) == "CacheSubnetGroupNotFoundFault"


def test_a_root_volume_without_a_size_has_that_of_the_image(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]
    made = ec2.run_instances(
        ImageId=image["ImageId"],
        MinCount=1,
        MaxCount=1,
        SubnetId=network.subnets[0],
        BlockDeviceMappings=[{"DeviceName": image["RootDeviceName"], "Ebs": {"Encrypted": True, "VolumeType": "gp3"}}],
    )["Instances"][0]
    found = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made["InstanceId"]]}])
    (volume,) = found["Volumes"]
    assert (volume["Encrypted"], volume["VolumeType"], volume["Size"]) == (
        True, "gp3", image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"],
    )  # fmt: skip


def test_an_interface_of_its_own_outlives_its_instance(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    interface = ec2.create_network_interface(SubnetId=network.subnets[0])["NetworkInterface"]["NetworkInterfaceId"]
    (made,) = ec2.run_instances(
        ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
    )["Instances"]
    for action, state in (("monitor_instances", "enabled"), ("unmonitor_instances", "disabled")):
        (changed,) = getattr(ec2, action)(InstanceIds=[made["InstanceId"]])["InstanceMonitorings"]
        assert (changed["InstanceId"], changed["Monitoring"]["State"]) == (made["InstanceId"], state)
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    (kept,) = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]
    assert (kept["Status"], kept.get("Attachment") or None) == ("available", None)
    (gone,) = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"]
    assert gone["State"]["Name"] == "terminated"
    ec2.delete_network_interface(NetworkInterfaceId=interface)
