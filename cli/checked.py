"""Targets with their configurations, checked alone and together: what every command and `main.py` begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.concurrency import AccountConcurrency, snapshot_warnings
from analysis.overlaps import AddressOverlaps, Routed
from analysis.quotas import read_snapshots
from modules.core.config import ConfigModel
from rollout.domain.selectors import matching
from rollout.settings_file import read_settings
from rollout.targets import ROLLOUT_FILE, TargetEntry, chosen, read_targets
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
    """Read and check targets, and what they share: concurrency of an account and region, addresses that are routed.

    With `only`, what is shared is judged among the targets of the same account and region.

    Args:
        environments: folder that targets and quota snapshots are read from.
        only: name of the one target wanted; empty for all.

    Raises:
        TargetError: the folder or the target does not exist, or a file is misplaced or not YAML.
        ConfigError: with every refused field, of `rollout.yaml` too; or the functions of an account do not fit its
            quota, or networks that reach each other have the same addresses.
    """
    every = read_targets(environments)
    entries = chosen(every, only)
    snapshots = read_snapshots(environments)
    together = (AccountConcurrency(snapshots), AddressOverlaps(_routed(environments, every)))
    configs = checked_configs(entries, beside=every, together=together)
    return CheckedTargets(
        entries, configs, snapshot_warnings((entry.target for entry in entries), snapshots, today=today())
    )


def _routed(environments: Path, entries: Iterable[TargetEntry]) -> tuple[Routed, ...]:
    """Targets whose networks reach each other, as `rollout.yaml` says."""
    names = tuple(entry.target.name for entry in entries)
    groups = read_settings(environments).routed
    return tuple(
        Routed(f"{ROLLOUT_FILE} routed[{index}]", matching(group, names)) for index, group in enumerate(groups)
    )


def today() -> date:
    """The day in UTC, which quota snapshots are dated by."""
    return datetime.now(UTC).date()
