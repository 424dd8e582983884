from __future__ import annotations

import subprocess
import sys


def test_configuration_of_code_layers_and_repositories_needs_no_engine() -> None:
    layers = "modules.function.layer_config, modules.function.layer_checks"
    names = f"modules.function.code, {layers}, modules.image_repository"
    script = f"import sys, {names}; print({{'cdktf', 'cdktn', 'jsii'}} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
