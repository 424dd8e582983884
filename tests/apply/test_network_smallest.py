"""The smallest network that a function can live in."""

from __future__ import annotations

from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig
from stacks.base import TargetStack
from tests.apply.harness import Prove


def build(stack: TargetStack) -> None:
    config = NetworkConfig.parse(
        {
            "cidr": "10.20.0.0/16",
            "availability_zones": ["eu-west-1a", "eu-west-1b"],
            "egress": "none",
            "alarms": AlarmsConfig.off(reason="nothing here has an alarm"),
        }
    )
    network = Network(stack, "network", config=config, key=Key(stack, "key"))
    stack.output("vpc_id", network.vpc_id, "The VPC")


def test_nothing_leads_out(prove: Prove) -> None:
    with prove(build) as applied:
        ec2 = applied.client("ec2")
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [applied.outputs["vpc_id"]]}])
        targets = {route.get("GatewayId", "")[:5] for table in tables["RouteTables"] for route in table["Routes"]}
    assert targets == {"local", "vpce-"}
