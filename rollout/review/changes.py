"""What the plan of one target changes, and by what two targets are told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from analysis.plan import Plan
from rollout.review.before import plan_before
from rollout.review.differences import Leads, Leaf, covered, leaves
from rollout.review.masking import Mask
from rollout.review.model import Action, Difference, ResourceChange
from rollout.review.own import MARK, Own


@dataclass(frozen=True, order=True)
class Print:
    """What one change is recognized by.

    Attributes:
        slot: address with placeholders.
        exact: digest of what happens, as it is.
        neutral: digest of the same with placeholders.
        address: address as it is.
        action: what is done.
    """

    slot: str
    exact: bytes
    neutral: bytes
    address: str
    action: Action


GONE = frozenset({Action.DESTROY, Action.REPLACE, Action.FORGET})
"""What ends a resource."""


@dataclass(frozen=True)
class KeptChanges:
    """What is kept of a target's changes once its plan is judged, as the plans of a fleet are large together.

    Attributes:
        prints: a print for each change.
        forced: attributes that force a replacement, by address of what goes.
    """

    prints: tuple[Print, ...]
    forced: Mapping[str, tuple[str, ...]]


class TargetChanges:
    """The changes of one target.

    Args:
        target: its name.
        plan: its plan.
        mask: takes out what is sensitive.
        shared: parts of the name that every target has.
    """

    def __init__(self, target: str, plan: Plan, mask: Mask, shared: frozenset[str]) -> None:
        self.target, self.plan = target, plan
        self._mask, self._own = mask, Own(target, plan, shared)

    @cached_property
    def prints(self) -> tuple[Print, ...]:
        """A print for each change, by address."""
        return tuple(sorted(map(self._print, self._raw.values())))

    @property
    def kept(self) -> KeptChanges:
        """What may be kept without the plan."""
        gone = (entry.address for entry in self.prints if entry.action in GONE)
        return KeptChanges(self.prints, {address: self.forced_by(address) for address in gone})

    def changes(self, pending: frozenset[bytes]) -> tuple[ResourceChange, ...]:
        """The changes with their attributes, the gravest first.

        Args:
            pending: exact digests of what the base branch changes too.
        """
        exact = {entry.address: entry.exact for entry in self.prints}
        found = [self._change(raw, is_pending=exact[address] in pending) for address, raw in self._raw.items()]
        return tuple(sorted(found, key=lambda change: (change.action.rank, change.address)))

    def forced_by(self, address: str) -> tuple[str, ...]:
        """Dotted paths of the attributes that force the replacement of a changing resource."""
        paths = self._raw[address]["change"].get("replace_paths") or ()
        texts = {".".join(str(part) for part in path) for path in paths}
        return tuple(sorted(self._mask.text(text) for text in texts if text))

    @cached_property
    def _raw(self) -> Mapping[str, Mapping[str, Any]]:
        """Entries of `resource_changes` that change something, by address."""
        changing = {change.address for change in self.plan.changes}
        listed = self.plan.document.get("resource_changes") or ()
        return {str(raw["address"]): raw for raw in listed if str(raw["address"]) in changing}

    def _print(self, raw: Mapping[str, Any]) -> Print:
        address, action = str(raw["address"]), action_of(raw)
        leaves_of = [(leaf.path, leaf.before, leaf.after) for leaf in self._leaves(raw)]
        what = [address, action.value, list(self.forced_by(address)), leaves_of]
        return Print(self._own.text(address), _digest(what), _digest(self._own.value(what)), address, action)

    def _change(self, raw: Mapping[str, Any], *, is_pending: bool) -> ResourceChange:
        address = str(raw["address"])
        differences = tuple(
            Difference(leaf.path, covered(leaf.path, leaf.before), covered(leaf.path, leaf.after), self._is_own(leaf))
            for leaf in self._leaves(raw)
        )
        return ResourceChange(
            address=address,
            type=str(raw.get("type", "")),
            action=action_of(raw),
            differences=differences,
            forced_by=self.forced_by(address),
            is_pending=is_pending,
            refers_to=tuple(sorted(set(self._referred(address)) & self._raw.keys() - {address})),
        )

    def _is_own(self, leaf: Leaf) -> bool:
        return any(MARK in str(self._own.value(side)) for side in (leaf.before, leaf.after) if side is not None)

    def _leaves(self, raw: Mapping[str, Any]) -> tuple[Leaf, ...]:
        return leaves(raw["change"], self._mask, self._leads(str(raw["address"])))

    def _leads(self, address: str) -> Leads:
        """What an attribute refers to; paths of a configuration may leave out the index of a block."""
        resource = self.plan.at(address)
        by_path: dict[str, set[str]] = {}
        for path, target in self._out_edges(address):
            by_path.setdefault(_names(path), set()).add(target)

        def leads(path: str) -> tuple[str, ...] | None:
            name = _names(path)
            if name not in by_path and not (resource and self.plan.is_configured(resource, name)):
                return None
            return tuple(sorted(by_path.get(name, ())))

        return leads

    def _out_edges(self, address: str) -> Iterator[tuple[str, str]]:
        resource = self.plan.at(address)
        if resource is not None:
            for _, target, path in self.plan.graph.out_edges(resource, keys=True):
                yield path, target.address

    def _referred(self, address: str) -> Iterator[str]:
        """What a resource refers to, or did where it is destroyed."""
        yield from (target for _, target in self._out_edges(address))
        gone = self._before.at(address) if self.plan.at(address) is None else None
        if gone is not None:
            yield from (target.address for _, target, _ in self._before.graph.out_edges(gone, keys=True))

    @cached_property
    def _before(self) -> Plan:
        return plan_before(self.plan)


def action_of(raw: Mapping[str, Any]) -> Action:
    """What a plan does to the resource of an entry of `resource_changes`."""
    actions = set(raw["change"].get("actions") or ())
    if "forget" in actions:
        return Action.FORGET
    if actions == {"create", "delete"}:
        return Action.REPLACE
    return Action.DESTROY if "delete" in actions else Action.CREATE if "create" in actions else Action.UPDATE


def _digest(value: Any) -> bytes:
    return sha256(json.dumps(value, sort_keys=True).encode()).digest()


def _names(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdecimal())
