"""A stack with queues, streams and tables, of just enough, for tests of event sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.event_source import QueueSource, QueueSourceConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.queue import Queue, QueueConfig
from modules.stream import Stream, StreamConfig
from modules.table import Table, TableConfig
from modules.topic import Topic, TopicConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import target

WHERE = "dev-main-eu-west-1-orders"
API = f"{WHERE}/api"
OFF = {"enabled": False, "reason": "not what these tests are about"}
ALONE = {"dead_letters": {"kind": "none", "reason": "a test sends nothing"}, "alarms": OFF}
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
CALM: dict[str, Any] = {
    "code": CODE,
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "not what this test is about"}},
    "alarms": OFF,
}
UNRESERVED = {"reserved_concurrency": None, "unreserved_reason": "it keeps up with whatever comes"}
LOSSY: dict[str, Any] = {"discard_reason": "clicks are counted elsewhere", "alarms": OFF}
EXISTING = "arn:aws:sqs:{}:123456789012:jobs"


class Made:
    """A stack with a key, in which everything has just enough."""

    def __init__(self, work: Path, **fields: Any) -> None:
        self.stack = TargetStack(App(outdir=str(work)), target(**fields))
        self.key = Key(self.stack, "key")

    def function(self, name: str = "api", *, reserved: int | None = 10, **fields: Any) -> Function:
        given = {"reserved_concurrency": reserved} if reserved is not None else UNRESERVED
        config = FunctionConfig.parse({**CALM, **given, **fields})
        return Function(self.stack, name, config=config, network=None, key=self.key)

    def queue(self, name: str = "jobs", **fields: Any) -> Queue:
        return Queue(self.stack, name, config=QueueConfig.parse({**ALONE, **fields}), key=self.key)

    def stream(self, name: str = "clicks", **fields: Any) -> Stream:
        return Stream(self.stack, name, config=StreamConfig.parse({"alarms": OFF, **fields}), key=self.key)

    def table(self, **fields: Any) -> Table:
        given = {"partition_key": {"name": "id"}, "stream_view_type": "NEW_IMAGE", "alarms": OFF, **fields}
        return Table(self.stack, "orders", config=TableConfig.parse(given), key=self.key)

    def topic(self) -> Topic:
        return Topic(self.stack, "failed", config=TopicConfig.parse({"alarms": OFF}), key=self.key)

    def mapping(self) -> dict[str, Any]:
        """The only event source mapping."""
        found: dict[str, dict[str, Any]] = self.resources("aws_lambda_event_source_mapping")
        [mapping] = found.values()
        return mapping

    def reference(self, kind: str, attribute: str) -> str:
        """What refers to the only resource of a kind."""
        [name] = self.resources(kind)
        return f"${{{kind}.{name}.{attribute}}}"

    def resources(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.stack.to_terraform()["resource"].get(kind, {})
        return found


def refusal(build: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


def poll(made: Made, function: Function, queue: Any, name: str = "source", **fields: Any) -> QueueSource:
    config = QueueSourceConfig.parse(fields)
    return QueueSource(made.stack, name, function=function, queue=queue, config=config)
