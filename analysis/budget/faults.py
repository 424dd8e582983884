"""Concurrency that cannot work, whatever the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.budget.callables import ALIAS, LATEST, reserved_of
from analysis.budget.concurrency import Side
from analysis.budget.functions import FUNCTION
from analysis.budget.provisions import Provision
from analysis.finding import Finding, Level
from analysis.plan import UNKNOWN, Resource

_SNAP_START, _VERSIONS = "snap_start.apply_on", "PublishedVersions"
_WEIGHTS = "routing_config.additional_version_weights"


def faults(side: Side) -> Iterator[Finding]:
    """Functions that never run, and provisioned concurrency that Lambda refuses.

    Args:
        side: a plan, after it.
    """
    for function in side.state.of(FUNCTION):
        if reserved_of(function) == 0:
            yield _disabled(side.state.view.address(function))
    for entry in side.provisions:
        if entry.count != 0:
            yield from _refused(side, entry)


def _disabled(address: str) -> Finding:
    return Finding(
        "reserved-concurrency-zero",
        Level.ERROR,
        address,
        "reserved_concurrent_executions is 0",
        "reserved_concurrent_executions is 0, so Lambda refuses every invocation of the function (Lambda guide)",
        "set it to 1 or more, or leave it out",
    )


def _refused(side: Side, entry: Provision) -> Iterator[Finding]:
    function, alias = entry.named.function, _alias(side, entry)
    address = side.state.view.address(entry.resource)
    if function is not None and function.get(_SNAP_START) == _VERSIONS:
        yield Finding(
            "provisioned-with-snapstart",
            Level.ERROR,
            address,
            f"snap_start of {side.state.view.address(function)}",
            f"{side.state.view.address(function)} has SnapStart, and Lambda refuses provisioned concurrency beside it "
            "(Lambda guide, SnapStart)",
            "take away one of them",
        )
    if entry.qualifier == LATEST or (alias is not None and alias.get("function_version") == LATEST):
        yield Finding(
            "provisioned-on-latest",
            Level.ERROR,
            address,
            "a published version",
            f"provisioned concurrency is set for {LATEST}, and Lambda takes a published version or an alias of one "
            "(Lambda guide, provisioned concurrency)",
            "publish versions (publish = true), and name an alias of a version",
        )
    if alias is not None and _weights(alias):
        is_certain = alias.get(_WEIGHTS) is not UNKNOWN
        name, shares = side.state.view.address(alias), "shares" if is_certain else "may share"
        yield Finding(
            "provisioned-on-weighted-alias",
            Level.ERROR if is_certain else Level.UNDECIDABLE,
            address,
            f"routing_config of {name}",
            f"{name} {shares} its traffic between two versions, and Lambda refuses provisioned concurrency for it "
            "while it does",
            "take away routing_config, or provision for a version",
        )


def _weights(alias: Resource) -> bool:
    weights = alias.get(_WEIGHTS)
    return weights is UNKNOWN or bool(weights)


def _alias(side: Side, entry: Provision) -> Resource | None:
    if entry.named.alias is not None:
        return entry.named.alias
    found, _ = side.state.follow(entry.resource, "qualifier", ALIAS)
    return found[0] if len(found) == 1 else side.callables.alias(entry.named.function, entry.qualifier)
