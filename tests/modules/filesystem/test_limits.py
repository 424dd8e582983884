"""Limits of file systems and mounts, held against the service models that botocore ships."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from modules.core import limits


def shape(service: str, name: str) -> Any:
    return botocore.session.get_session().get_service_model(service).shape_for(name)


@pytest.mark.parametrize("name", ["TransitionToIARules", "TransitionToArchiveRules"])
def test_days_before_a_transition(name: str) -> None:
    days = {"AFTER_1_DAY" if each == 1 else f"AFTER_{each}_DAYS" for each in limits.EFS_TRANSITION_DAYS}
    assert set(shape("efs", name).enum) == days


def test_posix_ids_groups_and_paths() -> None:
    assert shape("efs", "Uid").metadata == {
        "min": limits.EFS_POSIX_ID.minimum,
        "max": limits.EFS_POSIX_ID.maximum,
    }
    assert shape("efs", "SecondaryGids").metadata["max"] == limits.EFS_MAX_SECONDARY_GROUPS
    assert shape("efs", "Path").metadata["max"] == limits.EFS_MAX_ACCESS_POINT_PATH_LENGTH


def test_throughput_begins_where_the_model_does() -> None:
    least = shape("efs", "ProvisionedThroughputInMibps").metadata["min"]
    assert least == limits.EFS_PROVISIONED_THROUGHPUT_MIBPS.minimum


def test_mount_paths() -> None:
    path = shape("lambda", "LocalMountPath").metadata
    assert path["max"] == limits.LAMBDA_MAX_MOUNT_PATH_LENGTH
    assert path["pattern"] == limits.LAMBDA_MOUNT_PATH
    assert shape("lambda", "FileSystemConfigList").metadata["max"] == 1
