"""A stack of our own modules that holds whatever a defect can be made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modules.bucket import Bucket
from modules.core.target import Target
from modules.database import Database, DatabaseConfig, DatabaseProxy, DatabaseProxyConfig
from modules.event_source import QueueSource, QueueSourceConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from modules.release import Release
from modules.secret import Secret, SecretConfig
from stacks.base import TargetStack
from tests.apply.harness import TARGET, synthesize

_CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n", "runtime": "python3.13"}


def build(stack: TargetStack) -> None:
    """A function with a release, which works on a queue, keeps invoices in a bucket, and orders in a database."""
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    places = {
        "cidr": "10.20.0.0/16",
        "availability_zones": ["eu-west-1a", "eu-west-1b"],
        "egress": "nat_per_zone",
        "endpoints": {"gateway": ["s3"], "interface": ["secretsmanager"]},
    }
    network = Network(stack, "network", config=NetworkConfig.parse(places), key=key, alarm_topic=topic)
    kept = DatabaseConfig.parse({"database_name": "orders", "master_username": "orders"})
    database = Database(stack, "database", config=kept, network=network, key=key, alarm_topic=topic)
    proxy = DatabaseProxy(stack, "proxy", database=database, config=DatabaseProxyConfig(), alarm_topic=topic)
    jobs = Queue(stack, "jobs", config=QueueConfig(visibility_timeout_seconds=180), key=key, alarm_topic=topic)
    invoices = Bucket(stack, "invoices", key=key)
    token = SecretConfig.parse({"rotation_off_reason": "the payment provider renews it"})
    payments = Secret(stack, "payments", config=token, key=key)

    fields: dict[str, Any] = {
        "code": _CODE,
        "reserved_concurrency": 20,
        "alias": {"shift": "codedeploy"},
        "internet_egress_reason": "calls the payment provider",
    }
    worker = Function(stack, "worker", config=FunctionConfig.parse(fields), network=network, key=key, alarm_topic=topic)
    worker.connect_to(proxy, user="orders")
    worker.connect_to(invoices)
    worker.connect_to(payments)
    polled = QueueSourceConfig(maximum_concurrency=5)
    QueueSource(stack, "jobs-of-worker", function=worker, queue=jobs, config=polled, alarm_topic=topic)
    Release(stack, "release", function=worker, alarm_topic=topic)


def document(work: Path) -> dict[str, Any]:
    """The synthesized JSON of the stack."""
    folder = synthesize(build, Target.parse(TARGET), work)
    found: dict[str, Any] = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    return found
