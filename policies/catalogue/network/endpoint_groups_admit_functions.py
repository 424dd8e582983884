"""Security groups on both sides let a function connect to the endpoints of the services that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.policy import Policy, Severity, Verdict
from policies.samples import function_in_vpc, merged, network, policy, resource, subnet_ids
from policies.shared.network_samples import LATER_NAMED, groups, https, interface_endpoint, later, ref, rule
from policies.shared.network_ways import Way, verdicts
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the rules of its groups and of the groups of the interface endpoints that it calls through."""
    return verdicts(view, Way.RULES)


_NAMES = ("both", "out", "into", "other", "endpoint")


def _calling(name: str, group: str, **body: Any) -> dict[str, Any]:
    statement = policy(Action="secretsmanager:GetSecretValue", Resource="*")
    return merged(
        resource("aws_iam_role_policy", "calls", role="${aws_iam_role.function.id}", policy=statement),
        function_in_vpc(name, groups=(group,), **body),
    )


def _in(group: str) -> dict[str, Any]:
    return {"vpc_config": {"subnet_ids": subnet_ids(), "security_group_ids": [group]}}


POLICY = Policy(
    id="CKV2_LNET_108",
    title="Security groups let functions connect to the interface endpoints of the services that they call",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="With private DNS, the names of a service lead to its endpoint for everything in the VPC. A function whose "
    "group lets nothing out to it, or which the endpoint's group does not admit, waits until it times out, even where "
    "a NAT gateway stands beside it.",
    source="AWS PrivateLink guide, access an AWS service using an interface VPC endpoint: security groups",
    fix="Let TCP 443 out of the function's security group to that of the endpoint, and admit it there.",
    judge=judge,
    samples=(
        merged(
            network(),
            groups(*_NAMES),
            interface_endpoint("secrets", "secretsmanager", "endpoint"),
            https("both", "both", "endpoint"),
            rule("egress", "out", "out", referenced_security_group_id=ref("aws_security_group.endpoint")),
            rule("ingress", "into", "endpoint", referenced_security_group_id=ref("aws_security_group.into")),
            later("both", ref("aws_security_group.both")),
            later("other", ref("aws_security_group.other")),
            _calling("passes_with_rules_on_both_sides", "both"),
            _calling("fails_without_ingress", "out"),
            _calling("fails_without_egress", "into"),
            _calling("unknown_then_passes_by_group", "main", **_in(LATER_NAMED.format("both"))),
            _calling("unknown_then_fails_by_group", "main", **_in(LATER_NAMED.format("other"))),
        ),
        merged(
            network(),
            groups("function", "endpoint"),
            interface_endpoint("secrets", "secretsmanager", "endpoint"),
            rule("egress", "out", "function", referenced_security_group_id=ref("aws_security_group.endpoint")),
            rule(
                "ingress",
                "other_port",
                "endpoint",
                8443,
                referenced_security_group_id=ref("aws_security_group.function"),
            ),
            _calling("fails_by_port", "function"),
        ),
    ),
)
