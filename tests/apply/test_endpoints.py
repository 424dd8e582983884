"""Endpoints: on every route table, in every zone's private subnet, and what another zone changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from rollout.adapters.terraform_diagnostics import TerraformError
from stacks.base import TargetStack
from tests.apply.harness import Build, Prove

CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
OFF = {"enabled": False, "reason": "nothing here is about alarms"}
ONE = ("eu-west-1a",)
SERVICES = ("sqs", "s3", "ssm")
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"


def stack_of(zones: Iterable[str] = ONE, endpoint_zones: Mapping[str, Any] | None = None, **endpoints: Any) -> Build:
    """A network, and a function that calls SQS, S3 and Systems Manager; the last has no endpoint yet."""

    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        config = NetworkConfig.parse(
            {
                "cidr": "10.20.0.0/16",
                "availability_zones": list(zones),
                "single_zone_reason": "an association takes the provider a minute",
                "egress": "endpoints_only",
                "endpoints": {
                    "interface": ["sqs", "s3"],
                    "policies": {"sqs": {"actions": ["sqs:SendMessage"], "resources": [QUEUE]}},
                    "zones": endpoint_zones or {},
                    **endpoints,
                },
                "alarms": OFF,
            }
        )
        network = Network(stack, "network", config=config, key=key)
        fields = {"code": CODE, "reserved_concurrency": 5, "alarms": OFF, "aws_services": ["sqs", "s3", "ssm"]}
        Function(stack, "api", config=FunctionConfig.parse(fields), network=network, key=key)
        stack.output("vpc_id", network.vpc_id, "The VPC")

    return build


def by_service(ec2: Any, vpc_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["VpcEndpoints"]
    return {(each["VpcEndpointType"], each["ServiceName"].rsplit(".", 1)[1]): each for each in found}


def test_endpoints_stand_on_every_route_table_and_another_zone_changes_none_of_them(prove: Prove) -> None:
    with prove(stack_of()) as applied:
        ec2, vpc_id = applied.client("ec2"), applied.outputs["vpc_id"]
        endpoints = by_service(ec2, vpc_id)
        assert sorted(endpoints) == [
            ("Gateway", "dynamodb"), ("Gateway", "s3"), ("Interface", "s3"), ("Interface", "sqs"), ("Interface", "ssm"),
        ]  # fmt: skip
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
        own = {table["RouteTableId"] for table in tables if not any(each["Main"] for each in table["Associations"])}
        assert own
        for service in ("dynamodb", "s3"):
            assert set(endpoints["Gateway", service]["RouteTableIds"]) == own
        private = ec2.describe_subnets(Filters=[{"Name": "tag:tier", "Values": ["private"]}])["Subnets"]
        for service in ("s3", "sqs", "ssm"):
            assert endpoints["Interface", service]["SubnetIds"] == [subnet["SubnetId"] for subnet in private]
            assert endpoints["Interface", service]["PrivateDnsEnabled"]
        assert endpoints["Interface", "s3"]["DnsOptions"]["PrivateDnsOnlyForInboundResolverEndpoint"] is True
        [narrowed] = json.loads(endpoints["Interface", "sqs"]["PolicyDocument"])["Statement"]
        assert (narrowed["Action"], narrowed["Resource"]) == (["sqs:SendMessage"], [QUEUE])
        [everything] = json.loads(endpoints["Gateway", "s3"]["PolicyDocument"])["Statement"]
        assert everything["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ["123456789012"]}}
        [group] = endpoints["Interface", "ssm"]["Groups"]
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}])
        assert [
            (rule["IsEgress"], rule["FromPort"], rule["ToPort"], rule["Description"])
            for rule in rules["SecurityGroupRules"]
        ] == [(False, 443, 443, "from application")]

        second = applied.plan_of(stack_of(("eu-west-1a", "eu-west-1b")))
        others = {
            (change.type, change.actions)
            for change in second.resource_changes
            if not change.is_quiet and change.actions != ("create",)
        }
        assert others == {("aws_lambda_function", ("update",))}  # it is to use the new zone
        created = [change.type for change in second.resource_changes if change.actions == ("create",)]
        assert created.count("aws_vpc_endpoint_subnet_association") == 3
        assert created.count("aws_vpc_endpoint_route_table_association") == 2 * created.count("aws_route_table")
        assert "aws_vpc_endpoint" not in created

        inline = applied.plan_of(stack_of(("eu-west-1a", "eu-west-1b"), subnet_attachment="inline"))
        assert "aws_vpc_endpoint" in {
            change.type for change in inline.resource_changes if change.actions == ("update",)
        }

        with pytest.raises(TerraformError) as refused:
            applied.plan_of(stack_of(("eu-west-1a", "eu-west-1d")))
        assert (
            "dev-main-eu-west-1-orders/network/endpoint-sqs: the endpoint stands in eu-west-1a, eu-west-1d; the "
            "service com.amazonaws.eu-west-1.sqs is not offered in all of them; name those that have it in "
            "endpoints.zones.sqs"
        ) in " ".join(str(refused.value).split())
        in_one = stack_of(("eu-west-1a", "eu-west-1d"), endpoint_zones={name: ["eu-west-1a"] for name in SERVICES})
        assert applied.plan_of(in_one).deletes == 0
