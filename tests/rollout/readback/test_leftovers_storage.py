"""Leftovers of what a stack can have besides what orders_api has."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from rollout.readback import leftovers
from tests.rollout.readback.sample_policies import allow, document
from tests.rollout.readback.sample_stack import PREFIX, REGION, TAGS, Clients

MINE, OTHERS = f"{PREFIX}-files", f"{PREFIX}2-files"
TAG_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]
OTHER_TAG_LIST = [*TAG_LIST[:2], {"Key": "stack", "Value": "another"}]


def tagged(kind: str, tags: list[dict[str, str]] = TAG_LIST) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]}


def test_buckets_of_this_region(empty: Clients) -> None:
    s3 = empty("s3")
    for name in (MINE, OTHERS):
        s3.create_bucket(Bucket=name)
    s3.create_bucket(Bucket=f"{MINE}-eu", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert leftovers(empty, prefix=PREFIX) == (f"bucket {MINE}",)
    s3.delete_bucket(Bucket=MINE)
    assert leftovers(empty, prefix=PREFIX) == ()


def test_file_systems_and_access_points(empty: Clients) -> None:
    efs = empty("efs")
    named = [*TAG_LIST, {"Key": "Name", "Value": MINE}]
    mine = efs.create_file_system(CreationToken=MINE, Tags=named)["FileSystemId"]
    efs.create_file_system(CreationToken=OTHERS, Tags=OTHER_TAG_LIST)
    point = efs.create_access_point(ClientToken=MINE, FileSystemId=mine, Tags=TAG_LIST)["AccessPointId"]
    assert leftovers(empty, prefix=PREFIX) == (f"access point {point}", f"file system {mine} {MINE}")
    efs.delete_access_point(AccessPointId=point)
    efs.delete_file_system(FileSystemId=mine)
    assert leftovers(empty, prefix=PREFIX) == ()


def test_file_systems_beyond_the_first_page(empty: Clients) -> None:
    efs = empty("efs")
    made = [efs.create_file_system(CreationToken=f"{number}", Tags=TAG_LIST)["FileSystemId"] for number in range(12)]
    assert leftovers(empty, prefix=PREFIX) == tuple(sorted(f"file system {identity}" for identity in made))


def test_tables_and_what_scales_them(empty: Clients) -> None:
    dynamodb, scaling = empty("dynamodb"), empty("application-autoscaling")
    key = {"AttributeName": "id"}
    schema = {"KeySchema": [{**key, "KeyType": "HASH"}], "AttributeDefinitions": [{**key, "AttributeType": "S"}]}
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    dimension = "dynamodb:table:ReadCapacityUnits"
    for name in (MINE, OTHERS):
        dynamodb.create_table(TableName=name, ProvisionedThroughput=units, **schema)
        target = {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{name}", "ScalableDimension": dimension}
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
    assert leftovers(empty, prefix=PREFIX) == (f"scalable target table/{MINE} {dimension}", f"table {MINE}")
    scaling.deregister_scalable_target(
        ServiceNamespace="dynamodb", ResourceId=f"table/{MINE}", ScalableDimension=dimension
    )
    dynamodb.delete_table(TableName=MINE)
    assert leftovers(empty, prefix=PREFIX) == ()


def test_image_repositories_and_layers(empty: Clients) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("module.py", "")
    for name in (MINE, OTHERS):
        empty("ecr").create_repository(repositoryName=f"images/{name}")
        for _ in range(2):
            empty("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": code.getvalue()})
    assert leftovers(empty, prefix=PREFIX) == (f"image repository images/{MINE}", f"layer {MINE}")


def test_resource_shares(empty: Clients) -> None:
    ram = empty("ram")
    arns = [ram.create_resource_share(name=name)["resourceShare"]["resourceShareArn"] for name in (MINE, OTHERS)]
    assert leftovers(empty, prefix=PREFIX) == (f"resource share {MINE}",)
    ram.delete_resource_share(resourceShareArn=arns[0])
    assert leftovers(empty, prefix=PREFIX) == ()


def test_policies_and_instance_profiles(empty: Clients) -> None:
    iam = empty("iam")
    for name in (MINE, OTHERS):
        iam.create_policy(PolicyName=name, PolicyDocument=document(allow("List", "s3:ListAllMyBuckets", "*")))
        iam.create_instance_profile(InstanceProfileName=name)
    assert leftovers(empty, prefix=PREFIX) == (f"instance profile {MINE}", f"policy {MINE}")


def test_ways_out_of_a_network(empty: Clients) -> None:
    ec2 = empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
    only_out = ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
    transit = ec2.create_transit_gateway(**tagged("transit-gateway", OTHER_TAG_LIST))["TransitGateway"]
    attachment = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=transit["TransitGatewayId"], VpcId=vpc, SubnetIds=[subnet]
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    vpn = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=vpc, VpnGatewayId=vpn)
    found = leftovers(empty, prefix=PREFIX, vpc_id=vpc)
    ways = {
        f"VPN gateway {vpn}",
        f"egress-only internet gateway {only_out['EgressOnlyInternetGatewayId']}",
        f"transit gateway attachment {attachment}",
    }
    assert ways < set(found)
    assert not any(transit["TransitGatewayId"] in line for line in found)
    ec2.detach_vpn_gateway(VpcId=vpc, VpnGatewayId=vpn)
    assert f"VPN gateway {vpn}" not in leftovers(empty, prefix=PREFIX, vpc_id=vpc)
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
    assert f"transit gateway attachment {attachment}" not in leftovers(empty, prefix=PREFIX, vpc_id=vpc)


def test_parts_of_a_network_that_are_known_by_their_tags(empty: Clients) -> None:
    ec2 = empty("ec2")
    made = [ec2.create_transit_gateway(**tagged("transit-gateway"))["TransitGateway"]["TransitGatewayId"]]
    vpn = ec2.create_vpn_gateway(Type="ipsec.1", **tagged("vpn-gateway"))["VpnGateway"]["VpnGatewayId"]
    address = ec2.allocate_address(Domain="vpc", **tagged("elastic-ip"))["AllocationId"]
    options = [{"Key": "domain-name", "Values": ["example.com"]}]
    for tags in (TAG_LIST, OTHER_TAG_LIST):
        dhcp = ec2.create_dhcp_options(DhcpConfigurations=options, **tagged("dhcp-options", tags))["DhcpOptions"]
        made.append(dhcp["DhcpOptionsId"])
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1, **tagged("volume"))["VolumeId"]
    assert leftovers(empty, prefix=PREFIX) == (
        f"DHCP options {made[1]}",
        f"VPN gateway {vpn}",
        f"elastic IP {address}",
        f"transit gateway {made[0]}",
        f"volume {volume}",
    )
    ec2.delete_vpn_gateway(VpnGatewayId=vpn)
    assert f"VPN gateway {vpn}" not in leftovers(empty, prefix=PREFIX)


def test_network_acls_but_the_default(empty: Clients) -> None:
    ec2 = empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    own = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    found = leftovers(empty, prefix=PREFIX, vpc_id=vpc)
    assert [line for line in found if line.startswith("network ACL")] == [f"network ACL {own}"]
    ec2.delete_network_acl(NetworkAclId=own)
    ec2.delete_vpc(VpcId=vpc)
    assert not any(line.startswith("network ACL") for line in leftovers(empty, prefix=PREFIX, vpc_id=vpc))


def test_endpoint_services(empty: Clients) -> None:
    ec2, balancers = empty("ec2"), empty("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
    balancer = balancers.create_load_balancer(Name="one", Type="network", Subnets=[subnet])["LoadBalancers"][0]
    service = ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer["LoadBalancerArn"]], **tagged("vpc-endpoint-service")
    )["ServiceConfiguration"]["ServiceId"]
    assert leftovers(empty, prefix=PREFIX) == (f"endpoint service {service}",)


def test_an_instance(empty: Clients) -> None:
    ec2 = empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, **tagged("instance"))
    identity = instance["Instances"][0]["InstanceId"]
    assert f"instance {identity}" in leftovers(empty, prefix=PREFIX)
    ec2.terminate_instances(InstanceIds=[identity])
    assert f"instance {identity}" not in leftovers(empty, prefix=PREFIX)
