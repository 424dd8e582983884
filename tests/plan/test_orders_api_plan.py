"""What real Terraform and the real AWS provider plan for the demo target."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rollout.proof.diagram import draw

pytestmark = pytest.mark.plan
INVENTORY = Path(__file__).with_name("inventories") / "orders_api.yaml"
PICTURE = Path("docs") / "orders_api.svg"
REFRESH = "LAMBDANET_REFRESH" in os.environ
"""Write what is compared, instead of comparing it."""


def document(plan: Any) -> dict[str, Any]:
    return {"planned_values": plan.planned_values, "configuration": plan.configuration}


def resources(plan: Any, kind: str) -> Iterator[dict[str, Any]]:
    for resource in plan.planned_values["root_module"]["resources"]:
        if resource["type"] == kind and resource["mode"] == "managed":
            yield resource.get("values", {})


def test_the_first_plan_only_adds(planned: Any) -> None:
    actions = Counter(tuple(change["change"]["actions"]) for change in planned.resource_changes.values())

    assert set(actions) == {("create",)}


def test_the_plan_holds_exactly_the_resources_of_the_inventory(planned: Any) -> None:
    found = Counter(
        change["type"] for change in planned.resource_changes.values() if change["change"]["actions"] == ["create"]
    )
    if REFRESH:
        _write_counts(found)

    inventory = yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))

    assert dict(sorted(found.items())) == inventory["counts"]


def test_every_planned_value_of_the_inventory_is_there(planned: Any) -> None:
    inventory = yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))

    for kind, wanted in inventory["values"].items():
        missing = [values for values in wanted if not any(_holds(values, found) for found in resources(planned, kind))]
        assert missing == [], f"no {kind} has these values"


def test_nothing_planned_holds_a_password_in_clear_text(planned: Any) -> None:
    for instance in resources(planned, "aws_db_instance"):
        assert instance.get("password") is None
        assert instance.get("password_wo") is None
        assert instance["manage_master_user_password"] is True


def test_every_security_group_rule_says_why_it_is_there(planned: Any) -> None:
    rules = [
        rule
        for kind in ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule")
        for rule in resources(planned, kind)
    ]

    assert len(rules) == 8
    assert all(rule["description"] for rule in rules)
    assert all(rule["ip_protocol"] == "tcp" and rule["from_port"] == rule["to_port"] for rule in rules)


def test_every_resource_that_takes_tags_carries_the_targets(planned: Any) -> None:
    tagged = [
        resource["values"]["tags_all"]
        for resource in planned.planned_values["root_module"]["resources"]
        if resource["mode"] == "managed" and "tags_all" in resource.get("values", {})
    ]

    assert len(tagged) > 40
    for tags in tagged:
        assert tags.items() >= {"env": "dev", "org": "acme", "stack": "orders_api", "owner": "orders-team"}.items()


def test_the_picture_in_the_readme_is_drawn_from_this_plan(planned: Any) -> None:
    drawn = draw(document(planned))
    if REFRESH:
        PICTURE.write_text(drawn, encoding="utf-8")

    assert PICTURE.read_text(encoding="utf-8") == drawn, f"run `LAMBDANET_REFRESH=1 pytest {Path(__file__).name}`"


def _write_counts(found: Counter[str]) -> None:
    head, _, rest = INVENTORY.read_text(encoding="utf-8").partition("counts:\n")
    _, mark, values = rest.partition("\n# Values")
    counts = "".join(f"  {kind}: {count}\n" for kind, count in sorted(found.items()))
    INVENTORY.write_text(f"{head}counts:\n{counts}{mark}{values}", encoding="utf-8")


def _holds(wanted: Any, found: Any) -> bool:
    """Whether `found` has everything that `wanted` names; lists must be as long."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and _holds(value, found[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(_holds, wanted, found))
    return bool(wanted == found)
