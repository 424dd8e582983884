"""What plans destroy or replace, address by address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Destruction:
    """A resource that plans destroy or replace in the same way.

    Attributes:
        address: its address.
        is_replaced: whether it is made anew.
        is_protected: whether it keeps data, and no word allows its destruction.
        targets: names of the targets, in order.
    """

    address: str
    is_replaced: bool
    is_protected: bool
    targets: tuple[str, ...]


def destroyed_in(document: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Address of each resource that a plan destroys, and whether it is made anew.

    Args:
        document: output of `terraform show -json` for the plan.
    """
    for raw in document.get("resource_changes") or ():
        actions = set((raw.get("change") or {}).get("actions") or ())
        if "delete" in actions:
            yield str(raw["address"]), "create" in actions


def destructions(
    plans: Iterable[tuple[str, Mapping[str, Any]]], protected: Mapping[str, Iterable[str]]
) -> tuple[Destruction, ...]:
    """What plans destroy or replace; what is protected first, then by address.

    Args:
        plans: targets with the output of `terraform show -json` for their plans.
        protected: addresses that keep data, by target.
    """
    kept = {target: frozenset(addresses) for target, addresses in protected.items()}
    found: dict[tuple[bool, str, bool], list[str]] = {}
    for target, document in plans:
        for address, is_replaced in destroyed_in(document):
            is_free = address not in kept.get(target, frozenset())
            found.setdefault((is_free, address, is_replaced), []).append(target)
    return tuple(
        Destruction(address, is_replaced, not is_free, tuple(targets))
        for (is_free, address, is_replaced), targets in sorted(found.items())
    )
