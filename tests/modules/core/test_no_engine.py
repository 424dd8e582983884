"""Configurations are checked without starting the engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MODULES = sorted(
    f"modules.{path.parent.name}.{path.stem}"
    for pattern in ("config", "*_config", "alarms", "alarm", "addresses", "environment", "runtimes", "permissions")
    for path in Path("modules").glob(f"*/{pattern}.py")
)
STARTED = (
    "import json, sys; print(json.dumps([name for name in ('cdktf', 'cdktn', 'jsii', 'boto3') if name in sys.modules]))"
)


def started_by(statements: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statements}; {STARTED}"], capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def test_importing_what_checks_configurations_starts_no_engine() -> None:
    assert len(MODULES) > 10
    assert started_by(f"import {', '.join(MODULES)}, stacks.orders_api_config, stacks.checks, rollout.targets") == []


def test_the_models_are_found_through_their_modules_without_the_engine() -> None:
    public = "from modules.network import NetworkConfig; from modules.function import FunctionConfig"
    assert started_by(f"{public}; from stacks import STACKS; [stack.config_model() for stack in STACKS.values()]") == []


def test_the_engine_would_be_noticed() -> None:
    assert "cdktf" in started_by("import types, sys; sys.modules['cdktf'] = types.ModuleType('cdktf')")
