"""What a function's role needs to send records and dead letters somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from modules.core.destinations import DestinationKind, EventDestination
from modules.core.statements import Condition, Statement
from modules.core.tokens import is_token
from modules.function.destinations_config import DestinationConfig, ExistingDeadLettersConfig, kind_of

_SEND = {
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "lambda": ("lambda:InvokeFunction",),
    "events": ("events:PutEvents",),
}
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def destination_of(config: DestinationConfig) -> EventDestination:
    """A destination that exists, and the permissions to send there (Lambda guide, destinations)."""
    return EventDestination(config.arn, cast("DestinationKind", config.service), send_statements(config))


def dead_letter_statements(config: ExistingDeadLettersConfig) -> tuple[Statement, ...]:
    """The permissions to write dead letters to a queue or topic that exists."""
    return named("DeadLetters", _statements(config.arn, kind_of(config.arn, config.service), config.kms_key_arn))


def send_statements(config: DestinationConfig) -> tuple[Statement, ...]:
    """The permissions to send to a destination, and to encrypt with its key through its service only."""
    return _statements(config.arn, config.service, config.kms_key_arn)


def named(reason: str, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements with `reason` before their sids, so that two destinations of one role keep theirs apart.

    Args:
        reason: words or construct ids, such as `on-failure live`.
        statements: statements with sids of their own.
    """
    prefix = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", reason))
    return tuple(replace(statement, sid=f"{prefix}{statement.sid}") for statement in statements)


def _statements(arn: str, kind: str, kms_key_arn: str) -> tuple[Statement, ...]:
    send: tuple[Statement, ...]
    if kind == "s3":
        send = (Statement("Write", ("s3:PutObject",), (f"{arn}/*",)), Statement("List", ("s3:ListBucket",), (arn,)))
    else:
        send = (Statement("Send", _SEND[kind], (arn,)),)
    if not kms_key_arn:
        return send
    region = "*" if is_token(arn) or kind == "s3" else arn.split(":")[3]
    through = Condition("StringLike" if region == "*" else "StringEquals", "kms:ViaService",
                        (f"{kind}.{region}.amazonaws.com",))  # fmt: skip
    return (*send, Statement("Encrypt", _KEY_ACTIONS, (kms_key_arn,), conditions=(through,)))
