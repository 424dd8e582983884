"""Terraform's force-unlock."""

from __future__ import annotations

from threading import Event

from modules.core.errors import PlanError, SuiteError
from rollout.adapters.minimal_root import backend_root
from rollout.adapters.roles import Purpose, Roles
from rollout.adapters.unit_reasons import reason_of
from rollout.adapters.unit_workspace import Workspaces
from rollout.domain.model import RunTarget


class TerraformUnlock:
    """Releases locks of states, with the role that applies.

    Args:
        workspaces: folders that Terraform runs in.
        roles: credentials.
    """

    def __init__(self, workspaces: Workspaces, roles: Roles) -> None:
        self._workspaces = workspaces
        self._roles = roles

    def unlock(self, target: RunTarget, lock_id: str) -> None:
        """Release the lock of a target's state.

        Raises:
            PlanError: Terraform refuses, as where the state has another lock by now; the message holds no credential.
        """
        root = backend_root(target.target)
        try:
            with self._workspaces.opened(target, root, Purpose.APPLY, interrupt=Event()) as workspace:
                workspace.terraform.unlock(lock_id)
        except SuiteError as error:
            secrets = self._roles.secrets(target, Purpose.APPLY)
            raise PlanError(reason_of(error, target=target.name, lock_wait_seconds=0, secrets=secrets)) from None
