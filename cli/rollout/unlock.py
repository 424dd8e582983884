"""`lambdanet rollout unlock`: a state lock whose holder is dead, released."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, Access, Environments, opened
from cli.rollout.choosing import states_of, workspaces_of
from cli.terminal import console
from rollout.domain.model import RunTarget
from rollout.targets import chosen, read_targets


def unlock(
    target: Annotated[str, typer.Argument(help="Name of the target.", metavar="TARGET")],
    *,
    lock_id: Annotated[str, typer.Option("--lock-id", help="Id of the lock, as Terraform and `preflight` tell it.")],
    reason: Annotated[str, typer.Option(help="Why its holder is surely dead; stands in the journal.")],
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Release the lock of a target's state, by `terraform force-unlock`; refused while a rollout goes on.

    Exit codes: 0 released; 1 Terraform refused; 2 it is not locked, or by another lock than the one named.
    """
    from rollout.adapters.unlocking import TerraformUnlock  # noqa: PLC0415  # brings boto3
    from rollout.running.unlocking import unlock as release  # noqa: PLC0415  # with it

    access = opened(environments)
    found = release(
        _target(access, target),
        access.store,
        TerraformUnlock(workspaces_of(access), access.roles),
        state_of=states_of(access).found,
        lock_id=lock_id,
        reason=reason,
    )
    noted = f", noted in run {found.run}" if found.run else ""
    console.print(f"{target}: {found.lock}: released{noted}", markup=False, highlight=False, soft_wrap=True)


def _target(access: Access, name: str) -> RunTarget:
    """A declared target, or one that a run of the store had."""
    entries = read_targets(access.environments)
    if not any(entry.target.name == name for entry in entries):
        for run_id in reversed(access.store.run_ids()):
            known = access.store.read(run_id).by_name.get(name)
            if known is not None:
                return known
    return RunTarget(chosen(entries, name)[0].target)
