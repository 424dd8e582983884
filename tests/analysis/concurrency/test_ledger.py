"""Sums against quotas, and the sentences about those that do not fit."""

from __future__ import annotations

import shlex
from datetime import date
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from hypothesis import given
from hypothesis import strategies as st

from analysis.concurrency import AccountLedger, FunctionConcurrency, ledgers
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot
from tests.modules.core.samples import CI

ACCOUNT, REGION = "123456789012", "eu-west-1"
WHERE = f"account {ACCOUNT} in {REGION}: "
TAKEN = date(2026, 11, 21)


def function(
    name: str, reserved: int | None = None, provisioned: int = 0, *, account_id: str = ACCOUNT, region: str = REGION
) -> FunctionConcurrency:
    return FunctionConcurrency(account_id, region, name, reserved, provisioned)


def snapshot(quota: int, **fields: Any) -> QuotaSnapshot:
    quotas = {CONCURRENT_EXECUTIONS: quota}
    return QuotaSnapshot.parse({"account_id": ACCOUNT, "region": REGION, "taken": TAKEN, "quotas": quotas, **fields})


def ledger(quota: int, *functions: FunctionConcurrency, **fields: Any) -> AccountLedger:
    [only] = ledgers(functions, {(ACCOUNT, REGION): snapshot(quota, **fields)})
    return only


def problems(quota: int, *functions: FunctionConcurrency, **fields: Any) -> list[str]:
    return [str(problem) for problem in ledger(quota, *functions, **fields).problems()]


def problem(quota: int, *functions: FunctionConcurrency, **fields: Any) -> str:
    [only] = problems(quota, *functions, **fields)
    return only


def ask(quota: int) -> str:
    return (
        f"ask for a quota of {quota} by `aws service-quotas request-service-quota-increase --service-code lambda "
        f"--quota-code L-B99A9384 --desired-value {quota} --region {REGION}`"
    )


def has(quota: int, most: int | str) -> str:
    return (
        f"the quota of {quota} (read on 2026-11-21) has {most} to reserve, as 100 stay unreserved (Lambda guide, "
        "reserved concurrency)"
    )


@pytest.mark.parametrize("quota", [1000, 1001, 100_000])
def test_what_leaves_a_hundred_unreserved_fits(quota: int) -> None:
    assert problems(quota, function("a", 500), function("b", 400)) == []


def test_one_execution_too_many_names_each_function_and_both_ways_out() -> None:
    assert problem(1000, function("dev/x api", 500), function("dev/x jobs", 401), function("dev/x other")) == (
        f"{WHERE}dev/x api reserves 500, dev/x jobs reserves 401, together 901 concurrent executions; "
        f"{has(1000, 900)}; lower the reserved_concurrency of dev/x api to at most 499, or {ask(1001)}"
    )


def test_a_fresh_account_with_a_quota_of_10_has_nothing_to_reserve() -> None:
    assert problem(10, function("api", 1)) == (
        f"{WHERE}api reserves 1, together 1 concurrent executions; {has(10, 'nothing')}; take back the "
        f"reserved_concurrency of api (set it to null, with unreserved_reason), or {ask(101)}"
    )
    assert problem(10, function("api", provisioned=2)) == (
        f"{WHERE}api provisions 2 without a reservation, together 2 concurrent executions; {has(10, 'nothing')}; take "
        f"back the provisioned concurrency of api (go without), or {ask(102)}"
    )


def test_a_fresh_account_with_a_quota_of_10_runs_functions_that_reserve_nothing_or_are_switched_off() -> None:
    assert problems(10, function("api"), function("off", 0)) == []
    assert ledger(10, function("api"), function("off", 0)).left_unreserved == 10


@pytest.mark.parametrize("quota", [0, 10, 50, 99, 100])
def test_the_floor_is_no_quota(quota: int) -> None:
    assert len(problems(quota, function("api", 1))) == 1


def test_provisioned_concurrency_inside_a_reservation_is_part_of_it() -> None:
    found = ledger(1000, function("api", 900, provisioned=900))

    assert list(found.problems()) == []
    assert (found.reserved, found.provisioned_unreserved, found.claimed, found.left_unreserved) == (900, 0, 900, 100)


def test_provisioned_concurrency_without_a_reservation_comes_out_of_the_rest() -> None:
    assert problems(1000, function("api", 600), function("jobs", provisioned=300)) == []
    assert problem(1000, function("api", 100), function("jobs", provisioned=801)) == (
        f"{WHERE}api reserves 100, jobs provisions 801 without a reservation, together 901 concurrent executions; "
        f"{has(1000, 900)}; lower the provisioned concurrency of jobs to at most 800, or {ask(1001)}"
    )


def test_functions_outside_the_stacks_are_counted_in() -> None:
    assert problems(1000, function("api", 860), reserved_elsewhere=40) == []
    assert problem(1000, function("api", 860), reserved_elsewhere=40, provisioned_elsewhere=7) == (
        f"{WHERE}api reserves 860, functions outside these stacks reserve 40, functions outside these stacks provision "
        f"7 without a reservation, together 907 concurrent executions; {has(1000, 900)}; lower the "
        f"reserved_concurrency of api to at most 853, or {ask(1007)}"
    )


def test_who_claims_nothing_fits_whatever_others_have_taken() -> None:
    assert problems(1000, function("api"), function("off", 0), reserved_elsewhere=950) == []
    assert len(problems(1000, function("api"), function("off", 1), reserved_elsewhere=950)) == 1


def test_where_no_single_function_can_give_way_all_do_together() -> None:
    [problem] = problems(200, function("a", 300), function("b", 300), function("c", provisioned=300))
    assert problem.endswith(
        f"; lower them by 800 together, or take reservations back (reserved_concurrency null), or {ask(1000)}"
    )


def test_an_unknown_quota_refuses_nothing() -> None:
    [unknown] = ledgers([function("api", 100_000)], {})
    assert (unknown.quota, unknown.room, unknown.left_unreserved, list(unknown.problems())) == (None, None, None, [])


def test_each_account_and_region_is_a_sum_of_its_own() -> None:
    other = "210987654321"
    functions = [
        function("b", 900), function("a", 1, region="us-east-1"),
        function("a", 900, account_id=other), function("a", 0),
    ]  # fmt: skip
    found = ledgers(functions, {(ACCOUNT, REGION): snapshot(1000)})

    assert [(each.account_id, each.region, [claim.function for claim in each.functions]) for each in found] == [
        (ACCOUNT, REGION, ["a", "b"]), (ACCOUNT, "us-east-1", ["a"]), ("210987654321", REGION, ["a"]),
    ]  # fmt: skip
    assert [each.quota for each in found] == [1000, None, None]
    assert [problem for each in found for problem in each.problems()] == []


def test_the_command_that_is_named_has_the_arguments_of_the_service() -> None:
    command = shlex.split(problem(10, function("api", 1)).split("`")[1])
    service: Any = botocore.session.get_session().get_service_model(command[1])
    action = service.operation_model("RequestServiceQuotaIncrease")
    required = [f"--{xform_name(name, '-')}" for name in action.input_shape.required_members]

    assert command[:3] == ["aws", "service-quotas", xform_name(action.name, "-")]
    assert command[3::2] == [*required, "--region"]


FUNCTIONS = st.builds(
    function,
    st.sampled_from(["a", "b", "c"]),
    st.none() | st.integers(0, 1200),
    st.integers(0, 1200),
)
QUOTA = st.integers(0, 3000)
ELSEWHERE = st.integers(0, 300)


SEVERAL = st.lists(FUNCTIONS, min_size=1, max_size=6)
TWO_ORDERS = SEVERAL.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))


@CI
@given(TWO_ORDERS, QUOTA, ELSEWHERE)
def test_order_never_matters(
    both: tuple[list[FunctionConcurrency], list[FunctionConcurrency]], quota: int, elsewhere: int
) -> None:
    first, second = (ledger(quota, *order, reserved_elsewhere=elsewhere) for order in both)
    assert first == second
    assert list(first.problems()) == list(second.problems())


@CI
@given(SEVERAL, FUNCTIONS, QUOTA, ELSEWHERE)
def test_a_further_function_never_makes_room(
    some: list[FunctionConcurrency], further: FunctionConcurrency, quota: int, elsewhere: int
) -> None:
    without = ledger(quota, *some, reserved_elsewhere=elsewhere)
    with_it = ledger(quota, *some, further, reserved_elsewhere=elsewhere)
    assert with_it.room is not None
    assert without.room is not None
    assert with_it.room <= without.room
    assert bool(list(with_it.problems())) >= bool(list(without.problems()))


@CI
@given(SEVERAL, QUOTA, ELSEWHERE)
def test_the_quota_that_is_asked_for_is_the_least_that_fits(
    some: list[FunctionConcurrency], quota: int, elsewhere: int
) -> None:
    found = ledger(quota, *some, reserved_elsewhere=elsewhere)
    for problem in found.problems():
        asked = int(problem.fix.partition("quota of ")[2].partition(" ")[0])
        assert problems(asked, *some, reserved_elsewhere=elsewhere) == []
        assert len(problems(asked - 1, *some, reserved_elsewhere=elsewhere)) == 1
