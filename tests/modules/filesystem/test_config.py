"""Configuration of file systems and access points, and what a function may mount: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.connections import FileSystemMount
from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.filesystem import AccessPointConfig, FileSystemConfig, coverage_problems, mount_problems
from modules.filesystem.mounts import mount_path_problems
from tests.modules.core.samples import KNOWN_LATER, NUMBER_TOKEN

TOKEN, LIST_TOKEN = "${TfToken[TOKEN.3]}", "#{TfToken[TOKEN.4]}"
ORDERS = {"orders": {"path": "/orders"}}
TARGET = Target(
    org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders", owner="me"
)


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        FileSystemConfig.parse({"access_points": ORDERS, **fields})
    return str(refused.value)


def point_refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        AccessPointConfig.parse({"path": "/orders", **fields})
    return str(refused.value)


def test_the_default_is_kept_backed_up_and_elastic() -> None:
    config = FileSystemConfig.parse({"access_points": ORDERS})
    assert (config.removal, config.backup, config.throughput_mode) == ("keep", True, "elastic")
    assert (config.transition_to_ia_days, config.transition_to_archive_days) == (30, None)
    point = config.access_points["orders"]
    assert (point.uid, point.gid, point.permissions) == (1_000, 1_000, "0750")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"access_points": {}},
            "access_points is empty; a function mounts through an access point (Lambda guide); add one",
        ),
        (
            {"access_points": {"Orders": {"path": "/orders"}}},
            (
                'access_points.Orders is "Orders"; an access point\'s name has lowercase letters, digits and single '
                "inner hyphens, a letter first; correct it"
            ),
        ),
        (
            {"throughput_mode": "fast"},
            'throughput_mode is "fast"; a throughput mode is one of elastic, provisioned, bursting; choose one of them',
        ),
        (
            {"throughput_mode": "provisioned"},
            "provisioned_throughput_mibps is missing; throughput_mode provisioned takes it; set it, or choose elastic",
        ),
        (
            {"provisioned_throughput_mibps": 10},
            (
                "provisioned_throughput_mibps is 10; throughput_mode elastic takes none (EFS guide); remove it, or set "
                "throughput_mode to provisioned"
            ),
        ),
        (
            {"throughput_mode": "provisioned", "provisioned_throughput_mibps": 3_415},
            (
                "provisioned_throughput_mibps is 3415; a file system's provisioned throughput takes 1 to 3414 MiB/s "
                "(UpdateFileSystem; the region bounds it too); set a value from 1 to 3414"
            ),
        ),
        (
            {"performance_mode": "maxIO"},
            'performance_mode is "maxIO"; elastic throughput takes generalPurpose only (EFS guide); set generalPurpose',
        ),
        (
            {"transition_to_ia_days": 10},
            (
                "transition_to_ia_days is 10; days without access before a transition is one of 1, 7, 14, 30, 60, 90, "
                "180, 270, 365; choose one of them"
            ),
        ),
        (
            {"transition_to_ia_days": 30, "transition_to_archive_days": 30},
            (
                "transition_to_archive_days is 30; a file moves to Archive later than to Infrequent Access, which is "
                "after 30 days (PutLifecycleConfiguration); set it higher"
            ),
        ),
        (
            {"transition_to_ia_days": None, "transition_to_archive_days": 90},
            (
                "transition_to_archive_days is 90; a file moves to Archive later than to Infrequent Access, which is "
                "not asked for (PutLifecycleConfiguration); set transition_to_ia_days too"
            ),
        ),
        (
            {"throughput_mode": "bursting", "transition_to_archive_days": 90},
            (
                "transition_to_archive_days is 90; Archive takes elastic throughput (PutLifecycleConfiguration); set "
                "throughput_mode to elastic, or remove it"
            ),
        ),
        (
            {"one_zone": "eu-west-1a", "one_zone_reason": "x", "transition_to_archive_days": 90},
            "transition_to_archive_days is 90; EFS One Zone has no Archive (EFS guide); remove it",
        ),
        (
            {"backup": False},
            "backup is False without a reason; what is deleted would be lost; set backup_off_reason",
        ),
        ({"backup_off_reason": "why"}, 'backup_off_reason is "why"; a reason belongs to backup: false; remove it'),
        (
            {"one_zone": "eu-west-1a"},
            (
                'one_zone is "eu-west-1a" without a reason; the files are lost with their zone, and functions in '
                "others cannot mount them; set one_zone_reason, or remove one_zone"
            ),
        ),
        (
            {"one_zone": "eu-west-1", "one_zone_reason": "x"},
            'one_zone is "eu-west-1"; an availability zone reads like eu-west-1a; correct it, or remove it',
        ),
        (
            {"removal": "destroy"},
            'removal is "destroy" without a reason; the data would be lost for good; set removal_reason',
        ),
        ({"removal_reason": "why"}, 'removal_reason is "why"; a reason belongs to removal: destroy; remove it'),
    ],
)
def test_a_file_system_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_max_io_is_refused_in_one_zone() -> None:
    fields = {"performance_mode": "maxIO", "throughput_mode": "bursting", "one_zone": "eu-west-1a"}
    assert refusal(**fields, one_zone_reason="x") == (
        'performance_mode is "maxIO"; EFS One Zone takes generalPurpose only (EFS guide); set generalPurpose'
    )


def test_all_problems_at_once() -> None:
    told = refusal(backup=False, removal="destroy", throughput_mode="provisioned")
    assert [line.partition(";")[0] for line in told.splitlines()] == [
        "provisioned_throughput_mibps is missing",
        "backup is False without a reason",
        'removal is "destroy" without a reason',
    ]


@pytest.mark.parametrize("field", ["throughput_mode", "performance_mode", "removal", "one_zone"])
def test_what_decides_what_is_made_is_no_token(field: str) -> None:
    assert refusal(**{field: TOKEN}) == (
        f'{field} is "{TOKEN}"; it decides what is synthesized, so it cannot be a value that is known only later; '
        "write the value itself"
    )


def test_a_zone_of_another_region() -> None:
    config = FileSystemConfig.parse({"access_points": ORDERS, "one_zone": "us-east-1a", "one_zone_reason": "x"})
    (problem,) = config.target_checks(TARGET)
    assert str(problem) == ('one_zone is "us-east-1a"; the target\'s region is eu-west-1; name a zone of that region')


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"path": "orders"},
            (
                'path is "orders"; an access point\'s folder is an absolute path of at most four names, 100 characters '
                "in all (efs API model); correct it, such as /orders"
            ),
        ),
        (
            {"path": "/a/b/c/d/e"},
            (
                'path is "/a/b/c/d/e"; an access point\'s folder is an absolute path of at most four names, 100 '
                "characters in all (efs API model); correct it, such as /orders"
            ),
        ),
        (
            {"permissions": "888"},
            (
                'permissions is "888"; permissions are 3 or 4 octal digits, such as 0750 (efs API model); write them '
                "in quotes"
            ),
        ),
        (
            {"permissions": 488},  # what YAML 1.1 makes of 0750
            "permissions is 488; permissions are 3 or 4 octal digits, such as 0750 (efs API model); write it in quotes",
        ),
        (
            {"uid": 4_294_967_296},
            (
                "uid is 4294967296; a POSIX user or group id takes 0 to 4294967295 (efs API model); set a value from 0 "
                "to 4294967295"
            ),
        ),
        (
            {"secondary_gids": list(range(1, 18))},
            "secondary_gids has 17 entries; a user has at most 16 further groups (efs API model); remove some",
        ),
        (
            {"path": "/"},
            (
                "path is /, the whole file system, without a reason; an access point keeps a function to one folder "
                "and one user; choose others, or set root_reason"
            ),
        ),
        (
            {"path": "/", "uid": 0},
            (
                "path is /, the whole file system, and uid is 0, the root user, without a reason; an access point "
                "keeps a function to one folder and one user; choose others, or set root_reason"
            ),
        ),
        (
            {"gid": 0},
            (
                "gid is 0, the root group, without a reason; an access point keeps a function to one folder and one "
                "user; choose others, or set root_reason"
            ),
        ),
        ({"root_reason": "why"}, 'root_reason is "why"; a reason belongs to path /, uid 0 or gid 0; remove it'),
    ],
)
def test_an_access_point_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert point_refusal(**fields) == sentence


@pytest.mark.parametrize("field", ["uid", "gid"])
def test_a_user_decides_whether_root_is_granted_so_it_is_known_now(field: str) -> None:
    assert point_refusal(**{field: NUMBER_TOKEN}) == f"{field} is {NUMBER_TOKEN}; {KNOWN_LATER}"


@pytest.mark.parametrize("path", ["/mnt/files", "/mnt/a-b_c.D9", f"/mnt/{'x' * 155}", TOKEN])
def test_a_mount_path(path: str) -> None:
    assert list(mount_path_problems(path)) == []


@pytest.mark.parametrize(
    "path", ["", "/mnt", "/mnt/", "mnt/files", "/var/files", "/mnt/a/b", "/mnt/a b", "/mnt/é", f"/mnt/{'x' * 156}"]
)
def test_a_mount_path_is_refused(path: str) -> None:
    (problem,) = mount_path_problems(path)
    assert str(problem) == (
        f'path is "{path}"; a function mounts at /mnt/ and one name of letters, digits and characters of -_., 160 '
        "characters in all (lambda API model); correct it, such as /mnt/files"
    )


def mount(*zones: str, path: str = "/mnt/files") -> FileSystemMount:
    return FileSystemMount(TOKEN, path, zones)


def test_zones_with_a_mount_target_are_covered() -> None:
    assert coverage_problems(mount("eu-west-1a", "eu-west-1b"), ("eu-west-1b",)) == ()


def test_zones_without_a_mount_target() -> None:
    (problem,) = coverage_problems(mount("eu-west-1a"), ("eu-west-1c", "eu-west-1a", "eu-west-1b"))
    assert str(problem) == (
        "the function runs in eu-west-1a, eu-west-1b, eu-west-1c; the file system at /mnt/files has mount targets in "
        "eu-west-1a, and an invocation in eu-west-1b, eu-west-1c could not mount it (Lambda guide); add mount targets "
        "there, or take those zones from the function"
    )


@pytest.mark.parametrize("zones", [(TOKEN,), (LIST_TOKEN,)], ids=["text", "list"])
def test_zones_known_only_later_are_not_judged(zones: tuple[str, ...]) -> None:
    assert coverage_problems(mount("eu-west-1a"), zones) == ()
    assert coverage_problems(mount(*zones), ("eu-west-1a",)) == ()


def test_one_file_system_for_each_function() -> None:
    first = mount("eu-west-1a")
    assert mount_problems(None, first) == ()
    assert mount_problems(first, mount("eu-west-1a")) == ()
    (problem,) = mount_problems(first, mount("eu-west-1a", path="/mnt/others"))
    assert str(problem) == (
        "a file system at /mnt/others is asked for beside the one at /mnt/files; a function mounts at most one (lambda "
        "API model); connect to one of the two, or use one file system for both"
    )
