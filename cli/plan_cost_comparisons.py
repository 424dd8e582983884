"""Ways out of a VPC, architectures and provisioned concurrency side by side.

JSON, amounts in USD a month as text: `egress` for each VPC (`vpc`, `region`, `functions`, `zones`, `services`, `gb`,
`strategies` with `name`, `applies`, `why`, `fixed`, `per_gb`, `monthly` and `break_even_gb`, null for never, and
`unknown`), `architectures` (`address`, `architecture`, `x86_64`, `arm64`, `saving`) and `provisioned` (`address`,
`function`, `environments`, `capacity`, `duration`, `on_demand`, `more`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.cost import Architectures, Egress, Provisioned, Strategy, usd
from cli.plan_output import Sheet

_WAYS = ("vpc", "way out", "reaches all", "fixed", "a GB", "with declared GB", "cheaper than one NAT from GB", "why")
_CHIPS = ("function", "runs on", "x86_64", "arm64", "arm64 saves")
_KEPT = ("configuration", "environments", "kept", "what runs on it", "the same on demand", "more than on demand")

_SHOWN = 1


@dataclass(frozen=True)
class Compared:
    """What is set side by side for one plan."""

    egress: tuple[Egress, ...] = ()
    architectures: tuple[Architectures, ...] = ()
    provisioned: tuple[Provisioned, ...] = ()


def sheets(compared: Compared) -> tuple[Sheet, ...]:
    """The comparisons as tables."""
    ways = tuple(
        (
            entry.vpc or "a VPC that the plan does not tell",
            way.name,
            {True: "yes", False: "no", None: "undecidable"}[way.applies],
            shown(way.fixed_usd),
            "not known" if way.usd_per_gb is None else f"{way.usd_per_gb.normalize():f}",
            shown(way.monthly_usd),
            _break_even(way),
            _why(way),
        )
        for entry in compared.egress
        for way in entry.strategies
    )
    chips = tuple(
        (entry.address, entry.architecture, *map(usd, (entry.x86_64_usd, entry.arm64_usd, entry.saving_usd)))
        for entry in compared.architectures
    )
    kept = tuple(
        (
            entry.address,
            str(entry.environments),
            *map(usd, (entry.capacity_usd, entry.duration_usd, entry.on_demand_usd, entry.more_usd)),
        )
        for entry in compared.provisioned
    )
    return (
        Sheet("Ways out of each VPC, in USD a month", _WAYS, ways, frozenset({3, 4, 5, 6})),
        Sheet("Architectures, in USD a month", _CHIPS, chips, frozenset({2, 3, 4})),
        Sheet("Provisioned concurrency, in USD a month", _KEPT, kept, frozenset({1, 2, 3, 4, 5})),
    )


def document(compared: Compared) -> dict[str, Any]:
    """The comparisons for programs."""
    return {
        "egress": [
            {
                "vpc": entry.vpc,
                "region": entry.region,
                "functions": list(entry.functions),
                "zones": entry.zones,
                "services": list(entry.services),
                "gb": as_text(entry.gb_a_month),
                "strategies": [_way(way) for way in entry.strategies],
                "unknown": list(entry.unknown),
            }
            for entry in compared.egress
        ],
        "architectures": [
            {
                "address": entry.address,
                "architecture": entry.architecture,
                "x86_64": as_text(entry.x86_64_usd),
                "arm64": as_text(entry.arm64_usd),
                "saving": as_text(entry.saving_usd),
            }
            for entry in compared.architectures
        ],
        "provisioned": [
            {
                "address": entry.address,
                "function": entry.function,
                "environments": entry.environments,
                "capacity": as_text(entry.capacity_usd),
                "duration": as_text(entry.duration_usd),
                "on_demand": as_text(entry.on_demand_usd),
                "more": as_text(entry.more_usd),
            }
            for entry in compared.provisioned
        ],
    }


def _way(way: Strategy) -> dict[str, Any]:
    return {
        "name": way.name,
        "applies": way.applies,
        "why": list(way.why),
        "fixed": as_text(way.fixed_usd),
        "per_gb": as_text(way.usd_per_gb),
        "monthly": as_text(way.monthly_usd),
        "break_even_gb": as_text(way.break_even_gb),
    }


def _why(way: Strategy) -> str:
    more = len(way.why) - _SHOWN
    return "; ".join((*way.why[:_SHOWN], f"{more} more") if more > 0 else way.why)


def _break_even(way: Strategy) -> str:
    if way.fixed_usd is None or way.usd_per_gb is None:
        return "not known"
    if way.break_even_gb == 0:
        return "always"
    return "never" if way.break_even_gb is None else f"{way.break_even_gb:,.1f}"


def shown(amount: Decimal | None) -> str:
    """An amount in cents; in words where it is not known."""
    return "not known" if amount is None else usd(amount)


def as_text(number: Decimal | None) -> str | None:
    """A number with every digit."""
    return None if number is None else f"{number:f}"
