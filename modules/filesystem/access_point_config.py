"""Configuration of an access point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason, Within

_PosixId = Annotated[int, Within(limits.EFS_POSIX_ID)]
_OwnId = Annotated[int, Within(limits.EFS_POSIX_ID, literal=True)]
_Permissions = Annotated[
    str,
    Matching(
        r"[0-7]{3,4}", "permissions are 3 or 4 octal digits, such as 0750 (efs API model)", "write them in quotes", 4
    ),
]
_ROOT = "/"
_ROOT_ID = 0


class AccessPointConfig(ConfigModel):
    """A way into one folder of the file system, as one POSIX user: whoever comes through it is that user.

    Raises:
        ConfigError: with every refused field.
    """

    path: Annotated[
        str,
        Matching(
            r"/|(?:/(?!\.)[^$#<>;`|&?{}^*/\n]+){1,4}",
            "an access point's folder is an absolute path of at most four names, 100 characters in all (efs API model)",
            "correct it, such as /orders",
            limits.EFS_MAX_ACCESS_POINT_PATH_LENGTH,
            literal=True,
        ),
    ] = Field(description="Folder that the access point shows as its root; made on first use.")
    uid: _OwnId = Field(default=1_000, description="POSIX user that files belong to. 0 to 4294967295 (efs API model).")
    gid: _OwnId = Field(default=1_000, description="POSIX group that files belong to. 0 to 4294967295 (efs API model).")
    secondary_gids: tuple[_PosixId, ...] = Field(
        default=(), description="Further groups of the user; at most 16 (efs API model)."
    )
    permissions: _Permissions = Field(
        default="0750", description="Permissions of the folder when it is made, as octal digits (efs API model)."
    )
    root_reason: Reason = Field(
        default="",
        description="Why it shows the whole file system or is the root user; required with path /, uid 0 or gid 0.",
    )

    @property
    def is_root(self) -> bool:
        """Whether its user or group is root, for which EFS asks for a permission of its own."""
        return _ROOT_ID in (self.uid, self.gid)

    def cross_checks(self) -> Iterator[Problem]:
        """A reason for what sees or may do everything; few enough groups."""
        if len(self.secondary_gids) > limits.EFS_MAX_SECONDARY_GROUPS:
            yield Problem(
                "",
                f"secondary_gids has {len(self.secondary_gids)} entries",
                f"a user has at most {limits.EFS_MAX_SECONDARY_GROUPS} further groups (efs API model)",
                "remove some",
            )
        given = [
            *(["path is /, the whole file system,"] if self.path == _ROOT else []),
            *(["uid is 0, the root user,"] if self.uid == _ROOT_ID else []),
            *(["gid is 0, the root group,"] if self.gid == _ROOT_ID else []),
        ]
        if given and not self.root_reason:
            yield Problem(
                "",
                f"{' and '.join(given)} without a reason",
                "an access point keeps a function to one folder and one user",
                "choose others, or set root_reason",
            )
        if self.root_reason and not given:
            yield Problem(
                "", f'root_reason is "{self.root_reason}"', "a reason belongs to path /, uid 0 or gid 0", "remove it"
            )
