"""What only file systems together with networks and functions can refuse, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.statements import Condition, Statement
from modules.filesystem import ExistingFileSystem, FileSystem, FileSystemConfig
from modules.network import NetworkBase
from modules.observability import AlarmsConfig
from tests.constructs.functions import API, OFF, Made, refusal

pytestmark = pytest.mark.synth
ORDERS = {"orders": {"path": "/orders"}}
WHERE = "dev-main-eu-west-1-orders/files: "
ONE_ZONE: dict[str, Any] = {"availability_zones": ["eu-west-1a"], "single_zone_reason": "a trial"}
ACCESS_POINT = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0"


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


def file_system(made: Made, name: str = "files", **fields: Any) -> FileSystem:
    config = FileSystemConfig.parse({"access_points": ORDERS, "alarms": OFF, **fields})
    return FileSystem(made.stack, name, config=config, network=made.network, key=made.key)


def existing(made: Made, name: str = "files", **other: Any) -> ExistingFileSystem:
    fields = {
        "file_system_id": "fs-0123456789abcdef0",
        "security_group_id": "sg-0123456789abcdef0",
        "access_point_arns": {"orders": ACCESS_POINT},
        "availability_zones": ["eu-west-1a", "eu-west-1b"],
    }
    return FileSystem.from_existing(made.stack, name, **{**fields, **other})


def test_alarms_that_tell_nobody(made: Made) -> None:
    assert refusal(lambda: file_system(made, alarms=AlarmsConfig())) == (
        WHERE + "alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; "
        "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_a_network_of_one_zone(source: Path) -> None:
    made = Made(source, **ONE_ZONE)
    assert refusal(lambda: file_system(made)) == (
        WHERE + "the network has the zone eu-west-1a only; with its zone the only mount target is gone; add a zone to "
        "the network, or set one_zone_reason"
    )


def test_a_network_of_one_zone_for_a_reason(source: Path) -> None:
    made = Made(source, **ONE_ZONE)
    assert file_system(made, one_zone_reason="a trial").availability_zones == ("eu-west-1a",)


def test_one_zone_that_the_network_has_not(made: Made) -> None:
    assert refusal(lambda: file_system(made, one_zone="eu-west-1c", one_zone_reason="x")) == (
        WHERE + 'one_zone is "eu-west-1c"; the network has subnets in eu-west-1a, eu-west-1b; name one of them'
    )


def test_one_zone_of_another_region(made: Made) -> None:
    assert refusal(lambda: file_system(made, one_zone="us-east-1a", one_zone_reason="x")) == (
        WHERE + 'one_zone is "us-east-1a"; the target\'s region is eu-west-1; name a zone of that region'
    )


def test_a_reason_for_one_zone_that_there_is_not(made: Made) -> None:
    assert refusal(lambda: file_system(made, one_zone_reason="x")) == (
        WHERE + 'one_zone_reason is "x"; the file system stands in eu-west-1a, eu-west-1b; remove it, or set one_zone'
    )


class Bare(NetworkBase):
    """A network that names no subnets."""

    vpc_id = "vpc-1"
    availability_zones = ("eu-west-1a",)
    isolated_subnet_ids = private_subnet_ids = ()


def test_a_network_without_subnets_for_mount_targets(made: Made) -> None:
    config = FileSystemConfig.parse({"access_points": ORDERS, "alarms": OFF})
    bare = Bare(made.stack, "bare")
    assert refusal(lambda: FileSystem(made.stack, "files", config=config, network=bare, key=made.key)) == (
        WHERE + "the network has neither isolated nor private subnets; a mount target stands in one; add a tier"
    )


def test_a_file_system_is_kept_unless_it_is_said_to_go(made: Made) -> None:
    file_system(made)
    assert made.only("aws_efs_file_system")["lifecycle"] == {"prevent_destroy": True}


def test_a_file_system_that_goes(made: Made) -> None:
    file_system(made, removal="destroy", removal_reason="a trial")
    assert "lifecycle" not in made.only("aws_efs_file_system")


def test_ids_derive_from_zones_and_names(made: Made) -> None:
    file_system(made)
    named = {kind: sorted(made.resources(f"aws_efs_{kind}")) for kind in ("mount_target", "access_point")}
    assert [name.rpartition("_")[0] for name in named["mount_target"]] == [
        "files_mount-target-a",
        "files_mount-target-b",
    ]
    assert [name.rpartition("_")[0] for name in named["access_point"]] == ["files_access-point-orders"]


def test_a_connection_is_refused_with_every_problem(made: Made) -> None:
    files = file_system(made)
    assert refusal(lambda: files.connection(access_point="invoices", path="/files", access="write")).splitlines() == [
        WHERE + 'path is "/files"; a function mounts at /mnt/ and one name of letters, digits and characters of -_., '
        "160 characters in all (lambda API model); correct it, such as /mnt/files",
        WHERE + 'access_point is "invoices"; the file system has orders; name one of them',
        WHERE + 'access is "write"; it is one of read, read_write; choose one of them',
    ]


def test_a_function_mounts_through_an_access_point(made: Made) -> None:
    files = file_system(made)
    api = made.function()
    api.connect_to(files, access_point="orders", path="/mnt/orders")
    function = made.only("aws_lambda_function")
    (access_point,) = made.resources("aws_efs_access_point")
    assert function["file_system_config"] == {
        "arn": f"${{aws_efs_access_point.{access_point}.arn}}",
        "local_mount_path": "/mnt/orders",
    }
    targets = {f"aws_efs_mount_target.{name}" for name in made.resources("aws_efs_mount_target")}
    assert len(targets) == 2
    assert targets < set(function["depends_on"])


def test_nfs_is_opened_between_the_groups_only(made: Made) -> None:
    files = file_system(made)
    made.function().connect_to(files, access_point="orders", path="/mnt/orders")
    (into,) = made.resources("aws_vpc_security_group_ingress_rule").values()
    out = [
        rule
        for rule in made.resources("aws_vpc_security_group_egress_rule").values()
        if rule["description"] == "to files"
    ]
    for rule in (into, *out):
        assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 2049, 2049)
        assert rule["referenced_security_group_id"].startswith("${aws_security_group.")
        assert "cidr_ipv4" not in rule
    assert [rule["referenced_security_group_id"] for rule in out] == [into["security_group_id"]]


@pytest.mark.parametrize(("access", "writes"), [("read", False), ("read_write", True)])
def test_a_role_mounts_through_its_access_point_only(made: Made, *, access: str, writes: bool) -> None:
    files = file_system(made)
    (statement,) = files.connection(access_point="orders", path="/mnt/orders", access=access).statements
    assert statement.actions == (
        ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")
        if writes
        else ("elasticfilesystem:ClientMount",)
    )
    assert statement.resources == (files.arn,)
    (condition,) = statement.conditions
    assert (condition.variable, condition.values) == (
        "elasticfilesystem:AccessPointArn",
        (files.access_point_arns["orders"],),
    )


@pytest.mark.parametrize("user", [{"uid": 0}, {"gid": 0}], ids=["user", "group"])
def test_a_role_is_root_only_where_the_access_point_is(made: Made, user: dict[str, int]) -> None:
    points = {**ORDERS, "all": {"path": "/all", **user, "root_reason": "it hands folders out"}}
    files = file_system(made, access_points=points)
    (orders,), (everything,) = (
        files.connection(access_point=name, path="/mnt/files").statements for name in ("orders", "all")
    )
    assert "elasticfilesystem:ClientRootAccess" not in orders.actions
    assert everything.actions == (
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
    )


def test_a_function_in_a_zone_without_a_mount_target(made: Made) -> None:
    files = file_system(made, one_zone="eu-west-1a", one_zone_reason="a cache")
    api = made.function()
    assert refusal(lambda: api.connect_to(files, access_point="orders", path="/mnt/orders")) == (
        f"{API}: the function runs in eu-west-1a, eu-west-1b; the file system at /mnt/orders has mount targets in "
        "eu-west-1a, and an invocation in eu-west-1b could not mount it (Lambda guide); add mount targets there, or "
        "take those zones from the function"
    )


def test_two_file_systems_of_one_function(made: Made) -> None:
    api = made.function()
    for name in ("files", "others"):
        file_system(made, name)
    first, second = (made.stack.node.find_child(name) for name in ("files", "others"))
    assert isinstance(first, FileSystem)
    assert isinstance(second, FileSystem)
    api.connect_to(first, access_point="orders", path="/mnt/orders")
    assert refusal(lambda: api.connect_to(second, access_point="orders", path="/mnt/others")) == (
        f"{API}: a file system at /mnt/others is asked for beside the one at /mnt/orders; a function mounts at most "
        "one (lambda API model); connect to one of the two, or use one file system for both"
    )


def test_an_existing_file_system_is_mounted_like_an_owned_one(made: Made) -> None:
    made.function().connect_to(existing(made), access_point="orders", path="/mnt/orders", access="read")
    assert made.only("aws_lambda_function")["file_system_config"]["arn"] == ACCESS_POINT
    (into,) = made.resources("aws_vpc_security_group_ingress_rule").values()
    assert into["security_group_id"] == "sg-0123456789abcdef0"
    assert made.resources("aws_efs_file_system") == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"file_system_id": "files"},
            (
                'file_system_id is "files"; an EFS file system\'s id reads like fs-0123456789abcdef0; copy it from EFS '
                "or EC2"
            ),
        ),
        (
            {"security_group_id": "group"},
            (
                'security_group_id is "group"; a security group\'s id reads like sg-0123456789abcdef0; copy it from '
                "EFS or EC2"
            ),
        ),
        (
            {"access_point_arns": {"orders": "fsap-1"}},
            (
                'access_point_arns holds "fsap-1"; an access point\'s ARN reads like arn:aws:elasticfilesystem:'
                "eu-west-1:123456789012:access-point/fsap-01234567; copy it from EFS or EC2"
            ),
        ),
        (
            {"access_point_arns": {}},
            "access_point_arns is empty; a function mounts through an access point; name at least one",
        ),
        (
            {"availability_zones": ["eu-west-1"]},
            'availability_zones holds "eu-west-1"; an availability zone reads like eu-west-1a; copy it from EFS or EC2',
        ),
        (
            {"availability_zones": []},
            "availability_zones is empty; a function mounts in a zone with a mount target; name at least one",
        ),
    ],
)
def test_an_existing_file_system_is_refused(made: Made, fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: existing(made, **fields)) == WHERE + sentence


def test_what_is_known_only_later_is_not_judged(made: Made) -> None:
    zones = made.network.availability_zones
    files = existing(made, file_system_id="${local.id}", security_group_id="${local.group}", availability_zones=zones)
    assert files.arn == "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/${local.id}"


def test_a_role_that_brings_its_own_way_is_granted_the_mount(made: Made) -> None:
    granted: list[Statement] = []

    class Role:
        def grant(self, *statements: Statement) -> None:
            granted.extend(statements)

    existing(made).grant_mount(Role(), access_point="orders", access="read")
    [statement] = granted
    assert (statement.sid, statement.actions) == ("MountFilesOrdersReadOnly", ("elasticfilesystem:ClientMount",))
    condition = Condition("StringEquals", "elasticfilesystem:AccessPointArn", (ACCESS_POINT,))
    assert statement.conditions == (condition,)
    existing(made, "others").grant_mount(Role(), access_point="orders")
    assert granted[1].actions == ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")


def test_a_mount_that_cannot_be_granted(made: Made) -> None:
    files = file_system(made)
    assert refusal(lambda: files.grant_mount(made.function(), access_point="reports", access="write")) == (
        f'{WHERE}access_point is "reports"; the file system has orders; name one of them\n'
        f'{WHERE}access is "write"; it is one of read, read_write; choose one of them'
    )
