"""Functions side by side: arm64 against x86_64, and provisioned concurrency against on-demand, at declared usage.

Each function is taken alone, from the first tier on and without the free tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analysis.cost.charges import known
from analysis.cost.functions import architecture_of, gb_seconds, memory_of, provisioned_gb_seconds
from analysis.cost.prices import Prices
from analysis.cost.state import State
from analysis.cost.usage import FunctionUsage, Usage, use_of
from analysis.plan import Plan, Resource

_OTHER = {"x86_64": "arm64", "arm64": "x86_64"}


@dataclass(frozen=True)
class Architectures:
    """The duration of a function on both architectures, as long on the one as on the other.

    Attributes:
        address: the function.
        architecture: what it runs on.
        gb_seconds: GB-seconds a month.
        x86_64_usd: USD a month on x86_64.
        arm64_usd: USD a month on arm64.
    """

    address: str
    architecture: str
    gb_seconds: Decimal
    x86_64_usd: Decimal
    arm64_usd: Decimal

    @property
    def saving_usd(self) -> Decimal:
        """What arm64 costs less a month."""
        return self.x86_64_usd - self.arm64_usd

    @property
    def break_even_duration(self) -> Decimal:
        """How many times as long it may run on arm64 until it costs the same."""
        return self.x86_64_usd / self.arm64_usd if self.arm64_usd else Decimal(1)


@dataclass(frozen=True)
class Provisioned:
    """Provisioned concurrency against the same requests on demand.

    Attributes:
        address: the configuration.
        function: the function.
        environments: environments that are kept.
        capacity_usd: USD a month for keeping them.
        duration_usd: USD a month for what runs on them.
        on_demand_usd: USD a month for the same on demand.
        in_use: share of the time kept that is used.
        break_even_in_use: share from which it is cheaper than on demand; None for never.
    """

    address: str
    function: str
    environments: int
    capacity_usd: Decimal
    duration_usd: Decimal
    on_demand_usd: Decimal
    in_use: Decimal
    break_even_in_use: Decimal | None

    @property
    def more_usd(self) -> Decimal:
        """What it costs more than on demand, a month; negative where it costs less."""
        return self.capacity_usd + self.duration_usd - self.on_demand_usd


def architectures(plan: Plan, usage: Usage, *, prices: Prices, region: str = "") -> tuple[Architectures, ...]:
    """Functions of declared usage on both architectures, by address; without those that the plan tells too little of.

    Args:
        plan: the plan.
        usage: declared usage.
        prices: price tables.
        region: region of functions that the plan does not tell the region of.
    """
    state, found = State(plan, region), list[Architectures]()
    for function in state.of("aws_lambda_function"):
        used = use_of(usage.functions, function.address)
        architecture, memory = architecture_of(state, function), memory_of(state, function)
        if used is None or memory is None or architecture not in _OTHER or state.provisioned.get(function):
            continue
        quantity = gb_seconds(memory, used.duration_ms, used.requests)
        amounts = {
            name: _amount(prices, state.region(function), f"lambda.duration.{name}", quantity) for name in _OTHER
        }
        x86, arm = amounts["x86_64"], amounts["arm64"]
        if x86 is not None and arm is not None:
            found.append(Architectures(function.address, architecture, quantity, x86, arm))
    return tuple(found)


def provisioned(plan: Plan, usage: Usage, *, prices: Prices, region: str = "") -> tuple[Provisioned, ...]:
    """Provisioned concurrency of functions of declared usage, by address; without what the plan tells too little of.

    Args:
        plan: the plan.
        usage: declared usage.
        prices: price tables.
        region: region of functions that the plan does not tell the region of.
    """
    state = State(plan, region)
    rows = (
        _row(state, function, config, used, prices)
        for function, configs in state.provisioned.items()
        if len(configs) == 1 and (used := use_of(usage.functions, function.address)) is not None
        for config in configs
    )
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: row.address))


def _row(state: State, function: Resource, config: Resource, used: FunctionUsage, prices: Prices) -> Provisioned | None:
    architecture, memory = architecture_of(state, function), memory_of(state, function)
    environments = known(config.get("provisioned_concurrent_executions"))
    if architecture is None or memory is None or environments is None:
        return None
    kept = provisioned_gb_seconds(memory, int(environments), used.provisioned_hours)
    ran = gb_seconds(memory, used.duration_ms, used.requests - min(used.spillover_requests, used.requests))
    region = state.region(function)
    names = ("provisioned", "provisioned_duration", "duration")
    capacity, duration, on_demand = (
        _amount(prices, region, f"lambda.{name}.{architecture}", quantity)
        for name, quantity in zip(names, (kept, ran, ran), strict=True)
    )
    rates = [prices.find(region, f"lambda.{name}.{architecture}") for name in names]
    if capacity is None or duration is None or on_demand is None or not kept:
        return None
    each, own, demand = (Decimal(0) if rate is None else rate.price for rate in rates)
    return Provisioned(
        address=config.address,
        function=function.address,
        environments=int(environments),
        capacity_usd=capacity,
        duration_usd=duration,
        on_demand_usd=on_demand,
        in_use=ran / kept,
        break_even_in_use=each / (demand - own) if demand > own else None,
    )


def _amount(prices: Prices, region: str, item: str, quantity: Decimal) -> Decimal | None:
    price = prices.find(region, item)
    return None if price is None else price.amount(quantity)
