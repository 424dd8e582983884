"""What holds whatever happens: any fleet, any failure, kill, pause, brake, alarm and late plan, in any order."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rollout.domain.approval import digest_of
from rollout.domain.model import Batch, Gate, Mode, Run, RunState, TargetState, Wave, WaveState
from rollout.domain.ports import AlarmState, ApplyOutcome
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WAITING, WaveProgress
from rollout.domain.records import LIMITS, RUN, WAVE, Draft
from rollout.domain.scheduler import may_start, reopened
from tests.rollout.domain.scheduler_world import (
    BROKE,
    NO_GATE,
    WORKED,
    World,
    approved,
    facts_of,
    pause,
    plan_draft,
    run_of,
)

INTERRUPTED = ApplyOutcome(is_applied=False, reason="told to stop", was_interrupted=True)
LOST = {TargetState.FAILED, TargetState.SKIPPED}


@st.composite
def runs(draw: st.DrawFn) -> Run:
    waves: list[Wave] = []
    stacks: list[str] = []
    after: dict[str, list[str]] = {}
    for place in range(draw(st.integers(1, 3))):
        batches = []
        for _ in range(draw(st.integers(1, 2))):
            own = [f"t{len(stacks) + number}" for number in range(draw(st.integers(0, 4)))]
            for stack in own:
                after[stack] = draw(st.lists(st.sampled_from(stacks), max_size=2)) if stacks else []
                stacks.append(stack)
            most, tolerance = draw(st.integers(1, 4)), draw(st.integers(0, len(own)))
            batches.append(Batch(tuple(draw(st.permutations(own))), most, tolerance))
        gate = draw(st.sampled_from([NO_GATE, Gate(0), Gate(10), Gate(5, missing_data_reason="quiet")]))
        mode = draw(st.sampled_from(Mode))
        waves.append(Wave(f"w{place}", tuple(batches), mode, gate, needs_approval=draw(st.booleans())))
    return run_of(waves, after)


class Rollout(RuleBasedStateMachine):
    """A run in a world that does its worst; every start is judged when it is made."""

    @initialize(run=runs(), data=st.data())
    def begin(self, run: Run, data: st.DataObject) -> None:
        self.world = World(run)
        self.is_braked = False
        self.applied: dict[tuple[str, str], int] = {}
        self.plans = 0
        for name in self.world.progress.names:
            if not run.by_name[name].after and data.draw(st.integers(0, 9)):
                self.plan(name, hours=data.draw(st.sampled_from([72.0, 72.0, 72.0, 0.2])))

    def plan(self, name: str, *, hours: float = 72) -> None:
        self.plans += 1
        alarms = ["errors"] if self.plans % 3 else []
        facts = facts_of(f"d{self.plans}", now=self.world.now, hours=hours, alarms=alarms)
        self.world.write(plan_draft(name, facts))

    @rule(is_torn=st.integers(0, 9), data=st.data())
    def decide(self, is_torn: int, data: st.DataObject) -> None:
        """Decide and carry it out, or be killed between two records."""
        world = self.world
        before = told(world.progress)
        decision = world.decided()
        assert decision == world.decided()
        assert told(world.progress) == before
        if is_torn == 0 and decision.drafts:
            world.write(*decision.drafts[: data.draw(st.integers(0, len(decision.drafts) - 1))])
            world.running.clear()
            return
        self.judge(decision.start, decision.recover)
        world.step()
        if decision.is_over:
            assert not world.running
            assert world.run_state() in {RunState.PAUSED, RunState.STOPPED, RunState.COMPLETED}
        else:
            has_cause = decision.next_at is not None or world.running or decision.start
            assert has_cause, "it waits for nothing"

    def judge(self, start: tuple[str, ...], recover: frozenset[str]) -> None:
        world, progress = self.world, self.world.progress
        assert world.run_state() is RunState.RUNNING or not start
        assert len(set(start)) == len(start)
        assert not set(start) & world.running
        for name in start:
            target, known = world.run.by_name[name], progress.targets[name]
            facts, state = progress.facts(name), progress.state(name)
            assert facts is not None
            assert (name in recover) == progress.has_begun(name)
            assert not known.is_applied
            if state is TargetState.APPLYING:
                assert name in recover
                continue
            assert state is TargetState.PLANNED
            assert facts.expires_at > world.now
            assert all(progress.state(each).is_applied for each in target.after)
            assert may_start(world.run, progress, name, now=world.now) == ""
            wave = world.run.wave_of[name]
            earlier = world.run.waves[: world.run.waves.index(wave)]
            assert all(progress.wave_state(each.name) is WaveState.PASSED for each in earlier)
            assert progress.wave_state(wave.name) is WaveState.RUNNING
            for batch in wave.batches[: wave.batches.index(known.batch.batch)]:
                assert all(self.is_settled(each) for each in batch.targets)
            if wave.needs_approval:
                assert progress.approved(wave.name) == digest_of(world.run, progress, wave.name)
        for wave in world.run.waves:
            for batch in wave.batches:
                self.judge_batch(wave, batch, [name for name in start if name in batch.targets])

    def judge_batch(self, wave: Wave, batch: Batch, start: list[str]) -> None:
        progress, limits = self.world.progress, self.world.progress.limits
        failed = [name for name in batch.targets if progress.state(name) is TargetState.FAILED]
        tolerated = batch.failure_tolerance if limits.failure_tolerance is None else limits.failure_tolerance
        most = batch.max_concurrent if limits.max_concurrent is None else limits.max_concurrent
        running = {name for name in batch.targets if name in self.world.running} | set(start)
        if start:
            assert len(running) <= most
        if begun := [name for name in start if progress.state(name) is TargetState.PLANNED]:
            assert len(failed) <= tolerated
            held = {name for name in batch.targets if progress.state(name) is TargetState.APPLYING} | set(begun)
            assert len(held) <= most
            assert wave.mode is Mode.SOFT or len(held) + len(failed) <= tolerated + 1
            skipped_over = [
                name
                for name in batch.targets[: batch.targets.index(begun[-1])]
                if progress.state(name) is TargetState.PLANNED and name not in begun and self.could_start(name)
            ]
            assert not skipped_over

    def could_start(self, name: str) -> bool:
        progress, facts = self.world.progress, self.world.progress.facts(name)
        upstreams = self.world.run.by_name[name].after
        return bool(
            facts and facts.expires_at > self.world.now and all(progress.state(u).is_applied for u in upstreams)
        )

    def is_settled(self, name: str) -> bool:
        return self.world.progress.state(name).is_final or self.world.progress.state(name).is_applied

    @precondition(lambda self: self.world.running)
    @rule(data=st.data(), outcome=st.sampled_from([WORKED, WORKED, WORKED, BROKE, INTERRUPTED]))
    def end(self, data: st.DataObject, outcome: ApplyOutcome) -> None:
        name = data.draw(st.sampled_from(sorted(self.world.running)))
        self.finish(name, outcome)

    def finish(self, name: str, outcome: ApplyOutcome) -> None:
        facts = self.world.progress.facts(name)
        assert facts is not None
        if outcome.is_applied:
            key = (name, facts.digest)
            self.applied[key] = self.applied.get(key, 0) + 1
            assert self.applied[key] == 1, "applied twice"
        self.world.end(name.rsplit("-", 1)[-1], outcome)

    @rule()
    def kill(self) -> None:
        self.world.running.clear()
        self.world.progress = Progress.of(self.world.run, self.world.records)

    @rule(is_accepted=st.booleans())
    def resume(self, *, is_accepted: bool) -> None:
        world = self.world
        if is_accepted and world.progress.current_wave:
            world.write(Draft(WAVE + world.progress.current_wave.wave.name, "accepted", "it is new"))
        drafts = reopened(world.run, world.progress)
        world.write(*drafts[: len(drafts) // 2])
        world.resume()
        assert reopened(world.run, world.progress) == ()

    @rule()
    def pause(self) -> None:
        if self.world.run_state() is RunState.RUNNING:
            self.world.write(pause())

    @rule(most=st.none() | st.integers(1, 4), tolerance=st.none() | st.integers(0, 4))
    def brake(self, most: int | None, tolerance: int | None) -> None:
        given = {"max_concurrent": most, "failure_tolerance": tolerance}
        self.world.write(Draft(RUN, LIMITS, details={k: v for k, v in given.items() if v is not None}))

    @rule()
    def approve(self) -> None:
        if wave := self.world.progress.current_wave:
            name = wave.wave.name
            self.world.write(approved(name, digest_of(self.world.run, self.world.progress, name)))

    @rule()
    def plan_more(self) -> None:
        """As `plan --run` does: what is blocked, not planned or expired, and whose upstreams are applied."""
        progress = self.world.progress
        for name in progress.names:
            facts = progress.facts(name)
            is_due = facts is None or facts.expires_at <= self.world.now
            is_free = all(progress.state(each).is_applied for each in self.world.run.by_name[name].after)
            if progress.state(name) in WAITING and is_due and is_free:
                self.plan(name)

    @rule(data=st.data(), minutes=st.integers(0, 20))
    def watch(self, data: st.DataObject, minutes: int) -> None:
        self.world.pass_minutes(minutes)
        for name in self.world.last.read_alarms:
            state = data.draw(st.sampled_from([*[AlarmState.OK] * 8, *AlarmState]))
            self.world.alarms[name] = {"errors": state}
        self.world.read(self.world.last.read_alarms)

    @invariant()
    def every_index_is_what_the_states_say(self) -> None:
        world, progress = self.world, self.world.progress
        states = {name: progress.state(name) for name in progress.names}
        assert sum(progress.counts.values()) == len(states)
        assert list(progress.applying.keys()) == sorted(progress.applying, key=list(progress.applying).index)
        assert set(progress.applying) == {name for name, state in states.items() if state is TargetState.APPLYING}
        doomed = {
            name
            for name, state in states.items()
            if state in WAITING and any(states[each] in LOST for each in world.run.by_name[name].after)
        }
        assert set(progress.doomed) == doomed
        for wave in world.run.waves:
            known = progress.waves[wave.name]
            assert set(known.baking) == {name for name in wave.targets if states[name] is TargetState.BAKING}
            for batch, kept in zip(wave.batches, known.batches, strict=True):
                assert {s: n for s, n in kept.counts.items() if n} == {
                    s: n for s in TargetState if (n := sum(states[name] is s for name in batch.targets))
                }
                free = (n for n in batch.targets if all(states[each].is_applied for each in world.run.by_name[n].after))
                ready = [name for name in free if states[name] is TargetState.PLANNED]
                assert [progress.names[place] for place in kept.ready] == ready
        passed = [wave.name for wave in world.run.waves if progress.wave_state(wave.name) is not WaveState.PASSED]
        assert (progress.current_wave.wave.name if progress.current_wave else None) == (passed[0] if passed else None)

    def teardown(self) -> None:
        """Once the world is well again, every target is applied, each in one final state, in a bounded time."""
        if not hasattr(self, "world"):
            return
        world = self.world
        subjects = sorted({record.subject for record in world.records}, reverse=True)
        shuffled = [record for subject in subjects for record in world.records if record.subject == subject]
        twice = [*shuffled, *world.records]
        assert told(Progress.of(world.run, twice)) == told(world.progress)
        self.kill()
        world.alarms.clear()
        for _ in range(60 + 6 * len(world.progress.names)):
            self.plan_more()
            self.approve()
            self.resume(is_accepted=True)
            world.pass_minutes(1)
            while (decision := world.decided()).start or decision.drafts:
                self.judge(decision.start, decision.recover)
                world.step()
                for name in sorted(world.running):
                    self.finish(name, WORKED)
                if decision.is_over:
                    break
            world.read(decision.read_alarms)
            if world.run_state() is RunState.COMPLETED and not reopened(world.run, world.progress):
                break
        assert world.run_state() is RunState.COMPLETED
        assert set(world.states().values()) <= {TargetState.DONE}
        assert all(times == 1 for times in self.applied.values())


def told(progress: Progress) -> object:
    """Everything that a progress tells."""
    targets = [
        (name, t.state, t.since, t.reason, t.facts, t.attempts, t.how, t.begun, t.is_applied, t.is_cut_short, t.waited)
        for name, t in progress.targets.items()
    ]
    waves = [
        (wave.state, wave.since, wave.approved, wave.is_accepted, sorted(wave.baking.items()), told_batches(wave))
        for wave in progress.waves.values()
    ]
    current = progress.current_wave
    return (
        targets,
        waves,
        (progress.run_state, progress.run_reason, progress.limits, dict(progress.counts)),
        (sorted(progress.applying), sorted(progress.doomed), current and current.place),
    )


def told_batches(wave: WaveProgress) -> object:
    return [({state: batch.counts[state] for state in TargetState}, list(batch.ready)) for batch in wave.batches]


TestRollout = Rollout.TestCase
TestRollout.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
