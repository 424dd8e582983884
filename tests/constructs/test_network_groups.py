"""Security groups that several functions share, and ways to AWS services: made once, refused when they contradict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.target import Target
from modules.key import Key
from modules.network import Network, NetworkConfig, SecurityGroup
from modules.observability import AlarmsConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
VPC: dict[str, Any] = {"cidr": "10.0.0.0/16", "availability_zones": ("eu-west-1a", "eu-west-1b")}
OFF = AlarmsConfig.off(reason="not what these tests are about")


@pytest.fixture
def stack(tmp_path: Path) -> TargetStack:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return TargetStack(App(outdir=str(tmp_path)), Target.parse({**fields, "stack": "orders", "owner": "me"}))


def network(stack: TargetStack, **other: Any) -> Network:
    config = NetworkConfig.parse({**VPC, "alarms": OFF, **other})
    return Network(stack, "network", config=config, key=Key(stack, "key"))


def group(stack: TargetStack, name: str, *, is_dual_stack: bool = False) -> SecurityGroup:
    return SecurityGroup(stack, name, thing=name, description=name, vpc_id="vpc-1", is_dual_stack=is_dual_stack)


def rules(stack: TargetStack, kind: str = "egress") -> list[dict[str, Any]]:
    document = json.loads(json.dumps(stack.to_terraform()))
    return list(document["resource"].get(f"aws_vpc_security_group_{kind}_rule", {}).values())


def test_the_same_rule_twice_is_one(stack: TargetStack) -> None:
    one, two = group(stack, "one"), group(stack, "two")
    for _ in range(2):
        one.allow_to(two, port=443, reason="two")
        one.allow_to_prefix_list("pl-1", port=443, reason="s3")
    assert [len(rules(stack)), len(rules(stack, "ingress"))] == [2, 1]


def test_a_second_reason_for_the_same_group_and_port_makes_no_second_rule(stack: TargetStack) -> None:
    one, two = group(stack, "one"), group(stack, "two")
    one.allow_to(two, port=443, reason="sqs")
    one.allow_to(two, port=443, reason="kms")
    one.allow_to(two, port=5432, reason="database")
    assert sorted(rule["from_port"] for rule in rules(stack)) == [443, 5432]


@pytest.mark.parametrize(("port", "known"), [(5432, "port 443"), (443, "another group")])
def test_another_rule_under_the_same_reason(stack: TargetStack, port: int, known: str) -> None:
    one, two, three = (group(stack, name) for name in ("one", "two", "three"))
    one.allow_to(two, port=443, reason="peer")
    assert refusal(lambda: one.allow_to(three if port == 443 else two, port=port, reason="peer")) == (
        f'dev-main-eu-west-1-orders/one: a rule for "peer" to port {port} is asked for; the group has a rule for '
        f'"peer" to {known}; give one of the two another name'
    )


@pytest.mark.parametrize(("is_dual_stack", "families"), [(False, ["0.0.0.0/0"]), (True, ["0.0.0.0/0", "::/0"])])
def test_all_reasons_for_the_internet_share_one_rule_per_family(
    stack: TargetStack, families: list[str], *, is_dual_stack: bool
) -> None:
    one = group(stack, "one", is_dual_stack=is_dual_stack)
    for reason in ("service sqs", "payments", "payments"):
        one.allow_to_internet(reason=reason)
    found = rules(stack)
    assert sorted(rule.get("cidr_ipv4") or rule["cidr_ipv6"] for rule in found) == families
    assert {rule["description"] for rule in found} == {"HTTPS to the internet: payments, service sqs"}


def test_functions_share_a_group_that_is_made_on_first_use(stack: TargetStack) -> None:
    made = network(stack)
    assert made.node.try_find_child("application") is None
    assert made.application_security_group is made.application_security_group
    assert made.parking_security_group_id == made.locked_security_group_id


def test_the_way_to_a_service_is_its_endpoint_or_else_the_internet(stack: TargetStack) -> None:
    made = network(stack, egress="nat_per_zone")
    assert made.endpoint_for("s3") is made.endpoint("s3")
    way = made.endpoint_for("sqs").connection()
    assert (way.name, way.port, way.internet_reason) == ("sqs", 443, "service sqs")
