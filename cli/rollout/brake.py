"""`lambdanet rollout brake`: fewer units at once, in an execution of Step Functions that goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.terminal import console


def brake(
    *,
    execution: Annotated[str, typer.Option(help="ARN of the execution that carries a wave out.")],
    max_concurrent: Annotated[int, typer.Option(help="Units at once from now on.", min=1, max=10_000)] = 1,
) -> None:
    """Slow a running execution of Step Functions down, or let it go faster; what is being applied goes on to its end.

    The journal decides all the same: no unit starts past what `limit` and the waves allow.
    """
    import boto3  # noqa: PLC0415  # half a second, which no other command waits for

    from rollout.adapters.map_runs import brake as slowed  # noqa: PLC0415  # the same
    from rollout.adapters.store.aws import reaching  # noqa: PLC0415  # the same

    with reaching(execution):
        changed = slowed(boto3.session.Session(), execution, max_concurrent=max_concurrent)
    said = f"at most {max_concurrent} at once from now on" if changed else "no shard of it is going on"
    console.print(f"{execution}: {said}", markup=False, highlight=False, soft_wrap=True)
