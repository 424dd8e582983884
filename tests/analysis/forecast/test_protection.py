"""Deletions that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.finding import Level
from tests.analysis.forecast.changes import DELETE, NO_OP, REPLACE, Changes

SKIPPED = {"skip_final_snapshot": True}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("aws_db_instance", {"deletion_protection": True, **SKIPPED}),
        ("aws_rds_cluster", {"deletion_protection": True, **SKIPPED}),
        ("aws_dynamodb_table", {"deletion_protection_enabled": True}),
        ("aws_lb", {"enable_deletion_protection": True}),
        ("aws_cognito_user_pool", {"deletion_protection": "ACTIVE"}),
    ],
)
def test_protection_refuses_the_deletion(kind: str, values: dict[str, Any]) -> None:
    attribute = next(iter(values))
    off = {name: "INACTIVE" if value == "ACTIVE" else False for name, value in values.items()} | SKIPPED
    plan = Changes().add(f"{kind}.x", DELETE, {"id": "x", **values})

    assert plan.rules() == {"deletion-protection": Level.ERROR}
    assert plan.only("deletion-protection").missing.startswith(f"{attribute} = ")
    assert Changes().add(f"{kind}.x", DELETE, {"id": "x", **off}).forecast.findings == ()
    assert Changes().add(f"{kind}.x", NO_OP, {"id": "x", **values}).forecast.findings == ()


def test_the_sentence_of_protection() -> None:
    plan = Changes().add("aws_db_instance.orders", DELETE, {"id": "orders", "deletion_protection": True, **SKIPPED})

    assert str(plan.only("deletion-protection")) == (
        "aws_db_instance.orders: deletion_protection is on, so AWS refuses the deletion (provider documentation, "
        "aws_db_instance); the provider reads it from the state, so changing it in the same apply comes too late; set "
        "deletion_protection = false in an apply of its own, then destroy"
    )


def test_a_final_snapshot_without_a_name_refuses_the_deletion() -> None:
    plan = Changes().add("aws_db_instance.orders", DELETE, {"id": "orders", "skip_final_snapshot": False})

    assert str(plan.only("final-snapshot")) == (
        "aws_db_instance.orders: skip_final_snapshot is false and final_snapshot_identifier is not set, so the "
        "provider "
        "refuses the deletion (provider documentation, aws_db_instance); the provider reads it from the state, so "
        "changing it in the same apply comes too late; set final_snapshot_identifier, or skip_final_snapshot = true to "
        "lose the data, in an apply of its own, then destroy"
    )


def test_a_final_snapshot_with_a_name_of_its_own_is_fine() -> None:
    plan = Changes().add("aws_rds_cluster.orders", DELETE, {"id": "orders", "final_snapshot_identifier": "last"})

    assert plan.forecast.findings == ()
    assert plan.forecast.longest_wait_minutes == 120


def test_two_final_snapshots_of_one_name_collide() -> None:
    plan = (
        Changes()
        .add("aws_db_instance.a", DELETE, {"id": "a", "final_snapshot_identifier": "last"})
        .add("aws_db_instance.b", DELETE, {"id": "b", "final_snapshot_identifier": "last"})
        .add("aws_rds_cluster.c", DELETE, {"id": "c", "final_snapshot_identifier": "last"})
    )

    finding = plan.only("final-snapshot")

    assert (finding.address, finding.level) == ("aws_db_instance.b", Level.ERROR)
    assert finding.message == (
        'the final snapshot "last" is that of aws_db_instance.a too, so the deletion fails (DBSnapshotAlreadyExists)'
    )


def test_a_read_replica_makes_no_final_snapshot() -> None:
    plan = Changes().add(
        "aws_db_instance.b", DELETE, {"id": "b", "replicate_source_db": "a", "final_snapshot_identifier": "last"}
    )

    assert plan.only("final-snapshot").missing == "skip_final_snapshot = true"


def test_a_replacement_uses_up_the_name_of_its_final_snapshot() -> None:
    plan = Changes().add(
        "aws_db_instance.a", REPLACE, {"id": "a", "final_snapshot_identifier": "last"}, replace=[["username"]]
    )

    assert plan.rules() == {"data-loss": Level.ERROR, "final-snapshot": Level.WARNING}


@pytest.mark.parametrize(
    ("kind", "attribute"), [("aws_s3_bucket", "force_destroy"), ("aws_ecr_repository", "force_delete")]
)
def test_the_plan_does_not_tell_what_is_empty(kind: str, attribute: str) -> None:
    plan = Changes().add(f"{kind}.x", DELETE, {"id": "x", attribute: False})

    assert plan.rules() == {"not-empty": Level.UNDECIDABLE}
    assert plan.only("not-empty").missing.startswith("whether it holds ")
    assert Changes().add(f"{kind}.x", DELETE, {"id": "x", attribute: True}).forecast.findings == ()
