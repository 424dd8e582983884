"""Declared usage: what a plan cannot tell, a month, by resource.

    functions:
      aws_lambda_function.api: {requests: 10000000, duration_ms: 200}
    nat_gateways:
      "*": {gb: 500}

Resources are named by address, where `*` stands for any text; an amount holds for each resource that matches, and the
most exact name wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from analysis.cost.fields import Amount
from analysis.yaml_file import mapping_in
from modules.core.config import ConfigModel
from modules.core.errors import ConfigError
from modules.core.fields import Text

_Count = Annotated[Decimal, Amount("a month")]
_Gb = Annotated[Decimal, Amount("GB a month")]
_ZERO = Decimal(0)


class FunctionUsage(ConfigModel):
    """Usage of a function."""

    requests: _Count = Field(description="Invocations a month.")
    duration_ms: Annotated[Decimal, Amount("ms", 900_000)] = Field(description="Average billed duration, in ms.")
    spillover_requests: _Count = Field(
        default=_ZERO, description="Of the requests, those that provisioned concurrency does not serve."
    )
    provisioned_hours: Annotated[Decimal, Amount("hours a month", 744)] = Field(
        default=Decimal(730), description="Hours a month for which provisioned concurrency is kept."
    )
    scaled_environments: Annotated[Decimal, Amount("environments")] | None = Field(
        default=None,
        description="Environments that scaling keeps above the least of provisioned concurrency, on average.",
    )
    restores: _Count = Field(default=_ZERO, description="Starts of an environment from a SnapStart snapshot, a month.")
    streamed_gb: _Gb = Field(default=_ZERO, description="Streamed GB beyond the first 6 MB of each response.")


class TrafficUsage(ConfigModel):
    """Data through a NAT gateway or an endpoint."""

    gb: _Gb = Field(description="GB a month, both ways.")


class LogUsage(ConfigModel):
    """Usage of a log group."""

    ingested_gb: _Gb = Field(description="GB written a month.")
    stored_gb: _Gb = Field(default=_ZERO, description="GB kept, compressed, on average.")


class RequestUsage(ConfigModel):
    """Requests to a queue, an API, a key or a secret; invocations of a schedule."""

    requests: _Count = Field(description="Requests a month, as the service bills them.")


class TableUsage(ConfigModel):
    """Usage of a DynamoDB table."""

    reads: _Count = Field(description="Read request units a month.")
    writes: _Count = Field(description="Write request units a month.")
    stored_gb: _Gb = Field(default=_ZERO, description="GB stored, on average.")


class FileSystemUsage(ConfigModel):
    """Usage of an EFS file system."""

    stored_gb: _Gb = Field(description="GB in Standard storage, on average.")
    infrequent_gb: _Gb = Field(default=_ZERO, description="GB in Infrequent Access, on average.")
    archive_gb: _Gb = Field(default=_ZERO, description="GB in Archive, on average.")
    read_gb: _Gb = Field(default=_ZERO, description="GB read a month, with elastic throughput.")
    written_gb: _Gb = Field(default=_ZERO, description="GB written a month, with elastic throughput.")


class LoadBalancerUsage(ConfigModel):
    """Usage of a load balancer."""

    lcu: Annotated[Decimal, Amount("capacity units")] = Field(description="Load balancer capacity units, on average.")


class ClusterUsage(ConfigModel):
    """Usage of an Aurora cluster."""

    acu: Annotated[Decimal, Amount("Aurora capacity units", 256)] | None = Field(
        default=None, description="Aurora capacity units of each serverless instance, on average."
    )
    stored_gb: _Gb = Field(default=_ZERO, description="GB stored, on average.")
    requests: _Count = Field(default=_ZERO, description="Storage requests a month.")


_Use = TypeVar("_Use", bound=ConfigModel)
_Named: Any = Field(default_factory=dict, description="By address; `*` stands for any text.")


class Usage(ConfigModel):
    """Declared usage of a plan's resources, and of its account.

    Raises:
        ConfigError: with every refused field.
    """

    functions: dict[Text, FunctionUsage] = _Named
    nat_gateways: dict[Text, TrafficUsage] = _Named
    endpoints: dict[Text, TrafficUsage] = _Named
    log_groups: dict[Text, LogUsage] = _Named
    queues: dict[Text, RequestUsage] = _Named
    apis: dict[Text, RequestUsage] = _Named
    keys: dict[Text, RequestUsage] = _Named
    secrets: dict[Text, RequestUsage] = _Named
    schedules: dict[Text, RequestUsage] = _Named
    tables: dict[Text, TableUsage] = _Named
    file_systems: dict[Text, FileSystemUsage] = _Named
    load_balancers: dict[Text, LoadBalancerUsage] = _Named
    clusters: dict[Text, ClusterUsage] = _Named
    internet_gb: _Gb = Field(default=_ZERO, description="GB to the internet a month.")
    cross_zone_gb: _Gb = Field(default=_ZERO, description="GB between zones a month, each way counted.")
    custom_metrics: _Count = Field(default=_ZERO, description="Custom metrics that data are sent of.")

    def unmatched(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Names that stand for none of these addresses, such as `functions.aws_lambda_function.old`."""
        known = dict.fromkeys(addresses)
        return tuple(
            f"{kind}.{name}"
            for kind in sorted(KINDS)
            for name in sorted(getattr(self, kind))
            if name not in known and not ("*" in name and any(_matches(name, address) for address in known))
        )


KINDS = frozenset(name for name, field in Usage.model_fields.items() if field.default_factory is dict)
"""Fields of `Usage` that name resources."""


def use_of(named: Mapping[str, _Use], address: str) -> _Use | None:
    """What is declared for a resource: by its address, else by the longest pattern that matches."""
    if address in named:
        return named[address]
    found = [name for name in named if "*" in name and _matches(name, address)]
    return named[min(found, key=lambda name: (-len(name), name))] if found else None


def read_usage(path: Path) -> Usage:
    """Read declared usage from a YAML file.

    Raises:
        ConfigError: with every refused field, or the file cannot be read or is not YAML.
    """
    shown = str(path)
    try:
        data = mapping_in(path, shown, fix="correct it", allowed="usage is a mapping such as functions or nat_gateways")
    except OSError as error:
        raise ConfigError.single(shown, f"the file cannot be read: {error.strerror}", "", "name another") from None
    return Usage.parse(data, where=shown)


def _matches(pattern: str, address: str) -> bool:
    return _compiled(pattern).fullmatch(address) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
