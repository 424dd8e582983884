"""What every store has in common: its part of a statement's Sid, and what access it knows."""

from __future__ import annotations

from collections.abc import Collection

import modules.core.engine

from constructs import Construct

from modules.core.errors import ConfigError, Problem
from modules.core.grants import sid_word


class Store(Construct):
    """Something that roles are granted access to and functions connect to."""

    @property
    def word(self) -> str:
        """The construct's path as a part of a statement's Sid, such as `Orders`; unique in the stack."""
        return sid_word(self.node.path.partition("/")[2])

    def _require_access(self, access: str, known: Collection[str]) -> None:
        if problems := access_problems(access, known):
            raise ConfigError(problems).within(self.node.path)


def access_problems(access: str, known: Collection[str]) -> tuple[Problem, ...]:
    """An access that a store does not know."""
    if access in known:
        return ()
    return (Problem("", f'access is "{access}"', f"it is one of {', '.join(known)}", "choose one of them"),)
