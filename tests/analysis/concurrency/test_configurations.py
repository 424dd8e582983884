"""Functions of configurations, whatever the stack, and the check of all stacks of an account."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import Field

from analysis.concurrency import AccountConcurrency, functions_of_config, snapshot_warnings
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot, Snapshots
from modules.core.config import ConfigModel
from modules.function import ExistingFunctionConfig, FunctionConfig, PythonCode
from tests.modules.core.test_target import target

TODAY = date(2026, 11, 21)
ACCOUNT, REGION = "123456789012", "eu-west-1"


class Jobs(ConfigModel):
    """Configuration of a stack with functions at every depth."""

    main: FunctionConfig
    by_name: dict[str, FunctionConfig] = Field(default_factory=dict)
    further: tuple[FunctionConfig, ...] = ()


def api(reserved: int | None = 5, **fields: Any) -> FunctionConfig:
    unbounded = {} if reserved else {"unreserved_reason" if reserved is None else "disabled_reason": "a test"}
    return FunctionConfig(code=PythonCode(source="x"), reserved_concurrency=reserved, **unbounded, **fields)


def snapshots(taken: date = TODAY) -> Snapshots:
    found = QuotaSnapshot(account_id=ACCOUNT, region=REGION, taken=taken, quotas={CONCURRENT_EXECUTIONS: 1000})
    return {(ACCOUNT, REGION): found}


def test_functions_are_found_at_every_depth() -> None:
    config = Jobs(main=api(), by_name={"x": api(None)}, further=(api(0), api(7)))
    found = functions_of_config(config, account_id="1", region="r", place="dev/main/r/jobs")
    assert [(each.function, each.reserved, each.provisioned) for each in found] == [
        ("dev/main/r/jobs main", 5, 0),
        ("dev/main/r/jobs by_name.x", None, 0),
        ("dev/main/r/jobs further[0]", 0, 0),
        ("dev/main/r/jobs further[1]", 7, 0),
    ]


def test_a_function_that_something_else_deploys_is_counted_by_its_owner() -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:theirs"
    existing = ExistingFunctionConfig(function_arn=arn, reserved_concurrency=500)
    assert functions_of_config(existing, account_id="1", region="r", place="x") == ()


def test_a_function_alone_is_a_configuration_too() -> None:
    [found] = functions_of_config(api(), account_id="1", region="r", place="x")
    assert found.function == "x"


@pytest.mark.parametrize(
    ("provisioned", "most"),
    [
        ({"minimum": 3}, 3),
        ({"minimum": 3, "maximum": 10}, 10),
        ({"minimum": 1, "schedules": {"morning": {"schedule": "rate(1 day)", "minimum": 20}}}, 20),
    ],
)
def test_the_most_that_an_alias_provisions_at_any_time_is_counted(provisioned: dict[str, Any], most: int) -> None:
    config = api(None, alias={"provisioned_concurrency": provisioned})
    [found] = functions_of_config(config, account_id="1", region="r", place="x")
    assert (found.reserved, found.provisioned, found.claimed) == (None, most, most)


def test_all_targets_of_an_account_and_region_are_one_sum() -> None:
    def configs(account: str) -> list[tuple[Any, Any]]:
        return [
            (target(env="dev"), Jobs(main=api(500))),
            (target(env="stage", account_id=account), Jobs(main=api(401))),
        ]

    check = AccountConcurrency(snapshots())

    assert list(check(configs("210987654321"))) == []
    [problem] = check(configs(ACCOUNT))
    assert problem.given == (
        "dev/main/eu-west-1/orders_api main reserves 500, stage/main/eu-west-1/orders_api main reserves 401, together "
        "901 concurrent executions"
    )


def test_a_snapshot_that_is_known_and_new_warns_of_nothing() -> None:
    assert snapshot_warnings([target(), target(env="prod")], snapshots(), today=TODAY) == ()
    assert snapshot_warnings([target()], snapshots(taken=date(2026, 8, 23)), today=TODAY) == ()


TAKE = (
    "run `lambdanet quotas snapshot --target dev-main-eu-west-1-orders_api` with credentials of the account, and "
    "commit the file"
)
WHERE = f"account {ACCOUNT} in {REGION}"


@pytest.mark.parametrize(
    ("known", "warning"),
    [
        ({},
         f"its quotas are not known, so its concurrency was not checked; there is no quotas/{ACCOUNT}/{REGION}.yaml"),
        (snapshots(taken=date(2026, 8, 22)),
         "its quotas were read 91 days ago, on 2026-08-22; they may have changed after 90 days"),
    ],
)  # fmt: skip
def test_an_account_whose_quotas_are_not_known_is_warned_of_once(known: Snapshots, warning: str) -> None:
    assert snapshot_warnings([target(env="prod"), target()], known, today=TODAY) == (f"{WHERE}: {warning}; {TAKE}",)
