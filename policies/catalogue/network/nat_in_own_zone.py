"""Subnets leave by a NAT gateway in their own zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.network.lookups import SUBNETS
from analysis.network.network import Network
from analysis.network.routes import NAT_GATEWAY
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict
from policies.samples import merged, network
from policies.shared.network import judged
from policies.shared.network_samples import LATER_NAMED, later, nat, public, ref, route, table
from policies.view import View

_NAT = "aws_nat_gateway"


def judge(view: View) -> Iterator[Verdict]:
    """Each NAT gateway by the zones of the subnets that leave by it."""
    network = view.network
    users, doubts = _users(network)
    for gateway in view.plan.of(_NAT):
        mode = network.lookups.setting(gateway, "availability_mode", "zonal")
        if mode == "regional":
            yield judged(gateway, ())
            continue
        homes, unresolved = network.subnets_of(gateway, "subnet_id")
        home = "" if unresolved or len(homes) != 1 else homes[0].zone
        mine = users.get(gateway, ())
        faults = [
            f"{subnet} in {subnet.zone} leaves by it, although it stands in {home}, so that an outage of either zone "
            "cuts the subnet off, and each GB between the zones is paid for"
            for subnet in mine
            if home and subnet.zone and subnet.zone != home and mode is not UNKNOWN
        ]
        yield judged(gateway, faults, (*_open(gateway, home, mine), *_of_vpc(homes, doubts)))


def _open(gateway: Resource, home: str, users: tuple[Subnet, ...]) -> Iterator[str]:
    """What is not known of a gateway and of the subnets that leave by it for certain."""
    if users and not home:
        yield f"the availability zone of {gateway} is not known, and {users[0]} leaves by it"
    for subnet in users:
        if not subnet.zone:
            yield f"the availability zone of {subnet}, which leaves by it, is not known"


def _of_vpc(homes: tuple[Subnet, ...], doubts: dict[Subnet, str]) -> Iterator[str]:
    """Subnets in the VPC of a gateway of which it is not known whether they leave by it."""
    vpcs = {home.vpc for home in homes}
    for subnet, doubt in doubts.items():
        if None in vpcs or not vpcs or subnet.vpc is None or subnet.vpc in vpcs:
            yield f"whether {subnet} leaves by it is not known: {doubt}"


def _users(network: Network) -> tuple[dict[Part, tuple[Subnet, ...]], dict[Subnet, str]]:
    """Subnets by the NAT gateway that they leave by, and those of which that is not known."""
    found, doubts = dict[Part, dict[Subnet, None]](), dict[Subnet, str]()
    for resource in network.plan.of(*SUBNETS):
        subnet = network.vpcs.subnet(resource)
        parts = network.routes.table_of(subnet)
        table_ = parts.only
        if table_ is None:
            doubts[subnet] = parts.unknown[0] if parts.unknown else parts.doubt(f"the route table of {subnet}")
            continue
        routes = network.default_routes(table_)
        for entry in routes:
            if entry.kind == NAT_GATEWAY and entry.target is None:
                doubts[subnet] = f"where {entry.address} leads is not known"
            elif entry.kind == NAT_GATEWAY and entry.target is not None:
                found.setdefault(entry.target, {})[subnet] = None
        if not routes and (doubt := network.routes.doubt(table_)):
            doubts[subnet] = doubt
    return {part: tuple(subnets) for part, subnets in found.items()}, doubts


def _private(zone: str, gateway: str) -> dict[str, Any]:
    return merged(
        table(f"private_{zone}", f"main_{zone}"),
        route(f"private_{zone}", f"private_{zone}", nat_gateway_id=gateway),
    )


def _to(name: str) -> str:
    return ref(f"{_NAT}.{name}")


POLICY = Policy(
    id="CKV2_LNET_104",
    title="Private subnets leave by a NAT gateway in their own availability zone",
    severity=Severity.MEDIUM,
    types=(_NAT,),
    why="A NAT gateway stands in one availability zone: its outage cuts off the subnets of every zone that leave by "
    "it, and what crosses zones is charged for each GB.",
    source="Serverless Applications Lens, AWS Lambda; VPC guide, NAT gateways",
    fix="Add a NAT gateway in each availability zone, and lead the route table of each private subnet to the one of "
    "its own zone.",
    judge=judge,
    samples=(
        merged(
            network(),
            public("a", "b"),
            nat("passes_in_zone_a", "public_a"),
            nat("fails_in_zone_a", "public_a"),
            _private("a", _to("passes_in_zone_a")),
            _private("b", _to("fails_in_zone_a")),
        ),
        merged(
            network(),
            public("a", "b"),
            nat("passes_unused", "public_b"),
            nat("fails_for_both_zones", "public_a"),
            _private("a", _to("fails_for_both_zones")),
            _private("b", _to("fails_for_both_zones")),
        ),
        merged(
            network(),
            public("a", "b"),
            later("here", ref("aws_subnet.public_a")),
            later("there", ref("aws_subnet.public_a")),
            nat("unknown_then_passes_by_subnet", "public_a", subnet_id=LATER_NAMED.format("here")),
            nat("unknown_then_fails_by_subnet", "public_a", subnet_id=LATER_NAMED.format("there")),
            _private("a", _to("unknown_then_passes_by_subnet")),
            _private("b", _to("unknown_then_fails_by_subnet")),
        ),
        merged(
            network(),
            public("a", "b"),
            later("gateway", ref(f"{_NAT}.unknown_then_fails_by_route")),
            nat("unknown_then_passes_by_route", "public_b"),
            nat("unknown_then_fails_by_route", "public_a"),
            _private("a", _to("unknown_then_fails_by_route")),
            _private("b", LATER_NAMED.format("gateway")),
        ),
    ),
)
