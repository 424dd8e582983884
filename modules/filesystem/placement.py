"""Where a file system's mount targets stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modules.core.errors import Problem
from modules.filesystem.config import FileSystemConfig
from modules.network.base import NetworkBase


def subnets_of(config: FileSystemConfig, network: NetworkBase) -> dict[str, str]:
    """Zone to the subnet of its mount target: an isolated one, or a private one where there are none."""
    ids = network.isolated_subnet_ids or network.private_subnet_ids
    found = dict(zip(network.availability_zones, ids, strict=False))
    return {zone: found[zone] for zone in sorted(found) if config.one_zone in ("", zone)}


def zone_problems(config: FileSystemConfig, network: NetworkBase, subnets: Mapping[str, str]) -> Iterator[Problem]:
    """One mount target is enough only for a stated reason, and stands where the network has a subnet."""
    zones = ", ".join(network.availability_zones)
    if config.one_zone and config.one_zone not in subnets:
        given = f'one_zone is "{config.one_zone}"'
        yield Problem("", given, f"the network has subnets in {zones}", "name one of them")
    elif not subnets:
        yield Problem(
            "", "the network has neither isolated nor private subnets", "a mount target stands in one", "add a tier"
        )
    elif len(subnets) == 1 and not config.one_zone_reason:
        yield Problem(
            "",
            f"the network has the zone {zones} only",
            "with its zone the only mount target is gone",
            "add a zone to the network, or set one_zone_reason",
        )
    elif len(subnets) > 1 and config.one_zone_reason:
        given = f'one_zone_reason is "{config.one_zone_reason}"'
        yield Problem("", given, f"the file system stands in {zones}", "remove it, or set one_zone")
