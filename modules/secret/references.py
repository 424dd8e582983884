"""Secrets and parameters by reference: the code gets an ARN, and reads the value itself.

A reference is plain data, so it can stand in a configuration file; it is only read. `Secret.from_existing` is the
construct for what else is done with a secret that exists: a proxy that logs in with it, a function that rotates it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.connections import Connection
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.grants import sid_word, variable_name
from modules.core.statements import Statement
from modules.core.tokens import is_token, region_of
from modules.key.arns import KmsKeyArn
from modules.secret.statements import Encrypted, secret_statements

_HTTPS = 443
_PARTITION = r"arn:aws(?:-cn|-us-gov)?"
_Name = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "a reference's name has lowercase letters, digits and single inner hyphens, a letter first",
        "rename it",
        40,
        literal=True,
    ),
]
SecretArn = Annotated[
    str,
    Matching(
        rf"{_PARTITION}:secretsmanager:{limits.REGION}:\d{{12}}:secret:"
        rf"[A-Za-z0-9/_+=.@!-]{{1,{limits.SECRET_MAX_NAME_LENGTH}}}-[A-Za-z0-9]{{6}}",
        "a secret's ARN ends in its name, a hyphen and 6 characters that Secrets Manager adds",
        "copy the whole ARN",
    ),
]
"""ARN of a secret, whole, as IAM compares it; one that a service manages has a name such as `rds!db-...`."""


class _Reference(ConfigModel):
    """What both kinds share.

    Attributes:
        name: what it is to the code; the variable NAME_ARN holds the ARN.
    """

    name: _Name = Field(description="What it is to the code, such as payment-key; PAYMENT_KEY_ARN holds the ARN.")
    kms_key_arn: KmsKeyArn = Field(
        default="", description="KMS key that it is encrypted with; empty where that is AWS's own."
    )

    def _connection(self, arn: str, service: str, *statements: Statement) -> Connection:
        return Connection(
            name=self.name,
            port=_HTTPS,
            statements=statements,
            environment={variable_name(self.name, "ARN"): arn},
            services=(service,),
        )


class SecretReference(_Reference):
    """A secret in Secrets Manager that exists; `function.connect_to` lets the code read exactly this one.

    Raises:
        ConfigError: with every refused field.
    """

    arn: SecretArn = Field(description="ARN of the secret, with the 6 characters at its end.")

    def connection(self) -> Connection:
        """Permission for this secret and its key, its ARN as a variable, and the way to Secrets Manager."""
        found = secret_statements(
            sid_word(self.name), "read", arn=self.arn, key_arn=self.kms_key_arn, region=region_of(self.arn)
        )
        return self._connection(self.arn, "secretsmanager", *found)


class ParameterReference(_Reference):
    """A parameter in SSM Parameter Store that exists; `function.connect_to` lets the code read exactly this one.

    Raises:
        ConfigError: with every refused field.
    """

    arn: Annotated[
        str,
        Matching(
            rf"{_PARTITION}:ssm:{limits.REGION}:\d{{12}}:parameter/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*",
            "a parameter's ARN reads like arn:aws:ssm:eu-west-1:123456789012:parameter/path/name",
            "copy it from Parameter Store",
            2048,
        ),
    ] = Field(description="ARN of the parameter.")

    def cross_checks(self) -> Iterator[Problem]:
        """At most as many levels as Parameter Store takes."""
        levels = 0 if is_token(self.arn) else self.arn.count("/")
        if levels > limits.SSM_PARAMETER_LEVELS:
            yield Problem(
                "",
                f"arn has {levels} levels",
                f"Parameter Store takes {limits.SSM_PARAMETER_LEVELS} (Systems Manager guide)",
                "copy it from Parameter Store",
            )

    def connection(self) -> Connection:
        """Permission for this parameter and its key, its ARN as a variable, and the way to Parameter Store."""
        word = sid_word(self.name)
        key = Encrypted(self.arn, self.kms_key_arn, service="ssm", context="PARAMETER_ARN", region=region_of(self.arn))
        return self._connection(
            self.arn, "ssm", Statement(f"Read{word}", ("ssm:GetParameter",), (self.arn,)), *key.statements(word)
        )
