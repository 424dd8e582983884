"""What is handed to an engine that carries a wave out: names and digests only; bodies stay in the store.

A unit is one target with the digest of its reviewed plan; an engine calls `lambdanet rollout unit apply` with both.
Units come in shards: a shard is a batch of the wave or a piece of one, and shards go one after the other. An engine
only fans out. Tolerance, order and limits are decided by the command that each unit calls, as it reads the journal.

    {"run": "20261121-093000-a1b2c3", "shard": "eu-west-1", "target": "prod-main-eu-west-1-orders_api",
     "plan_digest": "9f86d081…", "account_id": "123456789012", "region": "eu-west-1"}
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rollout.domain.errors import RolloutError
from rollout.domain.model import Batch, Mode, Run, RunTarget, TargetState, Wave
from rollout.domain.progress import Progress
from rollout.domain.scheduler_limits import exceeded, most_applying, tolerance

LONGEST_UNIT = 300
"""Characters of a unit at most, so that 256 of them stay far below what a job of GitHub Actions may put out."""

MOST_JOBS = 256
"""Jobs of one matrix (GitHub Actions limits: 256 jobs for each workflow run)."""

MOST_OUTPUT_BYTES = 1_048_576
"""Outputs of one job (GitHub Actions: 1 MB, measured as UTF-16)."""

MOST_SHARDS = 100
"""Shards of one execution of Step Functions: the gate before each of them, and settling, fit into its history (Step
Functions quotas: 25,000 events)."""

_LOST = frozenset({TargetState.APPLYING})
_STARTS = _LOST | {TargetState.PLANNED}
"""States of targets whose units are handed over; one that is applying may have lost its job, and tells so itself. Where
more failed than is tolerated, those alone are."""


@dataclass(frozen=True)
class HandedUnit:
    """A target of a wave that is to be applied.

    Attributes:
        target: its name.
        plan_digest: digest of its reviewed plan.
        account_id: account it goes to, twelve digits.
        region: region it goes to.
    """

    target: str
    plan_digest: str
    account_id: str
    region: str


@dataclass(frozen=True)
class Shard:
    """Units that go side by side, after those of the shard before.

    Attributes:
        name: its own within the wave, such as `eu-west-1` or `eu-west-1-2`.
        units: in the order they start.
        max_parallel: how many at once, at least 1.
        tolerated_failures: how many further units may fail before the engine itself may stop; all of them where units
            still run then, as no engine may end a Terraform that applies.
    """

    name: str
    units: tuple[HandedUnit, ...]
    max_parallel: int
    tolerated_failures: int


def wave_of(run: Run, name: str) -> Wave:
    """A wave by its name.

    Raises:
        RolloutError: the run has none of that name.
    """
    for wave in run.waves:
        if wave.name == name:
            return wave
    known = ", ".join(wave.name for wave in run.waves)
    raise RolloutError(f'run {run.id}: has no wave "{name}"; it has {known}; name one of them')


def target_of(run: Run, name: str) -> RunTarget:
    """A target by its name.

    Raises:
        RolloutError: the run has none of that name.
    """
    if name not in run.by_name:
        raise RolloutError(
            f'run {run.id}: has no target "{name}"; it has {len(run.targets)}, which `lambdanet rollout status` lists; '
            "name one of them"
        )
    return run.by_name[name]


def shards_of(run: Run, progress: Progress, wave: Wave, *, shard_size: int = 0) -> tuple[Shard, ...]:
    """Units of a wave that are still to be applied, as shards in the order they go; no shard is empty.

    Args:
        run: the run.
        progress: how far it is.
        wave: one of its waves.
        shard_size: units of a shard at most; 0 for one shard of each batch.
    """
    shards: list[Shard] = []
    starts = _LOST if exceeded(progress, progress.waves[wave.name]) else _STARTS
    for number, batch in enumerate(wave.batches, start=1):
        units = _units(run, progress, batch, starts)
        size = shard_size or len(units) or 1
        pieces = [units[first : first + size] for first in range(0, len(units), size)]
        for piece, own in enumerate(pieces, start=1):
            name = batch.region or (f"{number}" if len(wave.batches) > 1 else "all")
            shards.append(_shard(name if len(pieces) == 1 else f"{name}-{piece}", own, wave, progress))
    return tuple(shards)


def _units(run: Run, progress: Progress, batch: Batch, starts: frozenset[TargetState]) -> tuple[HandedUnit, ...]:
    found = []
    for name in batch.targets:
        facts = progress.facts(name)
        if progress.state(name) in starts and facts is not None:
            target = run.by_name[name].target
            found.append(HandedUnit(name, facts.digest, target.account_id, target.region))
    return tuple(found)


def _shard(name: str, units: tuple[HandedUnit, ...], wave: Wave, progress: Progress) -> Shard:
    batch = progress.targets[units[0].target].batch
    left = max(tolerance(progress, batch) - batch.failures, 0)
    return Shard(
        name,
        units,
        max_parallel=max(min(most_applying(progress, wave, batch), len(units)), 1),
        tolerated_failures=min(left, len(units)) if wave.mode is Mode.STRICT else len(units),
    )


@dataclass(frozen=True)
class Job:
    """A job of a matrix: one unit, or several that go one after the other.

    Attributes:
        id: name of its only target, or of its first one and how many more there are.
        units: the units.
    """

    id: str
    units: tuple[HandedUnit, ...]


def jobs_of(wave: Wave, shard: Shard, *, pack: int = 1) -> tuple[Job, ...]:
    """Jobs of a shard, `pack` units in each.

    Raises:
        RolloutError: they are more than a matrix takes.
    """
    count = math.ceil(len(shard.units) / pack)
    if count > MOST_JOBS:
        least = math.ceil(len(shard.units) / MOST_JOBS)
        raise RolloutError(
            f"wave {wave.name}, {shard.name}: {count} jobs; a matrix has at most {MOST_JOBS} (GitHub Actions); give "
            f"--shard-size {MOST_JOBS} for matrices one after the other, or --pack {least} for several targets in a job"
        )
    packs = [shard.units[first : first + pack] for first in range(0, len(shard.units), pack)]
    return tuple(Job(own[0].target + (f"+{len(own) - 1}" if len(own) > 1 else ""), own) for own in packs)


def require_output(wave: Wave, text: str) -> None:
    """Refuse what a job of GitHub Actions could not put out.

    Raises:
        RolloutError: it is too much.
    """
    size = 2 * len(text)
    if size > MOST_OUTPUT_BYTES:
        raise RolloutError(
            f"wave {wave.name}: its matrix has {size} bytes; a job puts out at most {MOST_OUTPUT_BYTES} (GitHub "
            "Actions, UTF-16); split the wave in environments/rollout.yaml, or hand it over with --format stepfunctions"
        )


def unit_fields(run: Run, shard: Shard, unit: HandedUnit) -> dict[str, str]:
    """A unit for any engine, as JSON: see the head of this module."""
    return {
        "run": run.id,
        "shard": shard.name,
        "target": unit.target,
        "plan_digest": unit.plan_digest,
        "account_id": unit.account_id,
        "region": unit.region,
    }


def github_fields(wave: Wave, shards: Sequence[Shard], *, pack: int = 1) -> list[dict[str, object]]:
    """Shards for an outer matrix, each with the jobs of its inner one.

    A job's `units` are `target@digest`, separated by spaces.

    Raises:
        RolloutError: a matrix would be larger than GitHub Actions takes.
    """
    if len(shards) > MOST_JOBS:
        raise RolloutError(
            f"wave {wave.name}: {len(shards)} shards; a matrix has at most {MOST_JOBS} (GitHub Actions); give a larger "
            "--shard-size, or --pack for several targets in a job"
        )
    return [
        {
            "name": shard.name,
            "max_parallel": shard.max_parallel,
            "include": [
                {"id": job.id, "units": " ".join(f"{unit.target}@{unit.plan_digest}" for unit in job.units)}
                for job in jobs_of(wave, shard, pack=pack)
            ],
        }
        for shard in shards
    ]


def stepfunctions_fields(
    run: Run, wave: Wave, shards: Sequence[Shard], *, bucket: str, prefix: str
) -> dict[str, object]:
    """Input of an execution: shards go one after the other, the units of each stand in an object of the bucket.

    Raises:
        RolloutError: the shards are more than an execution has room for.
    """
    if len(shards) > MOST_SHARDS:
        raise RolloutError(
            f"wave {wave.name}: {len(shards)} shards; an execution takes at most {MOST_SHARDS}, as the gate before "
            "each stands in its history (Step Functions quotas); give a larger --shard-size"
        )
    return {
        "run": run.id,
        "wave": wave.name,
        "shards": [
            {
                "name": shard.name,
                "bucket": bucket,
                "key": items_key(run, wave, shard, prefix=prefix),
                "max_concurrency": shard.max_parallel,
                "tolerated_failure_count": shard.tolerated_failures,
            }
            for shard in shards
        ],
    }


def items_key(run: Run, wave: Wave, shard: Shard, *, prefix: str) -> str:
    """Key of the object that holds a shard's units, a JSON array of what `unit_fields` gives."""
    return "/".join(part for part in (prefix, "handoff", run.id, wave.name, f"{shard.name}.json") if part)
