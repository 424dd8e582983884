"""Who is granted something, and how the grant's statements are named."""

from __future__ import annotations

import hashlib
import re
from typing import Protocol, runtime_checkable

from modules.core.statements import Statement

_HASH_LENGTH = 6


@runtime_checkable
class RoleLike(Protocol):
    """A role that takes statements."""

    def grant(self, *statements: Statement) -> None:
        """Add statements to the role's policy."""


class HasRole(Protocol):
    """Something with a role, such as a function."""

    @property
    def role(self) -> RoleLike:
        """The role it runs as."""
        ...


Grantee = RoleLike | HasRole


def role_of(grantee: Grantee) -> RoleLike:
    """The role that gets the statements."""
    return grantee if isinstance(grantee, RoleLike) else grantee.role


def sid_word(path: str) -> str:
    """A construct path or a name as a part of a statement's Sid, which takes letters and digits only."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", path))


def sid_mark(text: str) -> str:
    """Any text as a part of a Sid: what of it fits, and a hash, as `a-b/` and `a/b/` would read alike."""
    return f"{sid_word(text)}{hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]}" if text else ""


def variable_name(construct_id: str, suffix: str) -> str:
    """The environment variable that tells a function about a construct, such as `ORDERS_QUEUE_URL`."""
    return f"{construct_id.upper().replace('-', '_')}_{suffix}"
