"""What Terraform left behind when it did not end by itself, and what it printed as JSON."""

from __future__ import annotations

import json
from typing import Any

from rollout.adapters.process import Ending, Finished
from rollout.adapters.terraform_binary import TerraformBinary
from rollout.adapters.terraform_diagnostics import TerraformError

_SHOWN_CHARACTERS = 200


def require_own_end(
    command: str, finished: Finished, *, folder: str, timeout_seconds: float, grace_seconds: float
) -> None:
    """Refuse what ended because its time was over, or because it was told to.

    Args:
        command: the subcommand, such as `plan`.
        finished: what is left of it.
        folder: name of the folder it ran in.
        timeout_seconds: how long it had.
        grace_seconds: how long it had to stop.

    Raises:
        TerraformError: it did not end by itself.
    """
    if finished.ending is Ending.BY_ITSELF:
        return
    why = "was interrupted"
    if finished.ending is Ending.TIMED_OUT:
        why = f"did not end within {timeout_seconds:g} seconds and was interrupted"
    how = "it then stopped by itself"
    if finished.was_killed:
        how = (
            f"it did not stop within {grace_seconds:g} seconds and was killed, so it may have left a state lock behind"
        )
    raise TerraformError(
        f'terraform {command} in "{folder}" {why}; {how}; plan again before you apply anything',
        command=command,
        was_interrupted=finished.ending is Ending.INTERRUPTED,
    )


def not_begun(command: str, folder: str) -> TerraformError:
    """The error for a command that was not started, as it was told to stop before."""
    return TerraformError(
        f'terraform {command} in "{folder}" was interrupted; it had not begun; plan again before you apply anything',
        command=command,
        was_interrupted=True,
    )


def parsed(command: str, text: str, *, folder: str, binary: TerraformBinary, wanted: str = "") -> dict[str, Any]:
    """The JSON object that a command printed.

    Args:
        command: the subcommand, such as `show`.
        text: what it printed.
        folder: name of the folder it ran in.
        binary: the Terraform that printed it.
        wanted: a field that it holds; empty for any.

    Raises:
        TerraformError: it is none, or has no such field.
    """
    why = "it is no JSON object"
    try:
        document = json.loads(text)
    except ValueError as error:
        document, why = None, str(error)
    if isinstance(document, dict) and (not wanted or wanted in document):
        return document
    if isinstance(document, dict):
        text, why = json.dumps(document), f"it holds no {wanted}"
    shown = " ".join(text[:_SHOWN_CHARACTERS].split())
    raise TerraformError(
        f'terraform {command} in "{folder}" gave output that cannot be read ({why}); one JSON object was expected, it '
        f"begins with: {shown or 'nothing'}; check that {binary.command[-1]} ({binary.origin}) is Terraform "
        "1.10 or newer",
        command=command,
    )
