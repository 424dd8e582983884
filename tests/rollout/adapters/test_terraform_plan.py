from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rollout.adapters.terraform_plan import Plan


def plan_of(*changes: dict[str, Any], outputs: dict[str, list[str]] | None = None) -> Plan:
    document = {
        "format_version": "1.2",
        "resource_changes": changes,
        "output_changes": {name: {"actions": actions} for name, actions in (outputs or {}).items()},
    }
    return Plan.from_json(Path("reviewed.tfplan"), document)


def change(*actions: str, **more: object) -> dict[str, Any]:
    address = f"aws_sqs_queue.{'_'.join(actions)}"
    return {"address": address, "type": "aws_sqs_queue", "change": {"actions": list(actions)}} | more


def test_replacements_are_counted_apart_in_either_order() -> None:
    plan = plan_of(
        change("create"),
        change("create"),
        change("update"),
        change("delete"),
        change("delete", "create"),
        change("create", "delete"),
        change("no-op"),
        change("read"),
    )
    assert (plan.creates, plan.updates, plan.deletes, plan.replaces) == (2, 1, 1, 2)
    assert len(plan.resource_changes) == 8
    assert not plan.is_empty


@pytest.mark.parametrize(
    ("plan", "is_empty"),
    [
        (plan_of(), True),
        (Plan.from_json(Path("p"), {"format_version": "1.2"}), True),
        (plan_of(change("no-op"), change("read"), outputs={"url": ["no-op"]}), True),
        (plan_of(change("no-op"), outputs={"url": ["update"]}), False),
        (plan_of(change("update")), False),
        (plan_of(change("forget")), False),
        (plan_of(change("no-op", previous_address="aws_sqs_queue.old")), False),
        (plan_of(change("no-op") | {"change": {"actions": ["no-op"], "importing": {"id": "q"}}}), False),
    ],
    ids=["nothing", "no keys", "quiet", "output", "update", "forget", "move", "import"],
)
def test_empty_means_that_applying_changes_neither_cloud_nor_state(plan: Plan, *, is_empty: bool) -> None:
    assert plan.is_empty is is_empty


def test_a_change_keeps_what_terraform_says_of_it() -> None:
    raw = change("update") | {"change": {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}}}
    (found,) = plan_of(raw, outputs={"b": ["create"], "a": ["delete"]}).resource_changes
    assert (found.address, found.type, found.actions) == (
        "aws_sqs_queue.update",
        "aws_sqs_queue",
        ("update",),
    )
    assert (found.change["before"], found.change["after"]) == ({"a": 1}, {"a": 2})
    assert plan_of(outputs={"b": ["create"], "a": ["delete"]}).output_changes == ("a", "b")
