"""Preflight of many targets: each account and region is looked at once, then each target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from rollout.domain.errors import StoreError
from rollout.domain.model import RunTarget
from rollout.domain.ports import RunStore
from rollout.domain.preflight import Checked, PlaceFound, TargetFound, Verdict
from rollout.domain.preflight_judging import judged
from rollout.running.in_parallel import Told, in_parallel

WORKERS = 16
"""Accounts and targets looked at at once; a thread each, which waits for AWS most of its time."""


class Looking(Protocol):
    """Looks at accounts and targets."""

    def place(self, targets: Iterable[RunTarget]) -> PlaceFound:
        """What holds for all targets of one account and region."""
        ...

    def target(self, target: RunTarget, place: PlaceFound) -> TargetFound:
        """What holds for one target."""
        ...


def checked_store(store: RunStore) -> Checked:
    """Whether runs can be kept, and whether a rollout goes on."""
    try:
        owner = store.owner()
    except StoreError as error:
        return Checked("", "store", Verdict.FAILS, str(error))
    if owner is None:
        return Checked("", "store", Verdict.HOLDS, "no rollout goes on")
    return Checked(
        "",
        "store",
        Verdict.WARNS,
        f"run {owner.run} goes on, carried out by {owner.by} since {owner.since:%Y-%m-%d %H:%M} UTC; another one waits "
        "for it, or is refused; let it end, or pause it",
    )


def checked_before(
    targets: Iterable[RunTarget], looking: Looking, *, workers: int = WORKERS, told: Told = lambda *_: None
) -> tuple[Checked, ...]:
    """Every check of every target, in the order of the targets.

    Args:
        targets: what a rollout goes to.
        looking: looks at accounts.
        workers: how many at once.
        told: told how many accounts and targets are done, and of how many.
    """
    every = tuple(targets)
    places: dict[tuple[str, str], list[RunTarget]] = {}
    for target in every:
        places.setdefault((target.target.account_id, target.target.region), []).append(target)
    total = len(places) + len(every)
    found = dict(
        zip(
            places,
            in_parallel(looking.place, places.values(), workers=workers, told=_from(told, 0, total)),
            strict=True,
        )
    )
    seen = in_parallel(
        lambda target: looking.target(target, _of(found, target)),
        every,
        workers=workers,
        told=_from(told, len(places), total),
    )
    return tuple(check for target, each in zip(every, seen, strict=True) for check in judged(target.target, each))


def _of(found: Mapping[tuple[str, str], PlaceFound], target: RunTarget) -> PlaceFound:
    return found[target.target.account_id, target.target.region]


def _from(told: Told, before: int, total: int) -> Callable[[int, int], None]:
    return lambda done, _: told(before + done, total)
