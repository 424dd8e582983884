"""A file system that another stack or another tool made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import modules.core.engine

from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.filesystem.base import FileSystemBase

_PATTERNS = {
    "file_system_id": (r"fs-[0-9a-f]{8,40}", "an EFS file system's id reads like fs-0123456789abcdef0"),
    "security_group_id": (r"sg-[0-9a-f]{8,40}", "a security group's id reads like sg-0123456789abcdef0"),
    "access_point_arns": (
        r"arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-]+:\d{12}:access-point/fsap-[0-9a-f]{8,40}",
        "an access point's ARN reads like arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-01234567",
    ),
    "availability_zones": (rf"{limits.REGION}[a-z]", "an availability zone reads like eu-west-1a"),
}


@dataclass(frozen=True)
class _Group:
    id: str


class ExistingFileSystem(FileSystemBase):
    """A file system that is only used here; functions connect to it as to an owned one.

    Its own policy, backups and access points are its owner's. The rules that admit functions are added to its group.

    Raises:
        ConfigError: an id, ARN or zone does not read like one, or there is no zone or no access point.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        file_system_id: str,
        security_group_id: str,
        access_point_arns: Mapping[str, str],
        availability_zones: Iterable[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.file_system_id = file_system_id
        self.arn = target_of(self).arn("elasticfilesystem", f"file-system/{file_system_id}")
        self.access_point_arns = dict(sorted(access_point_arns.items()))
        self.availability_zones = tuple(sorted(availability_zones))
        self.security_group = _Group(security_group_id)
        problems = [
            *_shape("file_system_id", file_system_id),
            *_shape("security_group_id", security_group_id),
            *(problem for arn in self.access_point_arns.values() for problem in _shape("access_point_arns", arn)),
            *(problem for zone in self.availability_zones for problem in _shape("availability_zones", zone)),
            *_missing("access_point_arns", self.access_point_arns, "a function mounts through an access point"),
            *_missing("availability_zones", self.availability_zones, "a function mounts in a zone with a mount target"),
        ]
        if problems:
            raise ConfigError(problems).within(self.node.path)


def _shape(field: str, value: str) -> Iterator[Problem]:
    pattern, allowed = _PATTERNS[field]
    if not is_token(value) and not re.fullmatch(pattern, value):
        verb = "holds" if field.endswith("s") else "is"
        yield Problem("", f'{field} {verb} "{value}"', allowed, "copy it from EFS or EC2")


def _missing(field: str, values: Mapping[str, str] | tuple[str, ...], why: str) -> Iterator[Problem]:
    if not values:
        yield Problem("", f"{field} is empty", why, "name at least one")
