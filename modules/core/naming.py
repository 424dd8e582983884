"""Cloud names: `{org}-{env}-{stack}-{thing}`, deterministic, never random, fitted to a length by a stable hash."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from modules.core.errors import ConfigError

_HASH_LENGTH = 8
_SHORTEST = _HASH_LENGTH + 2
_PART = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIRST_PART = re.compile(r"(?!sg(?:-|$))[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_THING = re.compile(r"(?:[a-z0-9]+(?:[-_][a-z0-9]+)*)?")


@dataclass(frozen=True)
class Naming:
    """Names of one target's resources.

    Attributes:
        org: organisation, such as `acme`.
        env: environment, such as `dev`.
        stack: stack, such as `orders-api`.
    """

    org: str
    env: str
    stack: str

    def __post_init__(self) -> None:
        """Refuse parts that would make an invalid cloud name.

        Raises:
            ConfigError: a part holds anything but lowercase letters, digits and single inner hyphens, or the first
                begins with a digit (RDS refuses that) or is `sg` (EC2 refuses it).
        """
        for field, pattern in (("org", _FIRST_PART), ("env", _PART), ("stack", _PART)):
            value = getattr(self, field)
            if not pattern.fullmatch(value):
                first = ", a letter first, and is not sg" if pattern is _FIRST_PART else ""
                raise ConfigError.single(
                    "naming",
                    f'{field} is "{value}"',
                    f"it takes lowercase letters, digits and single inner hyphens{first}",
                    "correct it",
                )

    @property
    def prefix(self) -> str:
        """What every name of the stack begins with, such as `acme-dev-orders-api`."""
        return f"{self.org}-{self.env}-{self.stack}"

    def name(self, thing: str, *, max_length: int = 64, separator: str = "-") -> str:
        """The name of `thing`.

        A name that would be longer than `max_length` keeps its beginning and ends in eight characters of its SHA-256,
        so two long names never become equal by being cut.

        Args:
            thing: what is named, such as `api`; empty for the stack itself. Underscores count as hyphens.
            max_length: what the AWS service accepts, in characters; at least 10.
            separator: replaces every hyphen, for services that refuse hyphens.

        Raises:
            ConfigError: `thing` holds anything but lowercase letters, digits and single inner hyphens or underscores.
        """
        if not _THING.fullmatch(thing):
            raise ConfigError.single(
                "naming",
                f'thing is "{thing}"',
                "a cloud name takes lowercase letters, digits and single inner hyphens",
                "rename the construct",
            )
        if max_length < _SHORTEST:
            raise ValueError(f"max_length is {max_length}; a name with its hash takes {_SHORTEST}")
        full = "-".join(part for part in (self.prefix, thing) if part).replace("_", "-")
        if len(full) > max_length:
            digest = hashlib.sha256(full.encode()).hexdigest()[:_HASH_LENGTH]
            full = f"{full[: max_length - _HASH_LENGTH - 1].rstrip('-')}-{digest}"
        return full.replace("-", separator)
