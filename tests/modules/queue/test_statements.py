"""What roles and services may do with a queue."""

from __future__ import annotations

import pytest

from modules.core.target import Target
from modules.queue.statements import queue_statements, service_key_statement, service_statement

ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
TARGET = Target.parse(
    {
        "org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1",
        "stack": "orders", "owner": "me",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("access", "actions"),
    [
        ("send", [("sqs:SendMessage",), ("kms:Decrypt", "kms:GenerateDataKey")]),
        (
            "consume",
            [
                (
                    "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
                ),
                ("kms:Decrypt",),
            ],
        ),
        ("purge", [("sqs:PurgeQueue",)]),
    ],
)  # fmt: skip
def test_a_role_may_do_what_it_was_granted(access: str, actions: list[tuple[str, ...]]) -> None:
    statements = queue_statements(access, "Orders", arn=ARN, key_arn=KEY, region="eu-west-1")
    assert [statement.actions for statement in statements] == actions
    for statement in statements:
        assert statement.resources == ((KEY,) if statement.actions[0].startswith("kms:") else (ARN,))


def test_both_keep_their_sids_apart_and_sqs_own_key_needs_no_grant() -> None:
    both = queue_statements("send_consume", "Orders", arn=ARN, key_arn=KEY, region="eu-west-1")
    assert [statement.sid for statement in both] == ["SendOrders", "ConsumeOrders", "EncryptOrders", "DecryptOrders"]
    plain = queue_statements("send_consume", "Orders", arn=ARN, key_arn="", region="eu-west-1")
    assert [statement.sid for statement in plain] == ["SendOrders", "ConsumeOrders"]


def test_a_service_sends_for_one_source_only() -> None:
    sends = service_statement("Sends", service="sns.amazonaws.com", queue_arn=ARN, source_arn="topic", target=TARGET)
    assert [(each.variable, each.values) for each in sends.conditions] == [("aws:SourceArn", ("topic",))]
    bucket = service_statement("Sends", service="s3.amazonaws.com", queue_arn=ARN, source_arn="bucket", target=TARGET)
    assert [each.variable for each in bucket.conditions] == ["aws:SourceArn", "aws:SourceAccount"]


@pytest.mark.parametrize(
    ("service", "condition"),
    [
        ("sns.amazonaws.com", ("aws:SourceArn", ("arn:aws:sns:eu-west-1:123456789012:*",))),
        (
            "events.amazonaws.com",
            (
                "aws:SourceArn",
                (
                    "arn:aws:events:eu-west-1:123456789012:rule/*",
                    "arn:aws:events:eu-west-1:123456789012:event-bus/*",
                ),
            ),
        ),
        ("s3.amazonaws.com", ("aws:SourceAccount", ("123456789012",))),
    ],
)
def test_a_service_encrypts_for_sources_of_this_account(service: str, condition: tuple[str, tuple[str, ...]]) -> None:
    statement = service_key_statement(service, TARGET, source="told", source_arn="${aws_sns_topic.told.arn}")
    assert [(each.variable, each.values) for each in statement.conditions] == [condition]
    assert statement.principals[0].identifiers == (service,)


def test_a_topic_of_another_account_is_named_in_the_keys_policy() -> None:
    theirs = "arn:aws:sns:eu-west-1:210987654321:told"
    statement = service_key_statement("sns.amazonaws.com", TARGET, source="told", source_arn=theirs)
    assert (statement.sid, statement.conditions[0].values) == ("SnsEncryptsMessagesOfTold", (theirs,))
    ours = "arn:aws:sns:eu-west-1:123456789012:told"
    here = service_key_statement("sns.amazonaws.com", TARGET, source="told", source_arn=ours)
    assert (here.sid, here.conditions[0].values) == ("SnsEncryptsMessages", ("arn:aws:sns:eu-west-1:123456789012:*",))
