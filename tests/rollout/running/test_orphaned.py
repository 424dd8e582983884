"""Looking for states without a target."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.orphans import Known
from rollout.domain.states import StateFile, StatePlace, state_place
from rollout.running.orphaned import find_orphans, known_targets
from tests.modules.core.test_target import target
from tests.rollout.running.planning_fakes import MemoryStore
from tests.rollout.running.test_returning import run

S3 = {"kind": "s3", "bucket": "acme-state", "region": "eu-west-1"}
KEPT, GONE, EMPTY, BROKEN = (RunTarget(target(stack=each, backend=S3)) for each in ("kept", "gone", "empty", "broken"))


class Looking:
    """States with so many resources."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self.readers: dict[str, str] = {}

    def near(self, targets: Iterable[RunTarget]) -> tuple[StateFile, ...]:
        at = datetime(2026, 11, 21, tzinfo=UTC)
        every = {state_place(each.target) for each in targets} | {
            StatePlace("acme-state", "acme/x.tfstate", "eu-west-1")
        }
        return tuple(StateFile(place, at, 10) for place in sorted(every))

    def resources(self, target: RunTarget, place: StatePlace) -> int:
        self.readers[place.name] = target.name
        if place.name not in self.counts:
            raise RolloutError(f"{place.name}: no")
        return self.counts[place.name]


def test_states_with_resources_are_told_with_the_newest_run_that_had_their_target() -> None:
    store = MemoryStore()
    for day, targets in ((1, (KEPT, GONE)), (2, (KEPT, GONE)), (3, (KEPT, EMPTY))):
        store.create(run(day, *targets))
    known = known_targets(store)
    assert known[state_place(GONE.target)] == Known(run(2, GONE).id, GONE)
    looking = Looking({GONE.name: 3, EMPTY.name: 0, "x": 1})
    found = find_orphans([KEPT], known, looking)
    assert [(each.name, each.resources, each.known and each.known.run) for each in found] == [
        (GONE.name, 3, run(2, GONE).id),
        ("x", 1, None),
    ]
    assert set(looking.readers.values()) == {KEPT.name}  # a declared target's credentials, as an account may be closed


def test_every_state_that_cannot_be_read_is_in_one_report() -> None:
    store = MemoryStore()
    store.create(run(1, BROKEN, GONE))
    with pytest.raises(RolloutError) as error:
        find_orphans([KEPT], known_targets(store), Looking({"x": 1}))
    assert str(error.value) == f"{BROKEN.name}: no\n{GONE.name}: no"
