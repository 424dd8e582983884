"""Where functions stand in a network: what they share, what is refused, and what a detached one keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.connections import Connection
from modules.function import Function, FunctionConfig
from modules.network import SecurityGroup
from tests.constructs.functions import API, OFF, Made, refusal

pytestmark = pytest.mark.synth
NO_ROUTE = (
    "the function's subnets have no route there, so each call would hang until the function times out; choose an "
    "egress "
    "of the network that leads to the internet, or name what is called in aws_services"
)
DETACHED = {"state": "detached", "detaching_applied": "2026-11-20"}


class Peer:
    """Something in the network that functions connect to."""

    def __init__(self, made: Made, name: str = "peer") -> None:
        self.group = SecurityGroup(
            made.stack, f"{name}-group", thing=name, description=name, vpc_id=made.network.vpc_id
        )
        self.name = name

    def connection(self) -> Connection:
        return Connection(name=self.name, port=5432, security_group=self.group)


class PrefixList:
    """An AWS-managed prefix list."""

    def connection(self) -> Connection:
        return Connection(name="s3", port=443, prefix_list_id="pl-6da54004")


def test_functions_share_one_group_and_so_their_interfaces(source: Path) -> None:
    made = Made(source)
    api, worker = made.function("api"), made.function("worker")
    lonely = made.function("lonely", attachment={"security_group": "own"})

    assert api.security_group is worker.security_group is made.network.application_security_group
    assert api.attachment.interface_pairs == worker.attachment.interface_pairs
    assert len(api.attachment.interface_pairs) == 2
    assert len(api.attachment.interface_pairs | lonely.attachment.interface_pairs) == 4
    assert made.network.interface_pairs == api.attachment.interface_pairs | lonely.attachment.interface_pairs
    names = sorted(group["name"] for group in made.resources("aws_security_group").values())
    assert names == ["acme-dev-orders-application", "acme-dev-orders-lonely"]


def test_nothing_comes_in_and_nothing_goes_out_unasked(source: Path) -> None:
    made = Made(source)
    made.function(attachment={"security_group": "own"})

    assert not {"ingress", "egress"} & made.only("aws_security_group").keys()
    assert made.resources("aws_vpc_security_group_egress_rule") == {}
    assert made.resources("aws_vpc_security_group_ingress_rule") == {}


def test_rules_name_groups_and_prefix_lists_and_are_shared(source: Path) -> None:
    made = Made(source)
    peer = Peer(made)
    for name in ("api", "worker"):
        function = made.function(name)
        function.connect_to(peer)
        function.connect_to(PrefixList())

    egress = list(made.resources("aws_vpc_security_group_egress_rule").values())
    assert sorted(rule["description"] for rule in egress) == ["to peer", "to s3"]
    assert not [rule for rule in egress if "cidr_ipv4" in rule or "cidr_ipv6" in rule]
    ingress = made.only("aws_vpc_security_group_ingress_rule")
    assert (ingress["from_port"], ingress["description"]) == (5432, "from application")


def test_the_interfaces_are_handed_to_the_locked_group_with_both_arguments(source: Path) -> None:
    made = Made(source)
    made.function()
    [parking] = made.resources("aws_default_security_group")

    function = made.only("aws_lambda_function")
    assert function["replace_security_groups_on_destroy"] is True
    assert function["replacement_security_group_ids"] == [f"${{aws_default_security_group.{parking}.id}}"]


@pytest.mark.parametrize(
    ("attachment", "replacement"),
    [
        ({"replace_security_groups_on_destroy": False}, None),
        ({"replacement_security_group_ids": ["sg-0a1b2c3d"]}, ["sg-0a1b2c3d"]),
    ],
)
def test_both_arguments_or_neither(source: Path, attachment: dict[str, Any], replacement: list[str] | None) -> None:
    made = Made(source)
    made.function(attachment=attachment)

    function = made.only("aws_lambda_function")
    assert function.get("replace_security_groups_on_destroy") is (True if replacement else None)
    assert function.get("replacement_security_group_ids") == replacement


def test_a_network_without_a_group_to_park_in(source: Path) -> None:
    made = Made(source)
    made.network.parking_security_group_id = ""

    assert refusal(made.function) == (
        f"{API}: attachment.replace_security_groups_on_destroy is true; the network names no group that the function's "
        "network interfaces are moved to; name a group without rules in the network's parking_security_group_id or in "
        "attachment.replacement_security_group_ids, or set it to false"
    )


@pytest.mark.parametrize("tier", ["private", "isolated"])
def test_a_tier_may_be_chosen(source: Path, tier: str) -> None:
    made = Made(source)
    function = made.function(attachment={"tier": tier})
    assert function.attachment.subnet_ids == getattr(made.network, f"{tier}_subnet_ids")


def test_functions_go_to_a_tier_of_their_own_when_there_is_one(source: Path) -> None:
    made = Made(source, lambda_tier=True)
    assert made.function().attachment.subnet_ids == made.network.function_subnet_ids
    assert made.function("worker", attachment={"tier": "lambda"}).attachment.subnet_ids == (
        made.network.function_subnet_ids
    )
    assert made.network.function_subnet_ids != made.network.private_subnet_ids


def test_a_tier_that_the_network_has_not(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(attachment={"tier": "lambda"})) == (
        f'{API}: attachment.tier is "lambda"; the network has no such subnets; choose another tier'
    )


def test_a_public_subnet_by_its_id(source: Path) -> None:
    made = Made(source, egress="nat_per_zone")
    subnets = [
        {"id": subnet, "availability_zone": zone}
        for subnet, zone in zip(made.network.public_subnet_ids, made.network.availability_zones, strict=True)
    ]
    held = ", ".join(subnet["id"] for subnet in subnets)
    assert refusal(lambda: made.function(attachment={"subnets": subnets})) == (
        f"{API}: attachment.subnets holds {held}; it is a public subnet, in which a function has neither a public "
        "address nor a way to the internet (Lambda guide, VPC access); name private subnets"
    )


def test_more_subnets_than_lambda_takes(source: Path) -> None:
    made = Made(source)
    made.network.function_subnet_ids = tuple(f"subnet-{number:08x}" for number in range(17))
    made.network.function_zones = tuple(f"eu-west-1{letter}" for letter in "abcdefghijklmnopq")
    assert refusal(made.function) == (
        f"{API}: the network has 17 subnets for functions; Lambda takes 16 (lambda API model); name some of them in "
        "attachment.subnets"
    )


def test_zones_that_the_network_lacks(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(attachment={"zones": ("eu-west-1a", "eu-west-1c")})) == (
        f"{API}: attachment.zones holds eu-west-1c; the network has such subnets in eu-west-1a, eu-west-1b; "
        "name zones of the network"
    )


def test_ipv6_in_subnets_that_have_none(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(attachment={"ipv6_allowed_for_dual_stack": True})) == (
        f"{API}: attachment.ipv6_allowed_for_dual_stack is true; every subnet of the function has to have IPv4 "
        "and IPv6 "
        "(Lambda guide), and these have IPv4 only; make the network dual stack, or set it to false"
    )


def test_an_attached_function_without_a_network(source: Path) -> None:
    made = Made(source)
    config = FunctionConfig.parse({"code": {"source": str(source)}, "reserved_concurrency": 5, "alarms": OFF})
    assert refusal(lambda: Function(made.stack, "api", config=config, network=None, key=made.key)) == (
        f'{API}: attachment.state is "attached" and no network is given; Lambda takes subnets and security groups of '
        "one VPC together (lambda API model); pass network=..., or detach the function"
    )


def test_a_way_to_the_internet_that_is_not_there(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(internet_egress_reason="payment provider")) == (
        f'{API}: HTTPS to the internet is asked for ("payment provider"); {NO_ROUTE}'
    )


def test_a_way_to_the_internet_from_the_isolated_tier(source: Path) -> None:
    made = Made(source, egress="nat_per_zone")
    asked: dict[str, Any] = {"internet_egress_reason": "payments", "attachment": {"tier": "isolated"}}
    assert refusal(lambda: made.function(**asked)) == (
        f'{API}: HTTPS to the internet is asked for ("payments"); {NO_ROUTE}'
    )


def test_a_service_that_nothing_leads_to(source: Path) -> None:
    made = Made(source, egress="none")
    assert refusal(lambda: made.function(aws_services=["sqs"])) == (
        f'{API} dev-main-eu-west-1-orders/network: a way to the service "sqs" is asked for; the network has no route '
        "to the internet, and endpoints for dynamodb, s3; add it to endpoints.gateway or endpoints.interface"
    )


def test_a_connection_of_a_function_whose_groups_are_somebody_elses(source: Path) -> None:
    made = Made(source)
    api = made.function(attachment={"security_group": "none", "security_group_ids": ["sg-0a1b2c3d"]})
    assert refusal(lambda: api.connect_to(Peer(made))) == (
        f'{API}: a way to peer is asked for; attachment.security_group is "none", and rules of the groups in '
        "security_group_ids are left alone; set security_group to application or own"
    )


def test_detaching_takes_the_function_out_and_leaves_the_rest(source: Path) -> None:
    made = Made(source)
    api = made.function(attachment={"state": "detaching", "security_group": "own"})
    api.connect_to(Peer(made))

    function = made.only("aws_lambda_function")
    assert not {"vpc_config", "replace_security_groups_on_destroy"} & function.keys()
    assert "LambdaAttachesToVpc" in [statement.sid for statement in api.role.statements]
    assert len(made.resources("aws_vpc_security_group_egress_rule")) == 1
    assert api.attachment.interface_pairs == frozenset()


def test_a_detached_function_needs_neither_network_nor_permissions(source: Path) -> None:
    made = Made(source)
    api = made.function(attachment=DETACHED, aws_services=["sqs"], internet_egress_reason="payments")

    assert "vpc_config" not in made.only("aws_lambda_function")
    sids = {statement.sid for statement in api.role.statements}
    assert sids & {"LambdaAttachesToVpc", "LambdaDescribesNetwork", "CodeLeavesNetworkAlone"} == set()
    assert api.security_group is None
    assert refusal(lambda: api.connect_to(Peer(made))) == (
        f"{API}: a way to peer is asked for; the function is detached from its VPC; remove the connection, or attach "
        "the function"
    )
