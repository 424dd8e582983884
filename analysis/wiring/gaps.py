"""Pairs of function and store that are wired in part only.

A pair is whatever any trace shows: the store in the function's environment or mounts, an action of its role on the
store, or a rule between their groups that no other function of the group needs. Of a pair, every part must be there;
so a part that is lost is seen by those that are left. What lies outside the stack, such as a store of somebody else's,
leaves no trace here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.wiring.document import Document, kind_of
from analysis.wiring.functions import FunctionWiring, functions_of, store_groups
from analysis.wiring.stores import STORES, Store
from analysis.wiring.ways import opens_group, opens_service, touches_group

Part = Literal["rule", "action", "key", "variable"]


@dataclass(frozen=True, order=True)
class Gap:
    """A part that a pair of function and store lacks.

    Attributes:
        function: the function's Terraform address.
        store: the store's.
        part: what is missing.
    """

    function: str
    store: str
    part: Part

    def __str__(self) -> str:
        """The gap as a sentence."""
        return f"{self.function} uses {self.store}; {_MISSING[self.part]}"


_MISSING: Mapping[Part, str] = {
    "rule": "no security group rule leads there; connect them, or remove what is left of the connection",
    "action": "its role may do nothing with it; grant it, or remove what is left of the connection",
    "key": "its role may not use the key that encrypts it; grant it through the store's service",
    "variable": "its code is not told of it; set the variable or mount it, or remove what is left of the connection",
}


def wiring_gaps(document: Mapping[str, Any]) -> tuple[Gap, ...]:
    """What is missing between the functions and the stores of a synthesized stack (`cdk.tf.json`), sorted."""
    wired = Document(document)
    functions = functions_of(wired)
    return tuple(
        sorted(
            Gap(use.function.address, store, part)
            for store, _ in wired.of_type(*STORES)
            for use in _uses(wired, functions, store)
            for part in _missing(wired, use, store)
        )
    )


@dataclass(frozen=True)
class _Use:
    """What a function shows of using a store, other than rules."""

    function: FunctionWiring
    is_told: bool
    by_lambda: bool
    actions: frozenset[str]
    groups: frozenset[str]

    @property
    def shows(self) -> bool:
        return self.is_told or self.by_lambda or bool(self.actions)


def _uses(document: Document, functions: tuple[FunctionWiring, ...], store: str) -> Iterator[_Use]:
    """The functions that use a store.

    A rule alone shows a use too, unless it serves another function of the same group that uses the store anyhow.
    """
    kind = STORES[kind_of(store)]
    groups = store_groups(document, store, kind.groups, kind.groups_of) if kind.groups else frozenset[str]()
    all_uses = [
        _Use(
            function,
            function.is_told_of(store),
            function.sends_through_lambda(store),
            frozenset(action for action in function.actions_on(store) if kind.takes(action)),
            groups,
        )
        for function in functions
    ]
    served = frozenset[str]().union(*(use.function.groups for use in all_uses if use.shows))
    for use in all_uses:
        if use.shows or touches_group(document, use.function.groups - served, groups):
            yield use


def _missing(document: Document, use: _Use, store: str) -> Iterator[Part]:
    kind, function = STORES[kind_of(store)], use.function
    if not use.is_told and not use.by_lambda:
        yield "variable"
    if not use.actions:
        yield "action"
    if function.has_network and function.groups and (use.is_told or not use.by_lambda):
        services = {kind.actions.get(action.partition(":")[0].lower(), "") for action in use.actions} or {""}
        if not all(_is_open(document, function, use.groups, service or _only(kind)) for service in services):
            yield "rule"
    key = _key(document, store, kind)
    if key and use.actions and not all(function.may_use_key(each, _only_prefix(kind)) for each in key):
        yield "key"


def _is_open(document: Document, function: FunctionWiring, groups: frozenset[str], service: str) -> bool:
    if service:
        return opens_service(document, function.groups, service)
    return opens_group(document, function.groups, groups)


def _only(kind: Store) -> str:
    """The service that every call takes; empty where calls go to the store's own group."""
    return "" if kind.groups else next(iter(kind.actions.values()))


def _only_prefix(kind: Store) -> str:
    return next(iter(kind.actions))


def _key(document: Document, store: str, kind: Store) -> frozenset[str]:
    if not kind.key:
        return frozenset()
    bodies = list(document.related(*kind.key_of, store)) if kind.key_of[0] else [document[store]]
    found: frozenset[str] = frozenset()
    for body in bodies:
        value: Any = body
        for step in kind.key.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        found |= document.references(value)
    return frozenset(each for each in found if kind_of(each) == "aws_kms_key")
