"""Errors of rollouts."""

from __future__ import annotations

from modules.core.errors import SuiteError


class RolloutError(SuiteError):
    """A run is refused before anything of it is applied: one report of every reason; exit code 2."""


class RunFailedError(SuiteError):
    """A run was stopped, or ended with targets that failed; exit code 1."""

    exit_code = 1


class RunPausedError(SuiteError):
    """A run waits for a person: approval, a plan to review, alarms without data; exit code 3."""

    exit_code = 3


class StoreError(RolloutError):
    """Plans or journal of a run cannot be read or written, or are not what was written."""


class MissingPartError(StoreError):
    """A file of a target's plan is not in the store."""


class LockedError(RolloutError):
    """Another rollout holds the lock."""


class RoleError(RolloutError):
    """The role of a target cannot be assumed."""
