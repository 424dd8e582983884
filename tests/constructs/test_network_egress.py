"""Networks as they are synthesized: what no emulator holds, and what the constructs refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig, AlarmTopic
from stacks.base import App, TargetStack

pytestmark = pytest.mark.synth
VPC: dict[str, Any] = {"cidr": "10.20.0.0/16", "availability_zones": ("eu-west-1a", "eu-west-1b")}
OFF = AlarmsConfig.off(reason="not what these tests are about")
PROVIDER_6 = ">= 6.24, < 7"


class Made:
    """A stack with a network."""

    def __init__(self, folder: Path, *, provider: str, fields: dict[str, Any]) -> None:
        place = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
        where = Target.parse({**place, "stack": "orders", "owner": "me", "aws_provider_version": provider})
        stack = TargetStack(App(outdir=str(folder)), where)
        key = Key(stack, "key")
        topic = AlarmTopic(stack, "alarm-topic", key=key)
        config = NetworkConfig.parse({**VPC, **fields})
        self.network = Network(stack, "network", config=config, key=key, alarm_topic=topic)
        self._document: dict[str, Any] = json.loads(json.dumps(stack.to_terraform()))

    def __getitem__(self, kind: str) -> list[dict[str, Any]]:
        """Resources of a kind, without what the engine notes about them."""
        found = self._document["resource"].get(kind, {}).values()
        return [{name: value for name, value in each.items() if name != "//"} for each in found]


Make = Callable[..., Made]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(*, provider: str = ">= 5.100, < 7", **fields: Any) -> Made:
        return Made(tmp_path, provider=provider, fields=fields)

    return made


def test_a_regional_nat_gateway_is_refused_where_provider_5_may_run(make: Make) -> None:
    with pytest.raises(ConfigError) as refused:
        make(egress="nat_regional")
    assert str(refused.value) == (
        'dev-main-eu-west-1-orders/network: egress is "nat_regional"; AWS provider 5 knows no regional NAT gateway, '
        "and the target allows >= 5.100, < 7; use nat_per_zone, or set the target's aws_provider_version to "
        '">= 6.24, < 7"'
    )


def test_a_regional_nat_gateway_stands_in_no_subnet(make: Make) -> None:
    made = make(provider=PROVIDER_6, egress="nat_regional")
    (gateway,) = made["aws_nat_gateway"]
    assert gateway == {
        "availability_mode": "regional",
        "vpc_id": "${aws_vpc.network_vpc_4E8F0223.id}",
        "tags": {"Name": "acme-dev-orders-nat"},
        "depends_on": ["aws_internet_gateway.network_internet-gateway_E855E801"],
    }
    assert {route["nat_gateway_id"] for route in made["aws_route"]} == {
        "${aws_nat_gateway.network_nat_gateway_EB37D21B.id}"
    }
    assert len(made["aws_route"]) == 2
    assert made["aws_eip"] == []
    assert made.network.public_subnet_ids == ()
    watched = [
        alarm.get("dimensions") or alarm["metric_query"][1]["metric"]["dimensions"]
        for alarm in made["aws_cloudwatch_metric_alarm"]
    ]
    assert {each["AvailabilityZone"] for each in watched} == {"eu-west-1a", "eu-west-1b"}
    assert len(watched) == 4


def test_a_regional_nat_gateway_with_addresses_of_ones_own(make: Make) -> None:
    ids = {"eu-west-1b": ["eipalloc-22222222"], "eu-west-1a": ["eipalloc-11111111", "eipalloc-33333333"]}
    made = make(provider=PROVIDER_6, egress={"strategy": "nat_regional", "elastic_ip_allocation_ids": ids})
    assert made["aws_nat_gateway"][0]["availability_zone_address"] == [
        {"availability_zone": "eu-west-1a", "allocation_ids": ["eipalloc-11111111", "eipalloc-33333333"]},
        {"availability_zone": "eu-west-1b", "allocation_ids": ["eipalloc-22222222"]},
    ]


@pytest.mark.parametrize(
    ("fields", "ipv4", "ipv6"),
    [
        ({"egress": "none", "ipv6": True}, False, False),
        ({"egress": "endpoints_only", "ipv6": True}, False, False),
        ({"egress": "ipv6_egress_only", "ipv6": True}, False, True),
        ({"egress": {"strategy": "nat_instance", "zone": "eu-west-1a"}}, True, False),
        ({"egress": "nat_per_zone", "ipv6": True}, True, True),
        ({"egress": {"strategy": "transit_gateway", "transit_gateway_id": "tgw-12345678"}, "ipv6": True}, True, True),
        (
            {
                "egress": {
                    "strategy": "transit_gateway",
                    "transit_gateway_id": "tgw-12345678",
                    "leads_to_internet": False,
                },
                "ipv6": True,
            },
            False,
            False,
        ),
    ],
)
def test_a_network_says_whether_functions_reach_the_internet(
    make: Make, fields: dict[str, Any], *, ipv4: bool, ipv6: bool
) -> None:
    network = make(**fields).network
    assert (network.reaches_internet, network.reaches_internet_ipv6) == (ipv4, ipv6)
    assert network.is_dual_stack == fields.get("ipv6", False)


def test_functions_live_in_their_own_tier_where_there_is_one(make: Make) -> None:
    made = make(egress="none", lambda_tier=True).network
    assert len(made.function_subnet_ids) == 2
    assert not set(made.function_subnet_ids) & {*made.private_subnet_ids, *made.isolated_subnet_ids}
    assert made.function_zones == made.availability_zones


def test_without_one_they_live_in_the_private_subnets(make: Make) -> None:
    made = make(egress="none").network
    assert made.function_subnet_ids == made.private_subnet_ids


def test_ranges_of_a_pool_are_left_to_terraform(make: Make) -> None:
    made = make(cidr=None, ipam={"pool_id": "ipam-pool-12345678", "netmask_length": 20}, egress="none")
    (vpc,) = made["aws_vpc"]
    assert (vpc["ipv4_ipam_pool_id"], vpc["ipv4_netmask_length"], "cidr_block" in vpc) == (
        "ipam-pool-12345678",
        20,
        False,
    )
    vpc_cidr = "aws_vpc.network_vpc_4E8F0223.cidr_block"
    assert [subnet["cidr_block"] for subnet in made["aws_subnet"] if subnet["tags"]["tier"] == "isolated"] == [
        f"${{cidrsubnet({vpc_cidr}, 5, 16)}}",
        f"${{cidrsubnet({vpc_cidr}, 5, 17)}}",
    ]


def test_a_nat_instance_of_ones_own_image_follows_it(make: Make) -> None:
    egress = {"strategy": "nat_instance", "zone": "eu-west-1a"}
    (newest,) = make(egress=egress)["aws_instance"]
    (given,) = make(egress={**egress, "ami_id": "ami-12345678"})["aws_instance"]
    assert newest["lifecycle"] == {"ignore_changes": ["ami"]}
    assert newest["ami"].startswith("${data.aws_ssm_parameter.")
    assert ("lifecycle" in given, given["ami"]) == (False, "ami-12345678")


def test_the_subnets_of_a_nat_instance_keep_off_the_endpoint_that_would_refuse_it(make: Make) -> None:
    made = make(egress={"strategy": "nat_instance", "zone": "eu-west-1a"})
    tables = {each["route_table_id"] for each in made["aws_vpc_endpoint_route_table_association"]}
    assert tables
    assert not [table for table in tables if "public" in table]


def test_subnets_in_a_secondary_range_wait_for_it(make: Make) -> None:
    made = make(egress="none", secondary_cidrs=["100.64.0.0/18"], lambda_tier=True, lambda_cidr="100.64.0.0/18")
    waiting = {subnet["tags"]["tier"] for subnet in made["aws_subnet"] if subnet.get("depends_on")}
    assert waiting == {"lambda"}


def test_alarms_of_a_nat_instance_have_ec2_recover_or_reboot_it(make: Make) -> None:
    made = make(egress={"strategy": "nat_instance", "zone": "eu-west-1a"})
    actions = {alarm["metric_name"]: alarm["alarm_actions"][1:] for alarm in made["aws_cloudwatch_metric_alarm"]}
    assert actions == {
        "StatusCheckFailed_System": ["arn:aws:automate:eu-west-1:ec2:recover"],
        "StatusCheckFailed_Instance": ["arn:aws:automate:eu-west-1:ec2:reboot"],
    }


def test_what_has_no_alarms_needs_no_topic(tmp_path: Path) -> None:
    place = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    stack = TargetStack(App(outdir=str(tmp_path)), Target.parse({**place, "stack": "orders", "owner": "me"}))
    config = NetworkConfig.parse({**VPC, "egress": "none"})
    assert Network(stack, "network", config=config, key=Key(stack, "key")).alarm_names == ()
