"""What a release tells: how each alias ended, and who listens while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rollout.release.target import ReleaseTarget


class Outcome(StrEnum):
    """How it ended for one alias."""

    NOTHING = "nothing to shift"
    SHIFTED = "shifted"
    ROLLED_BACK = "not shifted"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Result:
    """How it ended for one alias.

    Attributes:
        target: the alias.
        outcome: in one word; `not shifted` means that all traffic is where it was before.
        sentence: what happened, and why.
        from_version: version that had the traffic before.
        to_version: version that was to have it.
        deployment_id: the deployment; empty for none.
    """

    target: ReleaseTarget
    outcome: Outcome
    sentence: str
    from_version: str = ""
    to_version: str = ""
    deployment_id: str = ""

    @property
    def held(self) -> bool:
        """Whether the alias is where it was to be."""
        return self.outcome in {Outcome.NOTHING, Outcome.SHIFTED}

    def __str__(self) -> str:
        """One line."""
        return f"{self.target.name}: {self.sentence}"


class Observer(Protocol):
    """Told about everything as it happens."""

    def started(self, name: str, sentence: str) -> None:
        """A deployment was started or joined; `name` is the alias's, such as `orders-api:live`."""

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """The version that is shifted to has `percent` of the traffic."""

    def finished(self, result: Result) -> None:
        """It ended for one alias."""

    def noted(self, sentence: str) -> None:
        """Something else worth knowing."""


class Silent:
    """Listens to nothing."""

    def started(self, name: str, sentence: str) -> None:
        """Nothing."""

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """Nothing."""

    def finished(self, result: Result) -> None:
        """Nothing."""

    def noted(self, sentence: str) -> None:
        """Nothing."""
