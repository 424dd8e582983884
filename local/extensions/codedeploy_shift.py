"""One Lambda deployment of CodeDeploy, minute by minute, without threads: it catches up when it is asked.

What it knows of the world it asks: whether an alarm fires, whether its AppSpec fits the function, whether a hook's
function exists; and it moves the alias.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.extensions.codedeploy_appspec import AFTER, ALLOW, BEFORE, AppSpec

CREATED_MINUTES = 0.05
"""How long a deployment waits before it begins; CodeDeploy takes a few seconds."""

HOOK_MINUTES = 60.0
"""How long a hook may take (CodeDeploy quotas: one hour for each hook)."""

ALL = 100
ACTIVE = ("Created", "InProgress")
Failure = tuple[str, str]
"""Error code and message."""


@dataclass(frozen=True)
class World:
    """What a deployment asks of the emulator.

    Attributes:
        alarm: why the deployment must stop now, if it must.
        problem: what is wrong with its AppSpec, if anything.
        is_function: whether a hook's function exists.
        move: give the alias a version, and another version its percentage.
    """

    alarm: Callable[[], Failure | None]
    problem: Callable[[], Failure | None]
    is_function: Callable[[str], bool]
    move: Callable[[str, Mapping[str, float]], None]


@dataclass
class Event:
    """One lifecycle event; times in minutes of the clock."""

    name: str
    status: str = "Pending"
    began: float | None = None
    ended: float | None = None
    hook: str = ""
    execution_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    failure: Failure | None = None


def steps(routing: Mapping[str, Any]) -> tuple[tuple[float, int], ...]:
    """Minutes after the first shift, and the percentage that the target version then has."""
    match routing["type"]:
        case "TimeBasedCanary":
            canary = routing["timeBasedCanary"]
            return (0.0, canary["canaryPercentage"]), (float(canary["canaryInterval"]), ALL)
        case "TimeBasedLinear":
            share, interval = (routing["timeBasedLinear"][f"linear{part}"] for part in ("Percentage", "Interval"))
            count = math.ceil(ALL / share)
            return tuple((float(interval * index), min(ALL, share * (index + 1))) for index in range(count))
        case _:
            return ((0.0, ALL),)


class Shift:
    """A deployment.

    Attributes:
        status: as CodeDeploy names it.
        percent: share of the target version.
        events: its lifecycle events.
        error: why it did not succeed.
        rollback_event: the event that a rollback would be for; empty while there is none.
    """

    def __init__(self, spec: AppSpec | None, routing: Mapping[str, Any], world: World, *, now: float) -> None:
        self.spec, self.world, self.created = spec, world, now
        self.status, self.percent, self.rollback_event = "Created", 0, ""
        self.error: Failure | None = None
        self.started: float | None = None
        self.ended: float | None = None
        hooks = spec.hooks if spec else {}
        self.events = {name: Event(name, hook=hooks.get(name, "")) for name in (BEFORE, ALLOW, AFTER)}
        self._steps, self._next, self._at = steps(routing), 0, now

    @property
    def is_active(self) -> bool:
        """Whether it goes on."""
        return self.status in ACTIVE

    def advance(self, now: float) -> None:
        """Catch up with the clock; alarms have not changed since the last time."""
        while self.is_active:
            alarm = self.world.alarm()
            if alarm is not None:
                self.end("Stopped", alarm, "DEPLOYMENT_STOP_ON_ALARM")
            elif (due := self._due()) > now:
                self._at = now
                return
            else:
                self._at = due
                self._step()

    def end(self, status: str, error: Failure | None = None, rollback_event: str = "") -> None:
        """End here and now; what has not begun is skipped, what has begun failed."""
        self.status, self.error, self.rollback_event, self.ended = status, error, rollback_event, self._at
        for event in self.events.values():
            if event.status == "InProgress":
                event.status, event.ended, event.failure = "Failed", self._at, error
            elif event.status == "Pending":
                event.status = "Skipped"

    def report(self, event: Event, status: str) -> None:
        """Take what a hook says."""
        if status == "Failed":
            self._fail(f"The function {event.hook} of the lifecycle event {event.name} reported that it failed.")
        else:
            self._finish(event)

    def _due(self) -> float:
        """When the next thing happens if nothing comes between."""
        if self.status == "Created":
            return self.created + CREATED_MINUTES
        event = self._running()
        assert event.began is not None  # noqa: S101 - an event that runs has begun
        return event.began + (self._steps[self._next][0] if event.name == ALLOW else HOOK_MINUTES)

    def _running(self) -> Event:
        return next(event for event in self.events.values() if event.status == "InProgress")

    def _step(self) -> None:
        if self.status == "Created":
            self.status, self.started = "InProgress", self._at
            problem = self.world.problem()
            if problem is not None:
                self.end("Failed", problem)
            else:
                self._begin(self.events[BEFORE])
        elif (event := self._running()).name != ALLOW:
            self._fail(f"The function {event.hook} of the lifecycle event {event.name} did not report within one hour.")
        else:
            self._shift(self._steps[self._next][1])
            self._next += 1
            if self._next == len(self._steps):
                self._finish(event)

    def _shift(self, percent: int) -> None:
        assert self.spec is not None  # noqa: S101 - a deployment without one has failed before
        self.percent = percent
        if percent == ALL:
            self.world.move(self.spec.target, {})
        else:
            self.world.move(self.spec.current, {self.spec.target: percent / ALL})

    def _begin(self, event: Event) -> None:
        event.status, event.began = "InProgress", self._at
        if event.name == ALLOW:
            return
        if not event.hook:
            self._finish(event)
        elif not self.world.is_function(event.hook):
            self._fail(f"The function {event.hook} of the lifecycle event {event.name} does not exist.")

    def _finish(self, event: Event) -> None:
        event.status, event.ended = "Succeeded", self._at
        following = next((other for other in self.events.values() if other.status == "Pending"), None)
        if following is None:
            self.status, self.ended = "Succeeded", self._at
        else:
            self._begin(following)

    def _fail(self, message: str) -> None:
        self.end("Failed", ("HOOK_EXECUTION_FAILURE", message), "DEPLOYMENT_FAILURE")
