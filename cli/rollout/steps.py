"""How far each target's Terraform is."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:  # with what reads them
    from rollout.adapters.terraform_events import Event

_CHANGES = frozenset({"create", "update", "delete"})


class Steps:
    """The last step of each target, and how many of its changes are done; told from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: Counter[str] = Counter()
        self._last: dict[str, Event] = {}

    def __call__(self, target: str, event: Event) -> None:
        """A step of a resource."""
        if event.action not in _CHANGES or event.phase == "planned":
            return
        with self._lock:
            self._last[target] = event
            self._done[target] += event.phase == "complete"

    def of(self, target: str) -> str:
        """Such as `4 changes done; create aws_db_instance.orders, 250 s`; empty before the first step."""
        with self._lock:
            done, event = self._done[target], self._last.get(target)
        if event is None:
            return ""
        seconds = f", {event.elapsed_seconds:.0f} s" if event.elapsed_seconds else ""
        return f"{done} {'change' if done == 1 else 'changes'} done; {event.action} {event.address}{seconds}"


class Step:
    """A target's last step, as it is at the moment it is drawn."""

    def __init__(self, steps: Steps, target: str) -> None:
        self._steps, self._target = steps, target

    def __rich__(self) -> Text:
        """What `Steps.of` says."""
        return Text(self._steps.of(self._target))
