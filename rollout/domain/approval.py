"""A person's word on the plans of a wave."""

from __future__ import annotations

import hashlib
import json

from rollout.domain.model import Run
from rollout.domain.progress import Progress


def digest_of(run: Run, progress: Progress, wave: str) -> str:
    """SHA-256 over the plans of a wave together, in hexadecimal; another one as soon as any of them changes.

    It stays the same while targets are applied, fail or are skipped.

    Args:
        run: the run.
        progress: how far it is.
        wave: the wave's name.
    """
    known = progress.waves[wave]
    if not known.digest:
        plans = [[name, facts.digest if (facts := progress.facts(name)) else ""] for name in known.wave.targets]
        known.digest = hashlib.sha256(json.dumps([run.id, wave, plans]).encode()).hexdigest()
    return known.digest


def missing_approval(run: Run, progress: Progress, wave: str) -> str:
    """Why nothing of the wave may start, as a sentence; empty where no approval is needed, or it is there.

    Args:
        run: the run.
        progress: how far it is.
        wave: the wave's name.
    """
    known = progress.waves[wave]
    if not known.wave.needs_approval:
        return ""
    digest = digest_of(run, progress, wave)
    if known.approved == digest:
        return ""
    given = "its plans changed after they were approved" if known.approved else "its plans are not approved"
    return (
        f"wave {wave}: {given}; nothing of it starts before a person approves them; read them, then run lambdanet "
        f"rollout approve {run.id} --wave {wave} --digest {digest}, and resume"
    )
