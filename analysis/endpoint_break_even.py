"""Interface endpoints or a NAT gateway: from how much traffic on is the endpoint cheaper?

An interface endpoint costs for each hour and zone, and for each GB. A NAT gateway that is there anyway costs for each
GB only, which is what the endpoint saves. Gateway endpoints of S3 and DynamoDB cost nothing, so they always win.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from modules.core.errors import ConfigError

HOURS_A_MONTH = Decimal(730)
"""AWS's own month: 8,760 hours in twelve parts."""

FREE_SERVICES = ("dynamodb", "s3")
"""Services with gateway endpoints."""


@dataclass(frozen=True)
class Prices:
    """Prices of a region, in USD.

    Attributes:
        date: when they were read.
        source: where.
        nat_gb: a GB through a NAT gateway.
        endpoint_hour: an hour of an interface endpoint in one zone.
        endpoint_gb: a GB through an interface endpoint; the first PB of a month.
    """

    date: str
    source: str
    nat_gb: Decimal
    endpoint_hour: Decimal
    endpoint_gb: Decimal


PRICES = {
    "us-east-1": Prices(
        date="2026-08-01",
        source="AWS Price List (NAT gateway) and AWS PrivateLink pricing",
        nat_gb=Decimal("0.045"),
        endpoint_hour=Decimal("0.01"),
        endpoint_gb=Decimal("0.01"),
    ),
}
"""Prices by region; each region's own stand on its own, so that none is taken for another's."""


@dataclass(frozen=True)
class BreakEven:
    """What some endpoints cost, and what must flow through them to pay.

    Attributes:
        region: whose prices these are.
        services: interface endpoints that cost something, sorted.
        zones: zones that each stands in.
        monthly_usd: what all of them cost a month before any traffic.
        saved_usd_per_gb: what each GB costs less than through a NAT gateway.
        gb_a_month: traffic of one service a month from which its endpoint is cheaper, unrounded.
        gb_a_month_together: the same for all of them together.
    """

    region: str
    services: tuple[str, ...]
    zones: int
    monthly_usd: Decimal
    saved_usd_per_gb: Decimal
    gb_a_month: Decimal
    gb_a_month_together: Decimal

    def pays(self, gb_a_month: Decimal) -> bool:
        """Whether an endpoint is cheaper for a service with that much traffic a month."""
        return gb_a_month > self.gb_a_month


def break_even(region: str, *, zones: int, services: Sequence[str], prices: Prices | None = None) -> BreakEven:
    """Traffic from which interface endpoints are cheaper than a NAT gateway that is there anyway.

    Args:
        region: AWS region.
        zones: zones that each endpoint stands in, at least 1.
        services: suffixes of service names, such as `sqs`; those with gateway endpoints cost nothing.
        prices: prices of the region; those of `PRICES` where none are given.

    Raises:
        ConfigError: no prices of the region are known, or there is no zone.
    """
    prices = prices or PRICES.get(region)
    if prices is None:
        raise ConfigError.single(
            "endpoint break-even",
            f'region is "{region}"',
            f"no price is known but those of {', '.join(sorted(PRICES))}",
            "add the region's prices, with their date and source",
        )
    if zones < 1:
        raise ConfigError.single(
            "endpoint break-even", f"zones is {zones}", "an endpoint stands in at least one zone", "correct it"
        )
    paid = tuple(sorted(set(services) - set(FREE_SERVICES)))
    each = prices.endpoint_hour * HOURS_A_MONTH * zones
    saved = prices.nat_gb - prices.endpoint_gb
    return BreakEven(
        region=region,
        services=paid,
        zones=zones,
        monthly_usd=each * len(paid),
        saved_usd_per_gb=saved,
        gb_a_month=each / saved if paid else Decimal(0),
        gb_a_month_together=each * len(paid) / saved,
    )
