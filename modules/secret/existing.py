"""A secret that another stack or another tool made."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems
from modules.secret.base import Rotation, SecretBase
from modules.secret.references import SecretReference

_SUFFIX_LENGTH = 7  # the hyphen and the 6 characters that Secrets Manager adds to a name


class ExistingSecret(SecretBase):
    """A secret that is only used here; its value, rotation and policy are its owner's.

    Raises:
        ConfigError: an ARN does not read like one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        arn: str,
        key_arn: str = "",
        rotation: Rotation | None = None,
        username: str = "",
    ) -> None:
        super().__init__(scope, construct_id)
        problems = list(key_arn_problems("key_arn", key_arn))
        try:
            SecretReference(name="secret", arn=arn)
        except ConfigError as error:
            problems = [*error.problems, *problems]
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self.arn, self.key_arn, self.rotation, self.username = arn, key_arn, rotation, username
        self.name = arn if is_token(arn) else arn.split(":", 6)[-1][:-_SUFFIX_LENGTH]
