"""What several stacks share out among them is checked over all targets of an account and region at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import pytest

from analysis.concurrency import AccountConcurrency
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot
from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.target import Target
from stacks.checks import checked_configs
from tests.modules.core.test_target import target
from tests.stacks.test_config_checks import Entry
from tests.stacks.test_orders_api_config import with_

ACCOUNT, REGION = "123456789012", "eu-west-1"
PLENTY = {"oversubscription_reason": "a test"}


def entry(env: str, reserved: int = 5, **fields: Any) -> Entry:
    settings = with_(function={"reserved_concurrency": reserved}, proxy=PLENTY)
    return Entry(target(env=env, **fields), settings)


def quota(executions: int, **fields: Any) -> AccountConcurrency:
    taken = {"account_id": ACCOUNT, "region": REGION, "taken": "2026-11-21", **fields}
    snapshot = QuotaSnapshot.parse({**taken, "quotas": {CONCURRENT_EXECUTIONS: executions}})
    return AccountConcurrency({(ACCOUNT, REGION): snapshot})


def refused(*entries: Entry, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        checked_configs(entries, **options)
    return [str(problem) for problem in caught.value.problems]


def test_the_sum_of_all_targets_is_refused_with_each_function() -> None:
    entries = [entry("dev", 400), entry("stage", 300), entry("prod", 300)]
    assert checked_configs(entries, together=[quota(1100)]).keys() == {each.target.name for each in entries}
    [problem] = refused(*entries, together=[quota(1000)])
    assert problem == (
        "account 123456789012 in eu-west-1: dev/main/eu-west-1/orders_api function reserves 400, "
        "prod/main/eu-west-1/orders_api function reserves 300, stage/main/eu-west-1/orders_api function reserves 300, "
        "together 1000 concurrent executions; the quota of 1000 (read on 2026-11-21) has 900 to reserve, as 100 stay "
        "unreserved (Lambda guide, reserved concurrency); lower the reserved_concurrency of "
        "dev/main/eu-west-1/orders_api function to at most 300, or ask for a quota of 1100 by `aws service-quotas "
        "request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1100 --region "
        "eu-west-1`"
    )


def test_a_fresh_account_refuses_every_reservation() -> None:
    [problem] = refused(entry("dev", 1), together=[quota(10)])
    assert "the quota of 10 (read on 2026-11-21) has nothing to reserve" in problem


def test_targets_beside_the_wanted_one_are_counted_and_not_returned() -> None:
    wanted, beside = entry("dev", 500), entry("stage", 500)
    fits = quota(1000)

    assert len(refused(wanted, beside=[wanted, beside], together=[fits])) == 1
    found = checked_configs([wanted], beside=[wanted, entry("stage", 400)], together=[fits])
    assert found.keys() == {wanted.target.name}


@pytest.mark.parametrize("fields", [{"account_id": "210987654321"}, {"region": "eu-central-1"}])
def test_targets_of_other_accounts_and_regions_are_left_alone(fields: dict[str, str]) -> None:
    broken = Entry(target(env="stage", **fields), {"network": {}})
    assert checked_configs([entry("dev", 900)], beside=[broken], together=[quota(1000)])


def test_what_cannot_be_counted_is_refused_first() -> None:
    broken = Entry(target(env="stage"), with_(function={"memory_mb": 64}))
    [problem] = refused(entry("dev", 100_000), beside=[broken], together=[quota(1000)])
    assert problem.startswith("stage/main/eu-west-1/orders_api: function.memory_mb is 64; ")


def test_checks_get_every_counted_target_in_the_order_of_names() -> None:
    seen: list[str] = []

    def look(configs: Sequence[tuple[Target, ConfigModel]]) -> Iterator[Problem]:
        seen.extend(target.name for target, _ in configs)
        return iter(())

    checked_configs([entry("stage")], beside=[entry("stage"), entry("dev")], together=[look])
    assert seen == ["dev-main-eu-west-1-orders_api", "stage-main-eu-west-1-orders_api"]


def test_hundred_targets_are_summed_in_milliseconds() -> None:
    configs = [
        (target(env=f"e{number}"), next(iter(checked_configs([entry("dev")]).values()))) for number in range(100)
    ]
    check = quota(1000)
    start = perf_counter()
    assert list(check(configs)) == []
    assert perf_counter() - start < 0.5
