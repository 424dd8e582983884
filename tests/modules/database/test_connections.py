"""`max_connections` as AWS publishes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database.connections import instance_class_of, max_connections, percent_for, pool_size
from tests.modules.core.samples import CI, STRING_TOKEN

BY_MEMORY = {
    "db.t4g.micro": (112, 85, 42),
    "db.t4g.small": (225, 170, 85),
    "db.t4g.medium": (450, 341, 170),
    "db.t4g.large": (901, 682, 341),
    "db.m6g.large": (901, 682, 341),
    "db.t4g.xlarge": (1_802, 1_365, 682),
    "db.m6g.xlarge": (1_802, 1_365, 682),
    "db.r6g.large": (1_802, 1_365, 682),
    "db.r7g.large": (1_802, 1_365, 682),
    "db.m6g.2xlarge": (3_604, 2_730, 1_365),
    "db.r6g.xlarge": (3_604, 2_730, 1_365),
    "db.r7g.xlarge": (3_604, 2_730, 1_365),
    "db.m6g.4xlarge": (5_000, 5_461, 2_730),
    "db.r6g.2xlarge": (5_000, 5_461, 2_730),
    "db.r7g.2xlarge": (5_000, 5_461, 2_730),
    "db.m6g.8xlarge": (5_000, 10_922, 5_461),
    "db.r6g.4xlarge": (5_000, 10_922, 5_461),
}
"""PostgreSQL, MySQL, MariaDB: the formulas of the RDS guide with nominal memory."""

AURORA_MYSQL = {
    "db.t4g.medium": 90, "db.t4g.large": 135, "db.r6g.large": 1_000, "db.r7g.xlarge": 2_000, "db.r8g.2xlarge": 3_000,
    "db.r6g.4xlarge": 4_000, "db.r6g.8xlarge": 5_000, "db.r6g.12xlarge": 6_000, "db.r6g.16xlarge": 6_000,
    "db.r8g.24xlarge": 7_000, "db.r8g.48xlarge": 8_000,
}  # fmt: skip
SERVERLESS = {
    1: (90, 189), 4: (135, 823), 8: (1_000, 1_669), 16: (2_000, 3_360), 32: (3_000, 5_000), 64: (4_000, 5_000),
    128: (5_000, 5_000), 192: (6_000, 5_000), 256: (6_000, 5_000),
}  # fmt: skip
"""Most capacity units → Aurora MySQL, Aurora PostgreSQL (Aurora guide)."""

ENGINES = ("postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql")


@pytest.mark.parametrize("name", BY_MEMORY)
def test_memory_gives_the_published_upper_bounds(name: str) -> None:
    engines = ("postgres", "mysql", "mariadb")
    assert tuple(max_connections(engine, instance_class=name) for engine in engines) == BY_MEMORY[name]
    assert max_connections("aurora-postgresql", instance_class=name) == BY_MEMORY[name][0]


@pytest.mark.parametrize("name", AURORA_MYSQL)
def test_aurora_mysql_has_a_table(name: str) -> None:
    assert max_connections("aurora-mysql", instance_class=name) == AURORA_MYSQL[name]


@pytest.mark.parametrize("acu", SERVERLESS)
def test_serverless_v2_follows_the_most_capacity_units(acu: int) -> None:
    found = tuple(max_connections(engine, max_acu=acu, min_acu=1) for engine in ("aurora-mysql", "aurora-postgresql"))
    assert found == SERVERLESS[acu]


@pytest.mark.parametrize("least", [0, 0.5])
def test_postgresql_that_nearly_or_wholly_pauses_takes_2000_at_most(least: float) -> None:
    assert max_connections("aurora-postgresql", max_acu=64, min_acu=least) == 2_000
    assert max_connections("aurora-postgresql", max_acu=8, min_acu=least) == 1_669
    assert max_connections("aurora-mysql", max_acu=64, min_acu=least) == 4_000


def test_between_two_rows_the_lower_one_holds() -> None:
    assert max_connections("aurora-postgresql", max_acu=7.5, min_acu=1) == 823


@pytest.mark.parametrize(
    ("engine", "name"),
    [("postgres", "db.z9.large"), ("postgres", "db.t4g.9xlarge"), ("postgres", "db.m6g.micro"), ("postgres", ""),
     ("postgres", STRING_TOKEN), ("oracle-ee", "db.r6g.large"), ("aurora-mysql", "db.r6g.32xlarge"),
     ("aurora-mysql", "db.m6g.large")],
)  # fmt: skip
def test_what_no_table_has_is_not_known(engine: str, name: str) -> None:
    assert max_connections(engine, instance_class=name) is None


def test_only_aurora_scales_by_capacity_units() -> None:
    assert max_connections("postgres", max_acu=16) is None
    assert max_connections("aurora-postgresql", max_acu=0.5) is None


@pytest.mark.parametrize(
    ("name", "memory", "vcpus"),
    [("db.t3.micro", 1, 2), ("db.t4g.2xlarge", 32, 8), ("db.m7g.16xlarge", 256, 64), ("db.r5.large", 16, 2),
     ("db.r8g.48xlarge", 1_536, 192), ("db.x2g.xlarge", 64, 4), ("db.x2iedn.32xlarge", 4_096, 128)],
)  # fmt: skip
def test_a_class_has_memory_and_processors(name: str, memory: int, vcpus: int) -> None:
    found = instance_class_of(name)
    assert found is not None
    assert (found.memory_gib, found.memory_bytes, found.vcpus) == (memory, memory * 2**30, vcpus)


@CI
@given(st.sampled_from(ENGINES), st.sampled_from(["m6g", "r6g", "r8g"]), st.data())
def test_a_larger_class_never_has_fewer(engine: str, family: str, data: st.DataObject) -> None:
    sizes = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge")
    one, other = sorted(data.draw(st.tuples(*[st.integers(0, len(sizes) - 1)] * 2)))
    found = [max_connections(engine, instance_class=f"db.{family}.{sizes[place]}") for place in (one, other)]
    assert found[0] == found[1] is None or (found[0] or 0) <= (found[1] or 0)


@CI
@given(st.sampled_from(ENGINES[3:]), st.floats(1, 256), st.floats(1, 256), st.floats(0, 1), st.floats(1, 256))
def test_more_capacity_units_never_give_fewer(engine: str, one: float, other: float, low: float, high: float) -> None:
    fewer, more = sorted((one, other))
    assert (max_connections(engine, max_acu=fewer) or 0) <= (max_connections(engine, max_acu=more) or 0)
    least = max_connections(engine, max_acu=one, min_acu=low)
    assert (least or 0) <= (max_connections(engine, max_acu=one, min_acu=high) or 0)


@CI
@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_proposed_percentage_is_the_least_that_holds(connections: int, wanted: int) -> None:
    percent = percent_for(connections, pool=wanted)
    assert pool_size(connections, percent) >= wanted
    assert pool_size(connections, percent - 1) < wanted
