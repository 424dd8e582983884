"""What stays after a destroy."""

from __future__ import annotations

from analysis.finding import Level
from tests.analysis.forecast.changes import CREATE, DELETE, NO_OP, REPLACE, Changes

KEY = {"id": "k", "arn": "arn:aws:kms:eu-west-1:123456789012:key/k", "deletion_window_in_days": 7}


def test_a_key_waits_for_its_window() -> None:
    plan = Changes().add("aws_kms_key.main", DELETE, KEY)

    finding = plan.only("key-window")

    assert finding.level is Level.WARNING
    assert str(finding) == (
        "aws_kms_key.main: the key is disabled at once and deleted after 7 days, within which its deletion can be "
        "cancelled (KMS API reference, ScheduleKeyDeletion); data that it has encrypted anywhere else cannot be read "
        "from "
        "then on; look in CloudTrail for its last use, and cancel the deletion within 7 days if something still needs "
        "it"
    )


def test_a_key_without_a_window_takes_thirty_days() -> None:
    plan = Changes().add("aws_kms_key.main", DELETE, {**KEY, "deletion_window_in_days": None})

    assert "deleted after 30 days" in plan.only("key-window").message


def test_a_key_of_a_final_snapshot_makes_it_unreadable() -> None:
    database = {"id": "orders", "final_snapshot_identifier": "last", "kms_key_id": KEY["arn"]}
    plan = Changes().add("aws_kms_key.main", DELETE, KEY).add("aws_db_instance.orders", DELETE, database)

    finding = plan.only("key-of-kept-data")

    assert (finding.level, finding.missing) == (Level.ERROR, "the key for aws_db_instance.orders")


def test_a_key_of_what_goes_for_good_is_only_warned_of() -> None:
    database = {"id": "orders", "skip_final_snapshot": True, "kms_key_id": KEY["arn"]}
    plan = (
        Changes()
        .add("aws_kms_key.main", DELETE, KEY)
        .add("aws_db_instance.orders", DELETE, database)
        .add("aws_kms_alias.main", NO_OP, {"id": "alias/main", "target_key_id": "k"})
    )

    assert plan.rules() == {"key-window": Level.WARNING}


def test_a_deleted_secret_keeps_its_name() -> None:
    secret = {"id": "arn:s", "name": "api", "recovery_window_in_days": 7}
    plan = Changes().add("aws_secretsmanager_secret.api", DELETE, secret)

    assert plan.only("secret-name").message == (
        'the deleted secret keeps the name "api" for 7 days, within which no other can be created with it (Secrets '
        "Manager API reference, DeleteSecret)"
    )
    assert (
        Changes().add("aws_secretsmanager_secret.api", DELETE, {**secret, "recovery_window_in_days": 0}).rules() == {}
    )


def test_a_secret_cannot_be_made_again_at_once() -> None:
    plan = (
        Changes()
        .add("aws_secretsmanager_secret.old", DELETE, {"id": "arn:s", "name": "api"})
        .add("aws_secretsmanager_secret.new", CREATE, None, {"name": "api"})
    )

    finding = plan.only("secret-name")

    assert finding.level is Level.ERROR
    assert finding.message == (
        'the deleted secret keeps the name "api" for 30 days, so aws_secretsmanager_secret.new cannot be created with '
        "it "
        "(Secrets Manager API reference, DeleteSecret)"
    )


def test_a_kept_log_group_stands_in_the_way_of_the_next() -> None:
    group = {"id": "/aws/lambda/api", "name": "/aws/lambda/api", "skip_destroy": True}

    assert Changes().add("aws_cloudwatch_log_group.api", DELETE, group).rules() == {"log-group-kept": Level.WARNING}
    assert Changes().add("aws_cloudwatch_log_group.api", REPLACE, group).rules() == {"log-group-kept": Level.ERROR}
    assert Changes().add("aws_cloudwatch_log_group.api", DELETE, {**group, "skip_destroy": False}).rules() == {}
