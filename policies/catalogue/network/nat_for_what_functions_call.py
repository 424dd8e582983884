"""A function has a way to the internet in every subnet, where it calls something there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.policy import Policy, Severity, Verdict
from policies.samples import function_in_vpc, merged, network, policy, resource
from policies.shared.network_samples import (
    EVERYWHERE,
    LATER_NAMED,
    groups,
    later,
    nat,
    nat_for_each_zone,
    public,
    ref,
    route,
    rule,
    table,
)
from policies.shared.network_ways import Way, verdicts
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by hosts of the internet in its environment, and by services that have no endpoint in its VPC."""
    return verdicts(view, Way.NAT)


_QUEUES = policy(Action="sqs:SendMessage", Resource="*")


def _calls(name: str, group: str = "main", host: str = "https://api.payments.example", **body: Any) -> dict[str, Any]:
    return function_in_vpc(name, groups=(group,), environment=[{"variables": {"PAYMENTS_URL": host}}], **body)


def _https(group: str = "main") -> dict[str, Any]:
    return dict(rule("egress", f"internet_{group}", group, cidr_ipv4=EVERYWHERE))


POLICY = Policy(
    id="CKV2_LNET_103",
    title="Function in a VPC reaches the hosts on the internet that it calls from each of its subnets",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="A function in a VPC has no internet access of its own. Where the route table of one of its subnets leads to "
    "no NAT gateway, every call from there waits until the function times out.",
    source="Lambda developer guide, internet access for functions in a VPC",
    fix="Lead 0.0.0.0/0 of each of its subnets' route tables to a NAT gateway in a public subnet, and let TCP 443 out "
    "of its security group.",
    judge=judge,
    samples=(
        merged(
            network(),
            nat_for_each_zone(),
            groups("closed"),
            _https(),
            later("variable", ref("aws_security_group.main")),
            later("closed", ref("aws_security_group.closed")),
            _calls("passes_with_nat_in_both_zones"),
            function_in_vpc("passes_without_calls"),
            _calls("fails_without_an_egress_rule", "closed"),
            _calls(
                "unknown_then_passes_by_group",
                vpc_config={
                    "subnet_ids": ["${aws_subnet.main_a.id}"],
                    "security_group_ids": [LATER_NAMED.format("variable")],
                },
            ),
            _calls(
                "unknown_then_fails_by_group",
                vpc_config={
                    "subnet_ids": ["${aws_subnet.main_a.id}"],
                    "security_group_ids": [LATER_NAMED.format("closed")],
                },
            ),
        ),
        merged(
            network(),
            public("a"),
            nat("a", "public_a"),
            table("private_a", "main_a"),
            route("private_a", "private_a", nat_gateway_id=ref("aws_nat_gateway.a")),
            _https(),
            _calls("fails_with_nat_in_one_zone"),
            resource("aws_iam_role_policy", "calls", role="${aws_iam_role.function.id}", policy=_QUEUES),
            function_in_vpc("fails_to_reach_a_service_from_one_zone"),
        ),
        merged(network(), _https(), _calls("fails_without_any_route")),
        merged(
            network(),
            public("a"),
            nat("a", "public_a"),
            later("nat", ref("aws_nat_gateway.a")),
            table("private", "main_a", "main_b"),
            route("private", "private", nat_gateway_id=LATER_NAMED.format("nat")),
            _https(),
            _calls("unknown_then_passes_by_route"),
        ),
    ),
)
