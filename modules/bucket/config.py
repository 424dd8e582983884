"""Configuration of an S3 bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.observability import AlarmsConfig

KMS, S3_MANAGED = "aws:kms", "AES256"
_LifecycleDays = Annotated[int, Within(limits.S3_LIFECYCLE_DAYS)]


class ObjectLockConfig(ConfigModel):
    """How long a new object version can be neither changed nor deleted.

    Raises:
        ConfigError: with every refused field.
    """

    mode: Annotated[str, OneOf(("GOVERNANCE", "COMPLIANCE"), "a retention mode", literal=True)] = Field(
        default="GOVERNANCE",
        description="GOVERNANCE: who may bypass it can delete. COMPLIANCE: nobody can, the account's root included.",
    )
    retention_days: Annotated[int, Within(limits.S3_OBJECT_LOCK_DAYS)] = Field(
        description="Days that a version is locked for. 1 to 36500 (S3 guide)."
    )


class BucketConfig(ConfigModel):
    """An S3 bucket.

    Private, versioned, without ACLs, reached with TLS 1.2 only, and encrypted with the stack's key: always.

    Raises:
        ConfigError: with every refused field.
    """

    noncurrent_version_days: _LifecycleDays | None = Field(
        default=90, description="Days that a replaced or deleted version is kept; null for ever."
    )
    incomplete_upload_days: _LifecycleDays | None = Field(
        default=7, description="Days after which an upload that was never completed is aborted; null for never."
    )
    expiration_days: _LifecycleDays | None = Field(
        default=None, description="Days after which every object is deleted; null for never."
    )
    eventbridge: StrictBool = Field(
        default=False, description="Send the bucket's events to the account's default event bus (EventBridge)."
    )
    request_metrics: StrictBool = Field(
        default=False, description="Collect metrics of the bucket's requests, which are charged for; alarms watch them."
    )
    alarms: AlarmsConfig = Field(
        default_factory=AlarmsConfig, description="Alarms of the bucket; there are none without request_metrics."
    )
    object_lock: ObjectLockConfig | None = Field(
        default=None, description="Retention of new versions; switching it on or off replaces the bucket."
    )
    sse_algorithm: Annotated[str, OneOf((KMS, S3_MANAGED), "an algorithm of server-side encryption", literal=True)] = (
        Field(default=KMS, description="aws:kms uses the stack's key with a bucket key; AES256 a key of S3.")
    )
    sse_algorithm_reason: Reason = Field(
        default="",
        description="Why S3's own key is enough, such as access logs, which S3 delivers to no bucket with a KMS key; "
        "required with AES256.",
    )
    access_log_off_reason: Reason = Field(
        default="", description="Why no log of each access is kept, where the construct is given no bucket for one."
    )
    notifications_off_reason: Reason = Field(
        default="", description="Why nobody is told of new objects, where nothing subscribes to the bucket's events."
    )
    replication_off_reason: Reason = Field(
        default="", description="Why objects need no copy in another region; Terraform makes none here."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: Terraform refuses to destroy. destroy: the bucket goes with the stack, objects included.",
    )
    removal_reason: Reason = Field(
        default="", description="Why the objects may be lost; required with removal destroy."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Reasons for what is less safe, and a lock that lets the bucket go."""
        if self.sse_algorithm == S3_MANAGED and not self.sse_algorithm_reason:
            yield Problem(
                "",
                'sse_algorithm is "AES256" without a reason',
                "whoever may read the bucket could read it without the stack's key",
                "set sse_algorithm_reason, or choose aws:kms",
            )
        if self.sse_algorithm == KMS and self.sse_algorithm_reason:
            given = f'sse_algorithm_reason is "{self.sse_algorithm_reason}"'
            yield Problem("", given, "a reason belongs to sse_algorithm: AES256", "remove it")
        yield from removal_problems(self.removal, self.removal_reason, lost="objects")
        if self.removal == "destroy" and self.object_lock is not None and self.object_lock.mode == "COMPLIANCE":
            yield Problem(
                "",
                'removal is "destroy"',
                "object_lock.mode is COMPLIANCE, and nobody can delete what it locks (S3 guide)",
                "set removal to keep, or object_lock.mode to GOVERNANCE",
            )
