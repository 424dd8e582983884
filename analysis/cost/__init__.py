"""What a plan costs: prices, declared usage, lines by resource, and strategies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.cost.prices import Price, Prices, RegionPrices, read_prices
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from analysis.cost.charges import Kind
    from analysis.cost.estimate import cost, usd
    from analysis.cost.functions import gb_seconds, price_per_ms, provisioned_gb_seconds
    from analysis.cost.model import Change, Cost, Line, Status, Totals
    from analysis.cost.usage import Usage, read_usage

__all__ = [
    "Change",
    "Cost",
    "Kind",
    "Line",
    "Price",
    "Prices",
    "RegionPrices",
    "Status",
    "Totals",
    "Usage",
    "cost",
    "gb_seconds",
    "price_per_ms",
    "provisioned_gb_seconds",
    "read_prices",
    "read_usage",
    "usd",
]

__getattr__ = on_first_use(
    __name__,
    {
        "Change": "model",
        "Cost": "model",
        "Kind": "charges",
        "Line": "model",
        "Status": "model",
        "Totals": "model",
        "Usage": "usage",
        "cost": "estimate",
        "gb_seconds": "functions",
        "price_per_ms": "functions",
        "provisioned_gb_seconds": "functions",
        "read_usage": "usage",
        "usd": "estimate",
    },
)
