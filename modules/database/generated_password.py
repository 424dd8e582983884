"""A master user's password that Terraform generates, where RDS keeps none itself."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import TerraformResource, TerraformStack
from constructs import Construct

from modules.key import KeyBase
from modules.secret import Secret, SecretConfig

_VERSION = "aws_secretsmanager_secret_version"


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


def hand_over(secret: Secret, database: TerraformResource, *, argument: str, version: int) -> None:
    """Let Terraform copy the password out of its secret into a write-only argument, by an ephemeral resource.

    Reading the secret again, instead of using the generated value twice, keeps both the same when an apply breaks off
    between them.

    Args:
        secret: of the master user.
        database: instance or cluster.
        argument: the write-only argument, such as `password_wo`.
        version: what `argument` has beside it, so that Terraform sees a change.
    """
    stack: Any = TerraformStack.of(secret)  # the bindings of provider 5 have no class for an ephemeral resource
    name = database.friendly_unique_id
    written = [f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in secret.dependencies]
    stack.add_override(f"ephemeral.{_VERSION}.{name}", {"secret_id": secret.arn, "depends_on": sorted(written)})
    database.add_override(argument, f"${{jsondecode(ephemeral.{_VERSION}.{name}.secret_string).password}}")
    database.add_override(f"{argument}_version", version)
