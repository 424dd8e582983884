"""The VPCs that functions stand in, with their subnets and the declared traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.cost.usage import Usage, use_of
from analysis.network import Network
from analysis.network.lookups import VPC
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import Plan, Resource
from analysis.reach.needs import is_in_vpc


@dataclass
class Place:
    """What is found of one VPC.

    Attributes:
        functions: functions in it.
        subnets: their subnets.
        unknown: what of these cannot be told.
        gb: declared traffic through NAT gateways and endpoints, in GB a month; None where none is declared.
    """

    functions: list[Resource] = field(default_factory=list)
    subnets: dict[Subnet, None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    gb: Decimal | None = None


def places_of(plan: Plan, usage: Usage) -> dict[Part | None, Place]:
    """What is found of each VPC with functions; under None what cannot be told the VPC of."""
    network = Network(plan)
    found: dict[Part | None, Place] = {}
    for function in plan.of("aws_lambda_function"):
        if not is_in_vpc(function):
            continue
        subnets, unknown = network.subnets_of(function, "vpc_config.subnet_ids")
        vpcs = {subnet.vpc for subnet in subnets}
        place = found.setdefault(vpcs.pop() if len(vpcs) == 1 and not unknown else None, Place())
        place.functions.append(function)
        place.subnets.update(dict.fromkeys(subnets))
        place.unknown.extend(f"{function.address} vpc_config.subnet_ids ({text})" for text in unknown)
    for vpc, gb in _declared(plan, network, usage):
        if vpc in found:
            found[vpc].gb = (found[vpc].gb or Decimal(0)) + gb
    return found


def _declared(plan: Plan, network: Network, usage: Usage) -> Iterator[tuple[Part | None, Decimal]]:
    for gateway in plan.of("aws_nat_gateway"):
        used = use_of(usage.nat_gateways, gateway.address)
        subnets, _ = network.subnets_of(gateway, "subnet_id")
        if used and subnets:
            yield subnets[0].vpc, used.gb
    for endpoint in plan.of("aws_vpc_endpoint"):
        used = use_of(usage.endpoints, endpoint.address)
        if used:
            yield network.lookups.parts(endpoint, "vpc_id", VPC).only, used.gb
