"""How many targets may be applied at once, and how many may fail, as CloudFormation StackSets counts."""

from __future__ import annotations

from rollout.domain.model import Mode, Wave
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import BatchProgress, WaveProgress


def tolerance(progress: Progress, batch: BatchProgress) -> int:
    """How many targets of the batch may fail: its own number, or a person's while the run goes on."""
    given = progress.limits.failure_tolerance
    return batch.batch.failure_tolerance if given is None else given


def max_concurrent(progress: Progress, batch: BatchProgress) -> int:
    """How many targets of the batch are applied at once: its own number, or a person's while the run goes on."""
    given = progress.limits.max_concurrent
    return max(1, batch.batch.max_concurrent if given is None else given)


def most_applying(progress: Progress, wave: Wave, batch: BatchProgress) -> int:
    """How many targets of the batch may be applied at once now, after the failures there were.

    `strict` is min(max_concurrent, failure_tolerance + 1 - failures), so that all that are applied may fail without the
    tolerance being exceeded by more than one; `soft` is max_concurrent until failures exceed the tolerance.
    """
    left = tolerance(progress, batch) + 1 - batch.failures
    if left <= 0:
        return 0
    most = max_concurrent(progress, batch)
    return min(most, left) if wave.mode is Mode.STRICT else most


def exceeded(progress: Progress, wave: WaveProgress) -> tuple[BatchProgress, ...]:
    """Batches of the wave in which more targets failed than are tolerated."""
    return tuple(batch for batch in wave.batches if batch.failures > tolerance(progress, batch))
