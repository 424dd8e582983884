"""A master user's password that Terraform generates, where RDS keeps none itself."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.key import KeyBase
from modules.secret import Secret, SecretConfig


def master_password_secret(
    scope: Construct, construct_id: str, *, username: str, version: int, rotation_off_reason: str, key: KeyBase
) -> Secret:
    """The secret of a master user, with `username` and `password` as RDS itself would write them.

    Terraform may delete it: it holds nothing that another `master_password_version` would not make anew.

    Args:
        scope: the database.
        construct_id: id below `scope`; last part of the secret's name.
        username: the master user.
        version: another number puts a new password.
        rotation_off_reason: why RDS does not rotate it.
        key: encrypts it.
    """
    config = {
        "description": f"Master user of {scope.node.id}",
        "value": {"username": username, "version": version},
        "rotation_off_reason": rotation_off_reason,
        "recovery_window_days": 0,
        "removal": "destroy",
        "removal_reason": "another version of the password makes it anew",
    }
    return Secret(scope, construct_id, config=SecretConfig.parse(config), key=key)
