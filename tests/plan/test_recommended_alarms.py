"""Each alarm that CloudWatch recommends for the services of a function's path, in the plan of one stack that has them.

The rows are those of the page "Recommended alarms" in the CloudWatch guide for Lambda, NAT gateways, endpoints, RDS,
SQS, SNS, Kinesis and EFS; a period is 60 seconds.
Where an alarm of ours differs on purpose, its row says in what and why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.emulator import Emulator
from modules.database import Database, DatabaseCluster, DatabaseClusterConfig, DatabaseConfig
from modules.filesystem import FileSystem, FileSystemConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AccountAlarms, AccountAlarmsConfig, AlarmTopic
from modules.queue import Queue, QueueConfig
from modules.stream import Stream, StreamConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack
from tests.apply.harness import planned
from tests.provider_process import ProviderProcesses

pytestmark = pytest.mark.plan

GONE = {"removal": "destroy", "removal_reason": "made by a test"}
FILES: dict[str, Any] = {"access_points": {"orders": {"path": "/orders"}}, "throughput_mode": "bursting", **GONE}
NAMES = {"database_name": "orders", "master_username": "orders"}
FUNCTION: dict[str, Any] = {
    "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
    "reserved_concurrency": None,
    "unreserved_reason": "the alarm against the account's quota is looked for",
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "nothing is sent to it"}},
    "alarms": {"account_concurrency_quota": 1_000},
    "insights": {
        "layer_version_arn": "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20",
        "log_group_exists": True,
    },
}
NETWORK = {
    "cidr": "10.40.0.0/16",
    "availability_zones": ["eu-west-1a", "eu-west-1b"],
    "egress": {"strategy": "nat_single", "zone": "eu-west-1a"},
    "endpoints": {"interface": ["sqs"]},
}
DATABASE = {**NAMES, **GONE, "instance_class": "db.t4g.medium", "replicas": {"reader": {}},
            "master_password_rotation_off_reason": "it has a replica"}  # fmt: skip


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    told: dict[str, Any] = {"key": key, "alarm_topic": topic}
    network = Network(stack, "network", config=NetworkConfig.parse(NETWORK), **told)
    inside = {**told, "network": network}
    quota = AccountAlarmsConfig(concurrent_executions_quota=1_000)
    AccountAlarms(stack, "account", config=quota, alarm_topic=topic)
    Function(stack, "api", config=FunctionConfig.parse(FUNCTION), **inside)
    Queue(stack, "jobs", config=QueueConfig.parse({"alarms": {"expects_messages": True}}), **told)
    Topic(stack, "news", config=TopicConfig(), **told)
    Stream(stack, "clicks", config=StreamConfig.parse(GONE), **told)
    FileSystem(stack, "files", config=FileSystemConfig.parse(FILES), **inside)
    Database(stack, "database", config=DatabaseConfig.parse(DATABASE), **inside)
    aurora = {**NAMES, **GONE, "cluster_type": {"kind": "provisioned"}}
    DatabaseCluster(stack, "aurora", config=DatabaseClusterConfig.parse(aurora), **inside)


@dataclass(frozen=True)
class Recommended:
    """A row of the page, and our threshold in this stack.

    Attributes:
        threshold: the number that our alarm has here.
        why: what the threshold is, or what CloudWatch says of it.
        points: datapoints to alarm and evaluation periods, which are the same in every row.
        differs: what of our alarm is different, and the reason.
        ours: the parts that are different.
    """

    namespace: str
    metric: str
    dimensions: frozenset[str]
    statistic: str
    comparison: str
    threshold: float
    why: str
    points: int
    differs: str = ""
    ours: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        names = ", ".join(sorted(self.dimensions)) or "account"
        return f"{self.namespace} {self.metric}, {names}, {self.points} minutes"

    @property
    def wanted(self) -> tuple[Any, ...]:
        """What the plan must hold."""
        row = {name: getattr(self, name) for name in _PARTS}
        return tuple({**row, **self.ours}.values())


_PARTS = ("namespace", "metric", "dimensions", "statistic", "comparison", "threshold", "points")


def row(
    metric: str, dimensions: str, statistic: str, sign: str, threshold: float, why: str, points: int, **other: Any
) -> Recommended:
    namespace, _, name = metric.partition(" ")
    names = frozenset(dimensions.split(", ")) if dimensions else frozenset[str]()
    return Recommended(namespace, name, names, statistic, _SIGNS[sign], threshold, why, points, **other)


_SIGNS = {
    ">": "GreaterThanThreshold", ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold", "<=": "LessThanOrEqualToThreshold",
}  # fmt: skip
_GIB = 2**30
_INSTANCE = "DBInstanceIdentifier"
_ENDPOINT = frozenset({"Endpoint Type", "Service Name", "VPC Endpoint Id", "VPC Id"})

ROWS = [
    row("AWS/Lambda ClaimedAccountConcurrency", "", "Maximum", ">", 900, "90 percent of the account's quota", 10),
    row("AWS/Lambda ConcurrentExecutions", "FunctionName", "Maximum", ">", 900, "90 percent of the quota", 10),
    row("AWS/Lambda Errors", "FunctionName", "Sum", ">", 0, "left to the use; 0 to begin with", 3),
    row("AWS/Lambda Throttles", "FunctionName", "Sum", ">=", 0, "left to the use", 5,
        differs="above 0 says the same of a count as at least 1", ours={"comparison": _SIGNS[">"]}),
    row("AWS/Lambda Duration", "FunctionName", "p90", ">", 24_000, "below the timeout: 80 percent of it", 15),
    row("LambdaInsights memory_utilization", "function_name", "Average", ">", 90, "percent", 10),
    row("AWS/NATGateway ErrorPortAllocation", "NatGatewayId", "Sum", ">", 0, "none is normal", 15),
    row("AWS/NATGateway PacketsDropCount", "NatGatewayId", "Sum", ">", 0.01, "0.01 percent of the traffic", 5,
        differs="the share is computed from the packets themselves, so that it holds with any traffic"),
    row("AWS/PrivateLinkEndpoints PacketsDropped",
        "Endpoint Type, Service Name, Subnet Id, VPC Endpoint Id, VPC Id", "Sum", ">", 100, "left to the use", 5,
        differs="one alarm over all subnets of an endpoint: which one it is, the dashboard shows",
        ours={"dimensions": _ENDPOINT}),
    row("AWS/RDS CPUUtilization", _INSTANCE, "Average", ">", 90, "percent", 5),
    row("AWS/RDS DatabaseConnections", _INSTANCE, "Average", ">", 405, "90 percent of max_connections", 5),
    row("AWS/RDS EBSByteBalance%", _INSTANCE, "Average", "<", 10, "percent", 3),
    row("AWS/RDS EBSIOBalance%", _INSTANCE, "Average", "<", 10, "percent", 3),
    row("AWS/RDS FreeableMemory", _INSTANCE, "Average", "<", _GIB, "a quarter of the memory of 4 GiB", 15),
    row("AWS/RDS FreeLocalStorage", _INSTANCE, "Average", "<", _GIB, "10 to 20 percent", 5,
        differs="1 GiB, as the size of the local storage follows from the class and is in no table of AWS's API"),
    row("AWS/RDS FreeStorageSpace", _INSTANCE, "Minimum", "<", 2 * _GIB, "a tenth of the 20 GiB allocated", 5),
    row("AWS/RDS MaximumUsedTransactionIDs", _INSTANCE, "Average", ">", 1e9, "half of what stops PostgreSQL", 1),
    row("AWS/RDS ReadLatency", _INSTANCE, "p90", ">", 0.02, "left to the use; 20 ms deserve a look", 5),
    row("AWS/RDS WriteLatency", _INSTANCE, "p90", ">", 0.02, "left to the use; 20 ms deserve a look", 5),
    row("AWS/RDS ReplicaLag", _INSTANCE, "Maximum", ">", 60, "seconds", 10),
    row("AWS/RDS DBLoad", _INSTANCE, "Average", ">", 2, "the number of processors", 15),
    row("AWS/RDS BufferCacheHitRatio", _INSTANCE, "Average", "<", 80, "percent", 10),
    row("AWS/RDS EngineUptime", "DBClusterIdentifier, Role", "Average", "<=", 0, "it does not run", 2),
    row("AWS/SQS ApproximateAgeOfOldestMessage", "QueueName", "Maximum", ">=", 3_600, "left to the use", 15),
    row("AWS/SQS ApproximateNumberOfMessagesNotVisible", "QueueName", "Average", ">=", 108_000,
        "90 percent of the quota of messages in flight", 15),
    row("AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName", "Average", ">=", 1_000, "left to the use", 15),
    row("AWS/SQS NumberOfMessagesSent", "QueueName", "Sum", "<=", 0, "nobody sends", 15),
    row("AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName", "Maximum", ">", 0,
        "of a dead-letter queue; a rule of ours, for the page has none", 1),
    row("AWS/SNS NumberOfNotificationsFailed", "TopicName", "Sum", ">", 0, "left to the use", 5),
    row("AWS/SNS NumberOfNotificationsRedrivenToDlq", "TopicName", "Sum", ">", 0, "none is normal", 5),
    row("AWS/EFS PercentIOLimit", "FileSystemId", "Average", ">=", 100, "percent", 15),
    row("AWS/EFS BurstCreditBalance", "FileSystemId", "Average", "<=", 0, "none is left", 15),
    row("AWS/Kinesis GetRecords.IteratorAgeMilliseconds", "StreamName", "Maximum", ">", 900_000,
        "left to the use: a quarter of an hour, of the day that records are kept", 15),
]  # fmt: skip

NOT_BUILT = {
    "AWS/ApiGateway": "4XXError, 5XXError, Count, IntegrationLatency, Latency, 4xx, 5xx, ExecutionError, ClientError: "
    "the suite builds no API of API Gateway",
    "AWS/Scheduler": "TargetErrorThrottledCount, InvocationThrottleCount, InvocationDroppedCount: the suite builds no "
    "schedule of EventBridge Scheduler",
}
"""Namespaces of the page that no row has, each with its metrics and the reason."""


@pytest.fixture(scope="module")
def alarms(providers: ProviderProcesses, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Alarms as they are planned.

    Of a map with a value that is known after apply only, a plan tells nothing; the names of such dimensions are those
    of the JSON that was planned.
    """
    work = tmp_path_factory.mktemp("recommended")
    with Emulator() as emulator:
        plan = planned(build, emulator=emulator, providers=providers, work=work)
    [file] = work.glob("cdktf.out/stacks/*/cdk.tf.json")
    written = json.loads(file.read_text(encoding="utf-8"))["resource"]["aws_cloudwatch_metric_alarm"]
    by_name = {alarm["alarm_name"]: alarm for alarm in written.values()}
    return [
        {**after, "written": by_name[after["alarm_name"]]}
        for after in (
            change.change["after"] for change in plan.resource_changes if change.type == "aws_cloudwatch_metric_alarm"
        )
    ]


@pytest.mark.parametrize("recommended", ROWS, ids=str)
def test_a_recommended_alarm_is_in_the_plan(recommended: Recommended, alarms: list[dict[str, Any]]) -> None:
    found = [each for alarm in alarms for each in watched(alarm)]

    assert recommended.wanted in found, [each for each in found if each[1] == recommended.metric]


def test_a_row_says_why_it_differs(alarms: list[dict[str, Any]]) -> None:
    assert all(recommended.differs for recommended in ROWS if recommended.ours)
    assert not {recommended.namespace for recommended in ROWS} & set(NOT_BUILT)
    assert not {alarm["namespace"] for alarm in alarms} & set(NOT_BUILT)


def test_every_alarm_is_told_to_the_topic_and_knows_what_silence_means(alarms: list[dict[str, Any]]) -> None:
    for alarm in alarms:
        assert alarm["treat_missing_data"] in {"breaching", "notBreaching"}, alarm["alarm_name"]
        assert alarm["written"]["alarm_actions"], alarm["alarm_name"]
        assert alarm["actions_enabled"] is True


def watched(alarm: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What an alarm watches, once for each metric of its expression."""
    rule = (alarm["comparison_operator"], alarm["threshold"], alarm["evaluation_periods"])
    assert alarm["datapoints_to_alarm"] == alarm["evaluation_periods"]
    if alarm["metric_name"]:
        statistic = alarm["statistic"] or alarm["extended_statistic"]
        names = frozenset(alarm["written"].get("dimensions") or {})
        assert names >= frozenset(alarm.get("dimensions") or {})
        yield (alarm["namespace"], alarm["metric_name"], names, statistic, *rule)
    dimensions = {
        query["id"]: frozenset(query["metric"].get("dimensions") or {})
        for query in alarm["written"].get("metric_query", ())
        if "metric" in query
    }
    for query in alarm["metric_query"]:
        for metric in query["metric"]:
            yield (metric["namespace"], metric["metric_name"], dimensions[query["id"]], metric["stat"], *rule)
