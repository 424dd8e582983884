"""One dashboard that shows the way of a request, from the trigger to the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.target import Target
from modules.dashboard.config import DashboardConfig
from modules.dashboard.layout import Placed, Row, Section, body, limit_problems, place
from modules.dashboard.logs import alarm_rows, log_rows
from modules.dashboard.stores import file_system_row, proxy_row, table_row
from modules.dashboard.triggers import bus_row, queue_row, stream_row, topic_row
from modules.dashboard.views import (
    alarm_names_of,
    key_of,
    row_of_cache,
    row_of_database,
    rows_of_functions,
    rows_of_network,
    title_of,
)
from modules.dashboard.widgets import Text

if TYPE_CHECKING:  # what a stack has none of is not loaded for its dashboard
    from modules.bus import BusBase
    from modules.cache.base import CacheBase
    from modules.database import DatabaseBase
    from modules.database.proxy_base import ProxyBase
    from modules.filesystem.base import FileSystemBase
    from modules.function import ExistingFunction, Function
    from modules.network import NetworkBase
    from modules.observability.log_source import LogSource
    from modules.queue import QueueBase
    from modules.stream import StreamBase
    from modules.table import TableBase
    from modules.topic import TopicBase


class Dashboard(Construct):
    """A dashboard of what it is given, in the order of the path; make it last, so that it knows every alarm.

    Attributes:
        name: its name.
        alarm_names: alarms whose states it shows.

    Raises:
        ConfigError: CloudWatch would refuse it, or a function is given a period that the dashboard does not show.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: DashboardConfig | None = None,
        topics: Sequence[TopicBase] = (),
        buses: Sequence[BusBase] = (),
        queues: Sequence[QueueBase] = (),
        streams: Sequence[StreamBase] = (),
        functions: Sequence[Function | ExistingFunction] = (),
        network: NetworkBase | None = None,
        proxies: Sequence[ProxyBase] = (),
        databases: Sequence[DatabaseBase] = (),
        caches: Sequence[CacheBase] = (),
        tables: Sequence[TableBase] = (),
        file_systems: Sequence[FileSystemBase] = (),
        alarms: Sequence[str] = (),
    ) -> None:
        """Make it; the order in which things are given changes nothing.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; part of the dashboard's name.
            config: periods, and how far back it begins.
            topics: what publishes to functions and queues.
            buses: event buses.
            queues: what functions poll or send to.
            streams: likewise.
            functions: the functions.
            network: where they live; its NAT gateways and interface endpoints are shown.
            proxies: what they reach databases through.
            databases: instances and clusters.
            caches: caches.
            tables: DynamoDB tables.
            file_systems: file systems.
            alarms: names of further alarms, such as composite ones; those of everything above are known.
        """
        super().__init__(scope, construct_id)
        config, target = config or DashboardConfig(), target_of(self)
        self._require_known(config, functions)
        shown = (
            *topics, *buses, *queues, *streams, *functions, *((network,) if network else ()), *proxies, *databases,
            *caches, *tables, *file_systems,
        )  # fmt: skip
        self.alarm_names = tuple(sorted({*alarm_names_of(shown), *alarms}))
        cached = tuple(row for row in map(row_of_cache, caches) if row is not None)
        triggers = (
            *(topic_row(key_of(each), title_of(each), each.name) for each in topics),
            *(bus_row(key_of(each), title_of(each), each.name) for each in buses),
            *map(_queue_row, queues),
            *(stream_row(key_of(each), title_of(each), each.name) for each in streams),
        )
        stores = (
            *map(row_of_database, databases),
            *cached,
            *(table_row(key_of(each), title_of(each), each.name) for each in tables),
            *(file_system_row(key_of(each), title_of(each), each.file_system_id) for each in file_systems),
        )
        placed = place(
            (
                Section("", (_head(target),)),
                Section("Triggers", triggers),
                Section("Functions", rows_of_functions(functions, config.function_period_seconds)),
                Section("Network", tuple(rows_of_network(network, target)) if network is not None else ()),
                Section("Proxies", tuple(proxy_row(key_of(each), title_of(each), each.name) for each in proxies)),
                Section("Data", stores),
                Section("Alarms", alarm_rows(target.arn("cloudwatch", f"alarm:{name}") for name in self.alarm_names)),
                Section("Logs", tuple(log_rows(_logs(functions)))),
            )
        )
        self.name = self._write(placed, config, target)

    def _write(self, placed: Sequence[Placed], config: DashboardConfig, target: Target) -> str:
        problems = tuple(limit_problems(placed))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        # Dashboards of all regions share one list of names (PutDashboard).
        name = config.name or target.naming.name(
            f"{self.node.id}-{target.region}", max_length=limits.CLOUDWATCH_MAX_DASHBOARD_NAME_LENGTH
        )
        text = body(placed, config=config, region=target.region)
        CloudwatchDashboard(self, "dashboard", dashboard_name=name, dashboard_body=text)
        return name

    def _require_known(self, config: DashboardConfig, functions: Sequence[Function | ExistingFunction]) -> None:
        known = sorted(each.node.id for each in functions)
        problems = [
            Problem(
                "",
                f'function_period_seconds holds "{name}"',
                f"the dashboard shows the functions {', '.join(known) or '(none)'}",
                "correct it, or pass the function",
            )
            for name in sorted(config.function_period_seconds.keys() - set(known))
        ]
        if problems:
            raise ConfigError(problems).within(self.node.path)


def _head(target: Target) -> Row:
    words = f"# {target.naming.prefix}, {target.region}\nWritten by Terraform: what is changed here is lost."
    return Row("", (Text(words),), height=2)


def _queue_row(queue: QueueBase) -> Row:
    letters = getattr(queue, "dead_letter_queue", None)  # an existing queue's is not known
    name = letters.name if letters is not None else ""
    return queue_row(key_of(queue), title_of(queue), queue.name, dead_letter_queue_name=name)


def _logs(functions: Sequence[Function | ExistingFunction]) -> list[tuple[str, LogSource]]:
    """Path and log group of each function; that of an existing one is not known."""
    found = ((key_of(each), getattr(each, "logs", None)) for each in functions)
    return [(path, logs) for path, logs in found if logs is not None]
