"""How often RDS changes the password of a master user."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.secretsmanager_secret_rotation import (
    SecretsmanagerSecretRotation,
    SecretsmanagerSecretRotationRotationRules,
)
from constructs import Construct


def rotate_master_secret(scope: Construct, construct_id: str, *, secret_arn: str, days: int) -> None:
    """Schedule the rotation of a secret that RDS manages; RDS rotates it itself, so no function does.

    The schedule is always written down. Without one RDS rotates every seven days, but a schedule that is taken away
    again cancels the rotation (Secrets Manager, CancelRotateSecret).

    Args:
        scope: the database.
        construct_id: id below `scope`.
        secret_arn: the master user's secret.
        days: days between rotations.
    """
    SecretsmanagerSecretRotation(
        scope,
        construct_id,
        secret_id=secret_arn,
        rotate_immediately=False,
        rotation_rules=SecretsmanagerSecretRotationRotationRules(automatically_after_days=days),
    )
