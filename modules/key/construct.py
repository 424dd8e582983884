"""A KMS key with an alias and a policy that names its reasons."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.key.base import KeyBase
from modules.key.config import KeyConfig
from modules.key.existing import ExistingKey

_STACKS_OWN = "key"


class Key(KeyBase):
    """A customer-managed key, its alias and its policy.

    The key with the construct id `key` is the stack's own: its alias is the stack's name, that of another key has its
    construct id too. In a key policy the resource `*` is the key itself.

    Attributes:
        arn: the key's ARN, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: KeyConfig | None = None) -> None:
        super().__init__(scope, construct_id)
        config = config or KeyConfig()
        self._target = target_of(self)
        name = self._target.naming.name("" if construct_id == _STACKS_OWN else construct_id, max_length=250)
        self._policy = PolicyDocument([self._account_administers()])
        self._key = KmsKey(
            self,
            "key",
            description=f"Encrypts what the stack {name} stores",
            enable_key_rotation=True,
            multi_region=True if config.multi_region else None,
            rotation_period_in_days=config.rotation_period_days,
            deletion_window_in_days=config.deletion_window_days,
            policy=self._policy.json,
        )
        self.arn: str = self._key.arn
        KmsAlias(self, "alias", name=f"alias/{name}", target_key_id=self._key.key_id)

    @staticmethod
    def from_existing(
        scope: Construct, construct_id: str, *, arn: str, policy_allows_services: bool = False
    ) -> ExistingKey:
        """A key that exists already, whose policy is its owner's.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            arn: the key's ARN, not that of an alias.
            policy_allows_services: whether the policy lets the account's roles and every service that encrypts with the
                key use it, such as CloudWatch Logs.

        Raises:
            ConfigError: the ARN does not read like a key's.
        """
        return ExistingKey(scope, construct_id, arn=arn, policy_allows_services=policy_allows_services)

    def allow(self, statement: Statement) -> None:
        """Add a statement to the key's policy, in which the resource `*` is the key; the same again adds nothing.

        Raises:
            ValueError: a different statement already has the same sid.
        """
        if statement not in self._policy.statements:
            self._policy.add(statement)
            self._key.policy = self._policy.json

    def _account_administers(self) -> Statement:
        root = f"arn:{self._target.partition}:iam::{self._target.account_id}:root"
        return Statement(
            sid="AccountAdministers",
            actions=("kms:*",),
            resources=("*",),
            principals=(Principal("AWS", (root,)),),
            conditions=(Condition("StringEquals", "kms:CallerAccount", (self._target.account_id,)),),
        )
