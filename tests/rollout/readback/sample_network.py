"""The network of the sample stack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.rollout.readback.sample_policies import endpoint_policy

PREFIX = "acme-dev-orders-api"
ZONES = ("us-east-1a", "us-east-1b")
TIERS = ("isolated", "private", "public")
ANYWHERE = "0.0.0.0/0"


@dataclass
class SampleNetwork:
    """Ids of what was made; subnets and route tables by tier and zone, such as `private us-east-1a`."""

    vpc: str
    internet_gateway: str = ""
    subnets: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    nats: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    s3_prefix_list: str = ""

    def tier(self, name: str) -> tuple[str, ...]:
        return tuple(self.subnets[f"{name} {zone}"] for zone in ZONES)


def tagged(kind: str, name: str = "", **tags: str) -> list[dict[str, Any]]:
    own = {"Name": "-".join(filter(None, (PREFIX, name))), **tags}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in own.items()]}]


def rule(port: int, **peer: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}]


def of(group: str) -> dict[str, Any]:
    return {"UserIdGroupPairs": [{"GroupId": group}]}


def build(ec2: Any) -> SampleNetwork:
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    network = SampleNetwork(vpc)
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))["InternetGateway"]
    network.internet_gateway = gateway["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=network.internet_gateway, VpcId=vpc)
    _subnets(ec2, network)
    _routes(ec2, network)
    _groups(ec2, network)
    _endpoints(ec2, network)
    return network


def _subnets(ec2: Any, network: SampleNetwork) -> None:
    for number, (tier, zone) in enumerate((tier, zone) for tier in TIERS for zone in ZONES):
        name = f"{tier}-{zone[-1]}"
        subnet = ec2.create_subnet(
            VpcId=network.vpc,
            CidrBlock=f"10.20.{number}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=tagged("subnet", name, tier=tier),
        )["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=network.vpc, TagSpecifications=tagged("route-table", name))
        network.subnets[f"{tier} {zone}"] = subnet
        network.tables[f"{tier} {zone}"] = table["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=network.tables[f"{tier} {zone}"], SubnetId=subnet)


def _routes(ec2: Any, network: SampleNetwork) -> None:
    for zone in ZONES:
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", f"nat-{zone[-1]}"))
        nat = ec2.create_nat_gateway(
            SubnetId=network.subnets[f"public {zone}"],
            AllocationId=address["AllocationId"],
            TagSpecifications=tagged("natgateway", f"nat-{zone[-1]}"),
        )
        network.nats[zone] = nat["NatGateway"]["NatGatewayId"]
        ec2.create_route(
            RouteTableId=network.tables[f"private {zone}"],
            DestinationCidrBlock=ANYWHERE,
            NatGatewayId=network.nats[zone],
        )
        ec2.create_route(
            RouteTableId=network.tables[f"public {zone}"],
            DestinationCidrBlock=ANYWHERE,
            GatewayId=network.internet_gateway,
        )


def _groups(ec2: Any, network: SampleNetwork) -> None:
    own = [{"Name": "vpc-id", "Values": [network.vpc]}]
    default = ec2.describe_security_groups(Filters=own)["SecurityGroups"][0]
    network.groups["default"] = default["GroupId"]
    for name in ("api", "proxy", "db", "endpoint"):
        network.groups[name] = ec2.create_security_group(
            GroupName=f"{PREFIX}-{name}", Description=name, VpcId=network.vpc
        )["GroupId"]
    ec2.revoke_security_group_ingress(GroupId=default["GroupId"], IpPermissions=default["IpPermissions"])
    for group in network.groups.values():
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=default["IpPermissionsEgress"])
    prefix_lists = ec2.describe_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-1.s3"]}]
    )
    network.s3_prefix_list = prefix_lists["PrefixLists"][0]["PrefixListId"]
    for source, port, target in (("api", 5432, "proxy"), ("proxy", 5432, "db"), ("api", 443, "endpoint")):
        out, into = network.groups[source], network.groups[target]
        ec2.authorize_security_group_egress(GroupId=out, IpPermissions=rule(port, **of(into)))
        ec2.authorize_security_group_ingress(GroupId=into, IpPermissions=rule(port, **of(out)))
    for peer in ({"PrefixListIds": [{"PrefixListId": network.s3_prefix_list}]}, {"IpRanges": [{"CidrIp": ANYWHERE}]}):
        ec2.authorize_security_group_egress(GroupId=network.groups["api"], IpPermissions=rule(443, **peer))


def _endpoints(ec2: Any, network: SampleNetwork) -> None:
    made = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        PolicyDocument=endpoint_policy(),
        ServiceName="com.amazonaws.us-east-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=list(network.tables.values()),
        TagSpecifications=tagged("vpc-endpoint", "s3"),
    )
    network.endpoints["s3"] = made["VpcEndpoint"]["VpcEndpointId"]
    network.endpoints["secretsmanager"] = interface_endpoint(ec2, network, private_names=True)


def interface_endpoint(ec2: Any, network: SampleNetwork, *, private_names: bool) -> str:
    made = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        PolicyDocument=endpoint_policy(),
        ServiceName="com.amazonaws.us-east-1.secretsmanager",
        VpcEndpointType="Interface",
        SubnetIds=list(network.tier("private")),
        SecurityGroupIds=[network.groups["endpoint"]],
        PrivateDnsEnabled=private_names,
        TagSpecifications=tagged("vpc-endpoint", "secretsmanager"),
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])
