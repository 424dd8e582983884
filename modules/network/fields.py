"""Field types that the configuration models of a network share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.target import Target
from modules.network.addresses import ZONE_LETTERS

AvailabilityZone = Annotated[
    str,
    Matching(
        rf"{limits.REGION}[{ZONE_LETTERS}]",
        f"an availability zone is a region and a letter from {ZONE_LETTERS[0]} to {ZONE_LETTERS[-1]}, like eu-west-1a",
        "write the zone's name; local and wavelength zones are not supported",
        literal=True,
    ),
]

Cidr = Annotated[
    str, Matching(r"[\s\S]*", "it is an IPv4 network", "write a network address such as 10.20.0.0/16", literal=True)
]
"""A range whose form the models check themselves, as it takes more than a pattern."""

ElasticIpAllocationId = Annotated[
    str,
    Matching(
        r"eipalloc-[0-9a-f]{8,17}",
        "an elastic IP address is named by its allocation id, like eipalloc-0123456789abcdef0",
        "copy it from EC2",
    ),
]


def zones_of_another_region(zones: Iterable[str], target: Target) -> Iterator[Problem]:
    """The problem of `availability_zones` that lie outside the target's region."""
    foreign = sorted(zone for zone in zones if zone[:-1] != target.region)
    if foreign:
        yield Problem(
            "",
            f"availability_zones holds {', '.join(foreign)}",
            f"the target's region is {target.region}",
            "name zones of that region",
        )
