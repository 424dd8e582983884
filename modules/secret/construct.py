"""A secret: generated without anybody seeing it, encrypted, closed to other accounts, rotated, kept by default."""

from __future__ import annotations

from typing import Any, cast

import modules.core.engine

from cdktf import Fn, TerraformResourceLifecycle, TerraformStack, Token
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret, SecretsmanagerSecretReplica
from cdktf_cdktf_provider_aws.secretsmanager_secret_policy import SecretsmanagerSecretPolicy
from cdktf_cdktf_provider_aws.secretsmanager_secret_version import SecretsmanagerSecretVersion
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.key import KeyBase
from modules.secret.base import Rotation, SecretBase
from modules.secret.config import SecretConfig
from modules.secret.existing import ExistingSecret
from modules.secret.rotation import RotationFunction, add_rotation, let_rotate
from modules.secret.statements import protection_statements
from modules.secret.value_config import GeneratedValueConfig

_EPHEMERAL = "aws_secretsmanager_random_password"

UNROTATED = ("CKV2_AWS_57",)
"""Checks that a secret skips which nothing rotates."""


class Secret(SecretBase):
    """A secret, named after stack and construct.

    Raises:
        ConfigError: the configuration does not fit the target, or it is not clear which function rotates the secret.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: SecretConfig,
        key: KeyBase,
        rotation_function: RotationFunction | None = None,
    ) -> None:
        """Make the secret.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the secret's name.
            config: everything about the secret.
            key: encrypts it.
            rotation_function: rotates it; it is connected to the secret, and Secrets Manager may invoke it.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        self._require_one_function(config, rotation_function)
        secret = SecretsmanagerSecret(
            self,
            "secret",
            name=target.naming.name(construct_id, max_length=limits.SECRET_MAX_NAME_LENGTH),
            description=config.description or None,
            kms_key_id=key.arn,
            recovery_window_in_days=config.recovery_window_days,
            replica=[
                SecretsmanagerSecretReplica(region=region, kms_key_id=key_arn)
                for region, key_arn in sorted(config.replicas.items())
            ]
            or None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None,
        )
        skip(secret, config.rotation_off_reason, *UNROTATED)
        self.arn = secret.arn
        self.name = secret.name
        self.key_arn = key.arn
        self.username = config.value.username
        self.rotation = cast("Rotation", config.rotation.kind) if config.rotation else None
        self.dependencies = (
            SecretsmanagerSecretPolicy(
                self,
                "policy",
                secret_arn=self.arn,
                block_public_policy=True,
                policy=PolicyDocument(protection_statements(self.arn, target.account_id)).json,
            ),
        )
        generated = config.value if isinstance(config.value, GeneratedValueConfig) else None
        if generated is not None:
            self.dependencies += (self._generate(generated),)
        if config.rotation is not None:
            arn, waits = config.rotation.function_arn, self.dependencies
            if rotation_function is not None:
                master = generated.master_secret_arn if generated is not None else ""
                arn = rotation_function.arn
                waits += (let_rotate(self, rotation_function, master_secret_arn=master),)
            add_rotation(self, config.rotation, secret_arn=self.arn, function_arn=arn, wait_for=waits)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        arn: str,
        key_arn: str = "",
        rotation: Rotation | None = None,
        username: str = "",
    ) -> ExistingSecret:
        """A secret that exists already.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            arn: its whole ARN, with the 6 characters at its end.
            key_arn: KMS key that encrypts it, whose key policy lets the account's roles use it; empty when AWS's own
                does.
            rotation: `single_user` or `alternating_users`; None when nothing rotates it.
            username: the user whose password it holds, where it is for one.

        Raises:
            ConfigError: an ARN does not read like one.
        """
        return ExistingSecret(scope, construct_id, arn=arn, key_arn=key_arn, rotation=rotation, username=username)

    def _generate(self, config: GeneratedValueConfig) -> SecretsmanagerSecretVersion:
        """The first value; its password goes from an ephemeral resource into a write-only argument only."""
        version = SecretsmanagerSecretVersion(
            self, "value", secret_id=self.arn, secret_string_wo_version=config.version
        )
        name = version.friendly_unique_id
        known = Token.as_string(Fn.jsonencode(config.members))
        password = f"{{password = ephemeral.{_EPHEMERAL}.{name}.random_password}}"
        version.secret_string_wo = f"${{jsonencode(merge(jsondecode({known}), {password}))}}"
        stack: Any = TerraformStack.of(self)  # the bindings of provider 5 have no class for an ephemeral resource
        stack.add_override(
            f"ephemeral.{_EPHEMERAL}.{name}",
            {
                "password_length": config.password_length,
                "exclude_characters": config.exclude_characters,
                "require_each_included_type": True,
            },
        )
        return version

    def _require_one_function(self, config: SecretConfig, function: RotationFunction | None) -> None:
        """Refuse a rotation by no function or two, and a function without rotation."""
        rotation = config.rotation
        problems = []
        if rotation is None and function is not None:
            problems = [("rotation_function is passed", "the configuration has no rotation", "set rotation")]
        elif rotation is not None and function is None and not rotation.function_arn:
            fix = "pass rotation_function=Function(...), or set rotation.function_arn"
            problems = [("rotation_function is missing", "a function puts the new password", fix)]
        elif rotation is not None and function is not None and rotation.function_arn:
            given = "rotation_function is passed and rotation.function_arn is set"
            problems = [(given, "one function rotates a secret", "remove one")]
        if problems:
            raise ConfigError(Problem(self.node.path, *problem) for problem in problems)
