"""The extension of EFS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients

POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def efs(clients: Clients) -> Any:
    return clients("efs")


@pytest.fixture
def system(efs: Any) -> str:
    made: str = efs.create_file_system(CreationToken="orders", ThroughputMode="elastic")["FileSystemId"]
    return made


def test_a_backup_policy_is_switched_on_and_off(efs: Any, system: str) -> None:
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_backup_policy(FileSystemId=system)
    for status in ("ENABLED", "DISABLED"):
        answer = efs.put_backup_policy(FileSystemId=system, BackupPolicy={"Status": status})
        assert answer["BackupPolicy"] == {"Status": status}
        assert efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"] == {"Status": status}


def test_throughput_changes(efs: Any, system: str) -> None:
    def read() -> tuple[Any, Any]:
        (found,) = efs.describe_file_systems(FileSystemId=system)["FileSystems"]
        return found["ThroughputMode"], found.get("ProvisionedThroughputInMibps")

    assert read() == ("elastic", None)
    changed = efs.update_file_system(
        FileSystemId=system, ThroughputMode="provisioned", ProvisionedThroughputInMibps=16.0
    )
    assert (changed["ThroughputMode"], changed["ProvisionedThroughputInMibps"]) == read() == ("provisioned", 16.0)
    efs.update_file_system(FileSystemId=system, ProvisionedThroughputInMibps=32.0)
    assert read() == ("provisioned", 32.0)
    efs.update_file_system(FileSystemId=system, ThroughputMode="bursting")
    assert read() == ("bursting", None)


@pytest.mark.parametrize(
    "given", [{"ThroughputMode": "provisioned"}, {"ProvisionedThroughputInMibps": 8.0}], ids=["none", "without mode"]
)
def test_provisioned_throughput_belongs_to_its_mode(efs: Any, system: str, given: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="BadRequest"):
        efs.update_file_system(FileSystemId=system, **given)


def test_a_policy_goes_away(efs: Any, system: str) -> None:
    efs.put_file_system_policy(FileSystemId=system, Policy=POLICY)
    assert efs.describe_file_system_policy(FileSystemId=system)["Policy"] == POLICY
    efs.delete_file_system_policy(FileSystemId=system)
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=system)


def test_there_is_no_access_point_without_a_file_system(efs: Any, system: str) -> None:
    efs.create_access_point(ClientToken="one", FileSystemId=system)
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        efs.create_access_point(ClientToken="two", FileSystemId="fs-0123456789abcdef0")
