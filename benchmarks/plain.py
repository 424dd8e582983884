"""The plain way: the same `main.py`, with the bindings imported as their documentation says.

Run as a script. A stand-in takes the place of `modules.core.engine`, so nothing but the import strategy differs.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run `main.py` without the engine."""
    sys.path[0] = str(ROOT)
    stand_in = ModuleType("modules.core.engine")
    vars(stand_in)["ENGINE"] = "cdktf"
    sys.modules[stand_in.__name__] = stand_in
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")


if __name__ == "__main__":
    main()
