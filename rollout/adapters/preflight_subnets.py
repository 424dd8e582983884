"""Subnets that stand outside a stack, as its settings name them, and how many addresses they have left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from rollout.domain.preflight import SubnetFree

_ID = re.compile(r"subnet-[0-9a-f]{8,17}", re.ASCII)
_UNKNOWN = "InvalidSubnetID.NotFound"
_VPC_TAGS, _SUBNET_TAGS = "vpc_tags", "subnet_tags"


def chosen_subnets(
    ec2: Callable[[], Any], settings: Mapping[str, Any], needed: Mapping[str, int]
) -> tuple[SubnetFree, ...]:
    """Subnets that settings name by id or find by tags, by id; AWS is asked only where there are some.

    Args:
        ec2: makes a client of EC2.
        settings: of the target's stack, as they stand in files.
        needed: addresses that plans take, by subnet id.
    """
    named = sorted(set(_ids(settings)))
    lookups = list(_lookups(settings))
    if not named and not lookups:
        return ()
    client = ec2()
    found: dict[str, int | None] = dict.fromkeys(named)
    for subnet in named:
        found[subnet] = _free(client, subnet)
    for vpc_tags, subnet_tags in lookups:
        found.update(_by_tags(client, vpc_tags, subnet_tags))
    return tuple(SubnetFree(subnet, free, needed.get(subnet, 0)) for subnet, free in sorted(found.items()))


def _free(client: Any, subnet: str) -> int | None:
    """Free addresses; None where there is no such subnet. One at a time, as one that is missing fails the others."""
    try:
        (found,) = client.describe_subnets(SubnetIds=[subnet])["Subnets"]
    except ClientError as error:
        if error.response["Error"]["Code"] != _UNKNOWN:
            raise
        return None
    return int(found["AvailableIpAddressCount"])


def _by_tags(client: Any, vpc_tags: Mapping[str, Any], subnet_tags: Mapping[str, Any]) -> dict[str, int | None]:
    vpcs = [vpc["VpcId"] for vpc in client.describe_vpcs(Filters=_filters(vpc_tags))["Vpcs"]]
    found: dict[str, int | None] = {}
    for vpc in vpcs:
        filters = [{"Name": "vpc-id", "Values": [vpc]}, *_filters(subnet_tags)]
        for page in client.get_paginator("describe_subnets").paginate(Filters=filters):
            found.update({subnet["SubnetId"]: int(subnet["AvailableIpAddressCount"]) for subnet in page["Subnets"]})
    return found


def _filters(tags: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": f"tag:{key}", "Values": [str(value)]} for key, value in sorted(tags.items())]


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _ids(inner)


def _lookups(value: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Tags of a VPC, and of the subnets of each tier."""
    if isinstance(value, Mapping):
        vpc, tiers = value.get(_VPC_TAGS), value.get(_SUBNET_TAGS)
        if isinstance(vpc, Mapping) and isinstance(tiers, Mapping):
            yield from ((vpc, tags) for tags in tiers.values() if isinstance(tags, Mapping))
        for inner in value.values():
            yield from _lookups(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _lookups(inner)
