"""What the plans of a run make, by account and region."""

from __future__ import annotations

import json
from datetime import timedelta

from rollout.adapters.preflight_quotas import ADDRESSES, INTERFACES, Growth
from rollout.domain.model import PlanFacts, Run, RunKind, RunTarget, TargetState
from rollout.domain.ports import Part
from rollout.domain.progress import Progress
from rollout.domain.records import Draft
from rollout.domain.serialized import facts_as_json
from rollout.running.growing import growth_of
from tests.analysis.documents import plan, resource
from tests.modules.core.test_target import target
from tests.rollout.running.planning_fakes import NOW, MemoryStore
from tests.rollout.running.test_returning import run as a_run

SUBNET, GROUP = "subnet-0123456789abcdef0", "sg-0123456789abcdef0"
FUNCTION = resource(
    "aws_lambda_function.api",
    {"function_name": "api", "vpc_config": [{"subnet_ids": [SUBNET], "security_group_ids": [GROUP]}]},
    unknown={"arn": True},
)
ADDRESS = resource("aws_eip.nat", {"domain": "vpc"}, unknown={"id": True})


def planned(store: MemoryStore, run: Run, name: str, *, is_empty: bool = False) -> Draft:
    store.put(run.id, name, Part.PLAN_JSON, json.dumps(plan(FUNCTION, ADDRESS).document).encode())
    facts = PlanFacts("d" * 64, NOW, NOW + timedelta(hours=1), creates=2, is_empty=is_empty)
    return Draft(name, TargetState.PLANNED, details={"plan": facts_as_json(facts)})


def test_plans_of_one_account_and_region_are_added_up() -> None:
    same = [RunTarget(target(stack=f"{letter}_stack")) for letter in "abcd"]
    other = RunTarget(target(account="other", account_id="210987654321"))
    run, store = a_run(1, *same, other), MemoryStore()
    journal = store.journal(run.id)
    assert run.kind is RunKind.ROLLOUT
    a, b, empty, applied = (each.name for each in same)
    journal.append([planned(store, run, name) for name in (a, b, applied, other.name)])
    journal.append([planned(store, run, empty, is_empty=True)])
    journal.append([Draft(applied, TargetState.APPLYING, details={"attempt": 1}), Draft(applied, TargetState.DONE)])
    found = growth_of(run, Progress.of(run, journal.read()), store)
    assert found == {
        ("123456789012", "eu-west-1"): Growth({ADDRESSES: 2, INTERFACES: 1}, {SUBNET: 1}),
        ("210987654321", "eu-west-1"): Growth({ADDRESSES: 1, INTERFACES: 1}, {SUBNET: 1}),
    }
