"""Terraform's refresh: what AWS has, compared to the state; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event
from typing import Any

from modules.core.errors import PlanError, SuiteError
from rollout.adapters.roles import Purpose, Roles
from rollout.adapters.unit_reasons import reason_of
from rollout.adapters.unit_workspace import Workspaces
from rollout.domain.model import RunTarget


class TerraformRefresh:
    """Plans with `-refresh-only`, with the role that plans and without a lock. May be used by several threads.

    Args:
        workspaces: folders that Terraform runs in.
        roles: credentials.
    """

    def __init__(self, workspaces: Workspaces, roles: Roles) -> None:
        self._workspaces = workspaces
        self._roles = roles

    def document(self, target: RunTarget, root: bytes, *, interrupt: Event) -> Mapping[str, Any]:
        """Output of `terraform show -json` for the plan.

        Raises:
            PlanError: it cannot be made; the message holds no credential.
        """
        try:
            with self._workspaces.opened(target, root, Purpose.PLAN, interrupt=interrupt) as workspace:
                return workspace.terraform.plan(refresh_only=True, lock=False).document
        except SuiteError as error:
            secrets = self._roles.secrets(target, Purpose.PLAN)
            raise PlanError(reason_of(error, target=target.name, lock_wait_seconds=0, secrets=secrets)) from None
