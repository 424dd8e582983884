"""YAML files that hold a mapping of fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from modules.core.errors import ConfigError


def mapping_in(path: Path, shown: str, *, fix: str, allowed: str = "it holds a mapping of fields") -> dict[str, Any]:
    """The mapping in a YAML file.

    Args:
        path: the file.
        shown: how messages call it.
        fix: what to do with a file that is refused.
        allowed: what it has to hold.

    Raises:
        ConfigError: the file is not YAML, or holds something else.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        detail = " ".join(str(error).split())
        raise ConfigError.single(shown, f"the file is not YAML ({detail})", "", fix) from None
    if not isinstance(data, dict):
        raise ConfigError.single(shown, f"the file holds a {type(data).__name__}", allowed, fix)
    return data
