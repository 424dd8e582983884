"""What a decision may never do, and what a progress always holds, told from the states of targets alone."""

from __future__ import annotations

from rollout.domain.approval import digest_of
from rollout.domain.decision import Decision
from rollout.domain.gates import counted
from rollout.domain.model import Batch, Mode, RunState, TargetState, Wave, WaveState
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WAITING, WaveProgress
from rollout.domain.scheduler import may_start
from tests.rollout.domain.scheduler_world import World

LOST = {TargetState.FAILED, TargetState.SKIPPED}


def judge(world: World, decision: Decision) -> None:
    """Refuse a start that is too early, too much, or not reviewed."""
    start, progress = decision.start, world.progress
    assert world.run_state() is RunState.RUNNING or not start
    assert len(set(start)) == len(start)
    assert not set(start) & world.running
    assert [draft.subject for draft in decision.drafts if draft.state == TargetState.APPLYING] == list(start)
    for name in start:
        assert progress.facts(name) is not None
        assert (name in decision.recover) == progress.has_begun(name)
        assert not progress.targets[name].is_applied
        if progress.state(name) is not TargetState.APPLYING:
            _judge_first(world, name)
    for wave in world.run.waves:
        for batch in wave.batches:
            if own := [name for name in start if name in batch.targets]:
                _judge_batch(world, wave, batch, own)


def _judge_first(world: World, name: str) -> None:
    progress, wave = world.progress, world.run.wave_of[name]
    assert could_start(world, name)
    assert may_start(world.run, progress, name, now=world.now) == ""
    earlier = world.run.waves[: world.run.waves.index(wave)]
    assert all(progress.wave_state(each.name) is WaveState.PASSED for each in earlier)
    assert progress.wave_state(wave.name) is WaveState.RUNNING
    for batch in wave.batches[: wave.batches.index(progress.targets[name].batch.batch)]:
        assert all(progress.state(each).is_final or progress.state(each).is_applied for each in batch.targets)
    own = progress.targets[name]
    if own.batch is not own.wave.batches[0] and not own.batch.has_begun:
        assert all(world.readings[each].at >= progress.since(each) for each in own.wave.watched)
    assert not wave.needs_approval or progress.approved(wave.name) == digest_of(world.run, progress, wave.name)


def _judge_batch(world: World, wave: Wave, batch: Batch, start: list[str]) -> None:
    progress, limits = world.progress, world.progress.limits
    states = {name: progress.state(name) for name in batch.targets}
    most = batch.max_concurrent if limits.max_concurrent is None else limits.max_concurrent
    tolerated = batch.failure_tolerance if limits.failure_tolerance is None else limits.failure_tolerance
    failed = sum(state is TargetState.FAILED for state in states.values())
    assert len({*start, *(world.running & states.keys())}) <= most
    first = [name for name in start if states[name] is not TargetState.APPLYING]
    if not first:
        return  # what began before is ended, whatever failed since
    held = len(first) + sum(state is TargetState.APPLYING for state in states.values())
    assert held <= most
    assert failed <= tolerated
    assert wave.mode is Mode.SOFT or held + failed <= tolerated + 1
    before = batch.targets[: batch.targets.index(first[-1])]
    assert [name for name in before if name not in first and could_start(world, name)] == []


def could_start(world: World, name: str) -> bool:
    """Whether the target is planned, its plan has not expired, and what it builds on is applied."""
    progress, facts = world.progress, world.progress.facts(name)
    is_planned = progress.state(name) is TargetState.PLANNED and facts is not None and facts.expires_at > world.now
    return is_planned and all(progress.state(each).is_applied for each in world.run.by_name[name].after)


def require_true_indexes(world: World) -> None:
    """Everything that the progress keeps beside the states follows from them."""
    progress, after = world.progress, {name: target.after for name, target in world.run.by_name.items()}
    states = {name: progress.state(name) for name in progress.names}
    assert progress.counts == {state: sum(each is state for each in states.values()) for state in TargetState}
    assert set(progress.applying) == {name for name, state in states.items() if state is TargetState.APPLYING}
    waiting = [name for name, state in states.items() if state in WAITING]
    assert set(progress.doomed) == {name for name in waiting if any(states[each] in LOST for each in after[name])}
    free = {name for name in states if all(states[each].is_applied for each in after[name])}
    ready = {name for name in free if states[name] is TargetState.PLANNED}
    for wave in world.run.waves:
        known = progress.waves[wave.name]
        assert set(known.baking) == {name for name in wave.targets if states[name] is TargetState.BAKING}
        assert set(known.watched) == {
            name for name in known.baking if (facts := progress.facts(name)) and counted(wave.gate, facts.alarms)
        }
        for batch, kept in zip(wave.batches, known.batches, strict=True):
            assert [kept.counts[s] for s in TargetState] == [
                sum(states[name] is s for name in batch.targets) for s in TargetState
            ]
            assert [progress.names[place] for place in kept.ready] == [n for n in batch.targets if n in ready]
    left = [known for known in progress.waves.values() if known.state is not WaveState.PASSED]
    assert progress.current_wave is (left[0] if left else None)


def told(progress: Progress) -> object:
    """Everything that a progress tells."""
    targets = [
        (name, t.state, t.since, t.reason, t.facts, t.attempts, t.how, t.begun, t.is_applied, t.is_cut_short, t.waited)
        for name, t in progress.targets.items()
    ]
    waves = [
        (
            wave.state,
            wave.since,
            wave.approved,
            wave.is_accepted,
            (sorted(wave.baking), sorted(wave.watched)),
            _told_batches(wave),
        )
        for wave in progress.waves.values()
    ]
    whole = (progress.run_state, progress.run_reason, progress.limits, dict(progress.counts))
    return targets, waves, whole, sorted(progress.applying), sorted(progress.doomed)


def _told_batches(wave: WaveProgress) -> object:
    return [({state: batch.counts[state] for state in TargetState}, list(batch.ready)) for batch in wave.batches]
