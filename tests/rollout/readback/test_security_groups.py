from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.security_groups import security_group_checks
from tests.rollout.readback.breaking import Case, call, failed, listed, verify
from tests.rollout.readback.sample_network import ANYWHERE, of, rule
from tests.rollout.readback.sample_stack import SampleStack

HTTPS_ANYWHERE = f"tcp 443 {ANYWHERE}"


def ingress(verb: str, group: str, port: int, **peer: Any) -> Any:
    return permission(f"{verb}_security_group_ingress", group, port, **peer)


def egress(verb: str, group: str, port: int, **peer: Any) -> Any:
    return permission(f"{verb}_security_group_egress", group, port, **peer)


def permission(operation: str, group: str, port: int, *, other: str = "", cidr: str = "") -> Any:
    def permissions(stack: SampleStack) -> Any:
        return rule(port, **of(stack.network.groups[other])) if other else rule(port, IpRanges=[{"CidrIp": cidr}])

    return call("ec2", operation, GroupId=lambda stack: stack.network.groups[group], IpPermissions=permissions)


def subject(stack: SampleStack, name: str, group: str, direction: str) -> str:
    return f"security group of {name} ({stack.network.groups[group]}): {direction}"


def function_egress(stack: SampleStack) -> list[str]:
    groups = stack.network.groups
    return [
        HTTPS_ANYWHERE,
        f"tcp 443 {stack.network.s3_prefix_list}",
        f"tcp 443 {groups['endpoint']}",
        f"tcp 5432 {groups['proxy']}",
    ]


CASES = [
    Case(
        "function admits somebody",
        ingress("authorize", "api", 80, cidr="10.20.0.0/16"),
        ingress("revoke", "api", 80, cidr="10.20.0.0/16"),
        lambda stack: [(subject(stack, "function", "api", "ingress"), "[]", listed("tcp 80 10.20.0.0/16"))],
    ),
    Case(
        "function reaches the database directly",
        egress("authorize", "api", 5432, other="db"),
        egress("revoke", "api", 5432, other="db"),
        lambda stack: [
            (
                subject(stack, "function", "api", "egress"),
                listed(*function_egress(stack)),
                listed(*function_egress(stack), f"tcp 5432 {stack.network.groups['db']}"),
            )
        ],
    ),
    Case(
        "function does not reach the internet",
        egress("revoke", "api", 443, cidr=ANYWHERE),
        egress("authorize", "api", 443, cidr=ANYWHERE),
        lambda stack: [
            (
                subject(stack, "function", "api", "egress"),
                listed(*function_egress(stack)),
                listed(*function_egress(stack)[1:]),
            )
        ],
    ),
    Case(
        "proxy admits the whole VPC",
        ingress("authorize", "proxy", 5432, cidr="10.20.0.0/16"),
        ingress("revoke", "proxy", 5432, cidr="10.20.0.0/16"),
        lambda stack: [
            (
                subject(stack, "proxy", "proxy", "ingress"),
                listed(f"tcp 5432 {stack.network.groups['api']}"),
                listed(f"tcp 5432 {stack.network.groups['api']}", "tcp 5432 10.20.0.0/16"),
            )
        ],
    ),
    Case(
        "proxy does not reach the database",
        egress("revoke", "proxy", 5432, other="db"),
        egress("authorize", "proxy", 5432, other="db"),
        lambda stack: [
            (
                subject(stack, "proxy", "proxy", "egress"),
                listed(f"tcp 5432 {stack.network.groups['db']}"),
                "[]",
            )
        ],
    ),
    Case(
        "database admits the function",
        ingress("authorize", "db", 5432, other="api"),
        ingress("revoke", "db", 5432, other="api"),
        lambda stack: [
            (
                subject(stack, "database", "db", "ingress"),
                listed(f"tcp 5432 {stack.network.groups['proxy']}"),
                listed(f"tcp 5432 {stack.network.groups['api']}", f"tcp 5432 {stack.network.groups['proxy']}"),
            )
        ],
    ),
    Case(
        "endpoint does not admit the function",
        ingress("revoke", "endpoint", 443, other="api"),
        ingress("authorize", "endpoint", 443, other="api"),
        lambda stack: [
            (
                subject(stack, "endpoint secretsmanager", "endpoint", "ingress"),
                listed(f"tcp 443 {stack.network.groups['api']}"),
                "[]",
            )
        ],
    ),
    Case(
        "default group has a rule",
        egress("authorize", "default", 443, cidr=ANYWHERE),
        egress("revoke", "default", 443, cidr=ANYWHERE),
        lambda stack: [(subject(stack, "default", "default", "egress"), "[]", listed(HTTPS_ANYWHERE))],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rules(case: Case, stack: SampleStack) -> None:
    verify(case, stack, security_group_checks)


def test_a_group_that_nobody_planned(stack: SampleStack) -> None:
    ec2 = stack.client("ec2")
    group = ec2.create_security_group(GroupName="manual", Description="by hand", VpcId=stack.network.vpc)["GroupId"]
    try:
        planned = stack.network.groups.values()
        assert failed(stack, security_group_checks) == [
            (f"vpc {stack.network.vpc}: security groups", listed(*planned), listed(*planned, group))
        ]
    finally:
        ec2.delete_security_group(GroupId=group)
    assert failed(stack, security_group_checks) == []
