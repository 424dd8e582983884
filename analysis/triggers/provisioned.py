"""Provisioned concurrency that AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import EMPTY
from analysis.triggers.functions import ALIAS, functions_of

_WEIGHTED = "provisioned-concurrency-of-weighted-alias"
_SNAP_START = "provisioned-concurrency-with-snap-start"
_WEIGHTS = "routing_config.additional_version_weights"


def provisioned_findings(plan: Plan) -> Iterator[Finding]:
    """Provisioned concurrency of a weighted alias, or of a function with SnapStart (Lambda guide)."""
    for config in plan.of("aws_lambda_provisioned_concurrency_config"):
        functions = functions_of(plan, config)
        for alias in _aliases(plan, config, functions):
            yield from _weighted(config, alias)
        for function in functions:
            yield from _snap_start(config, function)


def _aliases(plan: Plan, config: Resource, functions: tuple[Resource, ...]) -> tuple[Resource, ...]:
    named = plan.links(config, "qualifier", ALIAS).resources
    if named:
        return named
    qualifier = config.get("qualifier")
    return tuple(
        alias
        for alias in plan.of(ALIAS)
        if isinstance(qualifier, str)
        and alias.get("name") == qualifier
        and set(functions_of(plan, alias)) & set(functions)
    )


def _weighted(config: Resource, alias: Resource) -> Iterator[Finding]:
    weights = alias.get(_WEIGHTS)
    if weights is UNKNOWN:
        missing = f"{alias.address}.{_WEIGHTS}"
        message = f"whether {alias.address} splits its invocations is not known, and AWS then refuses it"
        yield Finding(_WEIGHTED, Level.UNDECIDABLE, config.address, missing, message, "write the weights out")
    elif weights not in EMPTY:
        yield Finding(
            _WEIGHTED,
            Level.ERROR,
            config.address,
            f"{alias.address} has weights",
            f"AWS refuses provisioned concurrency of {alias.address}, as the alias splits its invocations by weights",
            f"remove routing_config of {alias.address}, or provision versions in place of the alias",
        )


def _snap_start(config: Resource, function: Resource) -> Iterator[Finding]:
    if function.get("snap_start.apply_on") == "PublishedVersions":
        yield Finding(
            _SNAP_START,
            Level.ERROR,
            config.address,
            f"{function.address} has SnapStart",
            f"AWS refuses provisioned concurrency of {function.address}, as its published versions use SnapStart",
            f"remove snap_start of {function.address}, or the provisioned concurrency",
        )
