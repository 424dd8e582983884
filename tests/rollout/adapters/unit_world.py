"""One target, its root without any provider, and a store in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from modules.core.target import Target
from rollout.adapters import root
from rollout.adapters.roles import Roles
from rollout.adapters.unit import TerraformUnit
from rollout.domain.errors import MissingPartError
from rollout.domain.model import Batch, PlanFacts, Run, RunKind, RunTarget, Wave
from rollout.domain.ports import ApplyOutcome, Journal, Owner, Part
from rollout.domain.settings import RolloutSettings
from tests.rollout.adapters.fakes import environment_for

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ORDERS = RunTarget(
    Target(
        org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders", owner="me"
    )
)
RUN = Run("20261121-093000-a1b2c3", RunKind.ROLLOUT, NOW, "0.1.0", (ORDERS,), (Wave("all", (Batch((ORDERS.name,)),)),))
NEVER = Event()


@dataclass
class MemoryStore:
    """Parts of plans, as bytes."""

    parts: dict[tuple[str, str, Part], bytes] = field(default_factory=dict)

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        self.parts[run_id, target, part] = content

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        if (run_id, target, part) not in self.parts:
            raise MissingPartError(f"{target}: {part} is not in the store; plan it")
        return self.parts[run_id, target, part]

    def create(self, run: Run) -> None: ...
    def read(self, run_id: str) -> Run: ...  # type: ignore[empty-body]  # no unit reads runs
    def run_ids(self) -> tuple[str, ...]: ...  # type: ignore[empty-body]  # the same
    def journal(self, run_id: str) -> Journal: ...  # type: ignore[empty-body]  # the same
    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[Owner]: ...  # type: ignore[empty-body]  # the same
    def owner(self) -> Owner | None: ...


class World:
    """A project with one target.

    Attributes:
        project: folder of the project.
        store: plans.
        at: what the unit takes for the time.
        environment: what Terraform runs in.
    """

    def __init__(self, project: Path, *, environment: Mapping[str, str] | None = None, **settings: Any) -> None:
        self.project = project
        self.store = MemoryStore()
        self.at = NOW
        self.run, self.target = RUN, ORDERS
        self.environment = environment_for(project / "home") if environment is None else dict(environment)
        settings = {"lock_wait_minutes": 0, **settings}
        self.settings = RolloutSettings.parse(settings, where="rollout.yaml")

    @property
    def unit(self) -> TerraformUnit:
        roles = Roles(self.settings.roles, self.environment)
        return TerraformUnit(self.store, roles, project=self.project, settings=self.settings, now=lambda: self.at)

    @property
    def state_file(self) -> Path:
        return self.project / f"terraform.{self.target.name}.tfstate"

    @property
    def work(self) -> Path:
        return self.project / ".rollout" / "work"

    def write(self, *resources: str, backend: Mapping[str, Any] | None = None, **blocks: Any) -> None:
        """A root whose resources are `name=value`, put into the store."""
        held = {name: {"input": value} for name, _, value in (each.partition("=") for each in resources)}
        local = {"local": {"path": f"../../../terraform.{self.target.name}.tfstate"}}
        folder = self.project / "cdktf.out" / "stacks" / self.target.name
        folder.mkdir(parents=True, exist_ok=True)
        merged = {"terraform": {"backend": backend or local}, "resource": {"terraform_data": held}, **blocks}
        (folder / "cdk.tf.json").write_text(json.dumps(merged), encoding="utf-8")
        self.store.put(self.run.id, self.target.name, Part.ROOT, root.pack(folder))

    def plan(self) -> PlanFacts:
        outcome = self.unit.plan(self.run, self.target, interrupt=NEVER)
        assert outcome.facts is not None, outcome.reason
        return outcome.facts

    def apply(self, facts: PlanFacts, *, is_recovery: bool = False, interrupt: Event = NEVER) -> ApplyOutcome:
        return self.unit.apply(self.run, self.target, facts, is_recovery=is_recovery, interrupt=interrupt)

    def state(self) -> dict[str, str]:
        """Values of the resources in the state, by name."""
        if not self.state_file.exists():
            return {}
        resources = json.loads(self.state_file.read_text(encoding="utf-8"))["resources"]
        return {each["name"]: each["instances"][0]["attributes"]["input"]["value"] for each in resources}

    def left_behind(self) -> list[str]:
        """What stands where units work."""
        return sorted(path.name for path in self.work.iterdir()) if self.work.exists() else []
