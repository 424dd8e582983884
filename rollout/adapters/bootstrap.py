"""Makes the buckets that rollouts need, and their keys; run again, it makes what is missing and leaves the rest.

First everything is looked at, then anything is changed: what cannot be made is refused before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rollout.adapters.bootstrap_bucket import Bucket
from rollout.adapters.bootstrap_key import Key
from rollout.adapters.bootstrap_step import Step
from rollout.adapters.store.aws import asking, client_config
from rollout.domain.bootstrap import WantedBucket, alias_of
from rollout.domain.bootstrap_documents import Reachers
from rollout.domain.errors import RolloutError

_FIX = "correct that and run `lambdanet rollout bootstrap` again, which goes on where it was"


def steps(
    wanted: Sequence[WantedBucket], session: Any, reachers: Reachers, environment: Mapping[str, str]
) -> tuple[Step, ...]:
    """What is there, and what is to be made, in order; nothing is changed.

    Args:
        wanted: the buckets.
        session: boto3 session of the account that the buckets are of; `Any`, as services are chosen at run time.
        reachers: the account, and who reaches states from others.
        environment: of the process: whether S3 is another one than AWS's.

    Raises:
        RolloutError: something cannot be made, in one report.
        StoreError: AWS cannot be asked.
    """
    found: list[Step] = []
    problems: list[str] = []
    config = client_config(environment)
    for (region, key_id), group in _by_key(wanted, reachers.account_id).items():
        with asking(f"KMS key {key_id}, bucket {', '.join(each.name for each in group)}", _FIX):
            kms = session.client("kms", region_name=region, config=config)
            s3 = session.client("s3", region_name=region, config=config)
            key = Key(kms, group, reachers)
            found += key.steps()
            problems += key.problems
            for each in group:
                bucket = Bucket(s3, each, reachers, key)
                found += bucket.steps()
                problems += bucket.problems()
    if problems:
        raise RolloutError("\n".join(problems))
    return tuple(found)


def _by_key(wanted: Sequence[WantedBucket], account_id: str) -> dict[tuple[str, str], list[WantedBucket]]:
    """Buckets by region and key, which may be named by its alias or by the ARN of that."""
    groups: dict[tuple[str, str], list[WantedBucket]] = {}
    for bucket in wanted:
        alias = alias_of(bucket.kms_key_id, region=bucket.region, account_id=account_id)
        groups.setdefault((bucket.region, alias or bucket.kms_key_id or "of S3"), []).append(bucket)
    return groups


def carry_out(step: Step) -> None:
    """Make what is wanted, unless it is there.

    Raises:
        StoreError: AWS refused it.
    """
    if not step.is_there:
        with asking(step.what, _FIX):
            step.make()
