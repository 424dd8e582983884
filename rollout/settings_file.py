"""The file that holds the settings of rollouts: `environments/rollout.yaml`; without it the defaults hold."""

from __future__ import annotations

from pathlib import Path

from rollout.domain.settings import RolloutSettings
from rollout.targets import ROLLOUT_FILE, read_mapping, require_folder


def read_settings(environments: Path) -> RolloutSettings:
    """The settings of rollouts below an environments folder.

    Raises:
        TargetError: the folder does not exist, or the file is not YAML or holds no mapping.
        ConfigError: with every refused field.
    """
    require_folder(environments)
    return RolloutSettings.parse(read_mapping(environments / ROLLOUT_FILE, environments), where=ROLLOUT_FILE)
