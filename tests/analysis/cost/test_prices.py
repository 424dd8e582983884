"""Price tables: exact, dated, sourced, and refused with sentences."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analysis.cost import Prices, read_prices
from analysis.cost.items import ITEMS, unit_of
from analysis.endpoint_break_even import PRICES as BREAK_EVEN
from modules.core.errors import ConfigError
from tests.analysis.cost.documents import PRICES, REGION

HOURS = Decimal(730)
PRICE = {
    "unit": "hour", "price": "0.01", "source": "AWS price list", "dated": "2026-11-21", "confidence": "high",
}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "price"),
    [
        ("lambda.requests", "0.0000002"),
        ("lambda.provisioned.x86_64", "0.0000041667"),
        ("lambda.provisioned.arm64", "0.0000033334"),
        ("lambda.provisioned_duration.x86_64", "0.0000097222"),
        ("lambda.provisioned_duration.arm64", "0.0000077778"),
        ("lambda.snapstart_cache", "0.0000015046"),
        ("lambda.snapstart_restore", "0.0001397998"),
        ("lambda.ephemeral_storage", "0.0000000309"),
    ],
)
def test_lambda_prices(item: str, price: str) -> None:
    assert PRICES.regions[REGION].items[item].price == Decimal(price)


@pytest.mark.parametrize(
    ("item", "units", "monthly"),
    [
        ("nat_gateway.hours", 1, "32.85"),
        ("public_ipv4.hours", 1, "3.65"),
        ("endpoint.hours", 1, "7.30"),
        ("endpoint.hours", 3, "21.90"),
        ("rds_proxy.vcpu_hours", 2, "21.90"),
        ("rds_proxy.vcpu_hours", 4, "43.80"),
        ("rds_proxy.acu_hours", 8, "87.60"),
    ],
)
def test_a_month_has_730_hours(item: str, units: int, monthly: str) -> None:
    assert PRICES.regions[REGION].items[item].amount(units * HOURS) == Decimal(monthly)


@pytest.mark.parametrize(
    ("item", "units", "amount"),
    [
        ("nat_gateway.hours", 1, "32.40"),
        ("nat_gateway.hours", 2, "64.80"),
        ("endpoint.hours", 1, "7.20"),
        ("rds_proxy.vcpu_hours", 2, "21.60"),
    ],
)
def test_thirty_days_are_720_hours(item: str, units: int, amount: str) -> None:
    assert PRICES.regions[REGION].items[item].amount(Decimal(720 * units)) == Decimal(amount)


def test_provisioned_concurrency_costs_one_and_a_half_cents_for_each_gb_and_hour() -> None:
    table = PRICES.regions[REGION].items
    assert f"{table['lambda.provisioned.x86_64'].price * 3_600:.4f}" == "0.0150"
    assert table["lambda.provisioned_duration.x86_64"].price < table["lambda.duration.x86_64"].price


def test_the_table_that_is_checked_in_is_what_would_be_written() -> None:
    path = Path(__file__).parents[3] / "environments" / "prices" / f"{REGION}.yaml"
    assert PRICES.regions[REGION].text() == path.read_text(encoding="utf-8")
    assert {price.unit for price in PRICES.regions[REGION].items.values()} <= {unit for unit, _ in ITEMS.values()}


def test_the_break_even_of_endpoints_has_the_same_prices() -> None:
    found, table = BREAK_EVEN[REGION], PRICES.regions[REGION].items
    assert (found.nat_gb, found.endpoint_hour, found.endpoint_gb) == (
        table["nat_gateway.gb"].price,
        table["endpoint.hours"].price,
        table["endpoint.gb"].price,
    )


def test_a_region_or_item_without_a_price_has_none() -> None:
    assert PRICES.find("eu-west-1", "kms.keys") is None
    assert PRICES.find(REGION, "cache nodes") is None
    assert Prices().find(REGION, "kms.keys") is None


def test_a_tier_follows_what_was_reached_before() -> None:
    api = PRICES.regions[REGION].items["api.http"]
    million = Decimal(1_000_000)
    assert api.amount(100 * million, start=250 * million) == 95  # 50 x 1.00 + 50 x 0.90
    assert api.amount(Decimal(0)) == 0


def written(folder: Path, items: dict[str, dict[str, Any]], region: str = "eu-west-1") -> Path:
    lines = [f"region: {region}", "items:"]
    for name, fields in items.items():
        lines.append(f"  {name}:")
        lines += [f"    {key}: {value}" for key, value in fields.items()]
    path = folder / "prices" / "eu-west-1.yaml"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def quoted(**over: Any) -> dict[str, Any]:
    return {**PRICE, "price": '"0.01"', **over}


@pytest.mark.parametrize(
    ("items", "given", "rule"),
    [
        (
            {"endpoint.hours": quoted(price="0.01")},
            "items.endpoint.hours.price is 0.01",
            'a price is text, so that no digit is lost; write it in quotes, such as "0.045"',
        ),
        (
            {"endpoint.hours": quoted(price='"1e3"')},
            'items.endpoint.hours.price is "1e3"',
            'a price is digits with a point, such as "0.045"; correct it',
        ),
        (
            {"endpoint.hour": quoted()},
            "items.endpoint.hour is no item",
            "nothing would read it; remove it, or check its spelling",
        ),
        (
            {"endpoint.gb": quoted()},
            'items.endpoint.gb.unit is "hour"',
            "data through the interface endpoint is billed by GB; state the price by this unit",
        ),
        (
            {"endpoint.hours": quoted(above='[{start: 0, price: "1"}]')},
            "items.endpoint.hours: above is not in ascending order",
            "each tier starts above the one before; sort it",
        ),
    ],
)
def test_refusals(tmp_path: Path, items: dict[str, dict[str, Any]], given: str, rule: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_prices(written(tmp_path, items))
    said = str(refused.value).removeprefix("prices/eu-west-1.yaml").removeprefix(":").strip()
    assert said == f"{given}; {rule}"


def test_a_table_in_another_regions_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_prices(written(tmp_path, {"endpoint.hours": quoted()}, region="us-east-1"))
    assert str(refused.value) == (
        "prices/eu-west-1.yaml: it holds the prices of us-east-1; these stand in prices/us-east-1.yaml; move it, or "
        "write it anew"
    )


def test_a_table_survives_being_written(tmp_path: Path) -> None:
    path = PRICES.regions[REGION].write(tmp_path)
    assert path == tmp_path / "prices" / "us-east-1.yaml"
    assert read_prices(tmp_path) == PRICES
    assert unit_of("rds.instance.mysql.db.r6g.large.multi") == "hour"


@pytest.mark.parametrize(
    ("item", "basis"),
    [
        ("lambda.requests", "AWS price list 2026-09-19"),
        ("dashboards", "CloudWatch pricing 2026-06-13 (quoted by others)"),
        ("dynamodb.reads", "DynamoDB pricing 2026-11-20 (not confirmed)"),
    ],
)
def test_a_price_says_how_sure_it_is(item: str, basis: str) -> None:
    assert PRICES.regions[REGION].items[item].basis == basis
