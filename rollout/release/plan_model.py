"""What a shift would do for one alias."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rollout.release.functions import AliasState, VersionState
from rollout.release.groups import Group
from rollout.release.target import ReleaseTarget


class Action(StrEnum):
    """What a shift would do."""

    NOTHING = "nothing"
    JOIN = "join"
    START = "start"


@dataclass(frozen=True)
class ShiftPlan:
    """What a shift would do for one alias.

    Attributes:
        target: the alias and its group.
        action: nothing to shift, join the active deployment, or start one.
        alias: where the alias points now.
        current: version that traffic is shifted from; None when there is none.
        newest: newest published version, which traffic is shifted to; None when there is none.
        differences: how both differ, one line each.
        group: the deployment group.
        problems: why the shift would be refused, one sentence each.
        notes: what else is worth knowing, one sentence each.
    """

    target: ReleaseTarget
    action: Action
    alias: AliasState
    current: VersionState | None
    newest: VersionState | None
    differences: tuple[str, ...]
    group: Group
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def versions(self) -> tuple[int, int]:
        """From which version to which; only for a plan that starts or joins a deployment."""
        assert self.current is not None and self.newest is not None  # noqa: S101, PT018  # so for every such plan
        assert self.current.number is not None and self.newest.number is not None  # noqa: S101, PT018  # published
        return self.current.number, self.newest.number
