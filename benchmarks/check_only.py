"""Check the configuration of every target and stop: what a mistake in a YAML file costs. Run as a script."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Read and check all targets, with the quotas of their accounts, as `main.py` does before it starts Node."""
    sys.path[0] = str(ROOT)
    from cli.checked import checked_targets  # noqa: PLC0415  # after the path, as the file runs as a script

    checked_targets(ROOT / "environments")


if __name__ == "__main__":
    main()
