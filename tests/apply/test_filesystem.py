"""File systems: one in all zones of a network, one in a single zone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from modules.filesystem import FileSystem, FileSystemConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig, AlarmTopic
from stacks.base import TargetStack
from tests.apply.harness import Applied, Prove

ZONES = ("eu-west-1a", "eu-west-1b")
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
ORDERS = {"path": "/orders", "uid": 1_001, "gid": 1_002, "secondary_gids": [1_003], "permissions": "0770"}
FILES = {"access_points": {"orders": ORDERS}, "transition_to_ia_days": 1, "transition_to_archive_days": 90, **GONE}
SCRATCH = {
    "access_points": {"all": {"path": "/scratch"}},
    "throughput_mode": "bursting",
    "transition_to_ia_days": None,
    "backup": False,
    "backup_off_reason": "what it holds can be made again",
    "one_zone": ZONES[1],
    "one_zone_reason": "what it holds can be made again",
    **GONE,
}


def build(*, zones: tuple[str, ...] = ZONES, **files: Any) -> Callable[[TargetStack], None]:
    def builder(stack: TargetStack) -> None:
        key = Key(stack, "key")
        topic = AlarmTopic(stack, "alarm-topic", key=key)
        config = NetworkConfig.parse(
            {
                "cidr": "10.20.0.0/16",
                "availability_zones": zones,
                "egress": "none",
                "alarms": AlarmsConfig.off(reason="no alarm of a network is looked at"),
            }
        )
        network = Network(stack, "network", config=config, key=key)
        for name, fields in (("files", {**FILES, **files}), ("scratch", SCRATCH)):
            made = FileSystem(
                stack, name, config=FileSystemConfig.parse(fields), network=network, key=key, alarm_topic=topic
            )
            stack.output(f"{name}_id", made.file_system_id, "The file system")
            stack.output(f"{name}_group", made.security_group.id, "Its group")
            stack.output(f"{name}_alarms", list(made.alarm_names), "Its alarms")
        stack.output("isolated", list(network.isolated_subnet_ids), "Isolated subnets")
        stack.output("key_arn", key.arn, "The key")
        stack.output("vpc_id", network.vpc_id, "The VPC")

    return builder


def test_file_systems(prove: Prove) -> None:
    with prove(build()) as applied:
        efs = applied.client("efs")
        _a_file_system_in_every_zone(applied, efs)
        _a_file_system_in_one_zone(applied, efs)
        _nobody_comes_in_without_tls_a_role_and_an_access_point(applied, efs)

        more = {**ORDERS, "path": "/invoices"}
        another_point = applied.plan_of(build(access_points={"orders": ORDERS, "invoices": more}))
        assert _does(another_point) == {("aws_efs_access_point", "create")}
        another_zone = applied.plan_of(build(zones=(*ZONES, "eu-west-1c")))
        assert ("aws_efs_mount_target", "create") in _does(another_zone)
        assert {action for _, action in _does(another_zone)} == {"create"}

        provisioned: dict[str, Any] = {"throughput_mode": "provisioned", "provisioned_throughput_mibps": 64}
        changed = applied.apply(build(transition_to_archive_days=None, **provisioned))
        assert _does(changed) == {("aws_efs_file_system", "update")}
        system = _system(efs, applied.outputs["files_id"])
        assert (system["ThroughputMode"], system["ProvisionedThroughputInMibps"]) == ("provisioned", 64)


def _a_file_system_in_every_zone(applied: Applied, efs: Any) -> None:
    file_system = applied.outputs["files_id"]
    system = _system(efs, file_system)
    assert system["Encrypted"]
    assert system["KmsKeyId"] == applied.outputs["key_arn"]
    assert (system["PerformanceMode"], system["ThroughputMode"]) == ("generalPurpose", "elastic")
    assert system["Name"] == "acme-dev-orders-files"
    assert "AvailabilityZoneName" not in system
    assert efs.describe_lifecycle_configuration(FileSystemId=file_system)["LifecyclePolicies"] == [
        {"TransitionToIA": "AFTER_1_DAY"},
        {"TransitionToArchive": "AFTER_90_DAYS"},
        {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    assert _backup(efs, file_system) == "ENABLED"
    targets = efs.describe_mount_targets(FileSystemId=file_system)["MountTargets"]
    assert {target["AvailabilityZoneName"]: target["SubnetId"] for target in targets} == dict(
        zip(ZONES, applied.outputs["isolated"], strict=True)
    )
    for target in targets:
        groups = efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])["SecurityGroups"]
        assert groups == [applied.outputs["files_group"]]
    (point,) = efs.describe_access_points(FileSystemId=file_system)["AccessPoints"]
    assert point["PosixUser"] == {"Uid": 1_001, "Gid": 1_002, "SecondaryGids": [1_003]}
    assert point["RootDirectory"] == {
        "Path": "/orders",
        "CreationInfo": {"OwnerUid": 1_001, "OwnerGid": 1_002, "Permissions": "0770"},
    }
    assert point["Name"] == "acme-dev-orders-files-orders"
    assert {tag["Key"]: tag["Value"] for tag in point["Tags"]}["stack"] == "orders"
    assert _alarms(applied, "files") == {"PercentIOLimit": ("GreaterThanOrEqualToThreshold", 100)}


def _a_file_system_in_one_zone(applied: Applied, efs: Any) -> None:
    file_system = applied.outputs["scratch_id"]
    system = _system(efs, file_system)
    assert (system["AvailabilityZoneName"], system["ThroughputMode"]) == (ZONES[1], "bursting")
    assert efs.describe_lifecycle_configuration(FileSystemId=file_system)["LifecyclePolicies"] == []
    assert _backup(efs, file_system) == "DISABLED"
    (target,) = efs.describe_mount_targets(FileSystemId=file_system)["MountTargets"]
    assert target["SubnetId"] == applied.outputs["isolated"][1]
    assert _alarms(applied, "scratch") == {
        "PercentIOLimit": ("GreaterThanOrEqualToThreshold", 100),
        "BurstCreditBalance": ("LessThanOrEqualToThreshold", 0),
    }


def _nobody_comes_in_without_tls_a_role_and_an_access_point(applied: Applied, efs: Any) -> None:
    file_system = applied.outputs["files_id"]
    policy = json.loads(efs.describe_file_system_policy(FileSystemId=file_system)["Policy"])
    arn = _system(efs, file_system)["FileSystemArn"]
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Deny"}
    assert {statement["Sid"]: statement["Condition"] for statement in policy["Statement"]} == {
        "TlsOnly": {"Bool": {"aws:SecureTransport": ["false"]}},
        "MountTargetsOnly": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": ["false"]}},
        "AccessPointsOnly": {"Null": {"elasticfilesystem:AccessPointArn": ["true"]}},
        "ThisAccountOnly": {"StringNotEquals": {"aws:PrincipalAccount": ["123456789012"]}},
    }
    assert all(statement["Resource"] == [arn] for statement in policy["Statement"])
    rules = applied.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [applied.outputs["files_group"]]}]
    )
    assert rules["SecurityGroupRules"] == []


def _system(efs: Any, file_system: str) -> dict[str, Any]:
    (found,) = efs.describe_file_systems(FileSystemId=file_system)["FileSystems"]
    system: dict[str, Any] = found
    return {key: value for key, value in system.items() if value is not None}


def _backup(efs: Any, file_system: str) -> str:
    return str(efs.describe_backup_policy(FileSystemId=file_system)["BackupPolicy"]["Status"])


def _alarms(applied: Applied, name: str) -> dict[str, tuple[str, float]]:
    found = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs[f"{name}_alarms"])["MetricAlarms"]
    dimensions = [{"Name": "FileSystemId", "Value": applied.outputs[f"{name}_id"]}]
    assert all(alarm["Dimensions"] == dimensions for alarm in found)
    return {alarm["MetricName"]: (alarm["ComparisonOperator"], alarm["Threshold"]) for alarm in found}


def _does(plan: Any) -> set[tuple[str, str]]:
    return {(change.type, "/".join(change.actions)) for change in plan.resource_changes if not change.is_quiet}
