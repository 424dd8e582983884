"""What belongs to a stack: by name, by tags, or by lying in its VPC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """A stack, as far as names, tags and its VPC show it.

    Attributes:
        prefix: what every name begins with, such as `acme-dev-orders-api`.
        vpc_id: its VPC; empty when unknown.
        others: prefixes of other stacks. One that begins with ours, such as `acme-dev-orders-api-v2`, claims its own
            names: no name alone could tell them from ours.
    """

    prefix: str
    vpc_id: str = ""
    others: tuple[str, ...] = ()

    def names(self, name: str) -> bool:
        """Whether a name is the stack's: the prefix itself, or the prefix and a separator.

        Paths (`/aws/lambda/<name>`, `alias/<name>`) count by any of their parts. `acme-dev-orders-api2` is another's.
        """
        return any(self._is_own(part) for part in name.split("/"))

    def tags(self, tags: Mapping[str, str]) -> bool:
        """Whether tags are the stack's: `org`, `env` and `stack` decide; without them, the `Name` does."""
        stack = [tags[key] for key in ("org", "env", "stack") if key in tags]
        if len(stack) == _TAGS_OF_A_STACK:
            return "-".join(stack).replace("_", "-") == self.prefix
        return self.names(tags.get("Name", ""))

    def _is_own(self, part: str) -> bool:
        plain = part.replace("_", "-")  # names of signing profiles take no hyphens
        claimed = (other for other in self.others if other.startswith(f"{self.prefix}-"))
        return _begins(plain, self.prefix) and not any(_begins(plain, other) for other in claimed)


_TAGS_OF_A_STACK = 3


def _begins(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}-")


def tag_map(tags: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as a mapping; services disagree about how they spell `Key` and `Value`."""
    return {entry[key]: entry[value] for entry in tags or []}
