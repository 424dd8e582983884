"""What a function needs to reach something, as plain data.

Everything that `function.connect_to` accepts offers `connection(...)`, which returns one of these; the function then
opens both security groups, grants the statements, sets the environment, declares the dependencies, mounts the file
system, and opens the way to the AWS services named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from modules.core.concurrency import ConnectionDemand
from modules.core.statements import Statement


class SecurityGroupLike(Protocol):
    """A security group that rules can refer to."""

    @property
    def id(self) -> str:
        """The group's id, usually a token."""
        ...


@dataclass(frozen=True)
class FileSystemMount:
    """Where a function mounts a file system.

    Attributes:
        access_point_arn: the access point that the function mounts through, usually a token.
        local_mount_path: `/mnt/` and a name, at most 160 characters (lambda API model).
        availability_zones: zones with a mount target; a function's subnets must lie in these (Lambda guide).
    """

    access_point_arn: str
    local_mount_path: str
    availability_zones: tuple[str, ...]


@dataclass(frozen=True)
class Connection:
    """One way to something.

    Attributes:
        name: short constant; becomes part of construct ids.
        port: TCP port.
        security_group: the group of what is reached, opened by reference.
        prefix_list_id: AWS-managed prefix list instead of a group, for gateway endpoints.
        internet_reason: why HTTPS to the internet is opened instead; empty for neither.
        statements: IAM statements that the function's role gets.
        environment: environment variables that the function gets.
        dependencies: Terraform resources that must exist before the function does.
        file_system: what the function mounts; a function takes at most one.
        services: AWS services, such as `s3`, whose endpoint the function needs; for each the function opens the way
            that `network.endpoint_for(service)` returns, so that what is reached needs to know no network.
        demand: what the function takes of a number of connections that is limited; None where nothing limits them.
    """

    name: str
    port: int
    security_group: SecurityGroupLike | None = None
    prefix_list_id: str = ""
    internet_reason: str = ""
    statements: tuple[Statement, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    dependencies: tuple[Any, ...] = ()
    file_system: FileSystemMount | None = None
    services: tuple[str, ...] = ()
    demand: ConnectionDemand | None = None


class Connectable(Protocol):
    """Something that `function.connect_to` accepts."""

    @property
    def connection(self) -> Callable[..., Connection]:
        """Returns what is needed to reach it; each target has choices of its own, such as `user`."""
        ...
