from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.network import endpoint_checks, flow_log_checks, route_checks, vpc_checks
from tests.rollout.readback.breaking import Case, call, failed, listed, verify
from tests.rollout.readback.sample_network import ANYWHERE, PREFIX, ZONES, interface_endpoint, tagged
from tests.rollout.readback.sample_policies import endpoint_policy, trust
from tests.rollout.readback.sample_stack import SampleStack

LOCAL = '"10.20.0.0/16": "local"'


def table(name: str) -> Any:
    return lambda stack: stack.network.tables[name]


def subnet(name: str) -> Any:
    return lambda stack: stack.network.subnets[name]


def nat(zone: str) -> Any:
    return lambda stack: stack.network.nats[zone]


def public_addresses(*, given: bool) -> Any:
    return call(
        "ec2", "modify_subnet_attribute", SubnetId=subnet("private us-east-1a"), MapPublicIpOnLaunch={"Value": given}
    )


def dns(*, given: bool) -> Any:
    return call(
        "ec2",
        "modify_vpc_attribute",
        VpcId=lambda stack: stack.network.vpc,
        EnableDnsHostnames={"Value": given},
    )


VPC = [
    Case(
        "public addresses",
        public_addresses(given=True),
        public_addresses(given=False),
        lambda stack: [
            (
                f"vpc {stack.network.vpc}: subnets that hand out public addresses",
                "[]",
                listed(stack.network.subnets["private us-east-1a"]),
            )
        ],
    ),
    Case(
        "DNS host names",
        dns(given=False),
        dns(given=True),
        lambda stack: [(f"vpc {stack.network.vpc}: enableDnsHostnames", "true", "false")],
    ),
]


@pytest.mark.parametrize("case", VPC, ids=str)
def test_vpc(case: Case, stack: SampleStack) -> None:
    verify(case, stack, vpc_checks)


def test_a_subnet_that_nobody_planned(stack: SampleStack) -> None:
    ec2 = stack.client("ec2")
    made = ec2.create_subnet(VpcId=stack.network.vpc, CidrBlock="10.20.200.0/24", AvailabilityZone=ZONES[0])
    try:
        assert (f"vpc {stack.network.vpc}: subnets", "6", "7") in failed(stack, vpc_checks)
    finally:
        ec2.delete_subnet(SubnetId=made["Subnet"]["SubnetId"])
    assert failed(stack, vpc_checks) == []


def test_private_subnets_in_one_zone(stack: SampleStack) -> None:
    """The tags say which tier a subnet is in: one that is no longer private leaves a zone without."""
    ec2, moved = stack.client("ec2"), stack.network.subnets["private us-east-1b"]
    ec2.create_tags(Resources=[moved], Tags=[{"Key": "tier", "Value": "other"}])
    try:
        assert failed(stack, vpc_checks) == [
            (
                f"vpc {stack.network.vpc}: private subnets",
                listed(*stack.network.tier("private")),
                listed(stack.network.subnets["private us-east-1a"]),
            ),
            (f"vpc {stack.network.vpc}: zones of the private subnets", listed(*ZONES), listed(ZONES[0])),
        ]
    finally:
        ec2.create_tags(Resources=[moved], Tags=[{"Key": "tier", "Value": "private"}])
    assert failed(stack, vpc_checks) == []


ROUTES = [
    Case(
        "through the other zone",
        call(
            "ec2",
            "replace_route",
            RouteTableId=table("private us-east-1a"),
            DestinationCidrBlock=ANYWHERE,
            NatGatewayId=nat("us-east-1b"),
        ),
        call(
            "ec2",
            "replace_route",
            RouteTableId=table("private us-east-1a"),
            DestinationCidrBlock=ANYWHERE,
            NatGatewayId=nat("us-east-1a"),
        ),
        lambda _: [
            (
                "private subnet in us-east-1a: routes",
                f'{{"{ANYWHERE}": "NAT gateway in us-east-1a", {LOCAL}}}',
                f'{{"{ANYWHERE}": "NAT gateway in us-east-1b", {LOCAL}}}',
            )
        ],
    ),
    Case(
        "no way out",
        call("ec2", "delete_route", RouteTableId=table("private us-east-1b"), DestinationCidrBlock=ANYWHERE),
        call(
            "ec2",
            "create_route",
            RouteTableId=table("private us-east-1b"),
            DestinationCidrBlock=ANYWHERE,
            NatGatewayId=nat("us-east-1b"),
        ),
        lambda _: [
            (
                "private subnet in us-east-1b: routes",
                f'{{"{ANYWHERE}": "NAT gateway in us-east-1b", {LOCAL}}}',
                f"{{{LOCAL}}}",
            )
        ],
    ),
    Case(
        "isolated with a way out",
        call(
            "ec2",
            "create_route",
            RouteTableId=table("isolated us-east-1a"),
            DestinationCidrBlock=ANYWHERE,
            GatewayId=lambda stack: stack.network.internet_gateway,
        ),
        call("ec2", "delete_route", RouteTableId=table("isolated us-east-1a"), DestinationCidrBlock=ANYWHERE),
        lambda _: [
            (
                "isolated subnet in us-east-1a: routes",
                f"{{{LOCAL}}}",
                f'{{"{ANYWHERE}": "internet gateway", {LOCAL}}}',
            )
        ],
    ),
]


@pytest.mark.parametrize("case", ROUTES, ids=str)
def test_routes(case: Case, stack: SampleStack) -> None:
    verify(case, stack, route_checks)


def endpoint(service: str, **changes: Any) -> Any:
    return call("ec2", "modify_vpc_endpoint", VpcEndpointId=lambda stack: stack.network.endpoints[service], **changes)


def made_again(stack: SampleStack, *, private_names: bool) -> None:
    """Delete and make the interface endpoint; the emulator's ModifyVpcEndpoint does not keep PrivateDnsEnabled."""
    ec2, network = stack.client("ec2"), stack.network
    ec2.delete_vpc_endpoints(VpcEndpointIds=[network.endpoints["secretsmanager"]])
    network.endpoints["secretsmanager"] = interface_endpoint(ec2, network, private_names=private_names)


def own_policy(account: str) -> str:
    return (
        f'{{"ThisAccountOnly": {{"Action": ["*"], "Condition": {{"StringEquals": {{"aws:PrincipalAccount": '
        f'["{account}"]}}}}, "Effect": "Allow", "Principal": {{"AWS": ["*"]}}, "Resource": ["*"]}}}}'
    )


ENDPOINTS = [
    Case(
        "one route table less",
        endpoint("s3", RemoveRouteTableIds=lambda stack: [stack.network.tables["private us-east-1a"]]),
        endpoint("s3", AddRouteTableIds=lambda stack: [stack.network.tables["private us-east-1a"]]),
        lambda stack: [
            (
                "endpoint s3: route tables",
                listed(*stack.network.tables.values()),
                listed(*(id_ for name, id_ in stack.network.tables.items() if name != "private us-east-1a")),
            )
        ],
    ),
    Case(
        "one subnet less",
        endpoint("secretsmanager", RemoveSubnetIds=lambda stack: [stack.network.subnets["private us-east-1b"]]),
        endpoint("secretsmanager", AddSubnetIds=lambda stack: [stack.network.subnets["private us-east-1b"]]),
        lambda stack: [
            (
                "endpoint secretsmanager: subnets",
                listed(*stack.network.tier("private")),
                listed(stack.network.subnets["private us-east-1a"]),
            )
        ],
    ),
    Case(
        "public names",
        lambda stack: made_again(stack, private_names=False),
        lambda stack: made_again(stack, private_names=True),
        lambda _: [("endpoint secretsmanager: private DNS", "true", "false")],
    ),
    Case(
        "another account",
        endpoint("s3", PolicyDocument=endpoint_policy().replace("123456789012", "210987654321")),
        endpoint("s3", PolicyDocument=endpoint_policy()),
        lambda _: [("endpoint s3: policy", own_policy("123456789012"), own_policy("210987654321"))],
    ),
]


@pytest.mark.parametrize("case", ENDPOINTS, ids=str)
def test_endpoints(case: Case, stack: SampleStack) -> None:
    verify(case, stack, endpoint_checks)


def test_an_endpoint_that_nobody_planned(stack: SampleStack) -> None:
    ec2 = stack.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=stack.network.vpc,
        ServiceName="com.amazonaws.us-east-1.dynamodb",
        VpcEndpointType="Gateway",
        TagSpecifications=tagged("vpc-endpoint", "dynamodb"),
    )
    try:
        planned = ("com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.secretsmanager")
        assert failed(stack, endpoint_checks) == [
            (
                f"vpc {stack.network.vpc}: endpoints",
                listed(*planned),
                listed(*planned, "com.amazonaws.us-east-1.dynamodb"),
            )
        ]
    finally:
        ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpoint"]["VpcEndpointId"]])
    assert failed(stack, endpoint_checks) == []


ROLE = f"{PREFIX}-flow-log"


def test_who_may_write_flow_records(stack: SampleStack) -> None:
    def trusting(document: str) -> Any:
        return call("iam", "update_assume_role_policy", RoleName=ROLE, PolicyDocument=document)

    plain = '"Effect": "Allow", "Principal": {"Service": ["vpc-flow-logs.amazonaws.com"]}}]'
    condition = '"Condition": {"StringEquals": {"aws:SourceAccount": ["123456789012"]}}'
    case = Case(
        "any account",
        trusting(trust("vpc-flow-logs.amazonaws.com")),
        trusting(trust("vpc-flow-logs.amazonaws.com", own_account=True)),
        lambda _: [
            (
                f"role {ROLE}: trust",
                f'[{{"Action": ["sts:AssumeRole"], {condition}, {plain}',
                f'[{{"Action": ["sts:AssumeRole"], {plain}',
            )
        ],
    )
    verify(case, stack, flow_log_checks)


def test_a_flow_log_of_rejected_traffic_only(stack: SampleStack) -> None:
    ec2 = stack.client("ec2")
    own = [{"Name": "resource-id", "Values": [stack.network.vpc]}]
    log = ec2.describe_flow_logs(Filters=own)["FlowLogs"][0]
    common = {
        "ResourceType": "VPC",
        "ResourceIds": [stack.network.vpc],
        "LogDestinationType": "cloud-watch-logs",
        "LogDestination": log["LogDestination"],
        "DeliverLogsPermissionArn": log["DeliverLogsPermissionArn"],
    }
    ec2.delete_flow_logs(FlowLogIds=[log["FlowLogId"]])
    rejected = ec2.create_flow_logs(TrafficType="REJECT", **common)["FlowLogIds"]
    try:
        assert failed(stack, flow_log_checks) == [(f"flow log of {stack.network.vpc}: traffic", "ALL", "REJECT")]
    finally:
        ec2.delete_flow_logs(FlowLogIds=rejected)
        ec2.create_flow_logs(TrafficType="ALL", **common)
    assert failed(stack, flow_log_checks) == []
