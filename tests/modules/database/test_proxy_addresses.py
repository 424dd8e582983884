"""Addresses that a proxy needs, as the RDS guide publishes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database.proxy_addresses import addresses_needed
from tests.modules.core.samples import CI

BY_CLASS = {
    "db.t4g.medium": 10, "db.r6g.large": 10, "db.r6g.xlarge": 10, "db.r6g.2xlarge": 15, "db.r6g.4xlarge": 25,
    "db.r6g.8xlarge": 45, "db.r6g.12xlarge": 60, "db.r6g.16xlarge": 75, "db.r6g.24xlarge": 110,
}  # fmt: skip
BY_ACU = {1: 10, 16: 10, 32: 15, 64: 25, 96: 30, 128: 40, 160: 50, 192: 55, 224: 65, 256: 75}


@pytest.mark.parametrize("name", BY_CLASS)
def test_by_class(name: str) -> None:
    assert addresses_needed(instance_class=name) == BY_CLASS[name]


@pytest.mark.parametrize("acu", BY_ACU)
def test_by_capacity_units(acu: int) -> None:
    assert addresses_needed(instance_class="db.serverless", max_acu=acu) == BY_ACU[acu]


def test_between_two_rows_the_larger_one_holds() -> None:
    assert addresses_needed(max_acu=16.5) == 15
    assert addresses_needed(instance_class="db.r5.3xlarge") == 25


def test_an_endpoint_takes_three_more_and_a_proxy_never_more_than_215() -> None:
    assert addresses_needed(instance_class="db.t4g.medium", endpoints=2) == 16
    assert addresses_needed(instance_class="db.r8g.48xlarge") == 215
    assert addresses_needed(instance_class="db.r8g.48xlarge", endpoints=20) == 215


def test_what_is_not_known_counts_as_a_small_instance() -> None:
    assert addresses_needed() == addresses_needed(instance_class="${var.class}") == 10


@CI
@given(st.floats(1, 256), st.floats(1, 256), st.integers(0, 20), st.integers(0, 20))
def test_more_never_takes_less(one: float, other: float, few: int, many: int) -> None:
    smaller, larger = sorted((one, other))
    fewer, more = sorted((few, many))
    assert addresses_needed(max_acu=smaller, endpoints=fewer) <= addresses_needed(max_acu=larger, endpoints=more)
