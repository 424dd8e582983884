"""The secret that RDS manages for a master user: it rotates from the start, and that can be cancelled.

RDS has a new password every seven days unless told otherwise (RDS guide, password management with Secrets Manager).
moto 5.2.5 does not rotate such a secret, and cancels the rotation only of what a function rotates.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.rds.models import MasterUserSecret
from moto.secretsmanager.models import SecretsManagerBackend

from local.extensions.patching import wrap

_DAYS = 7


def install() -> None:
    """Extend moto."""
    wrap(MasterUserSecret, "_create_secret", "self kms_key_id", _create)
    wrap(SecretsManagerBackend, "cancel_rotate_secret", "self secret_id", _cancel)


def _create(original: Any, manager: Any, kms_key_id: Any) -> Any:
    secret = original(manager, kms_key_id)
    manager.secretsmanager.rotate_secret(
        secret.arn, rotation_rules={"AutomaticallyAfterDays": _DAYS}, rotate_immediately=False
    )
    return secret


def _cancel(original: Any, backend: Any, secret_id: str) -> Any:
    secret = backend.secrets.get(secret_id)
    if secret is None or getattr(secret, "owning_service", None) is None or secret.is_deleted():
        return original(backend, secret_id)
    secret.rotation_enabled = False
    return secret.to_short_dict()
