"""Secrets and parameters by reference: the code gets an ARN, and reads the value itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.connections import Connection
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.statements import Condition, Statement
from modules.core.tokens import is_token
from modules.function.destinations_config import KmsKeyArn

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


class _Reference(ConfigModel):
    """What both kinds share.

    Attributes:
        name: what it is to the code; the variable NAME_ARN holds the ARN.
    """

    name: _Name = Field(description="What it is to the code, such as payment-key; PAYMENT_KEY_ARN holds the ARN.")
    kms_key_arn: KmsKeyArn = Field(
        default="", description="KMS key that it is encrypted with; empty where that is AWS's own."
    )

    @property
    def variable(self) -> str:
        """The environment variable that holds the ARN."""
        return f"{self.name.upper().replace('-', '_')}_ARN"

    def _connection(self, arn: str, *, service: str, action: str, context: str) -> Connection:
        words = "".join(part.capitalize() for part in self.name.split("-"))
        statements = [Statement(f"Read{words}", (action,), (arn,))]
        if self.kms_key_arn:
            region = "*" if is_token(arn) else arn.split(":")[3]
            conditions = (
                Condition("StringLike" if region == "*" else "StringEquals", "kms:ViaService",
                          (f"{service}.{region}.amazonaws.com",)),
                Condition("StringEquals", f"kms:EncryptionContext:{context}", (arn,)),
            )  # fmt: skip
            statements.append(
                Statement(f"Decrypt{words}", ("kms:Decrypt",), (self.kms_key_arn,), conditions=conditions)
            )
        return Connection(
            name=self.name,
            port=_HTTPS,
            statements=tuple(statements),
            environment={self.variable: arn},
            services=(service,),
        )


class SecretReference(_Reference):
    """A secret in Secrets Manager that exists; `function.connect_to` lets the code read exactly this one.

    Raises:
        ConfigError: with every refused field.
    """

    arn: Annotated[
        str,
        Matching(
            rf"{_PARTITION}:secretsmanager:{limits.REGION}:\d{{12}}:secret:[A-Za-z0-9/_+=.@-]{{1,512}}-[A-Za-z0-9]{{6}}",
            "a secret's ARN ends in its name, a hyphen and 6 characters that Secrets Manager adds",
            "copy the whole ARN",
        ),
    ] = Field(description="ARN of the secret, with the 6 characters at its end.")

    def connection(self) -> Connection:
        """Permission for this secret and its key, its ARN as a variable, and the way to Secrets Manager."""
        return self._connection(
            self.arn, service="secretsmanager", action="secretsmanager:GetSecretValue", context="SecretARN"
        )


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
        if levels > _MAX_LEVELS:
            yield Problem(
                "", f"arn has {levels} levels", f"Parameter Store takes {_MAX_LEVELS} (Systems Manager guide)",
                "copy it from Parameter Store",
            )  # fmt: skip

    def connection(self) -> Connection:
        """Permission for this parameter and its key, its ARN as a variable, and the way to Parameter Store."""
        return self._connection(self.arn, service="ssm", action="ssm:GetParameter", context="PARAMETER_ARN")


_MAX_LEVELS = 15
