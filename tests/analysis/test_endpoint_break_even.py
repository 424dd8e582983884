"""Break-even of interface endpoints, held against numbers worked out by hand.

0.01 USD x 730 hours = 7.30 USD a month and zone; 0.045 - 0.01 = 0.035 USD saved with each GB.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analysis.endpoint_break_even import PRICES, break_even
from modules.core.errors import ConfigError


@pytest.mark.parametrize(
    ("zones", "services", "monthly", "each", "together"),
    [
        (1, ["sqs"], "7.30", "208.57", "208.57"),  # 7.30 / 0.035
        (2, ["sqs"], "14.60", "417.14", "417.14"),  # 14.60 / 0.035
        (3, ["sqs"], "21.90", "625.71", "625.71"),  # 21.90 / 0.035
        (2, ["sqs", "sts", "kms", "ssm", "logs"], "73.00", "417.14", "2085.71"),  # 73 / 0.035
        (2, ["sqs", "s3", "dynamodb", "sqs"], "14.60", "417.14", "417.14"),  # gateway endpoints are free
        (3, ["s3"], "0.00", "0.00", "0.00"),
    ],
)
def test_break_even_by_hand(zones: int, services: list[str], monthly: str, each: str, together: str) -> None:
    found = break_even("us-east-1", zones=zones, services=services)
    cents = Decimal("0.01")
    assert found.monthly_usd.quantize(cents) == Decimal(monthly)
    assert found.gb_a_month.quantize(cents) == Decimal(each)
    assert found.gb_a_month_together.quantize(cents) == Decimal(together)
    assert found.saved_usd_per_gb == Decimal("0.035")


def test_at_the_break_even_both_ways_cost_the_same() -> None:
    found, prices = break_even("us-east-1", zones=2, services=["sqs"]), PRICES["us-east-1"]
    traffic = Decimal(700)
    endpoint = found.monthly_usd + traffic * prices.endpoint_gb  # 14.60 + 7.00
    nat = traffic * prices.nat_gb  # 31.50
    assert (endpoint, nat) == (Decimal("21.60"), Decimal("31.500"))
    assert found.pays(traffic)
    assert not found.pays(Decimal(417))
    assert found.pays(Decimal(418))


def test_services_are_told_apart_and_the_free_ones_left_out() -> None:
    assert break_even("us-east-1", zones=2, services=["sts", "s3", "sqs"]).services == ("sqs", "sts")


def test_prices_are_dated_and_sourced() -> None:
    for prices in PRICES.values():
        assert date.fromisoformat(prices.date) < date(2026, 11, 21)
        assert prices.source


def test_no_price_is_guessed() -> None:
    with pytest.raises(ConfigError) as refused:
        break_even("eu-west-1", zones=2, services=["sqs"])
    assert str(refused.value) == (
        'endpoint break-even: region is "eu-west-1"; no price is known but those of us-east-1; add the region\'s '
        "prices, with their date and source"
    )


def test_an_endpoint_stands_somewhere() -> None:
    with pytest.raises(ConfigError) as refused:
        break_even("us-east-1", zones=0, services=["sqs"])
    assert str(refused.value) == (
        "endpoint break-even: zones is 0; an endpoint stands in at least one zone; correct it"
    )
