"""A KMS key with an alias and a policy that names its reasons."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.key.config import KeyConfig


class Key(Construct):
    """A customer-managed key, its alias and its policy.

    In a key policy the resource `*` is the key itself.

    Attributes:
        arn: the key's ARN, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: KeyConfig | None = None) -> None:
        super().__init__(scope, construct_id)
        config = config or KeyConfig()
        self._target = target_of(self)
        name = self._target.naming.name("", max_length=250)
        self._policy = PolicyDocument([self._account_administers()])
        self._key = KmsKey(
            self,
            "key",
            description=f"Encrypts what the stack {name} stores",
            enable_key_rotation=True,
            rotation_period_in_days=config.rotation_period_days,
            deletion_window_in_days=config.deletion_window_days,
            policy=self._policy.json,
        )
        self.arn: str = self._key.arn
        KmsAlias(self, "alias", name=f"alias/{name}", target_key_id=self._key.key_id)

    def allow_log_groups(self) -> None:
        """Let CloudWatch Logs encrypt this account's log groups with the key."""
        self.allow(
            Statement(
                sid="CloudWatchLogsEncrypts",
                actions=("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
                resources=("*",),
                principals=(Principal("Service", (f"logs.{self._target.region}.amazonaws.com",)),),
                conditions=(
                    Condition(
                        "ArnLike", "kms:EncryptionContext:aws:logs:arn", (self._target.arn("logs", "log-group:*"),)
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
                conditions=(Condition("StringEquals", "aws:SourceAccount", (self._target.account_id,)),),
            )
        )

    def allow(self, statement: Statement) -> None:
        """Add a statement to the key's policy, in which the resource `*` is the key; the same again adds nothing.

        Raises:
            ValueError: a different statement already has the same sid.
        """
        if statement not in self._policy.statements:
            self._policy.add(statement)
            self._key.policy = self._policy.json

    def use_statement(self, sid: str, *, via_service: str, actions: tuple[str, ...] = ("kms:Decrypt",)) -> Statement:
        """A statement for a role that uses the key through one service only, such as `secretsmanager`."""
        host = f"{via_service}.{self._target.region}.amazonaws.com"
        return Statement(
            sid=sid,
            actions=actions,
            resources=(self.arn,),
            conditions=(Condition("StringEquals", "kms:ViaService", (host,)),),
        )

    def _account_administers(self) -> Statement:
        root = f"arn:{self._target.partition}:iam::{self._target.account_id}:root"
        return Statement(
            sid="AccountAdministers",
            actions=("kms:*",),
            resources=("*",),
            principals=(Principal("AWS", (root,)),),
            conditions=(Condition("StringEquals", "kms:CallerAccount", (self._target.account_id,)),),
        )
