"""What is used of the quotas of networks in an account and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.budget.limits import KINDS, request
from analysis.budget.places import Place
from analysis.quotas import QuotaSnapshot
from rollout.domain.preflight import QuotaUse

ADDRESSES, INTERFACES, PER_VPC = "elastic-ips-per-region", "interfaces-per-region", "interfaces-per-vpc"
_HYPERPLANE = frozenset({"efs", "lambda"})
"""Types of interfaces that share Lambda's quota for a VPC (Lambda quotas; EC2 API, NetworkInterfaceType)."""

_PAGE = 1_000
"""Most interfaces in an answer (EC2 API, DescribeNetworkInterfaces)."""


@dataclass(frozen=True)
class Growth:
    """What plans make in an account and region.

    Attributes:
        rules: how many more there will be, by rule of `lambdanet budget`.
        subnets: addresses that are taken of subnets outside the plans, by subnet id.
    """

    rules: Mapping[str, int] = field(default_factory=dict)
    subnets: Mapping[str, int] = field(default_factory=dict)


def network_quotas(client: Any, snapshot: QuotaSnapshot, growth: Growth) -> Iterator[QuotaUse]:
    """Elastic IP addresses and network interfaces of the region, and interfaces of the VPC with most of them.

    Args:
        client: EC2 in the account and region.
        snapshot: its quotas; AWS's default holds for one that it lacks.
        growth: what plans make.
    """
    yield _use(ADDRESSES, snapshot, growth, len(client.describe_addresses()["Addresses"]))
    count, by_vpc = 0, Counter[str]()
    pages = client.get_paginator("describe_network_interfaces").paginate(PaginationConfig={"PageSize": _PAGE})
    for page in pages:
        for interface in page["NetworkInterfaces"]:
            count += 1
            if interface.get("InterfaceType") in _HYPERPLANE:
                by_vpc[str(interface.get("VpcId", ""))] += 1
    yield _use(INTERFACES, snapshot, growth, count)
    for vpc, used in by_vpc.most_common(1):
        yield _use(PER_VPC, snapshot, Growth(), used, f"{KINDS[PER_VPC].unit} of functions and file systems in {vpc}")


def _use(rule: str, snapshot: QuotaSnapshot, growth: Growth, used: int, what: str = "") -> QuotaUse:
    kind = KINDS[rule]
    quota = snapshot.quotas.get(kind.code, kind.default or 0)
    needed = max(0, growth.rules.get(rule, 0))
    place = Place(snapshot.account_id, snapshot.region)
    return QuotaUse(what or kind.unit, quota, used, needed, request(rule, place, max(quota, used + needed) + 1))
