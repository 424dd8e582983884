"""What every rollout command begins with: settings, the store of runs, roles, and what acts in accounts."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.rollout.steps import Steps
from rollout.domain.model import Run
from rollout.domain.ports import AlarmReader, Clock, Journal, RunStore, Unit
from rollout.domain.progress import Progress
from rollout.domain.settings import LocalStoreSettings, RolloutSettings, StoreSettings

if TYPE_CHECKING:  # it brings AWS's SDK, which most commands need only later
    from rollout.adapters.roles import Roles

Environments = Annotated[Path, typer.Option(help="Folder that targets and rollout.yaml are read from.")]
RunId = Annotated[str, typer.Argument(help="The run, as `lambdanet rollout plan` names it, or latest.", metavar="RUN")]
ENVIRONMENTS = Path("environments")
LATEST = "latest"


@dataclass(frozen=True)
class Access:
    """Settings, and what they lead to; each is made when it is first used.

    Attributes:
        environments: folder that targets and settings are read from.
        settings: of rollouts.
        run_id: the run that is wanted; `latest` for the newest.
        steps: how far each Terraform is that `unit` runs.
    """

    environments: Path
    settings: RolloutSettings
    run_id: str = LATEST
    steps: Steps = field(default_factory=Steps, compare=False)

    @property
    def project(self) -> Path:
        """Folder that holds the environments folder; `.rollout` and local states stand there."""
        return self.environments.absolute().parent

    @cached_property
    def store(self) -> RunStore:
        """Where runs are kept.

        Raises:
            StoreError: it cannot be opened.
        """
        from rollout.adapters.store import open_store  # noqa: PLC0415  # brings boto3, which takes half a second

        return open_store(_within(self.settings.store, self.project), environment=os.environ)

    @cached_property
    def roles(self) -> Roles:
        """Credentials for each target."""
        from rollout.adapters.roles import Roles  # noqa: PLC0415  # brings boto3

        return Roles(self.settings.roles, os.environ)

    @cached_property
    def alarms(self) -> AlarmReader:
        """Alarms in the targets' accounts."""
        from rollout.adapters.alarms import CloudWatchAlarms  # noqa: PLC0415  # brings boto3

        return CloudWatchAlarms(self.roles)

    @cached_property
    def unit(self) -> Unit:
        """What plans and applies one target."""
        from rollout.adapters.unit import TerraformUnit  # noqa: PLC0415  # brings boto3

        return TerraformUnit(self.store, self.roles, project=self.project, settings=self.settings, on_event=self.steps)

    @cached_property
    def clock(self) -> Clock:
        """The machine's."""
        from rollout.running.clock import SystemClock  # noqa: PLC0415  # with the others

        return SystemClock()

    @cached_property
    def run(self) -> Run:
        """The run that is wanted.

        Raises:
            StoreError: there is none of that name.
        """
        return self.store.read(self.run_id)

    @cached_property
    def journal(self) -> Journal:
        """Its journal."""
        return self.store.journal(self.run.id)

    def progress(self) -> Progress:
        """How far it is now, read anew.

        Raises:
            StoreError: the journal cannot be read.
        """
        return Progress.of(self.run, self.journal.read())


def opened(environments: Path, run_id: str = "") -> Access:
    """What a command works with; nothing but `rollout.yaml` is read yet.

    Args:
        environments: folder that targets and settings are read from.
        run_id: the run that is wanted; empty or `latest` for the newest.

    Raises:
        TargetError: the folder does not exist, or `rollout.yaml` is not YAML.
        ConfigError: with every refused setting.
    """
    from rollout.settings_file import read_settings  # noqa: PLC0415  # YAML, which engines' small commands do without

    return Access(environments, read_settings(environments), run_id or LATEST)


def _within(store: StoreSettings, project: Path) -> StoreSettings:
    """A relative folder is one of the project, wherever the command runs."""
    if isinstance(store, LocalStoreSettings):
        return store.model_copy(update={"folder": str(project / store.folder)})
    return store
