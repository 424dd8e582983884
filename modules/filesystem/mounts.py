"""What a function can mount, and from which zones; checked by whoever connects the two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from modules.core import limits
from modules.core.connections import FileSystemMount
from modules.core.errors import Problem
from modules.core.tokens import is_token

_MOUNT_PATH = re.compile(limits.LAMBDA_MOUNT_PATH, re.ASCII)


def mount_path_problems(path: str) -> Iterator[Problem]:
    """Why a function cannot mount at `path`, if it cannot."""
    if is_token(path):
        return
    if len(path) > limits.LAMBDA_MAX_MOUNT_PATH_LENGTH or not _MOUNT_PATH.fullmatch(path):
        yield Problem(
            "",
            f'path is "{path}"',
            "a function mounts at /mnt/ and one name of letters, digits and characters of -_., "
            f"{limits.LAMBDA_MAX_MOUNT_PATH_LENGTH} characters in all (lambda API model)",
            "correct it, such as /mnt/files",
        )


def coverage_problems(mount: FileSystemMount, function_zones: Iterable[str]) -> tuple[Problem, ...]:
    """Zones of a function in which the file system has no mount target.

    A function mounts through the mount target of the zone that it runs in; in a zone without one the invocation fails.
    Zones that are known only after apply are not judged.

    Args:
        mount: what the function mounts.
        function_zones: zones of the function's subnets.
    """
    zones = tuple(function_zones)
    if is_token((*zones, *mount.availability_zones)):
        return ()
    uncovered = sorted(set(zones) - set(mount.availability_zones))
    if not uncovered:
        return ()
    return (
        Problem(
            "",
            f"the function runs in {', '.join(sorted(set(zones)))}",
            f"the file system at {mount.local_mount_path} has mount targets in "
            f"{', '.join(sorted(mount.availability_zones)) or 'no zone'}, and an invocation in "
            f"{', '.join(uncovered)} could not mount it (Lambda guide)",
            "add mount targets there, or take those zones from the function",
        ),
    )


def mount_problems(mounted: FileSystemMount | None, mount: FileSystemMount) -> tuple[Problem, ...]:
    """Why a function cannot mount `mount` beside what it has mounted; the same again is no problem."""
    if mounted is None or mounted == mount:
        return ()
    return (
        Problem(
            "",
            f"a file system at {mount.local_mount_path} is asked for beside the one at {mounted.local_mount_path}",
            "a function mounts at most one (lambda API model)",
            "connect to one of the two, or use one file system for both",
        ),
    )
