from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rollout.domain.model import PlanFacts
from rollout.domain.plan_facts import STATEFUL, facts_of
from rollout.domain.ports import AllowedDestroy

AT = datetime(2026, 11, 21, tzinfo=UTC)
NAME = "prod-main-eu-west-1-orders"


def facts(document: dict[str, Any], *allowed: AllowedDestroy) -> PlanFacts:
    return facts_of(
        document, target=NAME, digest="d", planned_at=AT, expires_at=AT + timedelta(hours=1), allowed=allowed
    )


def change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    kind = address.rpartition("module.a.")[2].partition(".")[0]
    sides = {key: more.pop(key) for key in ("before", "importing") if key in more}
    return {"address": address, "mode": "managed", "type": kind, "change": {"actions": list(actions), **sides}, **more}


def test_what_a_plan_does_is_counted() -> None:
    document = {
        "resource_changes": [
            change("aws_sqs_queue.a", "create"),
            change("aws_sqs_queue.b", "update"),
            change("aws_subnet.c", "delete", "create"),
            change("aws_subnet.d", "create", "delete"),
            change("aws_subnet.e", "delete"),
            change("aws_subnet.f", "no-op"),
            {"address": "data.aws_region.g", "mode": "data", "change": {"actions": ["read"]}},
        ]
    }
    found = facts(document)
    assert (found.creates, found.updates, found.replaces, found.deletes) == (1, 1, 2, 1)
    assert (found.is_empty, found.digest, found.planned_at) == (False, "d", AT)


@pytest.mark.parametrize(
    ("document", "is_empty"),
    [
        ({}, True),
        ({"resource_changes": [change("a.b", "no-op")], "output_changes": {"x": {"actions": ["no-op"]}}}, True),
        ({"resource_changes": [change("a.b", "read")], "applyable": False}, True),
        ({"resource_changes": [change("a.b", "no-op", previous_address="a.c")]}, False),
        ({"resource_changes": [change("a.b", "no-op", importing={"id": "x"})]}, False),
        ({"resource_changes": [change("a.b", "forget")]}, False),
        ({"output_changes": {"x": {"actions": ["update"]}}}, False),
        ({"resource_changes": [], "applyable": True}, False),
    ],
)
def test_empty_is_what_changes_neither_account_nor_state(document: dict[str, Any], *, is_empty: bool) -> None:
    assert facts(document).is_empty is is_empty


def test_alarms_of_every_module_as_they_will_be() -> None:
    def alarm(kind: str, mode: str = "managed", **values: Any) -> dict[str, Any]:
        return {"type": kind, "mode": mode, "values": values}

    metric, composite = "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"
    child = {
        "resources": [alarm(metric, alarm_name="b")],
        "child_modules": [{"resources": [alarm(composite, alarm_name="a")]}],
    }
    root = {
        "resources": [alarm(metric, alarm_name="c"), alarm(metric), alarm("aws_sqs_queue", alarm_name="no")],
        "child_modules": [child],
    }
    assert facts({"planned_values": {"root_module": root}}).alarms == ("a", "b", "c")


def test_what_holds_data_is_protected() -> None:
    kept = {"skip_destroy": True}
    document = {
        "resource_changes": [
            change("aws_db_instance.a", "delete"),
            change('module.a.aws_dynamodb_table.b["x"]', "delete", "create"),
            change("aws_cloudwatch_log_group.c", "delete", before={"name": "c"}),
            change("aws_cloudwatch_log_group.d", "delete", before=kept),
            change("aws_s3_bucket.e", "update"),
            change("aws_subnet.f", "delete"),
            change("aws_kms_key.g", "forget"),
        ]
    }
    every = ("aws_cloudwatch_log_group.c", "aws_db_instance.a", 'module.a.aws_dynamodb_table.b["x"]')
    assert facts(document).protected == every
    why = "moved to Aurora"
    assert facts(document, AllowedDestroy("prod-*", "aws_db_instance.*", why)).protected == (every[0], every[2])
    assert facts(document, AllowedDestroy("dev-*", "*", why)).protected == every
    assert facts(document, AllowedDestroy(NAME, 'module.a.aws_dynamodb_table.b["x"]', why)).protected == every[:2]
    assert facts(document, AllowedDestroy("*", "*", why)).protected == ()


def test_the_types_that_hold_data_are_those_of_the_forecast() -> None:
    assert {"aws_db_instance", "aws_s3_bucket", "aws_kms_key", "aws_ecr_repository", "aws_backup_vault"} <= STATEFUL
    assert "aws_lb" not in STATEFUL
