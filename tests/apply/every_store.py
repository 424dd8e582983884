"""A stack with a function for each store, each connected to its own and to nothing else; and builds in its network."""

from __future__ import annotations

from typing import Any

from modules.bucket import Bucket, BucketConfig
from modules.build_project import BuildProject, BuildProjectConfig
from modules.bus import Bus, BusConfig
from modules.cache import Cache, CacheConfig
from modules.core.connections import Connectable
from modules.database import Database, DatabaseConfig, DatabaseProxy, DatabaseProxyConfig
from modules.filesystem import FileSystem, FileSystemConfig
from modules.function import Function, FunctionConfig
from modules.key import Key, KeyConfig
from modules.network import Network, NetworkConfig
from modules.queue import Queue, QueueConfig
from modules.secret import Secret, SecretConfig
from modules.state_machine import StateMachine, StateMachineConfig
from modules.stream import Stream, StreamConfig
from modules.table import Table, TableConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack

OFF = {"enabled": False, "reason": "alarms are not what this stack is about"}
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
FUNCTION = {
    "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
    "reserved_concurrency": 5,
    "attachment": {"security_group": "own"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "nothing is sent to it"}},
    "alarms": OFF,
}
OUTSIDE = {**FUNCTION, "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"}}
ENDPOINTS = {
    "interface": ["events", "kinesis-streams", "kms", "secretsmanager", "sns", "sqs"],
    "subnet_attachment": "inline",
}
NETWORK = {
    "cidr": "10.30.0.0/16",
    "availability_zones": ["eu-west-1a", "eu-west-1b"],
    "endpoints": ENDPOINTS,
    "alarms": OFF,
}

SECRET = {"rotation_off_reason": "made by a test", **GONE}
BUILDS = {
    "buildspec": "version: 0.2\nphases:\n  build:\n    commands: [make]\n", "aws_services": ["sqs"], "alarms": OFF,
}  # fmt: skip
FLOW = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
EXPRESS = {"type": "EXPRESS", "log_level": "ERROR", "alarms": OFF}
TABLE = {"partition_key": {"name": "id", "type": "S"}, "alarms": OFF, **GONE}


def build(stack: TargetStack) -> None:
    """The stores with a function for each, and one that starts builds and executions."""
    key = Key(stack, "key")
    network = Network(stack, "network", config=NetworkConfig.parse(NETWORK), key=key)
    stack.output("vpc_id", network.vpc_id, "The VPC")
    for name, (store, choices) in stores(stack, network, key).items():
        function = Function(stack, f"to-{name}", config=FunctionConfig.parse(FUNCTION), network=network, key=key)
        function.connect_to(store, **choices)
    builds = BuildProject(stack, "builds", config=BuildProjectConfig.parse(BUILDS), key=key, network=network)
    flow = StateMachine(stack, "flow", definition=FLOW, config=StateMachineConfig.parse(EXPRESS), key=key)
    starter = Function(stack, "starter", config=FunctionConfig.parse(OUTSIDE), network=None, key=key)
    starter.connect_to(builds)
    starter.connect_to(flow)


def stores(stack: TargetStack, network: Network, key: Key) -> dict[str, tuple[Connectable, dict[str, Any]]]:
    """Each store, and what its function asks of it."""
    inside: dict[str, Any] = {"network": network, "key": key}
    names = {"database_name": "orders", "master_username": "orders"}
    database = Database(
        stack, "database", config=DatabaseConfig.parse({**names, "alarms": OFF, **GONE}), network=network, key=key
    )
    pool = DatabaseProxyConfig.parse({"alarms": OFF, "max_connections_percent": 50})
    points = {"access_points": {"orders": {"path": "/orders"}}}
    return {
        "bucket": (Bucket(stack, "bucket", config=BucketConfig.parse({**GONE, "alarms": OFF}), key=key), {}),
        "bus": (Bus(stack, "bus", config=BusConfig.parse({**GONE, "alarms": OFF}), key=key), {}),
        "cache": (
            Cache(stack, "cache", config=CacheConfig.parse({"users": {"app": {}}, **GONE, "alarms": OFF}), **inside),
            {},
        ),
        "database": (database, {"user": "app"}),
        "files": (
            FileSystem(stack, "files", config=FileSystemConfig.parse({**points, **GONE, "alarms": OFF}), **inside),
            {"access_point": "orders", "path": "/mnt/orders"},
        ),
        "key": (Key(stack, "signing", config=KeyConfig()), {}),
        "proxy": (DatabaseProxy(stack, "proxy", database=database, config=pool), {"user": "orders"}),
        "queue": (Queue(stack, "queue", config=QueueConfig.parse({"alarms": OFF}), key=key), {"access": "send"}),
        "secret": (Secret(stack, "secret", config=SecretConfig.parse(SECRET), key=key), {}),
        "stream": (Stream(stack, "stream", config=StreamConfig.parse({**GONE, "alarms": OFF}), key=key), {}),
        "table": (Table(stack, "table", config=TableConfig.parse(TABLE), key=key), {}),
        "topic": (Topic(stack, "topic", config=TopicConfig.parse({"alarms": OFF}), key=key), {}),
    }
