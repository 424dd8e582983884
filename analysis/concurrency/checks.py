"""The ledger as a check of several stacks' configurations at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import BaseModel

from analysis.concurrency.configurations import functions_of_config
from analysis.concurrency.ledger import AccountLedger, ledgers
from analysis.quotas import MAX_AGE_DAYS, QuotaSnapshot, Snapshots, snapshot_path
from modules.core.errors import Problem
from modules.core.target import Target


class AccountConcurrency:
    """What every account and region has to share out among the functions of all its targets.

    Called with targets and their configurations, it gives the problems.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    def __call__(self, configs: Iterable[tuple[Target, BaseModel]]) -> Iterator[Problem]:
        """One problem for each account and region where the functions do not fit."""
        for ledger in self.ledgers(configs):
            yield from ledger.problems()

    def ledgers(self, configs: Iterable[tuple[Target, BaseModel]]) -> tuple[AccountLedger, ...]:
        """The ledger of every account and region."""
        return ledgers(
            (
                function
                for target, config in configs
                for function in functions_of_config(
                    config, account_id=target.account_id, region=target.region, place=place_of(target)
                )
            ),
            self._snapshots,
        )


def place_of(target: Target) -> str:
    """A target in sentences, such as `dev/main/us-east-1/orders_api`."""
    return f"{target.env}/{target.account}/{target.region}/{target.stack}"


def snapshot_warnings(
    targets: Iterable[Target], snapshots: Snapshots, *, today: date, max_age_days: int = MAX_AGE_DAYS
) -> tuple[str, ...]:
    """A sentence for each account and region whose quotas are not known, or were read long ago.

    Args:
        targets: where functions go.
        snapshots: what is known.
        today: the day in UTC.
        max_age_days: days that a snapshot is trusted.
    """
    first: dict[tuple[str, str], Target] = {}
    for target in sorted(targets, key=lambda target: target.name):
        first.setdefault((target.account_id, target.region), target)
    found = (_warning(target, snapshots.get(place), today, max_age_days) for place, target in sorted(first.items()))
    return tuple(sentence for sentence in found if sentence)


def _warning(target: Target, snapshot: QuotaSnapshot | None, today: date, max_age_days: int) -> str:
    where = f"account {target.account_id} in {target.region}"
    take = (
        f"run `lambdanet quotas snapshot --target {target.name}` with credentials of the account, and commit the file"
    )
    if snapshot is None:
        path = snapshot_path(target.account_id, target.region).as_posix()
        return f"{where}: its quotas are not known, so its concurrency was not checked; there is no {path}; {take}"
    age = snapshot.age_days(today)
    if age > max_age_days:
        read = f"its quotas were read {age} days ago, on {snapshot.taken.isoformat()}"
        return f"{where}: {read}; they may have changed after {max_age_days} days; {take}"
    return ""
