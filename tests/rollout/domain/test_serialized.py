"""Runs and facts as JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest

from modules.core.target import Target
from rollout.domain.errors import StoreError
from rollout.domain.model import Batch, Gate, IgnoredAlarm, Mode, PlanFacts, Run, RunKind, RunTarget, Wave
from rollout.domain.serialized import facts_as_json, facts_from_json, run_as_json, run_from_json

AT = datetime(2026, 11, 21, 9, 30, 1, 250, tzinfo=UTC)
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
            tags={"ring": "canary"},
        ),
        after=after,
    )
    for region, after in (("us-east-1", ()), ("eu-west-1", ("dev-main-us-east-1-orders_api",)))
)
RUN = Run(
    id="20261121-093000-a1b2c3",
    kind=RunKind.ROLLBACK,
    created_at=AT,
    suite_version="0.1.0",
    targets=TARGETS,
    waves=(
        Wave("canary", (Batch((TARGETS[0].name,), 1, 0, "us-east-1"),), needs_approval=True),
        Wave(
            "rest",
            (Batch((TARGETS[1].name,), 3, 1),),
            Mode.SOFT,
            Gate(2.5, "none yet", (IgnoredAlarm("acme-*", "noisy"),), "new"),
        ),
    ),
    revision="abc",
    source_run="20261120-093000-a1b2c3",
)
FACTS = PlanFacts(
    "ab" * 32,
    AT,
    AT + timedelta(hours=72),
    1,
    2,
    3,
    4,
    is_empty=True,
    alarms=("a", "b"),
    protected=("aws_db_instance.a",),
)
REFUSED = "it was changed, or written by another version of lambdanet; plan a new run"


def test_a_run_and_facts_survive_json() -> None:
    assert run_from_json(json.loads(json.dumps(run_as_json(RUN)))) == RUN
    assert facts_from_json(json.loads(json.dumps(facts_as_json(FACTS)))) == FACTS


def test_every_field_is_written() -> None:
    assert set(run_as_json(RUN)) == {"format", *(field.name for field in dataclasses.fields(Run))}
    assert set(facts_as_json(FACTS)) == {field.name for field in dataclasses.fields(PlanFacts)}


@pytest.mark.parametrize("given", [2, None])
def test_another_format_is_refused(given: int | None) -> None:
    with pytest.raises(StoreError) as caught:
        run_from_json({**run_as_json(RUN), "format": given}, where="run r1")
    assert str(caught.value) == (
        f"run r1: its format is {given}; this version of lambdanet reads format 1; use the version that planned the "
        "run, or plan a new one"
    )


def test_what_no_rollout_writes_is_refused() -> None:
    run = run_as_json(RUN)
    run["targets"][0]["target"]["account_id"] = "1"
    del run["kind"]
    with pytest.raises(StoreError) as caught:
        run_from_json(run, where="run r1")
    assert str(caught.value) == (
        f"run r1: is not as a rollout writes it (kind, targets.0.target.account_id); {REFUSED}"
    )
    with pytest.raises(StoreError) as caught:
        facts_from_json({**facts_as_json(FACTS), "planned_at": "2026-11-21T09:30:00", "creates": "many"})
    assert str(caught.value) == f"plan: is not as a rollout writes it (creates); {REFUSED}"
    with pytest.raises(StoreError) as caught:
        facts_from_json({**facts_as_json(FACTS), "planned_at": "2026-11-21T09:30:00"})
    assert str(caught.value) == f"plan: is not as a rollout writes it (a time without a time zone); {REFUSED}"
