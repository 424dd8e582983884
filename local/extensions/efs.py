"""EFS: backup policies, changes of throughput, and policies that go away.

moto 5.2.5 has no `PutBackupPolicy`, `UpdateFileSystem` and `DeleteFileSystemPolicy`, and makes an access point for a
file system that does not exist.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.efs.exceptions import BadRequest
from moto.efs.models import EFSBackend
from moto.efs.responses import EFSResponse

from local.extensions.patching import add_action, state, wrap

_JSON = {"Content-Type": "application/json"}
_ON, _OFF = "ENABLED", "DISABLED"


def install() -> None:
    """Extend moto."""
    wrap(EFSBackend, "describe_backup_policy", "self file_system_id", _backup_policy)
    wrap(EFSBackend, "create_access_point", "self client_token tags file_system_id posix_user root_directory", _point)
    add_action(EFSResponse, put_backup_policy)
    add_action(EFSResponse, update_file_system)
    add_action(EFSResponse, delete_file_system_policy)


def put_backup_policy(response: Any) -> Any:
    """Switch daily backups on or off; AWS passes through states that end in these two."""
    system = _file_system(response)
    wanted = _parameter(response, "BackupPolicy")["Status"]
    policy = {"Status": _ON if wanted in (_ON, "ENABLING") else _OFF}
    _backup_policies(response.efs_backend)[system.file_system_id] = policy
    return json.dumps({"BackupPolicy": policy}), _JSON


def update_file_system(response: Any) -> Any:
    """Change the throughput mode; provisioned throughput goes with any other."""
    system = _file_system(response)
    mode = _parameter(response, "ThroughputMode") or system.throughput_mode
    throughput = _parameter(response, "ProvisionedThroughputInMibps")
    if mode == "provisioned":
        throughput = throughput or system.provisioned_throughput_in_mibps
    if (mode == "provisioned") is not bool(throughput):
        raise BadRequest("Provisioned throughput is given with the throughput mode provisioned, and with no other.")
    system.throughput_mode, system.provisioned_throughput_in_mibps = mode, throughput
    return json.dumps(system.info_json()), {"status": 202, **_JSON}


def delete_file_system_policy(response: Any) -> Any:
    """Go back to the default policy, which DescribeFileSystemPolicy does not find."""
    _file_system(response).file_system_policy = None
    return "{}", _JSON


def _backup_policy(original: Any, backend: Any, file_system_id: str) -> Any:
    return _backup_policies(backend).get(file_system_id) or original(backend, file_system_id)


def _backup_policies(backend: Any) -> dict[Any, Any]:
    return state(backend, "backup_policies")


def _point(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    backend.describe_file_systems(file_system_id=kwargs["file_system_id"])  # raises FileSystemNotFound
    return original(backend, *args, **kwargs)


def _file_system(response: Any) -> Any:
    """The file system that a request names; moto raises FileSystemNotFound."""
    _, found = response.efs_backend.describe_file_systems(file_system_id=_parameter(response, "FileSystemId"))
    return found[0]


def _parameter(response: Any, name: str) -> Any:
    return response._get_param(name)  # noqa: SLF001 - moto gives parameters no public name
