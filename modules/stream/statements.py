"""Statements about a stream: what roles and other accounts may do with it."""

from __future__ import annotations

from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.key.statements import DECRYPT, key_statements
from modules.stream.config import StreamConfig

_READ = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
_SUBSCRIBE = ("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard")
_WRITE = ("kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords")
_ENCRYPT = ("kms:GenerateDataKey",)  # Kinesis guide, permissions to use KMS keys: writers decrypt nothing
ACCESS = ("read", "write", "read_write")
"""What a function may be connected for."""


def stream_statements(access: str, word: str, *, arn: str, key_arn: str, region: str) -> tuple[Statement, ...]:
    """What a role needs to read or write, its use of the stream's key included (Kinesis guide, access and encryption).

    Args:
        access: one of `ACCESS`.
        word: part of the statements' Sids.
        arn: the stream.
        key_arn: key that encrypts its records; empty where none or Kinesis's own does.
        region: where it is.
    """
    reads, writes = access != "write", access != "read"
    key = {"key_arn": key_arn, "via_service": "kinesis", "region": region}
    readers = (
        Statement(f"Read{word}", _READ, (arn,)),
        Statement(f"SubscribeTo{word}", _SUBSCRIBE, (f"{arn}/consumer/*",)),
    )
    return (
        *(readers if reads else ()),
        *((Statement(f"Write{word}", _WRITE, (arn,)),) if writes else ()),
        *(key_statements(f"Decrypt{word}", actions=DECRYPT, **key) if reads else ()),
        *(key_statements(f"Encrypt{word}", actions=_ENCRYPT, **key) if writes else ()),
    )


def policy_statements(arn: str, config: StreamConfig, target: Target) -> tuple[Statement, ...]:
    """The stream's own policy, which only other accounts need."""
    return tuple(
        Statement(sid, actions, (arn,), principals=(_principal(accounts, target),))
        for sid, actions, accounts in (
            ("AccountsRead", _READ, config.reader_accounts),
            ("AccountsWrite", _WRITE, config.writer_accounts),
        )
        if accounts
    )


def key_policy_statements(word: str, stream_arn: str, config: StreamConfig, target: Target) -> tuple[Statement, ...]:
    """What lets the roles of other accounts use the stream's key, through Kinesis and for this stream only.

    Args:
        word: part of the statements' Sids.
        stream_arn: the stream's ARN as text, since a reference would make key and stream wait for each other.
        config: who they are.
        target: where the stream is.
    """
    conditions = (
        Condition("StringEquals", "kms:ViaService", (f"kinesis.{target.region}.amazonaws.com",)),
        Condition("StringEquals", "kms:EncryptionContext:aws:kinesis:arn", (stream_arn,)),
    )
    return tuple(
        Statement(f"Accounts{verb}{word}", actions, ("*",), principals=(_principal(accounts, target),),
                  conditions=conditions)
        for verb, actions, accounts in (
            ("Decrypt", DECRYPT, config.reader_accounts),
            ("Encrypt", _ENCRYPT, config.writer_accounts),
        )
        if accounts
    )  # fmt: skip


def _principal(accounts: tuple[str, ...], target: Target) -> Principal:
    return Principal("AWS", tuple(f"arn:{target.partition}:iam::{account}:root" for account in sorted(accounts)))
