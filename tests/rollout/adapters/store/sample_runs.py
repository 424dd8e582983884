"""A run of two targets, small enough to be read."""

from __future__ import annotations

from datetime import UTC, datetime

from modules.core.target import Target
from rollout.domain.model import Batch, Run, RunKind, RunTarget, Wave
from rollout.domain.records import Draft

RUN_ID = "20261121-093000-a1b2c3"
TARGETS = tuple(
    RunTarget(
        Target(
            org="acme",
            env="dev",
            account="main",
            account_id="111122223333",
            region=region,
            stack="orders_api",
            owner="team",
        )
    )
    for region in ("us-east-1", "eu-west-1")
)
TARGET, OTHER = (target.name for target in TARGETS)


def run(run_id: str = RUN_ID) -> Run:
    return Run(
        id=run_id,
        kind=RunKind.ROLLOUT,
        created_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        suite_version="0.1.0",
        targets=TARGETS,
        waves=(Wave("all", (Batch((TARGET, OTHER)),)),),
    )


def draft(subject: str = TARGET, state: str = "planned", reason: str = "") -> Draft:
    return Draft(subject, state, reason)
