"""An EFS file system: encrypted, one mount target per zone, reached through access points, kept by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.efs_access_point import (
    EfsAccessPoint,
    EfsAccessPointPosixUser,
    EfsAccessPointRootDirectory,
    EfsAccessPointRootDirectoryCreationInfo,
)
from cdktf_cdktf_provider_aws.efs_backup_policy import EfsBackupPolicy, EfsBackupPolicyBackupPolicy
from cdktf_cdktf_provider_aws.efs_file_system import EfsFileSystem, EfsFileSystemLifecyclePolicy
from cdktf_cdktf_provider_aws.efs_file_system_policy import EfsFileSystemPolicy
from cdktf_cdktf_provider_aws.efs_mount_target import EfsMountTarget
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.skips import skip
from modules.filesystem.access_point_config import AccessPointConfig
from modules.filesystem.alarms import file_system_alarms
from modules.filesystem.base import FileSystemBase
from modules.filesystem.config import FileSystemConfig
from modules.filesystem.existing import ExistingFileSystem
from modules.filesystem.placement import subnets_of, zone_problems
from modules.filesystem.policies import file_system_policy
from modules.key import KeyBase
from modules.network import SecurityGroup
from modules.network.addresses import zone_letter
from modules.network.base import NetworkBase
from modules.observability import AlarmTopic, create_alarms

WHOLE_FILE_SYSTEM = ("CKV_AWS_329",)
"""Checks that an access point skips which shows the whole file system."""


class FileSystem(FileSystemBase):
    """A file system with a mount target in each zone of a network, in its isolated subnets.

    A network without isolated subnets lends its private ones. Ids of mount targets derive from the zone's letter, those
    of access points from their names, so that a further one changes nothing else.

    Attributes:
        alarm_names: its alarms.

    Raises:
        ConfigError: the configuration does not fit target or network, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: FileSystemConfig,
        network: NetworkBase,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        subnets = subnets_of(config, network)
        problems = list(zone_problems(config, network, subnets))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self._name = target.naming.name(construct_id)
        self.availability_zones = tuple(subnets)

        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="EFS file system", vpc_id=network.vpc_id
        )
        file_system = EfsFileSystem(
            self,
            "file-system",
            creation_token=self._name,
            encrypted=True,
            kms_key_id=key.arn,
            performance_mode=config.performance_mode,
            throughput_mode=config.throughput_mode,
            provisioned_throughput_in_mibps=config.provisioned_throughput_mibps,
            availability_zone_name=config.one_zone or None,
            lifecycle_policy=_lifecycle(config),
            tags={"Name": self._name},
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None,
        )
        self.file_system_id = file_system.id
        self.arn = file_system.arn
        policy = EfsFileSystemPolicy(
            self,
            "policy",
            file_system_id=self.file_system_id,
            policy=file_system_policy(self.arn, target.account_id),
        )
        EfsBackupPolicy(
            self,
            "backup",
            file_system_id=self.file_system_id,
            backup_policy=EfsBackupPolicyBackupPolicy(status="ENABLED" if config.backup else "DISABLED"),
        )
        mount_targets = [
            EfsMountTarget(
                self,
                f"mount-target-{zone_letter(zone)}",
                file_system_id=self.file_system_id,
                subnet_id=subnet_id,
                security_groups=[self.security_group.id],
            )
            for zone, subnet_id in subnets.items()
        ]
        self.dependencies = (policy, *mount_targets)
        self.root_access_points = frozenset(name for name, point in config.access_points.items() if point.is_root)
        self.access_point_arns = {
            name: self._access_point(name, access_point) for name, access_point in sorted(config.access_points.items())
        }
        specs = file_system_alarms(self.file_system_id, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        file_system_id: str,
        security_group_id: str,
        access_point_arns: Mapping[str, str],
        availability_zones: Iterable[str],
    ) -> ExistingFileSystem:
        """A file system that exists already, in the target's account and region.

        Args:
            scope: where it is used.
            construct_id: part of the names of rules and statements.
            file_system_id: such as `fs-0123456789abcdef0`.
            security_group_id: group of its mount targets; rules that admit functions are added to it.
            access_point_arns: name to ARN, for `connection(access_point=...)`.
            availability_zones: zones with a mount target.

        Raises:
            ConfigError: an id or ARN does not read like one, or there is no zone or no access point.
        """
        return ExistingFileSystem(
            scope,
            construct_id,
            file_system_id=file_system_id,
            security_group_id=security_group_id,
            access_point_arns=access_point_arns,
            availability_zones=availability_zones,
        )

    def _access_point(self, name: str, config: AccessPointConfig) -> str:
        point = EfsAccessPoint(
            self,
            f"access-point-{name}",
            file_system_id=self.file_system_id,
            posix_user=EfsAccessPointPosixUser(
                uid=config.uid, gid=config.gid, secondary_gids=list(config.secondary_gids) or None
            ),
            root_directory=EfsAccessPointRootDirectory(
                path=config.path,
                creation_info=EfsAccessPointRootDirectoryCreationInfo(
                    owner_uid=config.uid, owner_gid=config.gid, permissions=config.permissions
                ),
            ),
            tags={"Name": f"{self._name}-{name}"},
        )
        if config.path == "/":
            skip(point, config.root_reason, *WHOLE_FILE_SYSTEM)
        return str(point.arn)


def _lifecycle(config: FileSystemConfig) -> list[EfsFileSystemLifecyclePolicy] | None:
    ia, archive = config.transition_to_ia_days, config.transition_to_archive_days
    rules = [
        *([EfsFileSystemLifecyclePolicy(transition_to_ia=_after(ia))] if ia else []),
        *([EfsFileSystemLifecyclePolicy(transition_to_archive=_after(archive))] if archive else []),
    ]
    if rules and config.transition_back_on_access:
        rules.append(EfsFileSystemLifecyclePolicy(transition_to_primary_storage_class="AFTER_1_ACCESS"))
    return rules or None


def _after(days: int) -> str:
    return "AFTER_1_DAY" if days == 1 else f"AFTER_{days}_DAYS"
