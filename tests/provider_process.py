"""The AWS provider as one process for all Terraform commands of a test worker, as the provider's own tests use it.

A provider takes seconds to start and Terraform starts it for each command; attached to one that runs, a command takes
half the CPU. Commands of one worker run one after the other, and each configures the provider anew. The environment of
the running provider is that of its start, so there is one for each environment.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from rollout.adapters.terraform import Terraform

CONFIGURATION = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}}
_ATTACHED = re.compile(r"TF_REATTACH_PROVIDERS='(?P<providers>.*)'")
_QUIET = {"TF_LOG": "off", "TF_LOG_PROVIDER": "off", "TF_LOG_SDK": "off", "TF_LOG_SDK_PROTO": "off"}
_ASSETS = "assets"
"""Synthesized paths begin with it; a running provider reads them from its own working folder."""

_NAME_OF_TEST = "PYTEST_CURRENT_TEST"
_START_SECONDS = 120.0


class ProviderProcesses:
    """Running providers; use it in a `with` statement."""

    def __init__(self) -> None:
        self._started: dict[frozenset[tuple[str, str]], str] = {}
        self._running = ExitStack()
        self._program: Path | None = None
        self._folder = Path(self._running.enter_context(TemporaryDirectory(prefix="lambdanet-provider-")))
        self._assets = self._folder / _ASSETS

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every provider."""
        self._running.close()

    def attachment(self, environment: Mapping[str, str], folder: Path) -> dict[str, str]:
        """The variable with which Terraform uses, in `folder`, a provider that runs in `environment`."""
        self._assets.unlink(missing_ok=True)
        self._assets.symlink_to(folder.absolute() / _ASSETS)
        key = frozenset(item for item in environment.items() if item[0] != _NAME_OF_TEST)
        if key not in self._started:
            self._started[key] = self._start(environment)
        return {"TF_REATTACH_PROVIDERS": self._started[key]}

    def _start(self, environment: Mapping[str, str]) -> str:
        program = self._program = self._program or self._found(environment)
        process = subprocess.Popen(
            [program, "-debug"],
            cwd=self._folder,
            env={**environment, **_QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._running.enter_context(process)
        self._running.callback(process.terminate)
        impatience = threading.Timer(_START_SECONDS, process.kill)
        impatience.start()
        told = list[str]()
        for line in process.stdout or ():
            told.append(line)
            if found := _ATTACHED.search(line):
                impatience.cancel()
                json.loads(found["providers"])
                return found["providers"]
        raise RuntimeError(f"the provider did not start: {''.join(told)}")

    def _found(self, environment: Mapping[str, str]) -> Path:
        """The provider's program, as `terraform init` puts it below a folder."""
        (self._folder / "main.tf.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        with Terraform(self._folder, environment=environment) as terraform:
            terraform.init()
        [program] = self._folder.glob(".terraform/providers/*/*/*/*/*/terraform-provider-aws*")
        return program.resolve()


class AttachedTerraform(Terraform):
    """Terraform with a provider that runs already.

    Args:
        folder: a root module.
        environment: what it runs in.
        providers: running providers.
        at_once: resources that it makes at once. The provider waits half a minute and more for each database and queue,
            whatever the emulator says, so that many at once are sooner ready.
    """

    def __init__(
        self, folder: Path, *, environment: Mapping[str, str], providers: ProviderProcesses, at_once: int = 10
    ) -> None:
        super().__init__(folder, environment=environment)
        self._attachment = providers.attachment(environment, folder) | {"TF_CLI_ARGS_apply": f"-parallelism={at_once}"}

    def __enter__(self) -> Self:
        super().__enter__()
        self._environment |= self._attachment  # the product takes it away
        return self
