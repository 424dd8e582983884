"""The extensions for networks beside subnets and groups: set through boto3, read back through boto3."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from modules.core.target import Target
from modules.network.endpoint_catalogue import ENDPOINT_SERVICES
from tests.local.conftest import REGION, Clients, Network

TAGS = [{"Key": "Name", "Value": "orders"}]


def test_every_service_of_the_catalogue_is_offered_as_an_interface(clients: Clients) -> None:
    target = Target(
        org="acme", env="dev", account="main", account_id="123456789012", region=REGION, stack="orders", owner="me"
    )
    names = [entry.service_name(target, interface=True) for entry in ENDPOINT_SERVICES.values()]
    found = clients("ec2").describe_vpc_endpoint_services(
        ServiceNames=names, Filters=[{"Name": "service-type", "Values": ["Interface"]}]
    )["ServiceDetails"]
    assert sorted({each["ServiceName"] for each in found}) == sorted(names)
    assert {tuple(each["AvailabilityZones"]) for each in found} == {tuple(f"{REGION}{zone}" for zone in "abc")}


def test_dynamodb_is_offered_in_both_kinds(clients: Clients) -> None:
    name = f"com.amazonaws.{REGION}.dynamodb"
    found = clients("ec2").describe_vpc_endpoint_services(ServiceNames=[name])["ServiceDetails"]
    assert sorted(each["ServiceType"][0]["ServiceType"] for each in found) == ["Gateway", "Interface"]


def test_dhcp_options_keep_their_tags(clients: Clients) -> None:
    ec2 = clients("ec2")
    made = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name", "Values": ["orders.example"]}],
        TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": TAGS}],
    )["DhcpOptions"]
    [found] = ec2.describe_dhcp_options(DhcpOptionsIds=[made["DhcpOptionsId"]])["DhcpOptions"]
    assert found["Tags"] == TAGS


def test_a_route_table_learns_the_routes_of_an_attached_vpn_gateway(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    with pytest.raises(ClientError) as caught:
        ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    assert caught.value.response["Error"]["Code"] == "Gateway.NotAttached"
    ec2.attach_vpn_gateway(VpcId=network.vpc, VpnGatewayId=gateway)
    ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert found["PropagatingVgws"] == [{"GatewayId": gateway}]
    ec2.disable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert found["PropagatingVgws"] == []


def test_public_access_is_open_until_it_is_shut(clients: Clients) -> None:
    ec2 = clients("ec2")
    options = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    assert (options["InternetGatewayBlockMode"], options["State"]) == ("off", "default-state")
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    options = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    assert (options["InternetGatewayBlockMode"], options["State"]) == ("block-ingress", "update-complete")
    assert (options["AwsAccountId"], options["AwsRegion"]) == ("123456789012", REGION)


def test_vpcs_and_subnets_are_left_out_until_they_no_longer_are(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    made = [
        ec2.create_vpc_block_public_access_exclusion(
            **what,
            InternetGatewayExclusionMode="allow-egress",
            TagSpecifications=[{"ResourceType": "vpc-block-public-access-exclusion", "Tags": TAGS}],
        )["VpcBlockPublicAccessExclusion"]
        for what in ({"VpcId": network.vpc}, {"SubnetId": network.subnets[0]})
    ]
    arn = f"arn:aws:ec2:{REGION}:123456789012"
    assert [each["ResourceArn"] for each in made] == [f"{arn}:vpc/{network.vpc}", f"{arn}:subnet/{network.subnets[0]}"]
    assert [each["Tags"] for each in made] == [TAGS, TAGS]
    exclusion = made[0]["ExclusionId"]
    ec2.modify_vpc_block_public_access_exclusion(
        ExclusionId=exclusion, InternetGatewayExclusionMode="allow-bidirectional"
    )
    describe = ec2.describe_vpc_block_public_access_exclusions
    [found] = describe(ExclusionIds=[exclusion])["VpcBlockPublicAccessExclusions"]
    assert (found["InternetGatewayExclusionMode"], found["State"]) == ("allow-bidirectional", "update-complete")
    ec2.delete_vpc_block_public_access_exclusion(ExclusionId=exclusion)
    [found] = describe(ExclusionIds=[exclusion])["VpcBlockPublicAccessExclusions"]
    assert found["State"] == "delete-complete"
    with pytest.raises(ClientError) as caught:
        ec2.delete_vpc_block_public_access_exclusion(ExclusionId="vpcbpa-exclude-0")
    assert caught.value.response["Error"]["Code"] == "InvalidVpcBlockPublicAccessExclusionId.NotFound"
    with pytest.raises(ClientError) as caught:
        ec2.create_vpc_block_public_access_exclusion(VpcId="vpc-0", InternetGatewayExclusionMode="allow-egress")
    assert caught.value.response["Error"]["Code"] == "InvalidVpcID.NotFound"


def test_a_resource_share_gains_and_loses_principals_and_resources(clients: Clients, network: Network) -> None:
    ram = clients("ram")
    tags = [{"key": "Name", "value": "orders"}]
    share = ram.create_resource_share(name="orders", allowExternalPrincipals=False, tags=tags)["resourceShare"]
    arn, subnet = share["resourceShareArn"], f"arn:aws:ec2:{REGION}:123456789012:subnet/{network.subnets[0]}"

    def entities(kind: str) -> list[str]:
        found = ram.get_resource_share_associations(associationType=kind, resourceShareArns=[arn])
        return [each["associatedEntity"] for each in found["resourceShareAssociations"]]

    made = ram.associate_resource_share(resourceShareArn=arn, principals=["210987654321"], resourceArns=[subnet])
    assert [each["status"] for each in made["resourceShareAssociations"]] == ["ASSOCIATED", "ASSOCIATED"]
    assert (entities("PRINCIPAL"), entities("RESOURCE")) == (["210987654321"], [subnet])
    [permission] = ram.list_resource_share_permissions(resourceShareArn=arn)["permissions"]
    assert permission["resourceType"] == "ec2:Subnet"
    ram.tag_resource(resourceShareArn=arn, tags=[{"key": "env", "value": "dev"}])
    ram.untag_resource(resourceShareArn=arn, tagKeys=["Name"])
    [found] = ram.get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn])["resourceShares"]
    assert found["tags"] == [{"key": "env", "value": "dev"}]
    gone = ram.disassociate_resource_share(resourceShareArn=arn, principals=["210987654321"], resourceArns=[subnet])
    assert [each["status"] for each in gone["resourceShareAssociations"]] == ["DISASSOCIATED", "DISASSOCIATED"]
    assert (entities("PRINCIPAL"), entities("RESOURCE")) == ([], [])
    ram.delete_resource_share(resourceShareArn=arn)
    with pytest.raises(ClientError) as caught:
        ram.associate_resource_share(resourceShareArn=arn, principals=["210987654321"])
    assert caught.value.response["Error"]["Code"] == "UnknownResourceException"


@pytest.mark.parametrize(("kind", "part"), [("network", "net"), ("application", "app")])
def test_the_arn_of_a_load_balancer_says_its_kind(clients: Clients, network: Network, kind: str, part: str) -> None:
    elb = clients("elbv2")
    made = elb.create_load_balancer(Name="ledger", Type=kind, Subnets=list(network.subnets), Tags=TAGS)
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    assert f":loadbalancer/{part}/ledger/" in arn
    assert [each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]] == [arn]
    assert elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] == TAGS
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert elb.describe_load_balancers()["LoadBalancers"] == []


@pytest.mark.parametrize("types", [["ipv4"], ["ipv4", "ipv6"]])
def test_a_service_of_ones_own_keeps_its_address_types(clients: Clients, network: Network, types: list[str]) -> None:
    made = clients("elbv2").create_load_balancer(Name="ledger", Type="network", Subnets=list(network.subnets))
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    service = clients("ec2").create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[arn], SupportedIpAddressTypes=types
    )["ServiceConfiguration"]
    assert service["SupportedIpAddressTypes"] == types


def test_a_gateway_endpoint_has_a_route_in_each_of_its_tables(clients: Clients, network: Network) -> None:
    ec2 = clients("ec2")
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    name = f"com.amazonaws.{REGION}.s3"
    made = ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName=name, VpcEndpointType="Gateway")
    endpoint = made["VpcEndpoint"]["VpcEndpointId"]

    def gateways() -> set[str]:
        [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return {route["GatewayId"] for route in found["Routes"]}

    assert gateways() == {"local"}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[table])
    assert gateways() == {"local", endpoint}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[table])
    assert gateways() == {"local"}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[table])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert gateways() == {"local"}
