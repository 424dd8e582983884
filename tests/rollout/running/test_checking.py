"""Each account and region is looked at once, however many targets it has."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from rollout.domain.errors import StoreError
from rollout.domain.model import RunTarget
from rollout.domain.ports import Owner
from rollout.domain.preflight import Checked, PlaceFound, Reached, TargetFound, Verdict
from rollout.running.checking import checked_before, checked_store
from tests.modules.core.test_target import target
from tests.rollout.running.planning_fakes import MemoryStore

GOES_ON = (
    "run 20261121-000000-aaaaaa goes on, carried out by me@here since 2026-11-21 09:00 UTC; another one waits for it, "
    "or is refused; let it end, or pause it"
)
REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")


class Looking:
    """Counts what is looked at."""

    def __init__(self) -> None:
        self.places: Counter[tuple[str, str]] = Counter()
        self.targets: Counter[str] = Counter()
        self._lock = threading.Lock()

    def place(self, targets: Iterable[RunTarget]) -> PlaceFound:
        first = next(iter(targets)).target
        with self._lock:
            self.places[first.account_id, first.region] += 1
        return PlaceFound({"plan": Reached("planner", first.account_id)})

    def target(self, target: RunTarget, place: PlaceFound) -> TargetFound:
        with self._lock:
            self.targets[target.name] += 1
        return TargetFound(place)


def test_a_fleet_is_looked_at_once() -> None:
    model = target()
    fleet = [
        RunTarget(model.model_copy(update={"account": f"a{number}", "account_id": f"{number:012}", **where}))
        for number in range(50)
        for where in ({"region": region, "stack": stack} for region in REGIONS for stack in ("one", "two"))
    ]
    looking, steps = Looking(), list[tuple[int, int]]()
    found = checked_before(fleet, looking, workers=8, told=lambda done, total: steps.append((done, total)))
    assert [each.target for each in found] == [each.name for each in fleet]
    assert {each.verdict for each in found} == {Verdict.HOLDS}
    assert (len(looking.places), set(looking.places.values())) == (150, {1})
    assert (len(looking.targets), set(looking.targets.values())) == (300, {1})
    assert (steps[0], steps[-1]) == ((0, 450), (450, 450))


class Store(MemoryStore):
    """A store with an owner, or one that cannot be read."""

    def __init__(self, answer: Owner | StoreError | None) -> None:
        super().__init__()
        self.answer = answer

    def owner(self) -> Owner | None:
        if isinstance(self.answer, StoreError):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "verdict", "told"),
    [
        (None, Verdict.HOLDS, "no rollout goes on"),
        (StoreError("no bucket; make it"), Verdict.FAILS, "no bucket; make it"),
        (
            Owner("20261121-000000-aaaaaa", "me@here", "here", 7, datetime(2026, 11, 21, 9, tzinfo=UTC)),
            Verdict.WARNS,
            GOES_ON,
        ),
    ],
)
def test_the_store(answer: Owner | StoreError | None, verdict: Verdict, told: str) -> None:
    assert checked_store(Store(answer)) == Checked("", "store", verdict, told)
