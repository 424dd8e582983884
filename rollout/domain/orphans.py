"""States that no declared target has: what was taken out of the configuration, and still runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from modules.core.target import Target
from rollout.domain.model import Batch, Gate, RunTarget, Wave
from rollout.domain.states import StateFile, StatePlace, state_place

WAVE = "orphans"
"""The one wave of a run that destroys them."""


@dataclass(frozen=True)
class Known:
    """A target that a run of the store had.

    Attributes:
        run: the newest such run.
        target: the target, as it was then.
    """

    run: str
    target: RunTarget


@dataclass(frozen=True)
class Orphan:
    """A state without a declared target.

    Attributes:
        file: the state.
        known: the newest run that had its target; None where no run of the store had.
        moved_to: where the target of that name, which is declared, keeps its state now; None where there is none.
        resources: how many managed resources the state holds; None where nobody has looked.
    """

    file: StateFile
    known: Known | None = None
    moved_to: StatePlace | None = None
    resources: int | None = None

    @property
    def name(self) -> str:
        """Name of the target."""
        return self.file.place.name

    @property
    def fix(self) -> str:
        """What to do about it."""
        if self.moved_to is not None:
            return (
                f"the target is declared and keeps its state in {self.moved_to}; compare both, and delete this one "
                "once everything in it stands there too"
            )
        if self.known is None:
            return (
                "no run of this store had its target; declare it again and destroy it with Terraform, or delete the "
                "state if everything in it is gone"
            )
        return (
            "declare the target again, or run `lambdanet rollout orphans --plan-destroy`, which plans its destruction"
        )


def orphans(
    files: Iterable[StateFile], declared: Iterable[Target], known: Mapping[StatePlace, Known]
) -> tuple[Orphan, ...]:
    """States that no declared target has, by their places.

    A state whose target is declared with another backend is among them, as it may be what a migration left behind; it
    is never destroyed.

    Args:
        files: states that are there.
        declared: every target of the configuration.
        known: targets of runs, by the place of their state.
    """
    places = {target.name: state_place(target) for target in declared}
    taken = set(places.values())
    return tuple(
        Orphan(file, known.get(file.place), places.get(file.place.name))
        for file in sorted(files)
        if file.place not in taken
    )


def destroyable(found: Iterable[Orphan]) -> tuple[Orphan, ...]:
    """Orphans whose destruction can be planned."""
    return tuple(each for each in found if each.known is not None and each.moved_to is None)


def destroy_order(found: Iterable[Orphan]) -> tuple[RunTarget, ...]:
    """Targets of orphans for a run that destroys them: what builds on another goes before it."""
    targets = {each.name: each.known.target.target for each in found if each.known is not None}
    after: dict[str, list[str]] = {name: [] for name in targets}
    for each in found:
        for upstream in each.known.target.after if each.known is not None else ():
            if upstream in targets:
                after[upstream].append(each.name)
    return tuple(RunTarget(targets[name], tuple(sorted(after[name]))) for name in _sorted(after))


def _sorted(after: Mapping[str, list[str]]) -> Iterator[str]:
    """Names such that each comes after those it waits for; by name where nothing decides."""
    done: set[str] = set()
    left = sorted(after)
    while left:
        ready = [name for name in left if done.issuperset(after[name])] or left
        yield from ready
        done.update(ready)
        left = [name for name in left if name not in done]


def destroy_waves(targets: Iterable[RunTarget]) -> tuple[Wave, ...]:
    """One wave, one target after the other, none tolerated to fail, behind an approval."""
    gate = Gate(bake_minutes=0, off_reason="what is destroyed has no alarms any more")
    batch = Batch(tuple(target.name for target in targets))
    return (Wave(WAVE, (batch,), gate=gate, needs_approval=True),)
