"""Lines out of charges: prices by tier, and the free tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from analysis.cost.charges import Charge
from analysis.cost.free_tier import ALLOWANCES, Allowance
from analysis.cost.items import DECLARED_IN, FREE_ITEMS, title_of, unit_of
from analysis.cost.model import Line, Status
from analysis.cost.prices import Price, Prices

_NO_REGION = "the plan does not tell the region"


def priced(charges: Iterable[Charge], prices: Prices, *, free_tier: bool) -> tuple[Line, ...]:
    """Lines by address and item; a tier is reached by all resources of a region together, in this order."""
    ordered = sorted(charges, key=lambda charge: (charge.address, charge.item, charge.kind))
    reached: dict[tuple[str, str], Decimal] = {}
    lines = [_line(charge, prices, reached) for charge in ordered]
    credited = tuple(_credits(ordered, lines)) if free_tier else ()
    return tuple(sorted((*lines, *credited), key=lambda line: (line.address, line.item, line.kind)))


def _line(charge: Charge, prices: Prices, reached: dict[tuple[str, str], Decimal]) -> Line:
    price = prices.find(charge.region, charge.item)
    status, amount, reason = Status.PRICED, None, ""
    if charge.unknown:
        status, reason = Status.UNDECIDABLE, f"unknown: {charge.unknown}"
    elif not charge.region:
        status, reason = Status.UNDECIDABLE, f"unknown: {_NO_REGION}"
    elif charge.item in FREE_ITEMS:
        amount = Decimal(0)
    elif charge.quantity is None:
        status, reason = Status.UNDECLARED, _how_to_declare(charge.item)
    elif price is None:
        status, reason = Status.NO_PRICE, f"no price is known of {title_of(charge.item)} in {charge.region}"
    else:
        key = (charge.region, charge.item)
        start = reached.get(key, Decimal(0))
        amount = price.amount(charge.quantity, start)
        reached[key] = start + charge.quantity
        if amount is None:
            known = f"{price.known_to:f} {price.unit}"
            status, reason = Status.NO_PRICE, f"no price is known of {title_of(charge.item)} above {known} a month"
    return Line(
        address=charge.address,
        region=charge.region,
        item=charge.item,
        title=title_of(charge.item),
        kind=charge.kind,
        status=status,
        quantity=charge.quantity if unit_of(charge.item) else None,
        unit=unit_of(charge.item),
        unit_price_usd=price.price if price else None,
        monthly_usd=amount,
        basis="; ".join(part for part in (charge.basis or FREE_ITEMS.get(charge.item, ""), _basis(price)) if part),
        reason=reason,
    )


def _how_to_declare(item: str) -> str:
    kind = DECLARED_IN.get(item.partition(".")[0])
    return f"declare it in {kind} of the usage" if kind else "the usage has no field for it"


def _basis(price: Price | None) -> str:
    return price.basis if price else ""


def _credits(charges: list[Charge], lines: list[Line]) -> Iterator[Line]:
    """Negative lines, one for each item that an allowance covers."""
    for allowance in ALLOWANCES:
        left = allowance.quantity
        for item in allowance.items:
            for index, charge in enumerate(charges):
                line = lines[index]
                if charge.item != item or not charge.is_free_tier or line.monthly_usd is None or not charge.quantity:
                    continue
                taken = min(left, charge.quantity)
                left -= taken
                if taken:
                    yield _credit(allowance, line, taken, line.monthly_usd * taken / charge.quantity)


def _credit(allowance: Allowance, line: Line, taken: Decimal, amount: Decimal) -> Line:
    return Line(
        address=line.address,
        region=line.region,
        item=f"{line.item}.free",
        title=f"free tier: {line.title}",
        kind=line.kind,
        status=Status.PRICED,
        quantity=taken,
        unit=line.unit,
        unit_price_usd=line.unit_price_usd,
        monthly_usd=-amount,
        basis=f"{allowance.quantity:f} {allowance.title} a month are free ({allowance.source})",
    )
