"""Statements about a queue: what roles may do with it, and what lets AWS services send to it."""

from __future__ import annotations

from modules.core.grants import sid_word
from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.key.statements import DECRYPT, ENCRYPT, key_statements

_SEND = ("sqs:SendMessage",)
_CONSUME = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
_PURGE = ("sqs:PurgeQueue",)
ACCESS = ("send", "consume", "send_consume")
"""What a function may be connected for."""

SERVICES = ("events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com")
"""Services that send to a queue on the account's behalf."""


def queue_statements(access: str, word: str, *, arn: str, key_arn: str, region: str) -> tuple[Statement, ...]:
    """What a role needs to send, consume, or purge, its use of the queue's key included (SQS guide, key management).

    Args:
        access: one of `ACCESS`, or `purge`.
        word: part of the statements' Sids.
        arn: the queue.
        key_arn: key that encrypts its messages; empty where that is SQS's own.
        region: where it is.
    """
    if access == "purge":
        return (Statement(f"Purge{word}", _PURGE, (arn,)),)
    sends, consumes = access in ("send", "send_consume"), access in ("consume", "send_consume")
    key = {"key_arn": key_arn, "via_service": "sqs", "region": region}
    return (
        *((Statement(f"Send{word}", _SEND, (arn,)),) if sends else ()),
        *((Statement(f"Consume{word}", _CONSUME, (arn,)),) if consumes else ()),
        *(key_statements(f"Encrypt{word}", actions=ENCRYPT, **key) if sends else ()),
        *(key_statements(f"Decrypt{word}", actions=DECRYPT, **key) if consumes else ()),
    )


def service_statement(sid: str, *, service: str, queue_arn: str, source_arn: str, target: Target) -> Statement:
    """What lets one source of a service send to the queue; a bucket's ARN names no account, so S3 is held to ours."""
    own_account = Condition("StringEquals", "aws:SourceAccount", (target.account_id,))
    return Statement(
        sid,
        _SEND,
        (queue_arn,),
        principals=(Principal("Service", (service,)),),
        conditions=(
            Condition("ArnLike", "aws:SourceArn", (source_arn,)),
            *((own_account,) if service == "s3.amazonaws.com" else ()),
        ),
    )


def service_key_statement(service: str, target: Target, *, source: str, source_arn: str) -> Statement:
    """What lets a service encrypt what it sends with the stack's key.

    A key that named one topic, rule or bus could not encrypt that very one, as each would wait for the other; so it is
    held to those of this account and region. A source elsewhere has another key, and is named.

    Args:
        service: such as `sns.amazonaws.com`.
        target: where the queue is.
        source: what sends, as a part of the Sid of a source elsewhere.
        source_arn: its ARN; one that is known only later is in this account and region.
    """
    here = {
        "events.amazonaws.com": (target.arn("events", "rule/*"), target.arn("events", "event-bus/*")),
        "sns.amazonaws.com": (target.arn("sns", "*"),),
    }.get(service)
    sid = f"{service.partition('.')[0].capitalize()}EncryptsMessages"
    own_account = Condition("StringEquals", "aws:SourceAccount", (target.account_id,))
    condition = Condition("ArnLike", "aws:SourceArn", here) if here else own_account
    if here and not is_token(source_arn) and source_arn.split(":")[3:5] != [target.region, target.account_id]:
        sid, condition = f"{sid}Of{sid_word(source)}", Condition("ArnLike", "aws:SourceArn", (source_arn,))
    return Statement(
        sid,
        ("kms:Decrypt", "kms:GenerateDataKey"),
        ("*",),
        principals=(Principal("Service", (service,)),),
        conditions=(condition,),
    )
