"""Concurrency of functions against pools and max_connections, with the sentences of refusals."""

from __future__ import annotations

import pytest

from modules.core.concurrency import Concurrency
from modules.database.connection_budgets import Capacity
from modules.database.connection_budgets import capacity_of as capacity
from modules.database.connection_pools import PoolBudget, pool_problems
from tests.modules.core.samples import NUMBER_TOKEN, STRING_TOKEN
from tests.modules.database.budgets import (
    API,
    ASK,
    DATABASE,
    MEDIUM,
    MEDIUM_WORDS,
    PROXY,
    WAITS,
    WORKER,
    admit,
    database,
    pool,
    refusal,
)


def test_direct_connections_that_exceed_the_database() -> None:
    budget, told = database()
    admit(budget, API, 200)
    assert refusal(lambda: admit(budget, WORKER, 123, each=2)) == (
        f"{DATABASE}: 446 direct connections may be open at once ({API} 200 x 1, {WORKER} 123 x 2); the database has "
        f"{MEDIUM_WORDS}, of which 5 are kept for administrators; set the reserved_concurrency of {WORKER} to at most "
        "122, or connect through a DatabaseProxy"
    )
    admit(budget, WORKER, 122, each=2)
    assert (budget.in_use, told) == (444, [])


def test_no_reserved_concurrency_fits_any_more() -> None:
    budget, _ = database()
    admit(budget, API, 445)
    assert refusal(lambda: admit(budget, WORKER, 1)).endswith(
        "; choose a larger database, or connect through a DatabaseProxy"
    )


def test_unbounded_concurrency_directly_on_a_database() -> None:
    budget, _ = database()
    admit(budget, API, 200)
    assert refusal(lambda: admit(budget, WORKER, None, each=2)) == (
        f"{DATABASE}: {WORKER} connects directly, and only the account's quota bounds its environments; each opens 2 "
        f"of {MEDIUM_WORDS}; set the reserved_concurrency of {WORKER} to at most 122, or connect it through a "
        "DatabaseProxy"
    )


def test_unbounded_concurrency_directly_on_an_unknown_database() -> None:
    budget, told = database(capacity("postgres", instance_class="db.z9.large"))
    assert refusal(lambda: admit(budget, API, None)) == (
        f"{DATABASE}: {API} connects directly, and only the account's quota bounds its environments; each opens 1 of "
        f"max_connections unknown (postgres, db.z9.large); set the reserved_concurrency of {API}, or connect it "
        "through a DatabaseProxy"
    )
    assert len(told) == 1


@pytest.mark.parametrize("each", [0, -1])
def test_an_environment_without_a_connection(each: int) -> None:
    rest = f"connections_per_environment of {API} is {each}; each environment opens 1 at least; set 1 or more"
    assert refusal(lambda: admit(database()[0], API, 5, each=each)) == f"{DATABASE}: {rest}"
    assert refusal(lambda: admit(pool()[0], API, 5, each=each)) == f"{PROXY}: {rest}"


def test_an_event_source_bounds_a_function_too() -> None:
    budget, _ = database()
    budget.admit(Concurrency(API, event_source_maximum=40), connections_per_environment=2)
    budget.admit(
        Concurrency(WORKER, reserved=100, event_source_maximum=2, provisioned=10), connections_per_environment=1
    )
    assert budget.in_use == 90


def test_a_pool_of_90_percent_with_more_concurrency_than_it_holds() -> None:
    """The default pool of 90 percent (terraform-aws-modules/terraform-aws-rds-proxy#30) below the concurrency."""
    budget, _ = pool()
    admit(budget, API, 400)
    assert refusal(lambda: admit(budget, WORKER, 30)) == (
        f"{PROXY}: 430 connections may be borrowed at once ({API} 400 x 1, {WORKER} 30 x 1); the pool holds 405 (90 "
        f"percent of {MEDIUM_WORDS}); set max_connections_percent to at least 96"
    )
    assert refusal(lambda: admit(budget, WORKER, 60)) == (
        f"{PROXY}: 460 connections may be borrowed at once ({API} 400 x 1, {WORKER} 60 x 1); the pool holds 405 (90 "
        f"percent of {MEDIUM_WORDS}); set the reserved_concurrency of {WORKER} to at most 5"
    )
    admit(budget, WORKER, 5)


def test_an_incident_900_environments_on_two_processors() -> None:
    """NASA-IMPACT/veda-backend#649: 33 minutes down, 845 connections on the two processors of a db.r5.large.

    The pool was larger than the concurrency, as it follows from 16 GiB of memory, so counting it alone finds nothing.
    The remedy was a small pool, at which functions wait.
    """
    large = capacity("postgres", instance_class="db.r5.large")
    assert refusal(lambda: admit(pool(large)[0], API, 900)) == (
        f"{PROXY}: 900 connections may be in use at once, 450 for each of 2 processors ({API} 900 x 1 among them); 250 "
        "for each are taken here, 500 in all, as max_connections 1802 (postgres, db.r5.large, at most, by its nominal "
        f"memory) follows from memory and not from processors; set the reserved_concurrency of {API} to at most 500, "
        "or let the rest wait: max_connections_percent 27 or less, with an oversubscription_reason"
    )
    admit(pool(large)[0], API, 500)
    small, told = pool(large, percent=1, reason="tiles can wait")
    admit(small, API, 900)
    assert small.in_use == 18
    assert told == [
        (
            f"900 connections may be borrowed at once ({API} 900 x 1)",
            f"the pool holds 18 (1 percent of {large.words})",
            "the rest waits, for a reason: tiles can wait",
        )
    ]


def test_direct_connections_load_the_processors_too() -> None:
    budget, _ = database(capacity("mysql", instance_class="db.r6g.large"))
    admit(budget, API, 400)
    assert refusal(lambda: admit(budget, WORKER, 101)) == (
        f"{DATABASE}: 501 connections may be in use at once, 250 for each of 2 processors ({WORKER} 101 x 1 among "
        "them); 250 for each are taken here, 500 in all, as max_connections 1365 (mysql, db.r6g.large, at most, by its "
        f"nominal memory) follows from memory and not from processors; set the reserved_concurrency of {WORKER} to at "
        "most 100"
    )


def test_capacity_units_have_no_fixed_processors() -> None:
    serverless = capacity("aurora-postgresql", max_acu=32, min_acu=1)
    assert serverless == Capacity(5_000, "aurora-postgresql, 32 ACU")
    admit(pool(serverless)[0], API, 4_500)


def test_unbounded_concurrency_through_a_proxy_is_a_warning() -> None:
    budget, told = pool()
    admit(budget, API, 400)
    admit(budget, WORKER, None)
    assert told == [
        (
            f"only the account's quota bounds the environments of {WORKER}",
            f"{WAITS}; the pool holds 405 (90 percent of {MEDIUM_WORDS})",
            f"set the reserved_concurrency of {WORKER} to at most 5",
        )
    ]


def test_a_class_that_no_table_has_is_told_once_and_never_called_fine() -> None:
    budget, told = pool(capacity("postgres", instance_class="db.z9.large"))
    admit(budget, API, 10_000)
    admit(budget, WORKER, 1)
    assert told == [
        (
            "max_connections is not known (postgres, db.z9.large)",
            "whether the connections of functions and proxies fit cannot be judged",
            ASK,
        )
    ]
    assert budget.in_use == 10_001


def test_what_is_known_only_later_is_not_judged() -> None:
    later = capacity("postgres", instance_class=STRING_TOKEN, told=None)
    assert later == Capacity(None, "postgres, a class that is known only later")
    assert capacity("postgres", told=NUMBER_TOKEN) == Capacity(None, "a number that is known only later")
    budget, told = pool(percent=NUMBER_TOKEN)
    admit(budget, API, 10)
    assert (budget.size, budget.in_use) == (None, 10)
    assert told == [
        (
            "max_connections_percent is known only later",
            "whether the connections of functions and proxies fit cannot be judged",
            "write the number itself",
        )
    ]


def test_a_told_number_counts_instead_of_the_table() -> None:
    told = capacity("postgres", instance_class="db.t4g.medium", told=100)
    assert told == Capacity(100, "as configured", 2)
    assert refusal(lambda: admit(pool(told)[0], API, 95)) == (
        f"{PROXY}: 95 connections may be borrowed at once ({API} 95 x 1); the pool holds 90 (90 percent of "
        "max_connections 100 (as configured)); set max_connections_percent to at least 95"
    )


def test_pools_of_one_database_share_its_connections() -> None:
    budget, _ = database()
    PoolBudget(PROXY, database=budget, percent=60)
    assert refusal(lambda: PoolBudget("orders/other", database=budget, percent=50)) == (
        "orders/other: max_connections_percent is 50, which is 225 connections; the database has "
        f"{MEDIUM_WORDS}, and {PROXY} has a pool of 270; set max_connections_percent to at most 40"
    )
    PoolBudget("orders/other", database=budget, percent=40)
    assert refusal(lambda: PoolBudget("orders/third", database=budget, percent=1)).endswith(
        "; choose a larger database"
    )


def test_direct_functions_and_pools_share_them_too() -> None:
    budget, _ = database()
    PoolBudget(PROXY, database=budget, percent=90)
    assert refusal(lambda: admit(budget, API, 41)) == (
        f"{DATABASE}: 41 direct connections may be open at once ({API} 41 x 1); {PROXY} has a pool of 405; the "
        f"database has {MEDIUM_WORDS}, of which 5 are kept for administrators; set the reserved_concurrency of {API} "
        "to at most 40"
    )
    other, _ = database()
    admit(other, API, 100)
    assert refusal(lambda: PoolBudget(PROXY, database=other, percent=90)) == (
        f"{PROXY}: max_connections_percent is 90, which is 405 connections; the database has {MEDIUM_WORDS}, and {API} "
        "100 x 1 connect directly, 5 are kept for administrators; set max_connections_percent to at most 76"
    )


def test_a_pool_is_not_enlarged_into_what_others_have() -> None:
    budget, _ = database()
    admit(budget, WORKER, 100)
    shared = PoolBudget(PROXY, database=budget, percent=50)
    assert refusal(lambda: admit(shared, API, 400)).endswith(f"; set the reserved_concurrency of {API} to at most 225")
    assert refusal(lambda: admit(shared, API, 300)).endswith("; set max_connections_percent to at least 67")


def test_a_stack_asks_before_anything_is_synthesized() -> None:
    functions = [Concurrency("api", 400), Concurrency("worker", 30), Concurrency("cron", None)]
    [problem] = pool_problems(MEDIUM, 90, functions)
    assert str(problem) == (
        "430 connections may be borrowed at once (api 400 x 1, worker 30 x 1); the pool holds 405 (90 percent of "
        f"{MEDIUM_WORDS}); set max_connections_percent to at least 96"
    )
    assert not list(pool_problems(MEDIUM, 96, functions))
    assert not list(pool_problems(MEDIUM, 90, functions, oversubscription_reason="it may wait"))
