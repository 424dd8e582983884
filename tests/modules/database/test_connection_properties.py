"""What holds for every capacity and every concurrency."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modules.core.concurrency import Concurrency
from modules.core.errors import ConfigError
from modules.database.connection_budgets import CONNECTIONS_PER_VCPU, KEPT_CONNECTIONS, Capacity
from modules.database.connection_pools import pool_problems
from modules.database.connections import pool_size
from tests.modules.core.samples import CI
from tests.modules.database.budgets import admit, database, pool

SIZES = st.builds(Capacity, st.integers(10, 6_000), st.just("x"), st.none() | st.integers(2, 64))
DEMANDS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 5)), max_size=6)


@CI
@given(SIZES, st.integers(1, 100), DEMANDS)
def test_what_is_admitted_always_fits(of: Capacity, percent: int, demands: list[tuple[int, int]]) -> None:
    budget, _ = pool(of, percent)
    for number, (reserved, each) in enumerate(demands):
        before = budget.in_use
        try:
            admit(budget, f"f{number}", reserved, each)
        except ConfigError:
            assert budget.in_use == before
    assert budget.in_use <= (budget.size or 0) <= (of.most or 0)
    assert of.vcpus is None or budget.in_use <= of.vcpus * CONNECTIONS_PER_VCPU


@CI
@given(SIZES, DEMANDS)
def test_direct_connections_always_leave_some(of: Capacity, demands: list[tuple[int, int]]) -> None:
    budget, _ = database(of)
    for number, (reserved, each) in enumerate(demands):
        try:
            admit(budget, f"f{number}", reserved, each)
        except ConfigError:
            continue
    assert budget.in_use <= (of.most or 0) - KEPT_CONNECTIONS or not budget.in_use


@CI
@given(st.integers(10, 6_000), st.integers(1, 100), st.integers(0, 6_000), st.integers(0, 6_000))
def test_less_concurrency_is_never_refused_where_more_is_taken(most: int, percent: int, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    of = Capacity(most, "x")
    taken = [not list(pool_problems(of, percent, [Concurrency("f", reserved)])) for reserved in (fewer, more)]
    assert taken[0] or not taken[1]
    assert taken == [reserved <= pool_size(most, percent) for reserved in (fewer, more)]
