"""What an owned and an existing file system have in common: how a function connects to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import modules.core.engine

from modules.core import limits
from modules.core.connections import Connection, FileSystemMount, SecurityGroupLike
from modules.core.errors import ConfigError, Problem
from modules.core.grants import Grantee, role_of, sid_word
from modules.core.statements import Statement
from modules.core.store import Store, access_problems
from modules.filesystem.mounts import mount_path_problems
from modules.filesystem.policies import mount_statement

_ACCESS = ("read", "read_write")


class FileSystemBase(Store):
    """A file system that functions mount through access points.

    Attributes:
        file_system_id: its id.
        arn: its ARN.
        access_point_arns: name of each access point to its ARN.
        availability_zones: zones with a mount target, sorted.
        root_access_points: names of those access points whose user or group is root.
        security_group: group of the mount targets.
        dependencies: Terraform resources to wait for before it is mounted, such as its mount targets.
    """

    file_system_id: str
    arn: str
    access_point_arns: Mapping[str, str]
    availability_zones: tuple[str, ...]
    root_access_points: frozenset[str] = frozenset()
    security_group: SecurityGroupLike
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_mount(self, grantee: Grantee, *, access_point: str, access: str = "read_write") -> None:
        """Let a role mount through one access point, for what brings its own way, such as a task of ECS.

        A function is connected instead, which opens the way too. EFS decrypts by itself, so no key is granted.

        Args:
            grantee: a role, or what has one.
            access_point: name of the access point.
            access: `read` or `read_write`.

        Raises:
            ConfigError: the access point is unknown, or the access is refused.
        """
        problems = tuple(self._problems(access_point, access))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        role_of(grantee).grant(self._statement(access_point, access))

    def connection(self, *, access_point: str, path: str, access: str = "read_write") -> Connection:
        """What a function needs to mount the file system.

        Both groups are opened for NFS, the role may mount through this access point only, and the function waits for
        the mount targets. A function mounts at most one file system, and only from zones with a mount target: the
        function checks both with `mount_problems` and `coverage_problems`.

        Args:
            access_point: name of the access point.
            path: where the function sees it: `/mnt/` and a name, at most 160 characters (lambda API model).
            access: `read` or `read_write`.

        Raises:
            ConfigError: the access point is unknown, or path or access are refused.
        """
        problems = (*mount_path_problems(path), *self._problems(access_point, access))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        return Connection(
            name=self.node.id,
            port=limits.EFS_NFS_PORT,
            security_group=self.security_group,
            statements=(self._statement(access_point, access),),
            dependencies=self.dependencies,
            file_system=FileSystemMount(self.access_point_arns[access_point], path, self.availability_zones),
        )

    def _problems(self, access_point: str, access: str) -> Iterator[Problem]:
        if access_point not in self.access_point_arns:
            known = ", ".join(sorted(self.access_point_arns))
            given = f'access_point is "{access_point}"'
            yield Problem("", given, f"the file system has {known}", "name one of them")
        yield from access_problems(access, _ACCESS)

    def _statement(self, access_point: str, access: str) -> Statement:
        writes = access == "read_write"
        word = f"{self.word}{sid_word(access_point)}"
        return mount_statement(
            f"Mount{word}{'' if writes else 'ReadOnly'}",
            file_system_arn=self.arn,
            access_point_arn=self.access_point_arns[access_point],
            writes=writes,
            is_root=access_point in self.root_access_points,
        )
