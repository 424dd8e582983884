"""What a plan costs: prices, declared usage, lines by resource, and strategies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.cost.prices import Price, Prices, RegionPrices, read_prices
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from analysis.cost.charges import Kind
    from analysis.cost.comparisons import Architectures, Provisioned, architectures, provisioned
    from analysis.cost.estimate import cost, usd
    from analysis.cost.functions import gb_seconds, price_per_ms, provisioned_gb_seconds
    from analysis.cost.model import Change, Cost, Line, Status, Totals
    from analysis.cost.strategies import Egress, Strategy, egress
    from analysis.cost.usage import Usage, read_usage

__all__ = [
    "Architectures",
    "Change",
    "Cost",
    "Egress",
    "Kind",
    "Line",
    "Price",
    "Prices",
    "Provisioned",
    "RegionPrices",
    "Status",
    "Strategy",
    "Totals",
    "Usage",
    "architectures",
    "cost",
    "egress",
    "gb_seconds",
    "price_per_ms",
    "provisioned",
    "provisioned_gb_seconds",
    "read_prices",
    "read_usage",
    "usd",
]

__getattr__ = on_first_use(
    __name__,
    {
        "Architectures": "comparisons",
        "Change": "model",
        "Cost": "model",
        "Egress": "strategies",
        "Kind": "charges",
        "Line": "model",
        "Provisioned": "comparisons",
        "Status": "model",
        "Strategy": "strategies",
        "Totals": "model",
        "Usage": "usage",
        "architectures": "comparisons",
        "cost": "estimate",
        "egress": "strategies",
        "gb_seconds": "functions",
        "price_per_ms": "functions",
        "provisioned": "comparisons",
        "provisioned_gb_seconds": "functions",
        "read_usage": "usage",
        "usd": "estimate",
    },
)
