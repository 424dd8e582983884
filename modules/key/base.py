"""What an owned and an existing key have in common: statements, grants, and how a function connects to it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import modules.core.engine

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import Grantee, role_of, sid_mark, sid_word, variable_name
from modules.core.statements import Condition, Principal, Statement
from modules.core.store import Store, access_problems
from modules.core.tokens import is_token

_HTTPS = 443
_DECRYPT, _ENCRYPT = ("kms:Decrypt",), ("kms:Encrypt", "kms:GenerateDataKey")
_ACTIONS = {"decrypt": _DECRYPT, "encrypt": _ENCRYPT, "encrypt_decrypt": (*_DECRYPT, *_ENCRYPT)}


class KeyBase(Store):
    """A KMS key that modules encrypt with.

    Attributes:
        arn: the key's ARN, as a token if the stack makes it.
    """

    arn: str

    def allow(self, statement: Statement) -> None:
        """Add a statement to the key's policy, in which the resource `*` is the key; the same again adds nothing.

        Raises:
            ValueError: a different statement already has the same sid.
            ConfigError: the policy is somebody else's.
        """
        raise NotImplementedError

    def allow_log_groups(self) -> None:
        """Let CloudWatch Logs encrypt this account's log groups with the key."""
        self.allow(
            Statement(
                sid="CloudWatchLogsEncrypts",
                actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
                resources=("*",),
                principals=(Principal("Service", (f"logs.{target_of(self).region}.amazonaws.com",)),),
                conditions=(
                    Condition(
                        "ArnLike", "kms:EncryptionContext:aws:logs:arn", (target_of(self).arn("logs", "log-group:*"),)
                    ),
                ),
            )
        )

    def allow_service(self, service: str, *, sid: str) -> None:
        """Let an AWS service that publishes on the account's behalf use the key, such as `cloudwatch.amazonaws.com`."""
        self.allow(
            Statement(
                sid=sid,
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                resources=("*",),
                principals=(Principal("Service", (service,)),),
                conditions=(Condition("StringEquals", "aws:SourceAccount", (target_of(self).account_id,)),),
            )
        )

    def use_statement(self, sid: str, *, via_service: str, actions: tuple[str, ...] = ("kms:Decrypt",)) -> Statement:
        """A statement for a role that uses the key through one service only, such as `secretsmanager`."""
        host = f"{via_service}.{target_of(self).region}.amazonaws.com"
        return Statement(
            sid=sid,
            actions=actions,
            resources=(self.arn,),
            conditions=(Condition("StringEquals", "kms:ViaService", (host,)),),
        )

    def grant_decrypt(self, grantee: Grantee, *, encryption_context: Mapping[str, str] | None = None) -> None:
        """Let a role decrypt with the key itself, not through another service.

        Args:
            grantee: a role, or what has one, such as a function.
            encryption_context: names and values that must be passed to KMS; none admits any.

        Raises:
            ConfigError: the encryption context is known only later.
        """
        role_of(grantee).grant(self._statement("decrypt", encryption_context))

    def grant_encrypt(self, grantee: Grantee, *, encryption_context: Mapping[str, str] | None = None) -> None:
        """Let a role encrypt, and make data keys. Arguments are those of `grant_decrypt`."""
        role_of(grantee).grant(self._statement("encrypt", encryption_context))

    def connection(
        self,
        *,
        access: str = "decrypt",
        encryption_context: Mapping[str, str] | None = None,
        environment_name: str = "",
    ) -> Connection:
        """What a function needs: its role's statement, a variable with the key's ARN, and a way to KMS.

        What a store encrypts needs no connection to its key: the store's own grants what it takes.

        Args:
            access: `decrypt`, `encrypt` or `encrypt_decrypt`.
            encryption_context: names and values that must be passed to KMS; none admits any.
            environment_name: variable that gets the ARN; by default `TOKENS_KEY_ARN` for a construct `tokens`.

        Raises:
            ConfigError: the access is unknown, or the encryption context is known only later.
        """
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=(self._statement(access, encryption_context),),
            environment={environment_name or variable_name(self.node.id, "KEY_ARN"): self.arn},
            services=("kms",),
        )

    def _statement(self, access: str, encryption_context: Mapping[str, str] | None) -> Statement:
        problems = list(access_problems(access, _ACTIONS))
        if is_token(dict(encryption_context or {})):
            given = "encryption_context is known only later"
            problems.append(
                Problem("", given, "names of statements are made of it", "write names and values themselves")
            )
        if problems:
            raise ConfigError(problems).within(self.node.path)
        context = dict(sorted((encryption_context or {}).items()))
        word = f"{sid_word(access)}With{self.word}"
        return Statement(
            f"{word}{sid_mark(json.dumps(context))}" if context else word,
            _ACTIONS[access],
            (self.arn,),
            conditions=tuple(
                Condition("StringEquals", f"kms:EncryptionContext:{name}", (value,)) for name, value in context.items()
            ),
        )
