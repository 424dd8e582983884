"""Prices read from the AWS price list: only what can be told for sure; everything else is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from analysis.cost.items import INSTANCE, ITEMS
from analysis.cost.prices import Confidence, Price, RegionPrices, Tier
from modules.core.errors import TargetError
from rollout.price_list import PLACES, Filters, Place, instance_places, is_unit, is_usage

ACTION = "pricing:GetProducts"
"""IAM action that reading takes."""

SOURCE = "AWS price list"

Progress = Callable[[int, int, str], None]
"""Told what is done, of how much, and what comes next."""


@dataclass(frozen=True)
class Refreshed:
    """A price table, and what the price list does not tell.

    Attributes:
        table: prices that were read, and those of the table before that could not be.
        read: items that were read.
        missing: items that could not be, with the reason; those of the table before stay as they were.
    """

    table: RegionPrices
    read: tuple[str, ...]
    missing: Mapping[str, str]


@dataclass(frozen=True)
class _Query:
    service: str
    region_attribute: str
    filters: Filters
    contains: str


def read_prices(
    client: Any,
    region: str,
    *,
    before: RegionPrices | None = None,
    instance_classes: Iterable[str] = (),
    progress: Progress = lambda *_: None,
) -> Refreshed:
    """Read a region's prices.

    Args:
        client: boto3 client of `pricing`.
        region: region whose prices are read.
        before: its table so far; what cannot be read anew stays, with its own day.
        instance_classes: database instance classes to read, beside those of the table before.
        progress: told of each request.

    Raises:
        TargetError: there are no credentials, AWS refuses the action, or the price list has nothing of the region.
    """
    old = dict(before.items) if before else {}
    classes = {*instance_classes, *(named[2] for name in old if (named := INSTANCE.fullmatch(name)))}
    places = {**PLACES, **dict(instance_places(classes))}
    queries = dict.fromkeys(_query(place) for place in places.values())
    products: dict[_Query, tuple[Mapping[str, Any], ...]] = {}
    for done, query in enumerate(queries):
        progress(done, len(queries), query.service)
        try:
            products[query] = tuple(_products(client, query, region))
        except (BotoCoreError, ClientError) as error:
            raise TargetError(_refused(region, error)) from None
    found: dict[str, Price] = {}
    missing = {name: "its usage type is not documented" for name in ITEMS if name not in places}
    for name, place in places.items():
        price = _price(name, place, region, products[_query(place)])
        if isinstance(price, Price):
            found[name] = price
        elif name in ITEMS or name in old or not INSTANCE.fullmatch(name):
            missing[name] = price
    if not found:
        raise TargetError(
            f"prices of {region}: the AWS price list has none; it holds the regions that AWS publishes prices of; "
            "check the region's name"
        )
    table = RegionPrices(region=region, items={**old, **found})
    return Refreshed(table, tuple(sorted(found)), dict(sorted(missing.items())))


def _query(place: Place) -> _Query:
    return _Query(place.service, place.region_attribute, place.filters, place.contains)


def _products(client: Any, query: _Query, region: str) -> Iterator[Mapping[str, Any]]:
    wanted = [(query.region_attribute, region, "TERM_MATCH")]
    wanted += [(name, value, "TERM_MATCH") for name, value in query.filters]
    if query.contains:
        wanted.append(("usagetype", query.contains, "CONTAINS"))
    filters = [{"Type": kind, "Field": name, "Value": value} for name, value, kind in wanted]
    pages = client.get_paginator("get_products").paginate(
        ServiceCode=query.service, Filters=filters, FormatVersion="aws_v1"
    )
    for page in pages:
        for text in page["PriceList"]:
            yield json.loads(text)


def _price(name: str, place: Place, region: str, products: Iterable[Mapping[str, Any]]) -> Price | str:
    """The price of an item, or why there is none."""
    found = dict[str, Price]()
    for product in products:
        attributes = product.get("product", {}).get("attributes", {})
        usage = str(attributes.get("usagetype", ""))
        is_wanted = place.one_of is None or attributes.get(place.one_of[0]) in place.one_of[1]
        if not is_wanted or not any(is_usage(usage, each, region) for each in place.usage):
            continue
        price = _of_product(name, product)
        if isinstance(price, str):
            return price
        found[json.dumps(_amounts(price))] = price
    if not found:
        return f"the price list has no {place.usage[0]} of {place.service} in {region}"
    if len(found) > 1:
        return f"the price list has several prices of {place.usage[0]} of {place.service} in {region}"
    return next(iter(found.values()))


def _of_product(name: str, product: Mapping[str, Any]) -> Price | str:
    terms = list(product.get("terms", {}).get("OnDemand", {}).values())
    if len(terms) != 1:
        return f"the price list has {len(terms)} on-demand offers of it"
    dimensions = list(terms[0].get("priceDimensions", {}).values())
    units = sorted({str(each.get("unit", "")) for each in dimensions})
    if not units or not all(is_unit(unit, name) for unit in units):
        return f"the price list bills it by {', '.join(units) or 'nothing'}"
    try:
        tiers = sorted((Decimal(each["beginRange"]), Decimal(each["pricePerUnit"]["USD"])) for each in dimensions)
    except (KeyError, InvalidOperation):
        return "the price list has no price of it in USD"
    if tiers[0][0] != 0:
        return "the price list has no first tier of it"
    return Price(
        unit=_unit(name),
        price=_short(tiers[0][1]),
        above=tuple(Tier(start=start, price=_short(price)) for start, price in tiers[1:]),
        source=SOURCE,
        dated=date.fromisoformat(str(product["publicationDate"])[:10]),
        confidence=Confidence.HIGH,
    )


def _unit(name: str) -> str:
    return ITEMS[name][0] if name in ITEMS else ("hour" if INSTANCE.fullmatch(name) else "GB-month")


def _short(price: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return Decimal(f"{price.normalize():f}")


def _amounts(price: Price) -> list[list[str]]:
    return [["0", str(price.price)], *([str(tier.start), str(tier.price)] for tier in price.above)]


def _refused(region: str, error: BotoCoreError | ClientError) -> str:
    if isinstance(error, ClientError):
        told = error.response["Error"]
        action = f"{error.operation_name} was refused ({told.get('Code', '')}: {told.get('Message', '')})"
        return f"prices of {region}: {action}; reading prices takes {ACTION}; allow it"
    detail = " ".join(str(error).split()).rstrip(".")
    return f"prices of {region}: they cannot be read ({detail}); sign in to any account (AWS_PROFILE), and try again"
