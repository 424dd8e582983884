"""Plans of a run as a reviewer reads them: alike ones together, those without a change last."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rollout.domain.errors import StoreError
from rollout.domain.model import Run
from rollout.domain.ports import Part
from rollout.domain.progress import Progress
from rollout.domain.waves import resolved
from rollout.running.planning import Planning, new_run, plan_run
from rollout.running.reviewing import groups, plans_of
from tests.rollout.domain.fleets import fleet, settings
from tests.rollout.running.planning_fakes import NOW, FakeUnit, MemoryStore


def document(*inputs: str) -> dict[str, Any]:
    """A plan that creates something for each input."""
    changes: list[dict[str, Any]] = [
        {
            "address": f"terraform_data.r{number}",
            "mode": "managed",
            "type": "terraform_data",
            "name": f"r{number}",
            "change": {"actions": ["create"], "before": None, "after": {"input": text}, "after_unknown": {}},
        }
        for number, text in enumerate(inputs)
    ]
    resources = [
        {**{key: each[key] for key in ("address", "mode", "type", "name")}, "values": each["change"]["after"]}
        for each in changes
    ]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {}},
    }


def planned(store: MemoryStore, unit: FakeUnit, **documents: dict[str, Any]) -> Progress:
    """A run of which accounts have these plans."""
    run: Run = new_run(resolved(settings(), fleet()[::2]), now=NOW, suite_version="0.1.0")
    progress = plan_run(Planning(store, unit), run, lambda _: b"")
    for target in run.targets:
        content = documents[target.target.account]
        store.put(run.id, target.name, Part.PLAN_JSON, json.dumps(content).encode())
    return progress


def name_of(account: str) -> str:
    return f"dev-{account}-eu-west-1-orders_api"


def test_targets_that_change_alike_but_for_their_own_names_are_one_group() -> None:
    store = MemoryStore()
    same = {account: document(f"queue of {name_of(account)}") for account in ("main", "shop")}
    found = groups(store, planned(store, FakeUnit(), bank=document("a", "b"), **same))
    assert [group.targets for group in found] == [(name_of("main"), name_of("shop")), (name_of("bank"),)]


def test_those_that_change_outputs_only_and_those_without_a_change_come_last() -> None:
    store, told = MemoryStore(), []
    unit = FakeUnit(empty={name_of("bank")})
    progress = planned(store, unit, bank=document(), main=document("a"), shop=document())
    found = groups(store, progress, lambda *given: told.append(given))
    assert [(group.targets, group.facts.is_empty) for group in found] == [
        ((name_of("main"),), False),
        ((name_of("shop"),), False),
        ((name_of("bank"),), True),
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_targets_without_a_plan_are_in_no_group() -> None:
    store = MemoryStore()
    unit = FakeUnit(failing={name_of("main"): "no role", name_of("bank"): "no role"})
    progress = planned(store, unit, **dict.fromkeys(("main", "shop", "bank"), document("a")))
    assert [group.targets for group in groups(store, progress)] == [(name_of("shop"),)]


def test_a_plan_that_is_none_is_refused() -> None:
    store = MemoryStore()
    progress = planned(store, FakeUnit(), **dict.fromkeys(("main", "shop", "bank"), document("a")))
    store.put(progress.run.id, name_of("bank"), Part.PLAN_JSON, b"[")
    with pytest.raises(StoreError) as caught:
        list(plans_of(store, progress))
    assert str(caught.value) == f"{name_of('bank')}: the kept plan is no JSON of a plan; plan it again"
