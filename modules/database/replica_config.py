"""Configuration of a read replica."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Reason, Within
from modules.core.removal import Removal
from modules.core.target import Target
from modules.database.instance_fields import InstanceClass
from modules.network.fields import AvailabilityZone, zones_of_another_region
from modules.observability import AlarmsConfig


class ReplicaConfig(ConfigModel):
    """A read replica of an instance, in the same region; what is not said here is as the instance has it.

    Raises:
        ConfigError: with every refused field.
    """

    instance_class: InstanceClass | None = Field(
        default=None, description="Instance class; null for the one that the instance has."
    )
    availability_zone: AvailabilityZone | None = Field(
        default=None, description="Zone; null lets RDS choose. Not with multi_az."
    )
    multi_az: StrictBool = Field(default=False, description="A standby of the replica in a second zone.")
    backup_retention_days: Annotated[int, Within(limits.RDS_BACKUP_RETENTION_DAYS)] | None = Field(
        default=None,
        description="Days of automated backups of the replica's own, which a promoted replica needs; null for none. "
        "1 to 35 (RDS API).",
    )
    removal: Removal = Field(
        default="keep",
        description="keep: deletion protection as the instance has it. destroy: none, so that the replica can go.",
    )
    removal_reason: Reason = Field(default="", description="Why the replica may go; required with removal destroy.")
    alarms: AlarmsConfig | None = Field(default=None, description="Alarms of the replica; null for the instance's.")

    def cross_checks(self) -> Iterator[Problem]:
        """A zone or two, and a reason for letting it go."""
        if self.multi_az and self.availability_zone is not None:
            yield Problem(
                "",
                f'availability_zone is "{self.availability_zone}" and multi_az is True',
                "RDS chooses the zones of an instance with a standby (rds API model)",
                "remove one of the two",
            )
        if self.removal == "destroy" and not self.removal_reason:
            yield Problem(
                "",
                'removal is "destroy" without a reason',
                "what reads from the replica would stop",
                "set removal_reason",
            )
        if self.removal == "keep" and self.removal_reason:
            given = f'removal_reason is "{self.removal_reason}"'
            yield Problem("", given, "a reason belongs to removal: destroy", "remove it")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zone lies in the target's region."""
        if self.availability_zone is not None:
            yield from zones_of_another_region((self.availability_zone,), target)
