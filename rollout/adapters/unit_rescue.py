"""States that Terraform could not write: kept, and written before anything else is done with the target.

An apply whose state cannot be written leaves it in `errored.tfstate` (Terraform CLI, recovering from state push
failures). Lost, what was made would be made once more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from rollout.adapters.terraform_diagnostics import TerraformError
from rollout.adapters.unit_workspace import ERRORED_STATE, Workspace
from rollout.domain.errors import MissingPartError, StoreError
from rollout.domain.model import Run, RunTarget
from rollout.domain.ports import Part, RunStore


def rescued(
    store: RunStore, run: Run, target: RunTarget, workspace: Workspace, error: TerraformError
) -> TerraformError:
    """The error of an apply, after the state that it could not write was written, or else kept.

    Args:
        store: keeps the state, encrypted.
        run: the run.
        target: the target.
        workspace: where it was applied.
        error: how that ended.
    """
    file = workspace.terraform.folder / ERRORED_STATE
    if not file.is_file():
        return error
    with suppress(TerraformError):
        workspace.terraform.push_state(file)
        file.unlink()
        return error
    where = str(workspace.kept_state)
    with suppress(StoreError):  # what is left in the folder is moved there at its end
        store.put(run.id, target.name, Part.ERRORED_STATE, file.read_bytes())
        file.unlink()
        where = "the store of runs"
    return TerraformError(
        f"{error}\nWhat was applied could not be written into the state; it is kept in {where}, and `lambdanet rollout "
        f"resume {run.id}` writes it first; plan no new run for this target before that.",
        command=error.command,
        diagnostics=error.diagnostics,
        was_interrupted=error.was_interrupted,
    )


def write_rescued(store: RunStore, run: Run, target: RunTarget, workspace: Workspace, *, is_recovery: bool) -> None:
    """Write the state that an apply before could not write, where there is one.

    Raises:
        TerraformError: Terraform refuses it, as the state has changed since, or it still cannot be written.
        StoreError: the store cannot be read or written.
    """
    kept = workspace.kept_state
    content = kept.read_bytes() if kept.is_file() else b""
    if not content and is_recovery:
        with suppress(MissingPartError):
            content = store.get(run.id, target.name, Part.ERRORED_STATE)
    if not content:
        return
    file = workspace.folder / ERRORED_STATE
    _write(file, content)
    try:
        workspace.terraform.push_state(file)
    except TerraformError as error:
        raise TerraformError(
            f"{error}\nIt is the state that an apply before could not write; nothing is applied before it is; where "
            "the state holds everything already, plan the target again and review it.",
            command=error.command,
            diagnostics=error.diagnostics,
            was_interrupted=error.was_interrupted,
        ) from error
    kept.unlink(missing_ok=True)
    if is_recovery:
        store.put(run.id, target.name, Part.ERRORED_STATE, b"")


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
