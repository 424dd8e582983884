"""Terraform and an observer that only record, for the steps of a proof."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from modules.core.errors import PlanError
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.proof import StepResult


class Observer:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def started(self, title: str) -> None:
        self.seen.append(title)

    def progressed(self, done: int, total: int, what: str) -> None:
        assert 0 <= done <= total, what

    def finished(self, result: StepResult) -> None:
        assert result.title == self.seen[-1]


class FakeTerraform:
    """Terraform without Terraform: plans come from a list, commands are recorded."""

    def __init__(self, plans: Sequence[Sequence[ResourceChange]], fail_at: str = "") -> None:
        self.plans, self.fail_at = list(plans), fail_at
        self.ran: list[str] = []
        self.folder = Path()
        self.provider_source = type("Source", (), {"sentence": "providers come from nowhere"})()
        self.state: tuple[str, ...] = ()

    def __call__(self, folder: Path, **_: object) -> FakeTerraform:
        self.folder = folder
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ran.append("left")

    def version(self) -> str:
        return "1.11.4"

    def provider_versions(self) -> dict[str, str]:
        return {"aws": "5.100.0"}

    def _do(self, what: str) -> None:
        self.ran.append(what)
        if what == self.fail_at:
            raise PlanError(f"terraform {what} failed: no reason")

    def init(self) -> None:
        self._do("init")

    def validate(self) -> None:
        self._do("validate")

    def plan(self, *, out: Path | None = None) -> Plan:
        self._do("plan")
        return Plan(out or Path(), {"resource_changes": []}, tuple(self.plans.pop(0)))

    def apply(self, plan: Plan) -> None:
        self._do("apply")
        created = tuple(c.address for c in plan.resource_changes if c.actions == ("create",))
        self.state = (*self.state, *created)

    def destroy(self) -> None:
        self._do("destroy")
        self.state = ()

    def outputs(self) -> dict[str, Any]:
        return {"vpc_id": "vpc-1"}

    def state_addresses(self) -> tuple[str, ...]:
        return self.state
