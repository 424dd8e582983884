"""Targets put into waves and batches, as the settings say, and every reason why they cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.errors import ConfigError
from modules.core.target import Target
from rollout.domain.amounts import counted
from rollout.domain.dependencies import StackOrders
from rollout.domain.model import Batch, Mode, RunTarget, Wave
from rollout.domain.selectors import Fleet, matching, selects
from rollout.domain.settings import RolloutSettings
from rollout.domain.wave_checks import account_problems, by_region, name_problems, order_problems, wave_problems
from rollout.domain.wave_settings import WaveSettings

WHERE = "rollout.yaml"
"""How sentences call the file of the settings."""


@dataclass(frozen=True)
class Resolved:
    """Targets of a run and its waves.

    Attributes:
        targets: targets in the order of the waves.
        waves: waves in order; every target is in exactly one.
        left_out: targets with what they build on and is no part of the run, as only some targets were wanted.
    """

    targets: tuple[RunTarget, ...]
    waves: tuple[Wave, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def resolved(settings: RolloutSettings, targets: Sequence[Target], *, only: Sequence[str] = ()) -> Resolved:
    """Put every target into a wave: the first one that selects it.

    Args:
        settings: how changes go to them.
        targets: all targets.
        only: names or patterns of the targets that are wanted; the others are checked with them and left out.

    Raises:
        ConfigError: with every problem: an account id of two accounts, or an account with two ids; a selector that
            names what no target has; a wave that selects nothing; a target in no wave; a tolerance above the number
            of targets; stacks that wait for each other, or for a later wave.
    """
    fleet = Fleet(targets)
    orders = StackOrders(settings.stacks, fleet.stacks)
    chosen = _chosen(settings.waves, targets)
    problems = [
        *account_problems(targets),
        *name_problems(settings, fleet, only),
        *orders.problems(),
        *wave_problems(settings.waves, chosen, targets),
    ]
    before = orders.before(targets)
    if not problems:
        problems.extend(order_problems(settings.waves, chosen, before))
    if problems:
        raise ConfigError(problem.within(WHERE) for problem in problems)
    wanted = matching(only or ("*",), (target.name for target in targets))
    waves = tuple(
        _wave(wave, [target for target in chosen[index] if target.name in wanted], orders.depths)
        for index, wave in enumerate(settings.waves)
        if any(target.name in wanted for target in chosen[index])
    )
    by_name = {target.name: target for target in targets}
    return Resolved(
        tuple(
            RunTarget(by_name[name], tuple(each for each in before[name] if each in wanted))
            for wave in waves
            for name in wave.targets
        ),
        waves,
        tuple((name, each) for wave in waves for name in wave.targets for each in before[name] if each not in wanted),
    )


def wave_index(settings: RolloutSettings, target: Target) -> int | None:
    """Which wave of the settings a target belongs to, from 0; None where none selects it."""
    return next((index for index, wave in enumerate(settings.waves) if selects(wave.select, target)), None)


def _chosen(waves: Sequence[WaveSettings], targets: Sequence[Target]) -> list[list[Target]]:
    """Targets of each wave."""
    chosen: list[list[Target]] = [[] for _ in waves]
    for target in targets:
        index = next((index for index, wave in enumerate(waves) if selects(wave.select, target)), None)
        if index is not None:
            chosen[index].append(target)
    return chosen


def _wave(wave: WaveSettings, targets: Sequence[Target], depths: Mapping[str, int]) -> Wave:
    batches = []
    for region, members in by_region(wave, targets):
        ordered = sorted(members, key=lambda target: (depths[target.stack], target.name))
        batches.append(
            Batch(
                targets=tuple(target.name for target in ordered),
                max_concurrent=max(1, counted(wave.max_concurrent, len(ordered))),
                failure_tolerance=min(len(ordered), counted(wave.failure_tolerance, len(ordered))),
                region=region,
            )
        )
    return Wave(
        name=wave.name,
        batches=tuple(batches),
        mode=Mode(wave.mode),
        gate=wave.gate.gate,
        needs_approval=wave.approval == "required",
    )
