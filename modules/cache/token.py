"""One token for all clients of a replication group, generated without anybody seeing it."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.elasticache_replication_group import ElasticacheReplicationGroup
from constructs import Construct

from modules.cache.config import CacheConfig
from modules.key import KeyBase
from modules.secret import Secret, SecretConfig

_VERSION = "aws_secretsmanager_secret_version"
_LENGTH = 64
_REFUSED = " \"%'()*+,./:;=?@[\\]_`{|}~"
"""Printable characters that a token has none of; of punctuation it takes ! & # $ ^ < > - (elasticache API model)."""


def token_secret(scope: Construct, *, thing: str, config: CacheConfig, key: KeyBase) -> Secret:
    """The secret that holds the token, as `password` inside JSON.

    A higher `token_version` puts a new one and hands it to the cache with the same apply.
    """
    goes = config.removal == "destroy"
    return Secret(
        scope,
        f"{thing}-token",
        config=SecretConfig.parse(
            {
                "description": f"Token of the cache {thing}",
                "value": {
                    "password_length": _LENGTH,
                    "exclude_characters": _REFUSED,
                    "version": config.token_version,
                },
                "rotation_off_reason": "a higher token_version changes it",
                "removal": config.removal,
                "removal_reason": config.removal_reason,
                "recovery_window_days": 0 if goes else 30,
            }
        ),
        key=key,
    )


def hand_over(secret: Secret, group: ElasticacheReplicationGroup, *, version: int) -> None:
    """Let Terraform copy the token out of its secret during apply, from an ephemeral resource to a write-only argument.

    Reading the secret again, instead of using the generated value twice, keeps both the same when an apply breaks off
    between them. Both arguments are unknown to AWS provider 5.
    """
    stack: Any = TerraformStack.of(secret)  # the bindings of provider 5 have no class for an ephemeral resource
    name = group.friendly_unique_id
    written = [f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in secret.dependencies]
    stack.add_override(f"ephemeral.{_VERSION}.{name}", {"secret_id": secret.arn, "depends_on": sorted(written)})
    group.add_override("auth_token_wo", f"${{jsondecode(ephemeral.{_VERSION}.{name}.secret_string).password}}")
    group.add_override("auth_token_wo_version", version)
