"""Statements about a secret or a parameter: what a role may do with it, and what a secret's own policy says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.core.statements import Condition, Statement, this_account_only, tls_only

ACCESS = ("read", "write", "rotate")
"""What a role may be granted of a secret."""

_READ = ("secretsmanager:GetSecretValue",)
_WRITE = ("secretsmanager:PutSecretValue",)
_ROTATE = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
)
_ACTIONS: Mapping[str, tuple[str, ...]] = {"read": _READ, "write": _WRITE, "rotate": _ROTATE}


def secret_statements(word: str, access: str, *, arn: str, key_arn: str, region: str) -> tuple[Statement, ...]:
    """What a role needs to read, write or rotate one secret, its key included.

    Args:
        word: part of the statements' Sids.
        access: one of `ACCESS`; `rotate` is what a rotation function does (Secrets Manager guide, permissions for
            rotation).
        arn: the secret.
        key_arn: key that encrypts it; empty where that is AWS's own.
        region: where it lies; empty where that is known only later.
    """
    encrypted = Encrypted(arn, key_arn, service="secretsmanager", context="SecretARN", region=region)
    rotates = access == "rotate"
    passwords = Statement(f"MakePasswordsFor{word}", ("secretsmanager:GetRandomPassword",), ("*",))  # knows no resource
    return (
        Statement(f"{access.capitalize()}{word}", _ACTIONS[access], (arn,)),
        *((passwords,) if rotates else ()),
        *encrypted.statements(word, writes=access != "read"),
    )


@dataclass(frozen=True)
class Encrypted:
    """A secret or a parameter, and the key that encrypts it.

    Attributes:
        arn: the secret or the parameter.
        key_arn: the key; empty where that is AWS's own.
        service: `secretsmanager` or `ssm`.
        context: name under which the service puts the ARN into the encryption context.
        region: where it lies; empty where that is known only later.
    """

    arn: str
    key_arn: str
    service: str
    context: str
    region: str

    def statements(self, word: str, *, writes: bool = False) -> tuple[Statement, ...]:
        """Use the key through the service, for this secret or parameter only; nothing where the key is AWS's own."""
        if not self.key_arn:
            return ()
        test = "StringEquals" if self.region else "StringLike"
        return (
            Statement(
                f"{'Encrypt' if writes else 'Decrypt'}{word}",
                ("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",),
                (self.key_arn,),
                conditions=(
                    Condition(test, "kms:ViaService", (f"{self.service}.{self.region or '*'}.amazonaws.com",)),
                    Condition("StringEquals", f"kms:EncryptionContext:{self.context}", (self.arn,)),
                ),
            ),
        )


def protection_statements(arn: str, account_id: str) -> tuple[Statement, ...]:
    """What a secret's own policy denies: requests without TLS, and principals of other accounts."""
    everything = "secretsmanager:*"
    return tls_only(everything, arn), this_account_only(everything, arn, account_id=account_id)
