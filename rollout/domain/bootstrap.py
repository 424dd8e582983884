"""Which buckets rollouts need, and what each of them lets in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from modules.core.target import S3Backend, Target
from rollout.domain.errors import RolloutError
from rollout.domain.settings import RolloutSettings, S3StoreSettings

ALIAS = "alias/"
"""What names of KMS keys begin with, where bootstrap makes the key."""


def alias_of(key_id: str | None, *, region: str, account_id: str) -> str:
    """Name of a key in this account and region, such as `alias/rollouts`; empty for one that is named otherwise.

    Args:
        key_id: a key's id, alias or ARN.
        region: the region.
        account_id: the account.
    """
    if key_id is None or key_id.startswith(ALIAS):
        return key_id or ""
    arn = key_id.split(":", 5)
    is_here = len(arn) == _ARN_PARTS and arn[3:5] == [region, account_id] and arn[5].startswith(ALIAS)
    return arn[5] if is_here else ""


_ARN_PARTS = 6


@dataclass(frozen=True, order=True)
class StateAccess:
    """What an account's roles reach of a bucket: the states of its own targets.

    Attributes:
        account_id: the account.
        prefixes: what keys of its states begin with.
    """

    account_id: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class WantedBucket:
    """A bucket for runs, for states, or for both.

    Attributes:
        name: the bucket.
        region: its region.
        kms_key_id: the KMS key; None for S3's own.
        runs_prefix: what keys of runs begin with, without slash at its end; None where there are no runs in it.
        states: accounts whose targets keep their states in it.
        plan_days: after how many days plans are deleted.
    """

    name: str
    region: str
    kms_key_id: str | None
    runs_prefix: str | None = None
    states: tuple[StateAccess, ...] = ()
    plan_days: int = 0


_DAYS_AFTER_EXPIRY = 14
_HOURS = 24


def wanted_buckets(settings: RolloutSettings, targets: Iterable[Target]) -> tuple[WantedBucket, ...]:
    """The buckets of the settings' store and of the targets' states, by name.

    Args:
        settings: with the store.
        targets: with their backends.

    Raises:
        RolloutError: a bucket is wanted in two regions or with two keys.
    """
    in_s3 = [(target, target.backend) for target in targets if isinstance(target.backend, S3Backend)]
    shared = _shared_prefixes([target for target, _ in in_s3])
    states: dict[str, dict[str, set[str]]] = {}
    places: dict[str, set[tuple[str, str | None]]] = {}
    for target, backend in in_s3:
        places.setdefault(backend.bucket, set()).add((backend.region, backend.kms_key_id))
        prefix = _prefix(target)
        prefixes = states.setdefault(backend.bucket, {}).setdefault(target.account_id, set())
        prefixes.add(f"{prefix}{target.region}-" if prefix in shared else prefix)
    store = settings.store if isinstance(settings.store, S3StoreSettings) else None
    if store is not None:
        places.setdefault(store.bucket, set()).add((store.region, store.kms_key_id))
    problems = [problem for bucket in sorted(places) for problem in _contradictions(bucket, places[bucket])]
    if problems:
        raise RolloutError("\n".join(problems))
    return tuple(
        WantedBucket(
            bucket,
            *next(iter(places[bucket])),
            runs_prefix=store.prefix if store is not None and store.bucket == bucket else None,
            states=tuple(
                sorted(StateAccess(account, tuple(sorted(found))) for account, found in states.get(bucket, {}).items())
            ),
            plan_days=-(-settings.plan_expires_hours // _HOURS) + _DAYS_AFTER_EXPIRY,
        )
        for bucket in sorted(places)
    )


def _prefix(target: Target) -> str:
    return f"{target.org}/{target.env}-{target.account}-"


def _shared_prefixes(targets: Sequence[Target]) -> set[str]:
    """Prefixes that keys of another account begin with, too, such as `dev-shop-` where there is an account shop-eu."""
    owners: dict[str, str] = {}
    shared = set()
    for target in targets:
        if owners.setdefault(_prefix(target), target.account_id) != target.account_id:
            shared.add(_prefix(target))
    for target in targets:
        words = target.name.split("-")
        for length in range(1, len(words)):
            prefix = f"{target.org}/{'-'.join(words[:length])}-"
            if owners.get(prefix, target.account_id) != target.account_id:
                shared.add(prefix)
    return shared


def _contradictions(bucket: str, places: set[tuple[str, str | None]]) -> Iterator[str]:
    regions = sorted({region for region, _ in places})
    keys = sorted({key or "none" for _, key in places})
    if len(regions) > 1:
        yield (
            f"bucket {bucket}: its region is {' and '.join(regions)}; a bucket is in one region; correct the targets' "
            "backend and the store in rollout.yaml"
        )
    if len(keys) > 1:
        yield (
            f"bucket {bucket}: its kms_key_id is {' and '.join(keys)}; a bucket is encrypted with one key; write the "
            "same in the targets' backend and in rollout.yaml"
        )
