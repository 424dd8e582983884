"""Targets with their configurations, checked alone and together: what every command and `main.py` begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.concurrency import AccountConcurrency, snapshot_warnings
from analysis.quotas import read_snapshots
from modules.core.config import ConfigModel
from rollout.targets import TargetEntry, chosen, read_targets
from stacks.checks import checked_configs


@dataclass(frozen=True)
class CheckedTargets:
    """Targets whose configurations are accepted.

    Attributes:
        entries: the targets, in the order of their names.
        configs: configuration of each stack, by target name.
        warnings: sentences on quotas that are not known, or were read long ago.
    """

    entries: tuple[TargetEntry, ...]
    configs: Mapping[str, ConfigModel]
    warnings: tuple[str, ...]


def checked_targets(environments: Path, *, only: str = "") -> CheckedTargets:
    """Read and check targets; their concurrency is counted with that of all targets of the same account and region.

    Args:
        environments: folder that targets and quota snapshots are read from.
        only: name of the one target wanted; empty for all.

    Raises:
        TargetError: the folder or the target does not exist, or a file is misplaced or not YAML.
        ConfigError: with every refused field, or the functions of an account do not fit its quota.
    """
    every = read_targets(environments)
    entries = chosen(every, only)
    snapshots = read_snapshots(environments)
    configs = checked_configs(entries, beside=every, together=(AccountConcurrency(snapshots),))
    return CheckedTargets(
        entries, configs, snapshot_warnings((entry.target for entry in entries), snapshots, today=today())
    )


def today() -> date:
    """The day in UTC, which quota snapshots are dated by."""
    return datetime.now(UTC).date()
