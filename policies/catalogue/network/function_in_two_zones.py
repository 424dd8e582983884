"""A function's subnets lie in two zones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.policy import Policy, Severity, Verdict
from policies.samples import ZONES, function, merged, network, subnet_ids
from policies.shared.network import functions_in_vpc, judged, subnets_of, too_few_zones
from policies.shared.network_samples import LATER_NAMED, later, ref, subnet
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the availability zones of its subnets; two that are known are enough."""
    for entry in functions_in_vpc(view):
        faults, doubts = too_few_zones(*subnets_of(view, entry))
        yield judged(
            entry, [f"{fault}, so that an outage of one availability zone stops it" for fault in faults], doubts
        )


def _in(name: str, *subnets: str) -> dict[str, Any]:
    return function(
        name, vpc_config={"subnet_ids": list(subnets), "security_group_ids": [ref("aws_security_group.main")]}
    )


POLICY = Policy(
    id="CKV2_LNET_102",
    title="Subnets of a function lie in two availability zones",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Lambda runs a function in the zones of its subnets and nowhere else: with one zone, its outage stops the "
    "function.",
    source="Security Hub controls for AWS Lambda, Lambda.5; Lambda developer guide, VPC networking",
    fix="Add a subnet in another availability zone to vpc_config.subnet_ids.",
    judge=judge,
    samples=(
        merged(
            network(3),
            subnet("beside_a", "a", "10.0.50.0/24"),
            subnet("somewhere", "a", "10.0.51.0/24", availability_zone=LATER_NAMED.format("zone")),
            later("zone", ZONES[1]),
            subnet("nearby", "a", "10.0.52.0/24", availability_zone=LATER_NAMED.format("same")),
            later("same", ZONES[0]),
            later("other", subnet_ids()[1]),
            function("outside_any_vpc"),
            _in("passes_in_two_zones", *subnet_ids()),
            _in("passes_with_one_more", *subnet_ids(), ref("aws_subnet.somewhere")),
            _in("fails_with_one_subnet", subnet_ids()[0]),
            _in("fails_with_two_subnets_of_a_zone", subnet_ids()[0], ref("aws_subnet.beside_a")),
            _in("unknown_then_passes_by_zone", subnet_ids()[0], ref("aws_subnet.somewhere")),
            _in("unknown_then_fails_by_zone", subnet_ids()[0], ref("aws_subnet.nearby")),
            _in("unknown_then_passes_by_subnet", subnet_ids()[0], LATER_NAMED.format("other")),
            _in("unknown_then_fails_by_subnets", LATER_NAMED.format("other")),
        ),
    ),
)
