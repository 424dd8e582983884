"""Who is granted something: a role, or what has one."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from modules.core.statements import Statement


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


def role_of(grantee: RoleLike | HasRole) -> RoleLike:
    """The role that gets the statements."""
    return grantee if isinstance(grantee, RoleLike) else grantee.role
