"""What only the constructs of event buses can refuse, and what they tell a function."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modules.bus import Bus, BusConfig
from modules.core.statements import Statement
from modules.key import Key
from modules.observability import AlarmTopic
from stacks.base import App, TargetStack
from tests.constructs.bare import only, refusal, resources, sids, target

pytestmark = pytest.mark.synth
OFF = {"enabled": False, "reason": "not what this test is about"}
WHERE = "dev-main-eu-west-1-orders"


QUIET = {"alarms": OFF}
ARN = "arn:aws:events:eu-west-1:123456789012:event-bus/acme-events"


def test_a_bus_is_kept_closed_and_encrypted(stack: TargetStack, key: Key) -> None:
    Bus(stack, "events", config=BusConfig.parse(QUIET), key=key)
    bus = only(stack, "aws_cloudwatch_event_bus")
    assert bus["lifecycle"] == {"prevent_destroy": True}
    (letters,) = resources(stack, "aws_sqs_queue")
    assert bus["dead_letter_config"] == {"arn": f"${{aws_sqs_queue.{letters}.arn}}"}
    assert sids(only(stack, "aws_cloudwatch_event_bus_policy")["policy"]) == ["DenyPlainHttp"]
    assert sids(only(stack, "aws_kms_key")["policy"]) == [
        "AccountAdministers", "EventsDescribesKey", "EventsEncryptsEvents", "EventsEncryptsMessages",
    ]  # fmt: skip


def test_the_keys_policy_names_the_bus_without_waiting_for_it(stack: TargetStack, key: Key) -> None:
    Bus(stack, "events", config=BusConfig.parse(QUIET), key=key)
    statements = json.loads(only(stack, "aws_kms_key")["policy"])["Statement"]
    (encrypts,) = [statement for statement in statements if statement["Sid"] == "EventsEncryptsEvents"]
    context = encrypts["Condition"]["StringEquals"]["kms:EncryptionContext:aws:events:event-bus:arn"]
    assert context == ["arn:aws:events:eu-west-1:123456789012:event-bus/acme-dev-orders-events"]


def test_an_archive_is_kept_with_its_bus_or_goes_with_it(stack: TargetStack, key: Key) -> None:
    kept = Bus(stack, "kept", config=BusConfig.parse({**QUIET, "archive": {"retention_days": None}}), key=key)
    gone = {"archive": {}, "removal": "destroy", "removal_reason": "a trial"}
    Bus(stack, "gone", config=BusConfig.parse({**QUIET, **gone}), key=key)
    archives = {archive["name"]: archive for archive in resources(stack, "aws_cloudwatch_event_archive").values()}
    assert archives["acme-dev-orders-kept"]["lifecycle"] == {"prevent_destroy": True}
    assert archives["acme-dev-orders-kept"]["retention_days"] == 0
    assert "lifecycle" not in archives["acme-dev-orders-gone"]
    assert kept.archive_arn


def test_the_archives_own_key(tmp_path: Path, stack: TargetStack, key: Key) -> None:
    config = BusConfig.parse({**QUIET, "archive": {"customer_managed_key": True}})
    assert refusal(lambda: Bus(stack, "events", config=config, key=key)) == (
        f"{WHERE}/events: archive.customer_managed_key is True; AWS provider 5 has no "
        "aws_cloudwatch_event_archive.kms_key_identifier, and the target allows >= 5.100, < 7; remove it, or set the "
        'target\'s aws_provider_version to ">= 6.69, < 7"'
    )
    newer = TargetStack(App(outdir=str(tmp_path / "6")), target(aws_provider_version=">= 6.69, < 7"))
    Bus(newer, "events", config=config, key=Key(newer, "key"))
    (name,) = resources(newer, "aws_kms_key")
    assert only(newer, "aws_cloudwatch_event_archive")["kms_key_identifier"] == f"${{aws_kms_key.{name}.arn}}"


def test_dead_letters_may_be_lost_for_a_reason(stack: TargetStack, key: Key) -> None:
    lossy = BusConfig.parse({**QUIET, "dead_letters": {"kind": "none", "reason": "ticks"}})
    assert Bus(stack, "events", config=lossy, key=key).dead_letter_queue is None
    assert "dead_letter_config" not in only(stack, "aws_cloudwatch_event_bus")


def test_alarms_of_every_rule_and_of_the_dead_letters(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: Bus(stack, "quiet", key=key)) == (
        f"{WHERE}/quiet/dead-letters: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; "
        "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )
    bus = Bus(stack, "events", key=key, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))
    assert bus.alarm_names == tuple(
        f"acme-dev-orders-events-{name}"
        for name in (
            "failed-invocations", "lost-events", "throttled-rules", "dead-letters-dead-letters",
            "dead-letters-dead-letter-age",
        )
    )  # fmt: skip
    alarms = {alarm["alarm_name"]: alarm for alarm in resources(stack, "aws_cloudwatch_metric_alarm").values()}
    (query,) = alarms["acme-dev-orders-events-lost-events"]["metric_query"]
    assert (query["period"], query["return_data"]) == (60, True)
    assert query["expression"].startswith("SELECT SUM(InvocationsFailedToBeSentToDlq) FROM SCHEMA(")


def test_what_a_function_needs(stack: TargetStack, key: Key) -> None:
    bus = Bus(stack, "order-events", config=BusConfig.parse(QUIET), key=key)
    connection = bus.connection()
    assert (connection.services, connection.environment) == (("events",), {"ORDER_EVENTS_BUS": bus.name})
    assert [each.sid for each in connection.statements] == ["PutEventsOnOrderEvents"]
    assert refusal(lambda: bus.connection(access="put")) == (
        f'{WHERE}/order-events: access is "put"; a bus takes put_events; write that'
    )
    destination = bus.destination()
    assert (destination.kind, destination.arn, destination.dependencies) == ("events", bus.arn, bus.dependencies)


class Granted:
    """A role that remembers."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def grant(self, *statements: Statement) -> None:
        self.statements.extend(statements)


def test_an_existing_bus_is_used_like_an_owned_one(stack: TargetStack) -> None:
    default, theirs = Granted(), Granted()
    Bus.from_existing(stack, "default", name_or_arn="default").grant_put_events(default)
    Bus.from_existing(stack, "theirs", name_or_arn=ARN).grant_put_events(theirs)
    assert [each.resources for each in default.statements] == [
        ("arn:aws:events:eu-west-1:123456789012:event-bus/default",)
    ]
    assert [each.resources for each in theirs.statements] == [(ARN,)]
    assert refusal(lambda: Bus.from_existing(stack, "none", name_or_arn="arn:aws:sqs:x")) == (
        f'{WHERE}/none: name_or_arn is "arn:aws:sqs:x"; a bus has a name of 1 to 256 letters, digits and characters of '
        f"._/-, or an ARN with event-bus/; copy it from EventBridge"
    )
