"""The kinds of cluster: one choice among three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import OneOf, Within, refuse
from modules.core.kinds import ByKind
from modules.core.tokens import is_token
from modules.database.cluster_fields import Acu, InstanceClass, InstanceKey
from modules.database.storage import GP3_STRIPED_GB
from modules.network.fields import AvailabilityZone

SERVERLESS_CLASS = "db.serverless"
"""Class of every Serverless v2 instance."""

_LETTERS = "abcdefghijklmnop"


class ClusterInstance(ConfigModel):
    """One instance of an Aurora cluster; which of them writes is Aurora's choice, and changes when it fails over."""

    instance_class: InstanceClass | None = Field(
        default=None, description="Class of this one, instead of the cluster's; not for Serverless v2."
    )
    availability_zone: AvailabilityZone | None = Field(
        default=None, description="Zone of the network; without it RDS spreads the instances over the zones."
    )
    promotion_tier: Annotated[int, Within(limits.AURORA_PROMOTION_TIER)] = Field(
        default=1,
        description="Order in which readers become the writer, 0 first. In Serverless v2, readers of tier 0 and 1 are "
        "kept as large as the writer (Aurora guide).",
    )


def _from_number(value: Any) -> Any:
    """A number of instances is that many of them, named a, b, c and so on."""
    if isinstance(value, bool) or not isinstance(value, int | float) or is_token(value):
        return value
    if value != int(value) or not 1 <= value <= limits.AURORA_MAX_INSTANCES:
        raise refuse("an Aurora cluster has 1 to 16 instances (Aurora guide)", "set a value from 1 to 16")
    return {letter: {} for letter in _LETTERS[: int(value)]}


class _Aurora(ConfigModel):
    """What both kinds of Aurora cluster have."""

    instances: Annotated[dict[InstanceKey, ClusterInstance], BeforeValidator(_from_number)] = Field(
        default_factory=lambda: {letter: ClusterInstance() for letter in _LETTERS[:2]},
        description="Instances by name, or their number; another name adds an instance and changes no other.",
    )
    storage_type: Annotated[
        str, OneOf(("aurora", "aurora-iopt1"), "an Aurora cluster's storage type", literal=True)
    ] = Field(default="aurora", description="aurora-iopt1 costs more, and its I/O nothing (rds API model).")

    def cross_checks(self) -> Iterator[Problem]:
        """1 to 16 instances."""
        if not 1 <= len(self.instances) <= limits.AURORA_MAX_INSTANCES:
            given = f"instances holds {len(self.instances)}"
            yield Problem("", given, "an Aurora cluster has 1 to 16 instances (Aurora guide)", "name 1 to 16")


class Provisioned(_Aurora):
    """An Aurora cluster of instances of a fixed size."""

    kind: Literal["provisioned"] = "provisioned"
    instance_class: InstanceClass = Field(default="db.r7g.large", description="Class of every instance.")

    def classes(self) -> Mapping[str, str]:
        """Class of each instance."""
        return {name: each.instance_class or self.instance_class for name, each in self.instances.items()}


class ServerlessV2(_Aurora):
    """An Aurora cluster whose instances grow and shrink with their load."""

    kind: Literal["serverless_v2"] = "serverless_v2"
    min_acu: Acu = Field(
        default=0.5, description="Least capacity of an instance, in ACU; 0 pauses it (rds API model: half steps)."
    )
    max_acu: Acu = Field(default=4.0, description="Most capacity of an instance, in ACU; 1 to 256 (rds API model).")
    seconds_until_auto_pause: Annotated[int, Within(limits.AURORA_AUTO_PAUSE_SECONDS)] | None = Field(
        default=None, description="Idle time before a pause, in seconds; with min_acu 0 only, where it is 300."
    )

    def classes(self) -> Mapping[str, str]:
        """Class of each instance."""
        return dict.fromkeys(self.instances, SERVERLESS_CLASS)

    def cross_checks(self) -> Iterator[Problem]:
        """Capacities in order, and a pause only where there is one."""
        yield from super().cross_checks()
        if self.max_acu < 1:
            yield Problem("", f"max_acu is {self.max_acu:g}", "it is at least 1 (Aurora guide)", "set 1 or more")
        elif self.max_acu < self.min_acu:
            given = f"max_acu is {self.max_acu:g}"
            yield Problem("", given, f"it is at least min_acu ({self.min_acu:g})", "raise it, or lower min_acu")
        if self.min_acu and self.seconds_until_auto_pause is not None:
            yield Problem(
                "",
                f"seconds_until_auto_pause is {self.seconds_until_auto_pause}, and min_acu is {self.min_acu:g}",
                "only instances with min_acu 0 pause (rds API model)",
                "remove it, or set min_acu to 0",
            )
        for name in sorted(name for name, each in self.instances.items() if each.instance_class):
            given = f"instances.{name}.instance_class is set"
            yield Problem("", given, "every instance of Serverless v2 has the class db.serverless", "remove it")


class MultiAz(ConfigModel):
    """An RDS Multi-AZ DB cluster: a writer and two readers in three zones, of engine mysql or postgres."""

    kind: Literal["multi_az"] = "multi_az"
    db_cluster_instance_class: InstanceClass = Field(
        default="db.m6gd.large", description="Class of all three instances; it has a local disk (RDS guide)."
    )
    storage_type: Annotated[str, OneOf(("io1", "io2", "gp3"), "a Multi-AZ DB cluster's storage type", literal=True)] = (
        Field(default="io2", description="Storage type; gp3 from 400 GiB (rds API model).")
    )
    allocated_storage_gb: Annotated[int, Within(limits.RDS_CLUSTER_STORAGE_GB, literal=True)] = Field(
        default=100, description="Storage of each instance, in GiB; it does not grow by itself (RDS guide)."
    )
    iops: Annotated[int, Within(limits.RDS_CLUSTER_IOPS, literal=True)] = Field(
        default=1_000, description="IOPS of each instance; half to 50 times the storage in GiB (rds API model)."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """IOPS fit the storage."""
        least, most = -(-self.allocated_storage_gb // 2), self.allocated_storage_gb * 50
        if not least <= self.iops <= most:
            yield Problem(
                "",
                f"iops is {self.iops}",
                f"it is half to 50 times allocated_storage_gb ({self.allocated_storage_gb}) (rds API model)",
                f"set {max(least, limits.RDS_CLUSTER_IOPS.minimum)} to {min(most, limits.RDS_CLUSTER_IOPS.maximum)}",
            )
        if self.storage_type != "gp3":
            return
        if self.allocated_storage_gb < GP3_STRIPED_GB:
            yield Problem(
                "",
                f'storage_type is "gp3", and allocated_storage_gb is {self.allocated_storage_gb}',
                "below 400 GiB it takes no IOPS, AWS sets 3000, and each plan would differ (RDS guide, gp3 storage)",
                "choose io2, or allocate 400 or more",
            )
        elif not limits.RDS_GP3_IOPS.minimum <= self.iops <= limits.RDS_GP3_IOPS.maximum:
            given, allowed = f'storage_type is "gp3", and iops is {self.iops}', "from 400 GiB it takes 12000 to 64000"
            yield Problem("", given, f"{allowed} IOPS (RDS guide, gp3 storage)", "set iops in that range")


ClusterType = Annotated[Provisioned | ServerlessV2 | MultiAz, ByKind("serverless_v2")]
"""One kind of cluster: its model, or its fields as a mapping with `kind`."""
