"""Configuration of an EFS file system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.filesystem.access_point_config import AccessPointConfig
from modules.observability import AlarmsConfig

_AccessPointName = Annotated[
    str,
    Matching(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "an access point's name has lowercase letters, digits and single inner hyphens, a letter first",
        "correct it",
        32,
        literal=True,
    ),
]
_TransitionDays = Annotated[
    int, OneOf(limits.EFS_TRANSITION_DAYS, "days without access before a transition", literal=True)
]


class FileSystemConfig(ConfigModel):
    """An EFS file system that functions mount.

    Encrypted with the stack's key, reached with TLS and an IAM identity through an access point only: always.

    Raises:
        ConfigError: with every refused field.
    """

    access_points: dict[_AccessPointName, AccessPointConfig] = Field(
        description="Name to access point; a function mounts through one of them."
    )
    throughput_mode: Annotated[
        str, OneOf(("elastic", "provisioned", "bursting"), "a throughput mode", literal=True)
    ] = Field(default="elastic", description="How throughput is paid for: by use, in advance, or by stored size.")
    provisioned_throughput_mibps: Annotated[int, Within(limits.EFS_PROVISIONED_THROUGHPUT_MIBPS)] | None = Field(
        default=None, description="Throughput paid in advance, in MiB/s; with throughput_mode provisioned only."
    )
    performance_mode: Annotated[str, OneOf(("generalPurpose", "maxIO"), "a performance mode", literal=True)] = Field(
        default="generalPurpose",
        description="generalPurpose has the lowest latency; maxIO is of the previous generation (EFS guide).",
    )
    transition_to_ia_days: _TransitionDays | None = Field(
        default=30, description="Days without access before a file moves to Infrequent Access; null for never."
    )
    transition_to_archive_days: _TransitionDays | None = Field(
        default=None,
        description="Days without access before a file moves to Archive, later than to Infrequent Access; with elastic "
        "throughput only (EFS guide).",
    )
    transition_back_on_access: StrictBool = Field(
        default=True, description="Move a file back to Standard when it is read."
    )
    backup: StrictBool = Field(default=True, description="Daily backups by AWS Backup, kept for 35 days (EFS guide).")
    backup_off_reason: Reason = Field(default="", description="Why there is no backup; required when backup is false.")
    one_zone: Annotated[
        str,
        Matching(
            rf"(?:{limits.REGION}[a-z])?",
            "an availability zone reads like eu-west-1a",
            "correct it, or remove it",
            literal=True,
        ),
    ] = Field(default="", description="The one zone that stores the files (EFS One Zone); empty for all zones.")
    one_zone_reason: Reason = Field(
        default="", description="Why one zone is enough; required with one_zone, and in a network of one zone."
    )
    removal: Removal = Field(
        default="keep", description="keep: Terraform refuses to destroy. destroy: the files go with the stack."
    )
    removal_reason: Reason = Field(default="", description="Why the data may be lost; required with removal destroy.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the file system.")

    def cross_checks(self) -> Iterator[Problem]:
        """Settings that AWS takes only together, and reasons for what is less safe."""
        if not self.access_points:
            yield Problem(
                "", "access_points is empty", "a function mounts through an access point (Lambda guide)", "add one"
            )
        yield from self._throughput_problems()
        yield from self._storage_problems()
        if not self.backup and not self.backup_off_reason:
            yield Problem(
                "", "backup is False without a reason", "what is deleted would be lost", "set backup_off_reason"
            )
        if self.backup and self.backup_off_reason:
            given = f'backup_off_reason is "{self.backup_off_reason}"'
            yield Problem("", given, "a reason belongs to backup: false", "remove it")
        if self.one_zone and not self.one_zone_reason:
            yield Problem(
                "",
                f'one_zone is "{self.one_zone}" without a reason',
                "the files are lost with their zone, and functions in others cannot mount them",
                "set one_zone_reason, or remove one_zone",
            )
        yield from removal_problems(self.removal, self.removal_reason)

    def _throughput_problems(self) -> Iterator[Problem]:
        provisioned = self.throughput_mode == "provisioned"
        if provisioned and self.provisioned_throughput_mibps is None:
            yield Problem(
                "",
                "provisioned_throughput_mibps is missing",
                "throughput_mode provisioned takes it",
                "set it, or choose elastic",
            )
        if not provisioned and self.provisioned_throughput_mibps is not None:
            yield Problem(
                "",
                f"provisioned_throughput_mibps is {self.provisioned_throughput_mibps}",
                f"throughput_mode {self.throughput_mode} takes none (EFS guide)",
                "remove it, or set throughput_mode to provisioned",
            )
        if self.performance_mode == "maxIO" and self.throughput_mode == "elastic":
            yield Problem(
                "",
                'performance_mode is "maxIO"',
                "elastic throughput takes generalPurpose only (EFS guide)",
                "set generalPurpose",
            )
        if self.performance_mode == "maxIO" and self.one_zone:
            yield Problem(
                "",
                'performance_mode is "maxIO"',
                "EFS One Zone takes generalPurpose only (EFS guide)",
                "set generalPurpose",
            )

    def _storage_problems(self) -> Iterator[Problem]:
        ia, archive = self.transition_to_ia_days, self.transition_to_archive_days
        if archive is None:
            return
        if ia is None or archive <= ia:
            yield Problem(
                "",
                f"transition_to_archive_days is {archive}",
                "a file moves to Archive later than to Infrequent Access, which is "
                + (f"after {ia} days" if ia is not None else "not asked for")
                + " (PutLifecycleConfiguration)",
                "set it higher" if ia is not None else "set transition_to_ia_days too",
            )
        if self.throughput_mode != "elastic":
            yield Problem(
                "",
                f"transition_to_archive_days is {archive}",
                "Archive takes elastic throughput (PutLifecycleConfiguration)",
                "set throughput_mode to elastic, or remove it",
            )
        if self.one_zone:
            yield Problem(
                "",
                f"transition_to_archive_days is {archive}",
                "EFS One Zone has no Archive (EFS guide)",
                "remove it",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The one zone lies in the target's region."""
        if self.one_zone and self.one_zone[:-1] != target.region:
            yield Problem(
                "",
                f'one_zone is "{self.one_zone}"',
                f"the target's region is {target.region}",
                "name a zone of that region",
            )
