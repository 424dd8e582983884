"""Subnets of functions have addresses left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.budget.limits import WARN_PERCENT
from analysis.budget.model import Row
from analysis.network.vpcs import Subnet
from analysis.plan import Resource
from modules.core.limits import VPC_RESERVED_ADDRESSES_PER_SUBNET as RESERVED
from policies.policy import Policy, Severity, Verdict
from policies.samples import function, merged, network
from policies.shared.network import functions_in_vpc, judged, rows, subnets_of
from policies.shared.network_samples import LATER_NAMED, later, ref, subnet
from policies.view import View

SMALLEST = 26
"""Bits of the smallest range: 64 addresses, our bound; a proxy or a load balancer beside functions takes dozens."""

_ADDRESSES = 2 ** (32 - SMALLEST)
_WHOLE = 100


def judge(view: View) -> Iterator[Verdict]:
    """Each subnet of functions by its size and what takes addresses in it; a function by subnets outside the plan."""
    found = rows(view, "addresses-per-subnet")
    own = dict[Resource, None]()
    for entry in functions_in_vpc(view):
        subnets, doubts = subnets_of(view, entry)
        faults, open_ = list[str](), list(doubts)
        for subnet_ in subnets:
            if isinstance(subnet_.part, Resource) and subnet_.part.mode == "managed":
                own[subnet_.part] = None
                continue
            fault, doubt = _of(subnet_, found)
            faults += [f"{subnet_}: {text}" for text in fault]
            open_ += [f"{subnet_}: {text}" for text in doubt]
        yield judged(entry, faults, open_)
    for part in sorted(own, key=lambda entry: entry.address):
        yield judged(part, *_of(view.network.vpcs.subnet(part), found))


def _of(subnet_: Subnet, found: Mapping[str, Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is wrong with the size of a subnet, and what is not known of it."""
    row = found.get(str(subnet_))
    most = None if row is None else row.limit.value
    if row is None or most is None:
        return (), ("its range is not known, and so not how many addresses it has",)
    if most + RESERVED < _ADDRESSES:
        size = f"its range has {most + RESERVED} addresses, of which AWS keeps {RESERVED}"
        return (f"{size}; functions need /{SMALLEST}, {_ADDRESSES} addresses, or larger",), ()
    if row.after * _WHOLE >= most * WARN_PERCENT:
        named = ", ".join(f"{share.address} {share.after}" for share in row.shares[:3])
        return (f"{row.after} of its {most} addresses are taken ({named}), {WARN_PERCENT} percent or more of them",), ()
    return (), tuple(f"how many of its addresses are taken is not known: {text}" for text in row.unknown)


def _in(name: str, *subnets: str) -> dict[str, Any]:
    return function(
        name, vpc_config={"subnet_ids": list(subnets), "security_group_ids": [ref("aws_security_group.main")]}
    )


POLICY = Policy(
    id="CKV2_LNET_110",
    title="Subnets of functions are /26 or larger, and a fifth of their addresses is free",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function", "aws_subnet", "aws_default_subnet"),
    why="The range of a subnet cannot be changed. Where no address is left, Lambda makes no network interface, and a "
    "new set of security groups, an endpoint or a proxy cannot be added.",
    source="VPC guide, subnet CIDR blocks; Lambda developer guide, VPC networking",
    fix="Put functions into subnets with a range of /26 or larger, before anything is in them.",
    judge=judge,
    samples=(
        merged(
            network(),
            later("range", "10.0.60.0/26"),
            later("narrow", "10.0.61.0/28"),
            later("given", ref("aws_subnet.passes_with_24_bits")),
            subnet("passes_with_24_bits", "b", "10.0.70.0/24"),
            subnet("passes_with_26_bits", "a", "10.0.50.0/26"),
            subnet("fails_with_28_bits", "a", "10.0.51.0/28"),
            subnet("fails_with_27_bits", "b", "10.0.52.0/27"),
            subnet("without_functions", "b", "10.0.53.0/28"),
            subnet("unknown_then_passes_by_range", "a", LATER_NAMED.format("range")),
            subnet("unknown_then_fails_by_range", "b", LATER_NAMED.format("narrow")),
            _in(
                "passes_in_large_subnets", ref("aws_subnet.passes_with_26_bits"), ref("aws_subnet.passes_with_24_bits")
            ),
            _in(
                "passes_as_its_subnets_fail", ref("aws_subnet.fails_with_28_bits"), ref("aws_subnet.fails_with_27_bits")
            ),
            _in(
                "passes_as_its_subnets_are_not_known",
                ref("aws_subnet.unknown_then_passes_by_range"),
                ref("aws_subnet.unknown_then_fails_by_range"),
            ),
            _in("unknown_then_passes_by_subnet", LATER_NAMED.format("given")),
        ),
    ),
)
