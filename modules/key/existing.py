"""A key that another stack or another tool made."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.core.errors import ConfigError, Problem
from modules.core.policy import as_text
from modules.core.statements import Statement
from modules.key.arns import key_arn_problems
from modules.key.base import KeyBase


class ExistingKey(KeyBase):
    """A key that is only used here; its policy, rotation and deletion are its owner's.

    Raises:
        ConfigError: the ARN does not read like a key's.
    """

    def __init__(self, scope: Construct, construct_id: str, *, arn: str, policy_allows_services: bool = False) -> None:
        super().__init__(scope, construct_id)
        problems = list(key_arn_problems("arn", arn))
        if problems or not arn:
            raise ConfigError(problems or [_MISSING]).within(self.node.path)
        self.arn = arn
        self._policy_allows_services = policy_allows_services

    def allow(self, statement: Statement) -> None:
        """Accept that a service uses the key, if the owner's policy lets it.

        Raises:
            ConfigError: nobody has said that it does.
        """
        if not self._policy_allows_services:
            raise ConfigError.single(
                self.node.path,
                f"the key's policy would need {as_text([statement])}",
                "the policy of an existing key is its owner's (KMS guide)",
                "add the statement there and set policy_allows_services, or use a key of the stack",
            )


_MISSING = Problem("", "arn is empty", "it names the key", "copy it from AWS KMS")
