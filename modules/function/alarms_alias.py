"""Alarms of a function's alias: what a release waits for, and its provisioned concurrency.

Metrics of an alias have the dimensions FunctionName and Resource, written `name:alias`; those of one version behind it
have ExecutedVersion besides (Lambda guide, viewing metrics).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from modules.function.alarms import health_alarms
from modules.function.config import FunctionConfig
from modules.observability import AlarmSpec

_NAMESPACE, _ABOVE = "AWS/Lambda", "GreaterThanThreshold"


def release_alarms(function_name: str, config: FunctionConfig, *, version: str) -> tuple[AlarmSpec, ...]:
    """Alarms that a release may be stopped by; none where the alias always points to one version.

    Args:
        function_name: the function's name, as a token.
        config: the function's.
        version: the version that was published last, as a token.
    """
    alias = config.alias
    if alias is None or (alias.shift != "codedeploy" and alias.routing is None):
        return ()
    dimensions = _of_alias(function_name, alias.name)
    new = version if alias.routing is None else str(alias.routing.additional_version)
    errors, *_ = health = health_alarms(dimensions, config, prefix="alias-")
    return (
        *health,
        replace(
            errors,
            id="version-errors",
            description="Invocations of the new version end in an error.",
            dimensions={**dimensions, "ExecutedVersion": new},
            periods=1,
            datapoints=1,
        ),
    )


def provisioned_alarms(function_name: str, config: FunctionConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of provisioned concurrency that does not suffice."""
    alias = config.alias
    if alias is None or alias.provisioned_concurrency is None:
        return ()
    return tuple(_provisioned(_of_alias(function_name, alias.name), config))


def _provisioned(dimensions: Mapping[str, str], config: FunctionConfig) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        id="provisioned-spillover",
        description="Invocations found no provisioned environment and had to start one of their own.",
        namespace=_NAMESPACE, metric="ProvisionedConcurrencySpilloverInvocations", statistic="Sum",
        dimensions=dimensions, comparison=_ABOVE, threshold=0, periods=5, datapoints=5,
    )  # fmt: skip
    yield AlarmSpec(
        id="provisioned-utilization",
        description="Nearly all provisioned environments are in use; spillover is next.",
        namespace=_NAMESPACE, metric="ProvisionedConcurrencyUtilization", statistic="Maximum",
        dimensions=dimensions, comparison=_ABOVE, threshold=config.alarms.provisioned_percent / 100,
        periods=10, datapoints=10,
    )  # fmt: skip


def _of_alias(function_name: str, alias: str) -> dict[str, str]:
    return {"FunctionName": function_name, "Resource": f"{function_name}:{alias}"}
