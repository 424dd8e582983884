"""Settings of rollouts, as they stand in `environments/rollout.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import KeyPrefix, KnownBucketName, Matching, RoleName, Within
from modules.core.kinds import ByKind
from modules.core.limits import Range
from rollout.domain.amounts import TargetPattern, WrittenReason
from rollout.domain.ports import AllowedDestroy
from rollout.domain.wave_settings import Region, StackName, WaveSettings

_KeyReference = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9:/_-]+",
        "KMS takes a key's id, alias/name, or ARN",
        "copy it from AWS KMS",
        2_048,
        literal=True,
    ),
]
_SESSION = Range(15, 720, "minutes", "a role's session", "STS API: 900 seconds to 12 hours")
_EXPIRY = Range(1, 8_760, "hours", "a plan's expiry", "our bound: a year")
_WORKERS = Range(1, 64, "Terraform processes", "one machine", "our bound")
_WAIT = Range(0, 1_440, "minutes", "the wait for a lock", "our bound: a day")


class LocalStoreSettings(ConfigModel):
    """Runs in a folder beside the project; plans are encrypted with a key of the user, or with KMS.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["local"] = Field(default="local", description="Runs in a folder.")
    folder: Annotated[str, Matching(r"[^\0]+", "it takes the path of a folder", "write it", literal=True)] = Field(
        default=".rollout", description="Folder, as seen from the one that holds the environments folder."
    )
    kms_key_id: _KeyReference | None = Field(
        default=None, description="KMS key that encrypts plans; a key file of the user where it is left out."
    )
    region: Region | None = Field(default=None, description="Region of the KMS key.")

    def cross_checks(self) -> Iterator[Problem]:
        """A key without its region, or the other way round."""
        if self.kms_key_id and not self.region:
            yield Problem("", "region is missing", "a KMS key is of one region", "set the key's region")
        if self.region and not self.kms_key_id:
            yield Problem("", f"region is {self.region}", "it is the KMS key's", "set kms_key_id, or remove region")


class S3StoreSettings(ConfigModel):
    """Runs in S3, encrypted by KMS, and shared by everybody who rolls out.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["s3"] = Field(description="Runs in S3.")
    bucket: KnownBucketName = Field(description="Bucket; `lambdanet rollout bootstrap` makes it.")
    region: Region = Field(description="Region of the bucket.")
    prefix: KeyPrefix = Field(default="lambdanet", description="What every key begins with; empty for nothing.")
    kms_key_id: _KeyReference | None = Field(
        default=None, description="KMS key; the key of S3 itself (aws/s3) where it is left out."
    )


StoreSettings = LocalStoreSettings | S3StoreSettings
"""Where runs are kept."""


class RoleSettings(ConfigModel):
    """Roles that are assumed in each target's account.

    Raises:
        ConfigError: with every refused field.
    """

    plan: RoleName | None = Field(default=None, description="Role that plans; it only reads. None: as you are.")
    apply: RoleName | None = Field(default=None, description="Role that applies. None: as you are.")
    external_id: Annotated[
        str,
        Matching(
            r"(?:[\w+=,.@:/-]{2,1224})?",
            "an external id has 2 to 1224 letters, digits and characters of _+=,.@:/- (STS API)",
            "write the one that the role's trust policy asks for",
            literal=True,
        ),
    ] = Field(default="", description="External id that the roles' trust policies ask for; empty for none.")
    session_minutes: Annotated[int, Within(_SESSION, literal=True)] = Field(
        default=60, description="How long a session lasts, in minutes; 60 at most where a role assumes a role."
    )


class StackOrder(ConfigModel):
    """What a stack builds on."""

    after: tuple[StackName, ...] = Field(
        default=(), description="Stacks of the same environment, account and region that are applied before."
    )


class AllowedDestroySettings(ConfigModel):
    """A stateful resource that may be destroyed or replaced."""

    target: TargetPattern = Field(description="Name of the target, or a pattern with *.")
    address: Annotated[
        str, Matching(r"\S(?:.*\S)?", "it is a resource's address, or a pattern with *", "write it", literal=True)
    ] = Field(description="Address of the resource, or a pattern with *.")
    reason: WrittenReason = Field(description="Why it may be.")


class RolloutSettings(ConfigModel):
    """How changes go to many accounts and regions.

    Raises:
        ConfigError: with every refused field.
    """

    store: Annotated[StoreSettings, ByKind("local")] = Field(
        default_factory=LocalStoreSettings, description="Where runs are kept."
    )
    roles: RoleSettings = Field(default_factory=RoleSettings, description="Roles assumed in each target's account.")
    plan_expires_hours: Annotated[int, Within(_EXPIRY, literal=True)] = Field(
        default=72, description="How long a reviewed plan may be applied, in hours."
    )
    workers: Annotated[int, Within(_WORKERS, literal=True)] = Field(
        default=4, description="Terraform processes at once on this machine; each takes memory of its own."
    )
    lock_wait_minutes: Annotated[int, Within(_WAIT, literal=True)] = Field(
        default=10, description="How long another holder of a state's lock is waited for, in minutes."
    )
    stacks: dict[StackName, StackOrder] = Field(default_factory=dict, description="What stacks build on, by stack.")
    routed: tuple[tuple[TargetPattern, ...], ...] = Field(
        default=(),
        description="Groups of targets whose networks reach each other, so that their CIDRs must not overlap; those "
        "with the same transit gateway are one group anyway.",
    )
    allow_destroy: tuple[AllowedDestroySettings, ...] = Field(
        default=(), description="Stateful resources that may be destroyed or replaced."
    )
    waves: tuple[WaveSettings, ...] = Field(
        default_factory=lambda: (WaveSettings(name="all"),),
        description="Waves in order; one of all targets by default.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """No wave at all, and waves of one name."""
        if not self.waves:
            yield Problem("", "waves is empty", "targets go in at least one wave", "add one, or remove the field")
        names = [wave.name for wave in self.waves]
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield Problem("", f'waves holds the name "{name}" twice', "a wave's name is its own", "rename one of them")

    @property
    def allowed_destroys(self) -> tuple[AllowedDestroy, ...]:
        """Stateful resources that may be destroyed or replaced."""
        return tuple(AllowedDestroy(each.target, each.address, each.reason) for each in self.allow_destroy)
