"""The rotation of a secret by a function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import modules.core.engine

from cdktf_cdktf_provider_aws.secretsmanager_secret_rotation import (
    SecretsmanagerSecretRotation,
    SecretsmanagerSecretRotationRotationRules,
)
from constructs import Construct

from modules.core.connections import Connectable
from modules.core.context import target_of
from modules.secret.rotation_config import RotationConfig

_STATEMENT = "SecretsManager"


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


def let_rotate(secret: Connectable, scope: Construct, function: RotationFunction) -> Any:
    """Let a function of the suite rotate a secret, and Secrets Manager of this account invoke it.

    Returns:
        The permission, to wait for.
    """
    account_id = target_of(scope).account_id
    permission = function.allow_invoke(_STATEMENT, principal="secretsmanager.amazonaws.com", source_account=account_id)
    function.connect_to(secret, access="rotate")
    return permission
