"""Functions and targets of a plan, each with its subnets and security groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.network.network import Network
from analysis.network.strays import Part
from analysis.network.targets import PLACED_TYPES, Target, targets_of
from analysis.network.vpcs import Subnet
from analysis.plan import Resource

FUNCTION = "aws_lambda_function"
_SUBNETS, _GROUPS = "vpc_config.subnet_ids", "vpc_config.security_group_ids"


@dataclass(frozen=True)
class Placed:
    """A function in a VPC.

    Attributes:
        resource: the function.
        subnets: its subnets that are known.
        groups: its security groups that are known.
        is_complete: whether all subnets are known.
    """

    resource: Resource
    subnets: tuple[Subnet, ...]
    groups: tuple[Part, ...]
    is_complete: bool


def functions(network: Network) -> Iterator[Placed]:
    """The functions in VPCs."""
    for function in network.plan.of(FUNCTION):
        if function.get(_SUBNETS) in (None, []):
            continue
        subnets, doubts = network.subnets_of(function, _SUBNETS)
        groups, _ = network.groups_of(function, _GROUPS, subnets)
        yield Placed(function, subnets, groups, not doubts)


def targets(network: Network, types: Iterable[str] = PLACED_TYPES) -> Iterator[Target]:
    """The targets of these types, all without one."""
    for resource in network.plan.of(*types):
        yield from targets_of(network, resource)


def zones(subnets: Iterable[Subnet]) -> frozenset[str]:
    """The zones of subnets; empty when one of them cannot be told."""
    found = frozenset(subnet.zone for subnet in subnets)
    return frozenset() if "" in found else found
