"""A generated password on its way out of its secret into another resource, past plan and state."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import TerraformResource, TerraformStack

from modules.secret.construct import Secret

_VERSION = "aws_secretsmanager_secret_version"


def hand_over(secret: Secret, resource: TerraformResource, *, argument: str, version: int) -> None:
    """Let Terraform copy the password out of its secret into a write-only argument, by an ephemeral resource.

    Reading the secret again, instead of using the generated value twice, keeps both the same when an apply breaks off
    between them.

    Args:
        secret: a generated one.
        resource: what gets the password.
        argument: its write-only argument, such as `password_wo`; `_version` after it is the number beside it.
        version: of the secret's value, so that Terraform sees a change.
    """
    stack: Any = TerraformStack.of(secret)  # the bindings of provider 5 have no class for an ephemeral resource
    name = resource.friendly_unique_id
    written = [f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in secret.dependencies]
    stack.add_override(f"ephemeral.{_VERSION}.{name}", {"secret_id": secret.arn, "depends_on": sorted(written)})
    resource.add_override(argument, f"${{jsondecode(ephemeral.{_VERSION}.{name}.secret_string).password}}")
    resource.add_override(f"{argument}_version", version)
