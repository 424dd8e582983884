"""What only the constructs of streams can refuse, and what they tell a function."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.key import Key
from modules.observability import AlarmTopic
from modules.stream import Stream, StreamConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import only, refusal, resources, sids, target

pytestmark = pytest.mark.synth
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
OFF = {"enabled": False, "reason": "not what this test is about"}
WHERE = "dev-main-eu-west-1-orders"


QUIET = {"alarms": OFF}
OTHER = "210987654321"
ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/acme-records"


def test_a_stream_is_kept_encrypted_and_on_demand(stack: TargetStack, key: Key) -> None:
    Stream(stack, "records", config=StreamConfig.parse(QUIET), key=key)
    stream = only(stack, "aws_kinesis_stream")
    assert stream["lifecycle"] == {"prevent_destroy": True}
    assert stream["enforce_consumer_deletion"] is False
    assert (stream["encryption_type"], stream["stream_mode_details"]) == ("KMS", {"stream_mode": "ON_DEMAND"})
    assert "shard_count" not in stream
    assert resources(stack, "aws_kinesis_resource_policy") == {}


def test_a_stream_that_goes_takes_its_consumers_with_it(stack: TargetStack, key: Key) -> None:
    gone = {"removal": "destroy", "removal_reason": "a trial", "consumers": ["search", "audit"]}
    stream = Stream(stack, "records", config=StreamConfig.parse({**QUIET, **gone}), key=key)
    made = only(stack, "aws_kinesis_stream")
    assert (made["enforce_consumer_deletion"], "lifecycle" in made) == (True, False)
    assert list(stream.consumer_arns) == ["audit", "search"]
    assert {each["name"] for each in resources(stack, "aws_kinesis_stream_consumer").values()} == {"audit", "search"}


def test_another_consumer_changes_none(tmp_path: Path) -> None:
    def made(folder: str, *consumers: str) -> dict[str, dict[str, Any]]:
        stack = TargetStack(App(outdir=str(tmp_path / folder)), target())
        config = StreamConfig.parse({**QUIET, "consumers": consumers})
        Stream(stack, "records", config=config, key=Key(stack, "key"))
        return resources(stack, "aws_kinesis_stream_consumer")

    one, two = made("one", "search"), made("two", "audit", "search")
    assert one.items() < two.items()


def test_other_accounts_are_let_in_by_policy_and_key(stack: TargetStack, key: Key) -> None:
    accounts = {"reader_accounts": [OTHER], "writer_accounts": [OTHER]}
    Stream(stack, "records", config=StreamConfig.parse({**QUIET, **accounts}), key=key)
    policy = only(stack, "aws_kinesis_resource_policy")["policy"]
    assert sids(policy) == ["AccountsRead", "AccountsWrite"]
    assert {json.dumps(each["Principal"]) for each in json.loads(policy)["Statement"]} == {
        json.dumps({"AWS": [f"arn:aws:iam::{OTHER}:root"]})
    }
    statements = json.loads(only(stack, "aws_kms_key")["policy"])["Statement"][1:]
    assert [(each["Sid"], each["Action"]) for each in statements] == [
        ("AccountsDecryptRecords", ["kms:Decrypt"]), ("AccountsEncryptRecords", ["kms:GenerateDataKey"]),
    ]  # fmt: skip
    name = only(stack, "aws_kinesis_stream")["name"]
    assert all(
        each["Condition"]
        == {
            "StringEquals": {
                "kms:ViaService": ["kinesis.eu-west-1.amazonaws.com"],
                "kms:EncryptionContext:aws:kinesis:arn": [f"arn:aws:kinesis:eu-west-1:123456789012:stream/{name}"],
            }
        }
        for each in statements
    )


def test_the_own_account_is_no_other(stack: TargetStack, key: Key) -> None:
    config = StreamConfig.parse({**QUIET, "writer_accounts": ["123456789012"]})
    assert refusal(lambda: Stream(stack, "records", config=config, key=key)) == (
        f'{WHERE}/records: writer_accounts holds "123456789012"; it is the stream\'s own account, all of whose roles '
        "would be let in without a grant; remove it, and use grant_read or grant_write"
    )


def test_alarms_of_a_stream(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: Stream(stack, "quiet", key=key)) == (
        f"{WHERE}/quiet: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; pass "
        "alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )
    stream = Stream(stack, "records", key=key, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))
    assert stream.alarm_names == tuple(
        f"acme-dev-orders-records-{name}"
        for name in ("iterator-age", "write-throughput", "read-throughput", "failed-records")
    )


def test_what_a_function_needs(stack: TargetStack, key: Key) -> None:
    stream = Stream(stack, "order-records", config=StreamConfig.parse(QUIET), key=key)
    connection = stream.connection(access="read_write")
    assert connection.services == ("kinesis-streams",)
    assert connection.environment == {"ORDER_RECORDS_STREAM": stream.name}
    assert [statement.sid for statement in connection.statements] == [
        "ReadOrderRecords", "SubscribeToOrderRecords", "WriteOrderRecords", "DecryptOrderRecords",
        "EncryptOrderRecords",
    ]  # fmt: skip
    assert [each.sid for each in stream.connection().statements] == ["WriteOrderRecords", "EncryptOrderRecords"]
    assert refusal(lambda: stream.connection(access="all")) == (
        f'{WHERE}/order-records: access is "all"; it is one of read, write, read_write; choose one of them'
    )


def test_an_existing_stream_is_used_like_an_owned_one(stack: TargetStack) -> None:
    stream = Stream.from_existing(stack, "records", arn=ARN, key_arn=KEY_ARN)
    assert stream.connection().environment == {"RECORDS_STREAM": "acme-records"}
    assert [each.resources for each in stream.connection().statements] == [(ARN,), (KEY_ARN,)]
    later = "${aws_kinesis_stream.records.arn}"
    assert Stream.from_existing(stack, "known", arn=later, name="records").name == "records"
    assert Stream.from_existing(stack, "same", arn=ARN, name="acme-records").name == "acme-records"
    assert refusal(lambda: Stream.from_existing(stack, "other", arn=ARN, name="records")) == (
        f'{WHERE}/other: name is "records"; the ARN\'s is acme-records; remove it; only an ARN known later needs it'
    )
    assert refusal(lambda: Stream.from_existing(stack, "later", arn=later)) == (
        f"{WHERE}/later: name is missing; the ARN is known only later, so it does not tell the name; set it"
    )
    assert refusal(lambda: Stream.from_existing(stack, "none", arn="records", key_arn="alias/records")) == (
        f'{WHERE}/none: arn is "records"; a stream\'s ARN reads like '
        "arn:aws:kinesis:eu-west-1:123456789012:stream/orders; "
        f'copy it from Kinesis\n{WHERE}/none: key_arn is "alias/records"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )
