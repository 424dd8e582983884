"""One real plan of the demo target for all tests of this folder, made by tftest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tftest

from local.emulator import Emulator
from rollout.adapters.provider_mirror import find_provider_source
from rollout.adapters.synth import synthesize
from rollout.adapters.terraform_binary import find_terraform

TARGET = "dev-main-us-east-1-orders_api"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo target, synthesized."""
    output = tmp_path_factory.mktemp("synthesized") / "cdktf.out"
    stacks = synthesize(output, project=Path.cwd(), environments=Path.cwd() / "environments", target=TARGET)
    return stacks / TARGET


@pytest.fixture(scope="session")
def planned(stack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """tftest's plan of the demo target; the emulator answers the few questions that a plan asks."""
    folder = tmp_path_factory.mktemp("plan")
    with Emulator() as emulator:
        given = emulator.environment("us-east-1")
        binary = find_terraform(given)
        environment = find_provider_source(given, binary).environment(given, folder)
        test = tftest.TerraformTest(str(stack), binary=binary.command[0], env=environment)
        test.setup(cleanup_on_exit=True)
        yield test.plan(output=True)
