"""What networks that stand outside the stack refuse, and how they behave like the stack's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.target import Target
from modules.key import Key
from modules.network import (
    Bastion,
    BastionConfig,
    ExistingNetwork,
    ExistingNetworkConfig,
    Network,
    NetworkLookupConfig,
    SubnetShare,
    SubnetShareConfig,
)
from stacks.base import App, TargetStack
from tests.constructs.functions import refusal

pytestmark = pytest.mark.synth
HERE = "dev-main-eu-west-1-orders/network"
A, B = "eu-west-1a", "eu-west-1b"
SUBNETS = {
    "private": {B: "subnet-00000002", A: "subnet-00000001"},
    "lambda": {A: "subnet-0000000a", B: "subnet-0000000b"},
}
VPC: dict[str, Any] = {"vpc_id": "vpc-01234567", "subnets": SUBNETS}


@pytest.fixture
def stack(tmp_path: Path) -> TargetStack:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return TargetStack(App(outdir=str(tmp_path)), Target.parse({**fields, "stack": "orders", "owner": "me"}))


def existing(stack: TargetStack, **fields: Any) -> ExistingNetwork:
    config = ExistingNetworkConfig.parse({**VPC, **fields})
    return Network.from_existing(stack, "network", config=config)


def test_it_has_what_an_owned_network_has(stack: TargetStack) -> None:
    made = existing(stack, reaches_internet=True, parking_security_group_id="sg-01234567")
    assert (made.vpc_id, made.availability_zones, made.function_zones) == ("vpc-01234567", (A, B), (A, B))
    assert made.private_subnet_ids == ("subnet-00000001", "subnet-00000002")
    assert made.function_subnet_ids == ("subnet-0000000a", "subnet-0000000b")
    assert (made.isolated_subnet_ids, made.public_subnet_ids) == ((), ())
    assert (made.reaches_internet, made.is_dual_stack) == (True, False)
    assert made.parking_security_group_id == "sg-01234567"
    assert made.application_security_group is made.application_security_group


def test_an_endpoint_that_the_vpc_has_is_used_and_not_made_again(stack: TargetStack) -> None:
    known = {"sqs": [{"security_group_id": "sg-01234567"}], "s3": [{"prefix_list_id": "pl-01234567"}]}
    made = existing(stack, existing_endpoints=known)
    assert made.endpoint_for("sqs") is made.endpoint("sqs")
    group = made.endpoint_for("sqs").connection().security_group
    assert group is not None
    assert group.id == "sg-01234567"
    assert made.endpoint_for("s3").connection().prefix_list_id == "pl-01234567"
    assert "aws_vpc_endpoint" not in json.loads(json.dumps(stack.to_terraform())).get("resource", {})


def test_a_second_endpoint_is_refused(stack: TargetStack) -> None:
    fields = {
        "existing_endpoints": {"sqs": [{"security_group_id": "sg-01234567"}]},
        "endpoints": {"gateway": [], "interface": ["sqs"]},
    }
    assert refusal(lambda: existing(stack, **fields)) == (
        f'{HERE}: endpoints.interface holds "sqs"; the VPC has that interface endpoint already, and a second would '
        'claim the same routes or names; remove it; endpoint_for("sqs") returns the one that exists'
    )


def test_a_gateway_endpoint_without_route_tables(stack: TargetStack) -> None:
    made = existing(stack)
    assert refusal(lambda: made.endpoint_for("s3")) == (
        f'{HERE}: an endpoint for "s3" is asked for; a gateway endpoint is a route, and no route table is known; give '
        "route_table_ids"
    )


def test_endpoints_in_zones_that_the_network_has_not(stack: TargetStack) -> None:
    endpoints = {"gateway": [], "zones": {"sqs": ["eu-west-1c"]}}
    assert refusal(lambda: existing(stack, endpoints=endpoints)) == (
        f"{HERE}: endpoints.zones.sqs holds eu-west-1c; interface endpoints stand in the network's zones eu-west-1a, "
        "eu-west-1b; name one of them"
    )


def test_a_network_of_another_region(tmp_path: Path) -> None:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "us-east-1"}
    stack = TargetStack(App(outdir=str(tmp_path)), Target.parse({**fields, "stack": "orders", "owner": "me"}))
    assert refusal(lambda: existing(stack)) == (
        "dev-main-us-east-1-orders/network: subnets are in eu-west-1a, eu-west-1b; the target's region is us-east-1; "
        "name others"
    )


def test_what_is_looked_up_meets_conditions(stack: TargetStack) -> None:
    fields = {
        "vpc_tags": {"Name": "shared"}, "subnet_tags": {"private": {"tier": "private"}}, "availability_zones": [A, B],
        "is_dual_stack": True,
    }  # fmt: skip
    Network.lookup(stack, "network", config=NetworkLookupConfig.parse(fields))
    data = json.loads(json.dumps(stack.to_terraform()))["data"]
    conditions = {
        condition["error_message"]: condition["condition"]
        for sources in data.values()
        for source in sources.values()
        for condition in source["lifecycle"]["postcondition"]
    }
    assert conditions == {
        f"{HERE}: the VPC found by vpc_tags has enable_dns_support or enable_dns_hostnames off; endpoints with private "
        "DNS need both; turn them on where the VPC is made": "${self.enable_dns_support && self.enable_dns_hostnames}",
        **{
            f"{HERE}: subnet_tags.private finds no subnet in {zone}, or several; each zone has one subnet of a tier; "
            "correct the tags, or leave the zone out": "${length(self.ids) == 1}"
            for zone in (A, B)
        },
        **{
            f"{HERE}: the subnet of the tier private in {zone} gives out public addresses; subnets of the tier private "
            "do not; correct subnet_tags.private": "${!self.map_public_ip_on_launch}"
            for zone in (A, B)
        },
        **{
            f"{HERE}: the subnet of the tier private in {zone} has no IPv6 range; is_dual_stack says that it has; give "
            "it one, or unset is_dual_stack": '${self.ipv6_cidr_block != ""}'
            for zone in (A, B)
        },
    }


def test_a_bastion_stands_in_a_zone_of_the_network_and_reaches_session_manager(stack: TargetStack) -> None:
    key, made = Key(stack, "key"), existing(stack, adds_endpoints=False)
    elsewhere = BastionConfig(zone="eu-west-1c")
    assert refusal(lambda: Bastion(stack, "one", config=elsewhere, network=made, key=key)) == (
        'dev-main-eu-west-1-orders/one: zone is "eu-west-1c"; the network has the zones eu-west-1a, eu-west-1b; name '
        "one of them"
    )
    assert refusal(lambda: Bastion(stack, "two", config=BastionConfig(zone=A), network=made, key=key)) == (
        f'{HERE}: a way to the service "ec2messages" is asked for; the network has no route to the internet, and '
        "endpoints for none; add it to endpoints.gateway or endpoints.interface"
    )


def test_a_tier_without_subnets_cannot_be_shared(stack: TargetStack) -> None:
    config = SubnetShareConfig(tiers=("public",), principals=("210987654321",))
    made = existing(stack)
    assert refusal(lambda: SubnetShare(stack, "share", config=config, network=made)) == (
        'dev-main-eu-west-1-orders/share: tiers holds "public"; the network has subnets in private, lambda; remove it'
    )
