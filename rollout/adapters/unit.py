"""The unit of a rollout: one target planned or applied with real Terraform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

from modules.core.errors import SuiteError
from rollout.adapters.roles import Purpose, Roles
from rollout.adapters.terraform_diagnostics import TerraformError
from rollout.adapters.terraform_events import Event
from rollout.adapters.terraform_plan import Plan
from rollout.adapters.unit_reasons import is_stale, otherwise, reason_of
from rollout.adapters.unit_rescue import rescued, write_rescued
from rollout.adapters.unit_stored import Stored, kept, stored
from rollout.adapters.unit_workspace import Workspace, Workspaces
from rollout.domain.model import PlanFacts, Run, RunKind, RunTarget
from rollout.domain.plan_facts import is_empty
from rollout.domain.ports import ApplyOutcome, Part, PlanOutcome, RunStore
from rollout.domain.semantic import Kind, compared
from rollout.domain.settings import RolloutSettings

AS_REVIEWED, THE_SAME, THE_REST, NO_CHANGES = (
    "as reviewed", "planned again, the same", "what was left of it", "no changes"
)  # fmt: skip
_TIMEOUT_SECONDS = 4 * 3_600.0
"""For one command: twice the longest time that the provider waits by default (provider documentation, Timeouts)."""

_ATTEMPTS = 3
"""How often a plan that became stale is made again before the target counts as failed."""


class TerraformUnit:
    """Plans and applies targets. May be used by several threads.

    Args:
        store: holds roots and plans.
        roles: credentials.
        project: folder that holds `cdktf.out`; paths of local states are seen from there.
        settings: of rollouts.
        work: folder for what Terraform works on; `.rollout/work` of the project by default.
        on_event: told the target's name and each step of each resource.
        now: tells the time.
        timeout_seconds: how long one Terraform command may take.
    """

    def __init__(
        self,
        store: RunStore,
        roles: Roles,
        *,
        project: Path,
        settings: RolloutSettings,
        work: Path | None = None,
        on_event: Callable[[str, Event], None] | None = None,
        now: Callable[[], datetime] | None = None,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._store = store
        self._roles = roles
        self._settings = settings
        self._lock_wait_seconds = settings.lock_wait_minutes * 60.0
        self._now = now or (lambda: datetime.now(UTC))
        self.workspaces = Workspaces(
            work or project / ".rollout" / "work",
            roles,
            project=project,
            timeout_seconds=timeout_seconds,
            lock_wait_seconds=self._lock_wait_seconds,
            on_event=on_event,
        )

    def plan(self, run: Run, target: RunTarget, *, interrupt: Flag) -> PlanOutcome:
        """Plan a target and keep its plan in the store; the target's root is in the store already."""
        try:
            root = self._store.get(run.id, target.name, Part.ROOT)
            with self.workspaces.opened(target, root, Purpose.PLAN, interrupt=interrupt) as workspace:
                plan, planned_at = self._planned(run, workspace), self._now()
                facts = kept(
                    self._store,
                    run,
                    target,
                    plan,
                    root=workspace.packed_root(),
                    planned_at=planned_at,
                    expires_at=planned_at + timedelta(hours=self._settings.plan_expires_hours),
                    allowed=self._settings.allowed_destroys,
                )
            return PlanOutcome(facts)
        except SuiteError as error:
            return PlanOutcome(None, self._reason(target, Purpose.PLAN, error))

    def verify(self, run: Run, target: RunTarget, facts: PlanFacts) -> str:
        """Why the stored plan may not be applied as reviewed: missing, tampered with, expired; empty where it may."""
        try:
            stored(self._store, run, target, facts, allowed=self._settings.allowed_destroys)
        except SuiteError as error:
            return str(error)
        return self._expired(target, facts)

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: Flag
    ) -> ApplyOutcome:
        """Apply exactly the plan with `facts.digest`.

        A plan that Terraform calls stale is made again, and applied if it does the same as the reviewed one. Where an
        apply of it began before, a part of what was reviewed is applied too. Where nothing is left to do, the target
        is what was reviewed.

        Args:
            run: the run.
            target: the target.
            facts: what was reviewed.
            is_recovery: an apply of the same plan began before and nobody knows how it ended, or it failed.
            interrupt: once set, Terraform is asked to stop.
        """
        documents: list[Mapping[str, Any]] = []
        try:
            reviewed = stored(self._store, run, target, facts, allowed=self._settings.allowed_destroys)
            documents.append(reviewed.document)
            if not is_recovery and (expired := self._expired(target, facts)):
                return ApplyOutcome(is_applied=False, reason=expired)
            with self.workspaces.opened(
                target, reviewed.root, Purpose.APPLY, interrupt=interrupt, is_reviewed=True
            ) as workspace:
                write_rescued(self._store, run, target, workspace, is_recovery=is_recovery)
                return self._applied(run, target, facts, reviewed, workspace, documents, is_recovery=is_recovery)
        except SuiteError as error:
            was_interrupted = isinstance(error, TerraformError) and error.was_interrupted
            reason = self._reason(target, Purpose.APPLY, error, documents)
            return ApplyOutcome(is_applied=False, reason=reason, was_interrupted=was_interrupted)

    def _applied(
        self,
        run: Run,
        target: RunTarget,
        facts: PlanFacts,
        reviewed: Stored,
        workspace: Workspace,
        documents: list[Mapping[str, Any]],
        *,
        is_recovery: bool,
    ) -> ApplyOutcome:
        """Apply, and plan again as long as the plan is stale; one that expired is only looked at."""
        file = workspace.folder / "reviewed.tfplan"
        file.write_bytes(reviewed.plan)
        plan, how = Plan.from_json(file, reviewed.document), NO_CHANGES if reviewed.is_empty else AS_REVIEWED
        for _ in range(_ATTEMPTS):
            expired = self._expired(target, facts)  # initializing, planning again and locks take their time
            if expired and not is_recovery:
                return ApplyOutcome(is_applied=False, reason=expired)
            if not expired and self._is_done(run, target, workspace, plan):
                return ApplyOutcome(is_applied=True, how=how)
            plan = self._planned(run, workspace)
            documents.append(plan.document)
            if is_empty(plan.document):
                return ApplyOutcome(is_applied=True, how=NO_CHANGES)
            if expired:
                return ApplyOutcome(is_applied=False, reason=expired)
            comparison = compared(reviewed.document, plan.document)
            if comparison.kind is Kind.DIFFERENT or (comparison.kind is Kind.PART and not is_recovery):
                return ApplyOutcome(is_applied=False, reason=otherwise(target.name, comparison))
            how = THE_SAME if comparison.kind is Kind.SAME else THE_REST
        reason = (
            f"{target.name}: its state changed again each of {_ATTEMPTS} times that it was planned; another program "
            "changes it meanwhile; end that, and resume"
        )
        return ApplyOutcome(is_applied=False, reason=reason)

    def _planned(self, run: Run, workspace: Workspace) -> Plan:
        out = workspace.folder / "now.tfplan"
        return workspace.terraform.plan(out=out, destroy=run.kind is RunKind.DESTROY, lock=False)

    def _is_done(self, run: Run, target: RunTarget, workspace: Workspace, plan: Plan) -> bool:
        """Apply; not done where the plan is stale."""
        try:
            workspace.terraform.apply(plan)
        except TerraformError as error:
            if not is_stale(error):
                raise rescued(self._store, run, target, workspace, error) from error
            return False
        return True

    def _expired(self, target: RunTarget, facts: PlanFacts) -> str:
        if self._now() <= facts.expires_at:
            return ""
        return (
            f"{target.name}: its plan expired at {facts.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC; a plan is "
            "applied within plan_expires_hours of environments/rollout.yaml; plan it again and review it"
        )

    def _reason(
        self, target: RunTarget, purpose: Purpose, error: SuiteError, documents: list[Mapping[str, Any]] | None = None
    ) -> str:
        return reason_of(
            error,
            target=target.name,
            lock_wait_seconds=self._lock_wait_seconds,
            secrets=self._roles.secrets(target, purpose),
            documents=documents or (),
        )
