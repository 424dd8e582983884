"""Networks that stand outside the stack: named part by part, and looked up by tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from local.emulator import Emulator
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import (
    EndpointService,
    EndpointServiceConfig,
    ExistingNetworkConfig,
    Network,
    NetworkBase,
    NetworkLookupConfig,
)
from rollout.adapters.terraform_diagnostics import TerraformError
from stacks.base import TargetStack
from tests.apply.harness import Prove

REGION = "eu-west-1"
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
OFF = {"enabled": False, "reason": "nothing here is about alarms"}
TAGS = {"vpc_tags": {"Name": "shared"}, "subnet_tags": {"private": {"tier": "private"}}}


@dataclass(frozen=True)
class Standing:
    """What another team made.

    Attributes:
        vpc: the VPC.
        subnets: private subnets by zone.
        tables: their route tables by zone.
        endpoint_group: the group of the VPC's endpoint for SQS.
        parking_group: a group without rules.
        load_balancer: a network load balancer's ARN.
    """

    vpc: str
    subnets: Mapping[str, str]
    tables: Mapping[str, str]
    endpoint_group: str
    parking_group: str
    load_balancer: str


@pytest.fixture
def standing(emulator: Emulator) -> Standing:
    ec2 = emulator.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "shared"}])
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets, tables = {}, {}
    for number, zone in enumerate(("eu-west-1a", "eu-west-1b")):
        cidr = f"10.30.{number}.0/24"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        ec2.create_tags(Resources=[subnet], Tags=[{"Key": "tier", "Value": "private"}])
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
        subnets[zone], tables[zone] = subnet, table
    groups = [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("sqs", "parking")
    ]
    ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.sqs", VpcEndpointType="Interface",
        SubnetIds=list(subnets.values()), SecurityGroupIds=groups[:1],
    )  # fmt: skip
    balancer = emulator.client("elbv2", REGION).create_load_balancer(
        Name="ledger", Type="network", Scheme="internal", Subnets=list(subnets.values())
    )["LoadBalancers"][0]["LoadBalancerArn"]
    return Standing(vpc, subnets, tables, groups[0], groups[1], balancer)


def use(stack: TargetStack, network: NetworkBase) -> None:
    """A function with a way to SQS, S3 and Systems Manager."""
    fields = {"code": CODE, "reserved_concurrency": 5, "alarms": OFF, "aws_services": ["sqs", "s3", "ssm"]}
    Function(stack, "api", config=FunctionConfig.parse(fields), network=network, key=Key(stack, "key"))
    stack.output("group", network.application_security_group.id, "The functions' group")


def test_a_network_named_part_by_part_behaves_like_an_owned_one(prove: Prove, standing: Standing) -> None:
    def build(stack: TargetStack) -> None:
        config = ExistingNetworkConfig.parse(
            {
                "vpc_id": standing.vpc,
                "subnets": {"private": standing.subnets},
                "route_table_ids": {"private": standing.tables},
                "existing_endpoints": {"sqs": [{"security_group_id": standing.endpoint_group}]},
                "endpoints": {"subnet_attachment": "inline", "gateway": []},
                "parking_security_group_id": standing.parking_group,
            }
        )
        use(stack, Network.from_existing(stack, "network", config=config))
        ledger = EndpointServiceConfig(
            network_load_balancer_arns=(standing.load_balancer,),
            allowed_principals=("arn:aws:iam::210987654321:root",),
        )
        service = EndpointService(stack, "ledger", config=ledger)
        stack.output("service_id", service.id, "The endpoint service")

    with prove(build) as applied:
        ec2 = applied.client("ec2")
        placed = applied.client("lambda").get_function_configuration(FunctionName="acme-dev-orders-api")["VpcConfig"]
        assert placed["VpcId"] == standing.vpc
        assert set(placed["SubnetIds"]) == set(standing.subnets.values())
        assert placed["SecurityGroupIds"] == [applied.outputs["group"]]
        found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [standing.vpc]}])["VpcEndpoints"]
        by_service = {each["ServiceName"].rsplit(".", 1)[1]: each for each in found}
        assert sorted(by_service) == ["s3", "sqs", "ssm"]
        assert set(by_service["s3"]["RouteTableIds"]) == set(standing.tables.values())
        assert set(by_service["ssm"]["SubnetIds"]) == set(standing.subnets.values())
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [standing.endpoint_group]}])
        admitted = [rule for rule in rules["SecurityGroupRules"] if not rule["IsEgress"]]
        assert [rule["ReferencedGroupInfo"]["GroupId"] for rule in admitted] == [applied.outputs["group"]]
        ids = [applied.outputs["service_id"]]
        [service] = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=ids)["ServiceConfigurations"]
        assert service["AcceptanceRequired"] is True
        assert service["NetworkLoadBalancerArns"] == [standing.load_balancer]
        permitted = ec2.describe_vpc_endpoint_service_permissions(ServiceId=ids[0])["AllowedPrincipals"]
        assert [each["Principal"] for each in permitted] == ["arn:aws:iam::210987654321:root"]


def test_a_network_is_found_by_its_tags_and_held_to_conditions(prove: Prove, standing: Standing) -> None:
    def build(stack: TargetStack, **other: Any) -> None:
        fields = {
            "availability_zones": list(standing.subnets),
            "finds_route_tables": True,
            "existing_endpoints": {"sqs": [{"security_group_id": standing.endpoint_group}]},
            "endpoints": {"subnet_attachment": "inline", "gateway": ["s3"]},
            "parking_security_group_id": standing.parking_group,
        }
        config = NetworkLookupConfig.parse({**TAGS, **fields, **other})
        use(stack, Network.lookup(stack, "network", config=config))

    with prove(build) as applied:
        placed = applied.client("lambda").get_function_configuration(FunctionName="acme-dev-orders-api")["VpcConfig"]
        assert (placed["VpcId"], set(placed["SubnetIds"])) == (standing.vpc, set(standing.subnets.values()))
        ec2 = applied.client("ec2")
        found = ec2.describe_vpc_endpoints(Filters=[{"Name": "service-name", "Values": [f"com.amazonaws.{REGION}.s3"]}])
        assert set(found["VpcEndpoints"][0]["RouteTableIds"]) == set(standing.tables.values())

        with pytest.raises(TerraformError) as refused:
            applied.plan_of(lambda stack: build(stack, subnet_tags={"private": {"tier": "inner"}}))
        assert (
            "dev-main-eu-west-1-orders/network: subnet_tags.private finds no subnet in eu-west-1a, or several; each "
            "zone has one subnet of a tier; correct the tags, or leave the zone out"
        ) in " ".join(str(refused.value).split())
        public = standing.subnets["eu-west-1b"]
        ec2.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})
        with pytest.raises(TerraformError) as refused:
            applied.plan_of(build)
        assert (
            "dev-main-eu-west-1-orders/network: the subnet of the tier private in eu-west-1b gives out public "
            "addresses; subnets of the tier private do not; correct subnet_tags.private"
        ) in " ".join(str(refused.value).split())
        ec2.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": False})
        applied.plan_of(build)
