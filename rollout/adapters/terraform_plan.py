"""A saved plan, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_QUIET = (("no-op",), ("read",))


@dataclass(frozen=True)
class ResourceChange:
    """What a plan does to one resource.

    Attributes:
        address: such as `aws_sqs_queue.orders`.
        type: such as `aws_sqs_queue`.
        actions: as Terraform writes them: `("create",)`, `("delete", "create")` for a replacement, …
        previous_address: where it stood before a move; empty when it did not move.
        is_import: whether the plan takes an existing resource into the state.
        change: `before`, `after`, `after_unknown` and the rest, as in Terraform's JSON.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    previous_address: str = ""
    is_import: bool = False
    change: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changes, neither in the cloud nor in the state."""
        return self.actions in _QUIET and not self.is_import and not self.previous_address

    @property
    def is_replace(self) -> bool:
        """Whether the resource is destroyed and made anew, in either order."""
        return set(self.actions) == {"create", "delete"}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ResourceChange:
        """From an entry of `resource_changes`."""
        change = raw.get("change") or {}
        return cls(
            address=str(raw["address"]),
            type=str(raw.get("type", "")),
            actions=tuple(change.get("actions", ())),
            previous_address=str(raw.get("previous_address") or ""),
            is_import=bool(change.get("importing")),
            change=change,
        )


@dataclass(frozen=True)
class Plan:
    """A plan file and what stands in it.

    Attributes:
        path: the saved plan, which `Terraform.apply` applies exactly.
        document: the output of `terraform show -json`.
        resource_changes: every resource the plan knows, quiet ones included.
    """

    path: Path
    document: Mapping[str, Any] = field(repr=False)
    resource_changes: tuple[ResourceChange, ...] = field(repr=False)

    @classmethod
    def from_json(cls, path: Path, document: Mapping[str, Any]) -> Plan:
        """From the output of `terraform show -json`."""
        changes = document.get("resource_changes") or ()
        return cls(path, document, tuple(ResourceChange.from_json(raw) for raw in changes))

    @property
    def creates(self) -> int:
        """How many resources are created (replacements not counted)."""
        return self._count("create")

    @property
    def updates(self) -> int:
        """How many resources are changed in place."""
        return self._count("update")

    @property
    def deletes(self) -> int:
        """How many resources are destroyed (replacements not counted)."""
        return self._count("delete")

    @property
    def replaces(self) -> int:
        """How many resources are destroyed and made anew."""
        return sum(change.is_replace for change in self.resource_changes)

    @property
    def output_changes(self) -> tuple[str, ...]:
        """The names of the outputs that change."""
        outputs = self.document.get("output_changes") or {}
        return tuple(sorted(name for name, change in outputs.items() if tuple(change["actions"]) != ("no-op",)))

    @property
    def is_empty(self) -> bool:
        """Whether applying would change nothing: no resource, no output, no import, no move."""
        return all(change.is_quiet for change in self.resource_changes) and not self.output_changes

    def _count(self, action: str) -> int:
        return sum(change.actions == (action,) for change in self.resource_changes)
