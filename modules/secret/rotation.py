"""The rotation of a secret by a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import modules.core.engine

from cdktf_cdktf_provider_aws.secretsmanager_secret_rotation import (
    SecretsmanagerSecretRotation,
    SecretsmanagerSecretRotationRotationRules,
)
from constructs import Construct

from modules.core.connections import Connectable, Connection
from modules.core.context import target_of
from modules.core.grants import sid_word
from modules.core.tokens import region_of
from modules.secret.base import SecretBase
from modules.secret.rotation_config import RotationConfig
from modules.secret.statements import secret_statements

_STATEMENT = "SecretsManager"
_HTTPS = 443


class RotationFunction(Protocol):
    """A function that rotates secrets, such as `Function`."""

    @property
    def arn(self) -> str:
        """Its ARN."""
        ...

    def allow_invoke(self, statement_id: str, *, principal: str, **narrowed: str) -> Any:
        """Let a service invoke it; returns the Terraform resource that says so."""

    def connect_to(self, other: Connectable, **choices: Any) -> None:
        """Grant its role what the secret takes, and open the way to Secrets Manager."""


def add_rotation(
    secret: Construct,
    config: RotationConfig,
    *,
    secret_arn: str,
    function_arn: str,
    wait_for: Sequence[Any],
) -> None:
    """Rotate a secret by a function; Secrets Manager calls it as soon as this is made, so it waits for all it takes."""
    SecretsmanagerSecretRotation(
        secret,
        "rotation",
        secret_id=secret_arn,
        rotation_lambda_arn=function_arn,
        rotate_immediately=config.rotate_immediately,
        rotation_rules=SecretsmanagerSecretRotationRotationRules(
            automatically_after_days=config.schedule_days,
            schedule_expression=config.schedule_expression or None,
            duration=f"{config.duration_hours}h" if config.duration_hours else None,
        ),
        depends_on=list(wait_for),
    )


def let_rotate(secret: SecretBase, function: RotationFunction, *, master_secret_arn: str = "") -> Any:
    """Let a function of the suite rotate a secret, and Secrets Manager of this account invoke it.

    Args:
        secret: what it rotates.
        function: the function.
        master_secret_arn: secret of the user that changes the password, which the function reads too, under the key of
            `secret`; empty for a user that changes its own.

    Returns:
        The permission, to wait for.
    """
    account_id = target_of(secret).account_id
    permission = function.allow_invoke(
        _STATEMENT, principal="secretsmanager.amazonaws.com", source_account=account_id, qualifier=""
    )  # a secret names the unqualified function
    function.connect_to(secret, access="rotate")
    if master_secret_arn:
        function.connect_to(_MasterSecret(secret, master_secret_arn))
    return permission


@dataclass(frozen=True)
class _MasterSecret:
    """Another secret that the function of a secret reads; it finds the ARN in the secret's JSON."""

    secret: SecretBase
    arn: str

    def connection(self) -> Connection:
        """Statements only, as the secret's own connection opens the way to Secrets Manager."""
        word = f"MasterOf{sid_word(self.secret.node.path.partition('/')[2])}"
        region = region_of(self.arn) or target_of(self.secret).region
        found = secret_statements(word, "read", arn=self.arn, key_arn=self.secret.key_arn, region=region)
        return Connection(name=f"{self.secret.node.id}-master", port=_HTTPS, statements=found)
