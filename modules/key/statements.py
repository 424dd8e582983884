"""What a role needs of the key that encrypts something it uses."""

from __future__ import annotations

from modules.core.statements import Condition, Statement

DECRYPT = ("kms:Decrypt",)
ENCRYPT = ("kms:Decrypt", "kms:GenerateDataKey")


def key_statements(
    sid: str, *, key_arn: str, via_service: str, region: str, actions: tuple[str, ...]
) -> tuple[Statement, ...]:
    """Use a key through one service only; nothing where the key is the service's own.

    Args:
        sid: the statement's Sid.
        key_arn: the key; empty where it is the service's own.
        via_service: such as `sqs`.
        region: where the service is called.
        actions: `DECRYPT` or `ENCRYPT`.
    """
    if not key_arn:
        return ()
    through = Condition("StringEquals", "kms:ViaService", (f"{via_service}.{region}.amazonaws.com",))
    return (Statement(sid, actions, (key_arn,), conditions=(through,)),)
