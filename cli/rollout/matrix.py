"""`lambdanet rollout matrix`: the units of a wave, for an engine that carries it out."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.plan_output import write
from cli.rollout.access import ENVIRONMENTS, LATEST, Access, Environments, opened
from cli.terminal import errors
from rollout.domain.errors import RolloutError
from rollout.domain.handoff import (
    MOST_JOBS,
    Shard,
    github_fields,
    items_key,
    require_output,
    shards_of,
    stepfunctions_fields,
    unit_fields,
    wave_of,
)
from rollout.domain.model import TargetState, Wave
from rollout.domain.naming import named
from rollout.domain.settings import S3StoreSettings

if TYPE_CHECKING:
    from rollout.domain.progress import Progress

Run = Annotated[str, typer.Option("--run", help="The run, as `lambdanet rollout plan` names it, or latest.")]
WaveName = Annotated[str, typer.Option("--wave", help="The wave.")]
_COMPACT = (",", ":")


class MatrixFormat(StrEnum):
    """Which engine reads it."""

    GITHUB = "github"
    STEPFUNCTIONS = "stepfunctions"
    JSONL = "jsonl"


def matrix(
    *,
    wave: WaveName,
    run: Run = LATEST,
    form: Annotated[MatrixFormat, typer.Option("--format", help="Which engine reads it.")] = MatrixFormat.GITHUB,
    shard_size: Annotated[
        int, typer.Option(help="Targets side by side at most, before the next ones; 0 for a whole batch.", min=0)
    ] = 0,
    pack: Annotated[int, typer.Option(help="Targets of one job, one after the other; for GitHub.", min=1)] = 1,
    output: Annotated[Path | None, typer.Option(help="File to write instead of standard output.")] = None,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Print the targets of a wave that are still to be applied, with the digests of their reviewed plans.

    github: a JSON list of shards, each with the jobs of a matrix; shards go one after the other. stepfunctions: writes
    the units into the store's bucket, and prints the input of an execution. jsonl: a line for each unit, in order.
    """
    if pack > 1 and form is not MatrixFormat.GITHUB:
        raise RolloutError(f"--pack is for --format github; {form} hands over each target alone")
    if shard_size > MOST_JOBS * pack and form is MatrixFormat.GITHUB:
        raise RolloutError(
            f"--shard-size is {shard_size}; a matrix has at most {MOST_JOBS} jobs (GitHub Actions) of {pack} targets; "
            f"give at most {MOST_JOBS * pack}"
        )
    access = opened(environments, run)
    wanted = wave_of(access.run, wave)
    progress = access.progress()
    shards = shards_of(access.run, progress, wanted, shard_size=shard_size)
    _tell_left_out(progress, wanted)
    if form is MatrixFormat.GITHUB:
        text = json.dumps(github_fields(wanted, shards, pack=pack), separators=_COMPACT)
        require_output(wanted, text)
        write(text + "\n", output)
    elif form is MatrixFormat.JSONL:
        lines = (unit_fields(access.run, shard, unit) for shard in shards for unit in shard.units)
        write("".join(json.dumps(line, separators=_COMPACT) + "\n" for line in lines), output)
    else:
        write(_stepfunctions(access, wanted, shards), output)


def _tell_left_out(progress: Progress, wave: Wave) -> None:
    for state in (TargetState.PENDING, TargetState.BLOCKED):
        names = [name for name in wave.targets if progress.state(name) is state]
        if names:
            errors.print(
                f"wave {wave.name}: left out, as {state}: {named(names)}", markup=False, highlight=False, soft_wrap=True
            )


def _stepfunctions(access: Access, wave: Wave, shards: tuple[Shard, ...]) -> str:
    import boto3  # noqa: PLC0415  # half a second, which the other formats do not wait for

    from rollout.adapters.handoff import put_units  # noqa: PLC0415  # the same
    from rollout.adapters.store.aws import reaching  # noqa: PLC0415  # the same

    store = access.settings.store
    if not isinstance(store, S3StoreSettings):
        raise RolloutError(
            f"--format stepfunctions is given, and the store is {store.kind}; Step Functions reads units from a "
            "bucket; set store in environments/rollout.yaml to one of kind s3"
        )
    fields = stepfunctions_fields(access.run, wave, shards, bucket=store.bucket, prefix=store.prefix)
    with reaching(f"s3://{store.bucket}"):
        session = boto3.session.Session()
        for shard in shards:
            key = items_key(access.run, wave, shard, prefix=store.prefix)
            put_units(session, store, key, [unit_fields(access.run, shard, unit) for unit in shard.units])
    return json.dumps(fields, indent=2) + "\n"
