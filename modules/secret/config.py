"""Configuration of a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, model_validator

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason, Within
from modules.core.kinds import ByKind
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.key.arns import KmsKeyArn
from modules.secret.rotation_config import RotationConfig
from modules.secret.value_config import EmptyValueConfig, GeneratedValueConfig, refuse_literals

_Region = Annotated[
    str, Matching(limits.REGION, "an AWS region reads like eu-west-1", "write the region's code name", literal=True)
]


class SecretConfig(ConfigModel):
    """A secret in Secrets Manager.

    Encrypted with the stack's key, and closed to other accounts: always. Its value is generated, or put by somebody
    else; it never stands in a configuration.

    Raises:
        ConfigError: with every refused field.
    """

    value: Annotated[GeneratedValueConfig | EmptyValueConfig, ByKind(default="generated")] = Field(
        default_factory=GeneratedValueConfig,
        description="How it gets its value; plain data without kind is generated.",
    )
    description: Annotated[
        str, Matching(r"[^\0]{0,2048}", "a description has at most 2048 characters", "shorten it")
    ] = Field(default="", description="What it is for.")
    rotation: RotationConfig | None = Field(default=None, description="How its value changes; null for never.")
    rotation_off_reason: Reason = Field(
        default="", description="Why nothing rotates it, such as who does; required without rotation."
    )
    replicas: dict[_Region, KmsKeyArn] = Field(
        default_factory=dict, description="Other regions that get a copy, each with the KMS key there that encrypts it."
    )
    recovery_window_days: Annotated[int, Within(limits.SECRET_RECOVERY_WINDOW_DAYS, literal=True)] = Field(
        default=30,
        description="Days that a deleted secret can be restored, during which its name is taken. 7 to 30, or 0 for "
        "none, with removal destroy only.",
    )
    removal: Removal = Field(
        default="keep", description="keep: Terraform refuses to destroy. destroy: the secret goes with the stack."
    )
    removal_reason: Reason = Field(default="", description="Why it may be lost; required with removal destroy.")

    @model_validator(mode="before")
    @classmethod
    def _carries_no_secret(cls, data: Any) -> Any:
        refuse_literals(data)
        return data

    def cross_checks(self) -> Iterator[Problem]:
        """Reasons for what is less safe, and what only goes together."""
        yield from removal_problems(self.removal, self.removal_reason, lost="secrets")
        yield from self._rotation_problems()
        days = self.recovery_window_days
        if 0 < days < limits.SECRET_SHORTEST_RECOVERY_WINDOW_DAYS:
            yield Problem(
                "",
                f"recovery_window_days is {days}",
                "a recovery window is 7 to 30 days, or 0 for none (DeleteSecret)",
                "set 7 or more",
            )
        if days == 0 and self.removal != "destroy":
            yield Problem(
                "",
                "recovery_window_days is 0",
                'nobody could restore it, and removal is "keep"',
                "set 7 to 30, or removal to destroy with a reason",
            )
        for region in sorted(region for region, key_arn in self.replicas.items() if not key_arn):
            yield Problem(
                "", f'replicas["{region}"] is empty', "a copy is encrypted with a key of its region", "name the key"
            )

    def _rotation_problems(self) -> Iterator[Problem]:
        if self.rotation is None and not self.rotation_off_reason:
            yield Problem(
                "",
                "rotation is missing without a reason",
                "a password that never changes is good for whoever once saw it",
                "set rotation, or rotation_off_reason",
            )
        if self.rotation is not None and self.rotation_off_reason:
            given = f'rotation_off_reason is "{self.rotation_off_reason}"'
            yield Problem("", given, "a reason belongs to a secret without rotation", "remove it")
        generated = self.value if isinstance(self.value, GeneratedValueConfig) else None
        alternates = self.rotation is not None and self.rotation.kind == "alternating_users"
        if alternates and generated is not None and not generated.master_secret_arn:
            yield Problem(
                "",
                "value.master_secret_arn is empty",
                "alternating_users takes the secret of a user that may make users (Secrets Manager guide)",
                "set it, or choose single_user",
            )
        if generated is not None and generated.master_secret_arn and not alternates:
            yield Problem(
                "",
                "value.master_secret_arn is set",
                "only alternating_users takes a second secret (Secrets Manager guide)",
                "remove it, or choose alternating_users",
            )
        if self.rotation is not None and generated is not None and not generated.username:
            yield Problem(
                "", "value.username is empty", "a rotation function changes a user's password", "name the user"
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Copies lie in other regions, under keys of those."""
        for region, key_arn in sorted(self.replicas.items()):
            if region == target.region:
                given = f'replicas holds "{region}"'
                yield Problem("", given, "it is the target's own region", "remove it")
            elif not is_token(key_arn) and f":kms:{region}:" not in key_arn:
                given = f'replicas["{region}"] is "{key_arn}"'
                yield Problem("", given, "the key lies in another region", f"name a key of {region}")
