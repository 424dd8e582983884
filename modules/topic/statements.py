"""Statements about a topic: what roles may do with it, and what lets AWS services publish."""

from __future__ import annotations

from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.key.statements import ENCRYPT, key_statements

SERVICES = ("cloudwatch.amazonaws.com", "s3.amazonaws.com")
"""Services that publish on the account's behalf and say for which resource (SNS guide, access policies)."""


def publish_statements(word: str, *, arn: str, key_arn: str, region: str) -> tuple[Statement, ...]:
    """What a role needs to publish, its use of the topic's key included (SNS guide, key management)."""
    return (
        Statement(f"PublishTo{word}", ("sns:Publish",), (arn,)),
        *key_statements(f"EncryptFor{word}", key_arn=key_arn, via_service="sns", region=region, actions=ENCRYPT),
    )


def service_statement(sid: str, *, service: str, topic_arn: str, source_arn: str, target: Target) -> Statement:
    """What lets one source of a service, in this account, publish to the topic."""
    return Statement(
        sid,
        ("sns:Publish",),
        (topic_arn,),
        principals=(Principal("Service", (service,)),),
        conditions=(
            Condition("ArnLike", "aws:SourceArn", (source_arn,)),
            Condition("StringEquals", "aws:SourceAccount", (target.account_id,)),
        ),
    )


def service_key_statement(service: str, target: Target) -> Statement:
    """What lets a service of this account encrypt what it publishes with the stack's key."""
    return Statement(
        f"{service.partition('.')[0].capitalize()}EncryptsNotifications",
        ("kms:Decrypt", "kms:GenerateDataKey*"),
        ("*",),
        principals=(Principal("Service", (service,)),),
        conditions=(Condition("StringEquals", "aws:SourceAccount", (target.account_id,)),),
    )
