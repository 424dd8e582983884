"""What plans destroy or replace, together."""

from __future__ import annotations

from typing import Any

from rollout.domain.destructions import Destruction, destructions


def plan(**actions: str) -> dict[str, Any]:
    changes = [{"address": f"x.{name}", "change": {"actions": each.split()}} for name, each in actions.items()]
    return {"resource_changes": changes}


def test_alike_destructions_stand_together_and_what_is_protected_first() -> None:
    found = destructions(
        [
            ("one", plan(queue="delete", role="create delete", kept="update", data="delete")),
            ("two", plan(queue="delete", role="delete create", data="delete")),
            ("three", {}),
        ],
        {"one": ["x.data"]},
    )
    assert found == (
        Destruction("x.data", is_replaced=False, is_protected=True, targets=("one",)),
        Destruction("x.data", is_replaced=False, is_protected=False, targets=("two",)),
        Destruction("x.queue", is_replaced=False, is_protected=False, targets=("one", "two")),
        Destruction("x.role", is_replaced=True, is_protected=False, targets=("one", "two")),
    )
