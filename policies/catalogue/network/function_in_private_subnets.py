"""A function stands in no public subnet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.network.answer import Answer
from policies.policy import Policy, Severity, Verdict
from policies.samples import function, merged, network, resource, subnet_ids
from policies.shared.network import functions_in_vpc, judged, subnets_of
from policies.shared.network_samples import (
    EVERYWHERE,
    LATER_NAMED,
    gateway,
    inline_route,
    later,
    nat_for_each_zone,
    ref,
    route,
    subnet,
    table,
)
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the default routes of its subnets' route tables."""
    for entry in functions_in_vpc(view):
        subnets, doubts = subnets_of(view, entry)
        checks = [(place, view.network.is_public(place)) for place in subnets]
        faults = [
            f"its subnet {place} is public ({check.address} leads to an internet gateway), which gives a function "
            "neither a public address nor a way to the internet"
            for place, check in checks
            if check.passes
        ]
        open_ = [
            f"whether its subnet {place} is public cannot be told: {check.note}"
            for place, check in checks
            if check.answer is Answer.UNKNOWN
        ]
        yield judged(entry, faults, (*doubts, *open_))


def _groups() -> list[str]:
    return [ref("aws_security_group.main")]


def _in(name: str, *subnets: str) -> dict[str, Any]:
    return function(name, vpc_config={"subnet_ids": list(subnets), "security_group_ids": _groups()})


POLICY = Policy(
    id="CKV2_LNET_101",
    title="Function in a VPC stands in private subnets only",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Lambda gives a function's network interfaces no public address, so that a route to an internet gateway leads "
    "nowhere: calls to AWS and to the internet wait until the function times out.",
    source="Lambda developer guide, internet access for functions in a VPC",
    fix="Put the function into subnets whose route table leads to a NAT gateway, or to no gateway at all.",
    judge=judge,
    samples=(
        merged(
            network(),
            nat_for_each_zone(),
            subnet("inline", "c", "10.0.50.0/24"),
            table(
                "inline",
                "inline",
                route=[inline_route(cidr_block=EVERYWHERE, gateway_id=ref("aws_internet_gateway.main"))],
            ),
            later("private", subnet_ids()[0]),
            later("public", ref("aws_subnet.public_a")),
            function("outside_any_vpc"),
            _in("passes_behind_nat", *subnet_ids()),
            _in("fails_in_one_public_subnet", subnet_ids()[0], ref("aws_subnet.public_b")),
            _in("fails_by_a_route_in_the_table", ref("aws_subnet.inline")),
            _in("unknown_then_passes_by_subnet", LATER_NAMED.format("private")),
            _in("unknown_then_fails_by_subnet", LATER_NAMED.format("public")),
        ),
        merged(
            network(),
            gateway(),
            resource(
                "aws_main_route_table_association",
                "main",
                vpc_id=ref("aws_vpc.main"),
                route_table_id=ref("aws_route_table.main"),
            ),
            table("main"),
            route("main", "main", gateway_id=ref("aws_internet_gateway.main")),
            table("own", "main_b"),
            table("open", "open"),
            later("table", ref("aws_route_table.open")),
            subnet("open", "c", "10.0.51.0/24"),
            route("open", "open", gateway_id=ref("aws_internet_gateway.main")),
            subnet("closed", "c", "10.0.52.0/24"),
            resource(
                "aws_route_table_association",
                "closed",
                subnet_id=ref("aws_subnet.closed"),
                route_table_id=LATER_NAMED.format("table"),
            ),
            _in("passes_with_a_table_of_its_own", subnet_ids()[1]),
            _in("fails_by_the_main_table", subnet_ids()[0]),
            _in("unknown_then_fails_by_table", ref("aws_subnet.closed")),
        ),
    ),
)
