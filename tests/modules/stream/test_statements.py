"""What roles may do with a stream."""

from __future__ import annotations

import pytest

from modules.stream.statements import stream_statements

ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/records"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    ("access", "granted"),
    [
        ("read", {"kinesis:GetRecords", "kinesis:SubscribeToShard", "kms:Decrypt"}),
        ("write", {"kinesis:PutRecord", "kinesis:PutRecords", "kms:GenerateDataKey"}),
    ],
)
def test_a_role_may_do_what_it_was_granted(access: str, granted: set[str]) -> None:
    statements = stream_statements(access, "Records", arn=ARN, key_arn=KEY, region="eu-west-1")
    actions = {action for statement in statements for action in statement.actions}
    assert granted < actions
    others = {
        "read": {"kinesis:PutRecord", "kinesis:PutRecords", "kms:GenerateDataKey"},
        "write": {"kinesis:GetRecords", "kinesis:SubscribeToShard", "kms:Decrypt"},
    }[access]
    assert not others & actions
    resources = {resource for statement in statements for resource in statement.resources}
    assert resources <= {ARN, f"{ARN}/consumer/*", KEY}


def test_a_stream_without_a_key_needs_no_grant_of_one() -> None:
    statements = stream_statements("read_write", "Records", arn=ARN, key_arn="", region="eu-west-1")
    assert [each.sid for each in statements] == ["ReadRecords", "SubscribeToRecords", "WriteRecords"]
