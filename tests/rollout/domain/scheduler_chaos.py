"""A run in a world that does its worst; every start is judged when it is made."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rollout.domain.approval import digest_of
from rollout.domain.decision import Decision
from rollout.domain.model import Run, RunState
from rollout.domain.ports import AlarmState, ApplyOutcome
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WAITING
from rollout.domain.records import LIMITS, RUN, WAVE, Draft
from rollout.domain.scheduler import reopened
from tests.rollout.domain.scheduler_rules import judge, require_true_indexes, told
from tests.rollout.domain.scheduler_world import BROKE, WORKED, World, approved, facts_of, pause, plan_draft

INTERRUPTED = ApplyOutcome(is_applied=False, reason="told to stop", was_interrupted=True)
OUTCOMES = [*[WORKED] * 6, BROKE, BROKE, INTERRUPTED]
ALARMS = [*[AlarmState.OK] * 8, AlarmState.ALARM, AlarmState.INSUFFICIENT_DATA, AlarmState.MISSING]


class Chaos:
    """Whatever may happen to a run, drawn at random, but for what heals it at the end."""

    def __init__(self, run: Run, random: Random) -> None:
        self.world, self.random = World(run), random
        self.applied: dict[tuple[str, str], int] = {}
        self.plans = 0
        for name in self.world.progress.names:
            if random.random() < (0.5 if run.by_name[name].after else 0.9):
                self.plan(name, hours=random.choice([72.0, 72.0, 72.0, 0.2]))

    def live(self, events: int) -> None:
        """Let things happen, the usual ones more often."""
        usual: list[Callable[[], None]] = [self.decide] * 8 + [self.end] * 8 + [self.watch] * 3
        rare = [
            self.decide_torn,
            self.kill,
            self.resume,
            self.resume,
            self.pause,
            self.brake,
            self.approve,
            self.plan_more,
        ]
        for _ in range(events):
            self.random.choice([*usual, *rare])()
            require_true_indexes(self.world)

    def heal(self) -> None:
        """Once the world is well again, a bounded number of steps applies everything."""
        self.kill()
        self.world.alarms.clear()
        for _ in range(60 + 3 * len(self.world.progress.names)):
            self.plan_more()
            self.approve()
            self.go_on(is_accepted=True)
            self.world.pass_minutes(1)
            decision = self.carried_out()
            while decision.drafts and not decision.is_over:
                for name in sorted(self.world.running):
                    self.finish(name, WORKED)
                decision = self.carried_out()
            self.world.read(decision.read_alarms)
            if self.world.run_state() is RunState.COMPLETED and not reopened(self.world.run, self.world.progress):
                return
        raise AssertionError("it never ends")

    def plan(self, name: str, *, hours: float = 72) -> None:
        self.plans += 1
        alarms = ["errors"] if self.plans % 3 else []
        facts = facts_of(f"d{self.plans}", now=self.world.now, hours=hours, alarms=alarms)
        self.world.write(plan_draft(name, facts))

    def carried_out(self) -> Decision:
        world = self.world
        before, decision = told(world.progress), world.decided()
        assert (decision, before) == (world.decided(), told(world.progress)), "it is not a function of what it is given"
        judge(world, decision)
        world.step()
        if decision.is_over:
            assert not world.running
            assert world.run_state() in {RunState.PAUSED, RunState.STOPPED, RunState.COMPLETED}
        else:
            assert decision.next_at or world.running, "it waits for nothing"
        if world.run_state() in {RunState.STOPPED, RunState.COMPLETED}:
            assert all(state.is_final for state in world.states().values())
        return decision

    def decide(self) -> None:
        while (decision := self.carried_out()).drafts and not decision.is_over:
            pass

    def decide_torn(self) -> None:
        """Killed between two records."""
        drafts = self.world.decided().drafts
        self.world.write(*drafts[: self.random.randint(0, len(drafts))])
        self.kill()

    def end(self) -> None:
        if self.world.running:
            self.finish(self.random.choice(sorted(self.world.running)), self.random.choice(OUTCOMES))

    def finish(self, name: str, outcome: ApplyOutcome) -> None:
        facts = self.world.progress.facts(name)
        assert facts is not None
        if outcome.is_applied:
            key = (name, facts.digest)
            self.applied[key] = self.applied.get(key, 0) + 1
            assert self.applied[key] == 1, "applied twice"
        self.world.end(name.rsplit("-", 1)[-1], outcome)

    def kill(self) -> None:
        """What is known is read from the journal anew."""
        self.world.running.clear()
        self.world.progress = Progress.of(self.world.run, self.world.records)

    def resume(self) -> None:
        self.go_on(is_accepted=self.random.random() < 0.3)
        self.decide()

    def go_on(self, *, is_accepted: bool) -> None:
        world, wave = self.world, self.world.progress.current_wave
        if is_accepted and wave:
            world.write(Draft(WAVE + wave.wave.name, "accepted", "it is new"))
        drafts = reopened(world.run, world.progress)
        world.write(*drafts[: self.random.randint(0, len(drafts))])  # killed in between, and resumed again
        world.resume()
        assert reopened(world.run, world.progress) == ()

    def pause(self) -> None:
        if self.world.run_state() is RunState.RUNNING:
            self.world.write(pause())

    def brake(self) -> None:
        given = {"max_concurrent": self.random.randint(0, 4), "failure_tolerance": self.random.randint(-1, 3)}
        self.world.write(Draft(RUN, LIMITS, details={key: value for key, value in given.items() if value > 0}))

    def approve(self) -> None:
        for wave in self.world.run.waves:
            digest = digest_of(self.world.run, self.world.progress, wave.name)
            if wave.needs_approval and self.world.progress.approved(wave.name) != digest:
                self.world.write(approved(wave.name, digest))

    def plan_more(self) -> None:
        """As `plan --run` does: what is blocked, not planned or expired, and whose upstreams are applied."""
        progress = self.world.progress
        for name in progress.names:
            facts = progress.facts(name)
            is_due = facts is None or facts.expires_at <= self.world.now
            is_free = all(progress.state(each).is_applied for each in self.world.run.by_name[name].after)
            if progress.state(name) in WAITING and is_due and is_free:
                self.plan(name)

    def watch(self) -> None:
        """Time passes, and alarms of what bakes are read."""
        self.world.pass_minutes(self.random.choice([0, 1, 5, 10]))
        names = self.world.decided().read_alarms
        for name in names:
            self.world.alarms[name] = {"errors": self.random.choice(ALARMS)}
        self.world.read(names)
        self.decide()
