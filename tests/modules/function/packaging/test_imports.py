from __future__ import annotations

import subprocess
import sys


def test_packaging_needs_no_engine() -> None:
    script = "import sys, modules.function.packaging; print({'cdktf', 'cdktn', 'jsii'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
