"""A function in a VPC without a way to the internet has an endpoint for each service that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.policy import Policy, Severity, Verdict
from policies.samples import function_in_vpc, merged, network, policy, resource
from policies.shared.network_samples import EVERYWHERE, LATER_NAMED, groups, interface_endpoint, later, rule
from policies.shared.network_ways import Way, verdicts
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the services that its role may call, where nothing but an endpoint can lead to them."""
    return verdicts(view, Way.ENDPOINT)


def _calling(name: str, action: str = "secretsmanager:GetSecretValue", **body: Any) -> dict[str, Any]:
    statement = policy(Action=action, Resource="*")
    return merged(
        resource("aws_iam_role_policy", "calls", role="${aws_iam_role.function.id}", policy=statement),
        function_in_vpc(name, **body),
    )


def _open() -> dict[str, Any]:
    """The security group lets TCP 443 out, and into itself from the VPC."""
    return merged(
        rule("egress", "https", "main", cidr_ipv4=EVERYWHERE), rule("ingress", "https", "main", cidr_ipv4="10.0.0.0/16")
    )


POLICY = Policy(
    id="CKV2_LNET_106",
    title="VPC without a way to the internet has an endpoint for each AWS service that its functions call",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="The names of AWS services lead to public addresses. Without a NAT gateway, only an endpoint of the service in "
    "the VPC answers there: every other call waits until the function times out.",
    source="Lambda developer guide, internet access for functions in a VPC; AWS PrivateLink guide, interface endpoints",
    fix="Add an aws_vpc_endpoint of the service with private DNS in the function's zones, or take the calls out of its "
    "role.",
    judge=judge,
    samples=(
        merged(network(), _open(), interface_endpoint("secrets", "secretsmanager"), _calling("passes_with_endpoint")),
        merged(network(), _open(), interface_endpoint("queues", "sqs"), _calling("fails_with_endpoint_of_another")),
        merged(network(), _open(), _calling("fails_without_endpoint", "sqs:SendMessage")),
        merged(
            network(),
            _open(),
            interface_endpoint("secrets", "secretsmanager", private_dns_enabled=False),
            _calling("fails_without_private_dns"),
        ),
        merged(
            network(),
            _open(),
            later("service", "com.amazonaws.eu-west-1.secretsmanager"),
            interface_endpoint("secrets", "secretsmanager", service_name=LATER_NAMED.format("service")),
            _calling("unknown_then_passes_by_service"),
        ),
        merged(
            network(),
            _open(),
            groups("other"),
            later("action", "secretsmanager:GetSecretValue"),
            _calling("unknown_then_fails_by_action", LATER_NAMED.format("action")),
        ),
    ),
)
