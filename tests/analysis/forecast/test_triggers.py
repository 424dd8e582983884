"""Triggers, proxies and messages."""

from __future__ import annotations

from analysis.finding import Level
from tests.analysis.forecast.changes import DELETE, NO_OP, REPLACE, UPDATE, Changes, function

ALIAS_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:api:live"
ALIAS = {"id": ALIAS_ARN, "arn": ALIAS_ARN, "name": "live", "function_name": "api"}
QUEUE = {
    "id": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
    "arn": "arn:aws:sqs:eu-west-1:123456789012:jobs",
    "visibility_timeout_seconds": 180,
}
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"


def test_a_trigger_that_stays_on_an_alias_that_goes() -> None:
    plan = (
        Changes()
        .add("aws_lambda_function.api", NO_OP, function())
        .add("aws_lambda_alias.live", DELETE, ALIAS)
        .add("aws_lambda_event_source_mapping.jobs", NO_OP, {"id": "m", "function_name": ALIAS_ARN})
        .add("aws_lambda_permission.api", NO_OP, {"id": "p", "function_name": "api", "qualifier": "live"})
    )

    finding = plan.only("trigger-without-target")

    assert str(finding) == (
        "aws_lambda_alias.live: aws_lambda_event_source_mapping.jobs, aws_lambda_permission.api still points to the "
        "alias "
        "after this plan destroys it; every invocation then fails (ResourceNotFoundException); point "
        "aws_lambda_event_source_mapping.jobs, aws_lambda_permission.api elsewhere, or remove it, in an apply of its "
        "own, "
        "then destroy the alias"
    )


def test_a_trigger_that_moves_away_or_goes_too_is_fine() -> None:
    plan = (
        Changes()
        .add("aws_lambda_alias.live", DELETE, ALIAS)
        .add("aws_lambda_event_source_mapping.a", DELETE, {"id": "m", "function_name": ALIAS_ARN})
        .add(
            "aws_lambda_event_source_mapping.b",
            UPDATE,
            {"id": "n", "function_name": ALIAS_ARN},
            {"function_name": "arn:aws:lambda:eu-west-1:123456789012:function:other"},
        )
    )

    assert plan.forecast.findings == ()


def test_an_alias_that_is_replaced_under_its_name_keeps_its_triggers() -> None:
    plan = (
        Changes()
        .add("aws_lambda_alias.live", REPLACE, ALIAS)
        .add("aws_lambda_event_source_mapping.jobs", NO_OP, {"id": "m", "function_name": ALIAS_ARN})
    )

    assert plan.forecast.findings == ()


def test_a_proxy_stays_while_its_database_goes() -> None:
    target = {"id": "t", "db_proxy_name": "orders", "db_instance_identifier": "orders"}
    database = {"id": "db-ABC", "identifier": "orders", "skip_final_snapshot": True}
    plan = Changes().add("aws_db_instance.orders", DELETE, database).add("aws_db_proxy_target.orders", NO_OP, target)

    assert plan.only("proxy-without-target").message == (
        "aws_db_instance.orders is destroyed while aws_db_proxy_target.orders stays; every connection through the "
        "proxy "
        "orders then fails until it has an available target"
    )
    both = Changes().add("aws_db_instance.orders", DELETE, database).add("aws_db_proxy_target.orders", DELETE, target)
    assert both.forecast.findings == ()


def test_a_queue_takes_its_messages_along() -> None:
    mapping = {"id": "m", "event_source_arn": QUEUE["arn"], "function_name": "api"}
    plan = (
        Changes().add("aws_sqs_queue.jobs", DELETE, QUEUE).add("aws_lambda_event_source_mapping.jobs", DELETE, mapping)
    )

    finding = plan.only("messages-in-flight")

    assert finding.level is Level.WARNING
    assert finding.message == (
        "aws_sqs_queue.jobs is destroyed with it, and with the queue every message that waits or is in flight, of "
        "which "
        "each is hidden for up to 180 seconds (SQS guide, visibility timeout)"
    )


def test_a_replaced_mapping_forgets_its_position_in_the_stream() -> None:
    values = {"id": "m", "event_source_arn": STREAM, "function_name": "api", "starting_position": "LATEST"}

    late = Changes().add("aws_lambda_event_source_mapping.x", REPLACE, values)
    early = Changes().add("aws_lambda_event_source_mapping.x", REPLACE, {**values, "starting_position": "TRIM_HORIZON"})

    assert late.rules() == {"stream-position": Level.ERROR}
    assert early.rules() == {"stream-position": Level.WARNING}
    assert late.only("stream-position").message == (
        "the new mapping begins at LATEST, so records that arrive while it is replaced are never read (Lambda API "
        "reference, CreateEventSourceMapping)"
    )
