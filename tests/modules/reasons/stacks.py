"""Stacks in which every choice that takes a reason is made once; each reason names the field that it stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modules.bucket import Bucket, BucketConfig
from modules.cache import Cache, CacheConfig
from modules.database import (
    Database,
    DatabaseCluster,
    DatabaseClusterConfig,
    DatabaseConfig,
    DatabaseProxy,
    DatabaseProxyConfig,
)
from modules.event_source import QueueSource, QueueSourceConfig, StreamSource, StreamSourceConfig
from modules.filesystem import FileSystem, FileSystemConfig
from modules.function import Function, FunctionConfig
from modules.image_repository import ImageRepository, ImageRepositoryConfig
from modules.key import Key
from modules.network import (
    EndpointService,
    EndpointServiceConfig,
    Network,
    NetworkBase,
    NetworkConfig,
    NetworkLookupConfig,
)
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from modules.release import Release, ReleaseConfig
from modules.secret import Secret, SecretConfig
from modules.stream import Stream, StreamConfig
from modules.table import Table, TableConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack

A, B = "eu-west-1a", "eu-west-1b"
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
NAMES = {"database_name": "orders", "master_username": "owner"}
RULE = "arn:aws:events:eu-west-1:123456789012:rule/hourly"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/a/0123456789abcdef"
WILDCARDS = {"powerful": ["iam:PassRole", "sts:AssumeRole"], "reader": ["s3:GetObject", "cloudwatch:PutMetricData"]}
GONE = {"removal": "destroy", "removal_reason": "it may go"}


def why(field: str) -> str:
    """The reason that stands in a field."""
    return f"the reason in {field}"


def off(of: str) -> dict[str, Any]:
    """No alarms."""
    return {"enabled": False, "reason": why(f"{of}.alarms.reason")}


def lossy(of: str) -> dict[str, Any]:
    """No dead letters."""
    return {"dead_letters": {"kind": "none", "reason": why(f"{of}.dead_letters.reason")}}


class Base:
    """Key, alarm topic and network of one stack."""

    def __init__(self, stack: TargetStack) -> None:
        self.stack, self.key = stack, Key(stack, "key")
        self.topic = AlarmTopic(stack, "alarm-topic", key=self.key)
        self.network: NetworkBase | None = None

    @property
    def watched(self) -> dict[str, Any]:
        """What is encrypted and watched."""
        return {"key": self.key, "alarm_topic": self.topic}

    @property
    def inside(self) -> dict[str, Any]:
        """What stands in the network, too."""
        return {**self.watched, "network": self.network}

    def add_network(self, **fields: Any) -> None:
        """A network of two zones with endpoints only, unless `fields` say otherwise."""
        config = NetworkConfig.parse({"cidr": "10.20.0.0/16", "availability_zones": [A, B], **fields})
        self.network = Network(self.stack, "network", config=config, **self.watched)

    def function(self, name: str, parts: dict[str, Any] | None = None, **fields: Any) -> Function:
        """A function; `parts` go to the construct."""
        config = FunctionConfig.parse({"code": CODE, "reserved_concurrency": 5, **fields})
        is_detached = config.attachment.state == "detached"
        where = {**self.inside, "network": None if is_detached else self.network}
        return Function(self.stack, name, config=config, **where, **(parts or {}))

    def queue(self, name: str, **fields: Any) -> Queue:
        """A queue that hides messages for six times a function's timeout."""
        config = QueueConfig.parse({"visibility_timeout_seconds": 240, **fields})
        return Queue(self.stack, name, config=config, **self.watched)


def functions(stack: TargetStack) -> None:
    """What a function chooses."""
    base = Base(stack)
    base.add_network(endpoints={"interface": ["sqs"], "subnet_attachment": "inline"})
    unreserved = base.function(
        "unreserved",
        reserved_concurrency=None,
        unreserved_reason=why("FunctionConfig.unreserved_reason"),
        alarms={"account_concurrency_quota": 1000},
    )
    QueueSource(stack, "often", function=unreserved, queue=base.queue("jobs"))
    base.function("stopped", reserved_concurrency=0, disabled_reason=why("FunctionConfig.disabled_reason"))
    old = {"code": {**CODE, "runtime": "python3.9"}}
    others: dict[str, Any] = {
        "skip_destroy_reason": why("FunctionConfig.skip_destroy_reason"),
        "recursion": {"recursive_loop": "Allow", "allow_reason": why("RecursionConfig.allow_reason")},
        "runtime_management": {
            "update_runtime_on": "Manual",
            "runtime_version_arn": "arn:aws:lambda:eu-west-1::runtime:0",
            "unpatched_reason": why("RuntimeManagementConfig.unpatched_reason"),
        },
    }
    base.function("others", code={**CODE, "deployed_elsewhere_reason": why("CodeModel")}, **others)
    base.function("old", **old, deprecated_runtime_reason=why("FunctionConfig.deprecated_runtime_reason"))
    one = {"zones": [A], "single_zone_reason": why("AttachmentConfig.single_zone_reason")}
    base.function("zone", attachment=one)
    gone = {"state": "detached", "detaching_applied": why("AttachmentConfig.detaching_applied")}
    base.function("detached", attachment=gone)
    base.function(
        "image", code={"kind": "image", "uri": f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:{'a' * 64}"}
    )
    anything = why("StatementConfig.wildcard_resource_reason")
    role = {"arn": "arn:aws:iam::123456789012:role/app", "unchecked_reason": why("ExistingRoleConfig.unchecked_reason")}
    base.function("unchecked", role={"existing": role})
    for name, actions in WILDCARDS.items():
        statement = {"sid": "Any", "actions": actions, "resources": ["*"], "wildcard_resource_reason": anything}
        base.function(name, role={"statements": [statement]}, attachment=gone)
    base.function("public", url={"authorization": "NONE", "public_reason": why("UrlConfig.public_reason")})
    base.function("quiet", alarms=off("FunctionConfig"))
    forgets = base.function("forgets", asynchronous=lossy("AsynchronousConfig"), alias={})
    forgets.allow_invoke("hourly", principal="events.amazonaws.com", source_arn=RULE)
    kept = base.queue("kept", alarms=off("QueueConfig"))
    told = base.function(
        "told", {"on_failure": kept}, asynchronous=lossy("AsynchronousConfig"), alarms=off("FunctionConfig")
    )
    told.allow_invoke("hourly", principal="events.amazonaws.com", source_arn=RULE)


def sources(stack: TargetStack) -> None:
    """What queues, streams, topics and their consumers choose."""
    base = Base(stack)
    base.add_network()
    worker = base.function("worker", reserved_concurrency=100)

    def polls(name: str, queue: Queue, **fields: Any) -> None:
        QueueSource(
            stack,
            name,
            function=worker,
            queue=queue,
            config=QueueSourceConfig.parse({"maximum_concurrency": 2, **fields}),
        )

    polls("from-lossy", base.queue("lossy", **lossy("QueueConfig")))
    few = {"max_receive_count": 2, "max_receive_count_reason": why("RedriveConfig.max_receive_count_reason")}
    polls("from-few", base.queue("few", dead_letters=few))
    polls("from-quiet", base.queue("quiet", alarms=off("QueueConfig")))
    short = why("QueueSourceConfig.short_visibility_timeout_reason")
    polls("early", base.queue("early-jobs", visibility_timeout_seconds=60), short_visibility_timeout_reason=short)

    clicks = Stream(stack, "clicks", config=StreamConfig.parse({"alarms": off("StreamConfig")}), **base.watched)
    drops = StreamSourceConfig.parse({"discard_reason": why("RecordSourceConfig.discard_reason")})
    StreamSource(stack, "drops", function=worker, stream=clicks, config=drops, alarm_topic=base.topic)
    views = Stream(stack, "views", config=StreamConfig.parse({"alarms": off("StreamConfig")}), **base.watched)
    unseen = StreamSourceConfig.parse({"alarms": off("RecordSourceConfig")})
    viewer, failed = base.function("viewer"), base.queue("failed", alarms=off("QueueConfig"))
    StreamSource(stack, "unseen", function=viewer, stream=views, config=unseen, on_failure=failed)

    news = Topic(stack, "news", config=TopicConfig.parse(lossy("TopicConfig")), **base.watched)
    news.subscribe(base.queue("reader"))
    hushed = Topic(stack, "hushed", config=TopicConfig.parse({"alarms": off("TopicConfig")}), **base.watched)
    hushed.subscribe(base.queue("listener"))
    shift = {"rollback_on": ["DEPLOYMENT_FAILURE"], "rollback_on_reason": why("ReleaseConfig.rollback_on_reason")}
    released = base.function("released", alias={"shift": "codedeploy"})
    Release(stack, "release", function=released, config=ReleaseConfig.parse(shift), alarm_topic=base.topic)


def network(stack: TargetStack) -> None:
    """What a network chooses."""
    base = Base(stack)
    open_ = {"full_access_reason": why("EndpointPolicyConfig.full_access_reason")}
    base.add_network(
        availability_zones=[A],
        single_zone_reason=why("NetworkConfig.single_zone_reason"),
        egress={"strategy": "nat_single", "zone": A},
        endpoints={
            "interface": ["secretsmanager", "sqs"],
            "policies": dict.fromkeys(("dynamodb", "s3", "secretsmanager", "sqs"), open_),
        },
        flow_log={"traffic_type": "ACCEPT", "partial_reason": why("FlowLogConfig.partial_reason")},
        alarms=off("NetworkConfig"),
    )
    base.function("api")
    unseen = why("EndpointServiceConfig.automatic_acceptance_reason")
    offered = {"network_load_balancer_arns": [BALANCER], "automatic_acceptance_reason": unseen}
    EndpointService(stack, "offered", config=EndpointServiceConfig.parse(offered))


def unused_network(stack: TargetStack) -> None:
    """A network without functions, which nothing is asked of; nothing is skipped then."""
    partial = {"traffic_type": "ACCEPT", "partial_reason": why("FlowLogConfig.partial_reason")}
    Base(stack).add_network(flow_log=partial)


def existing_network(stack: TargetStack) -> None:
    """What is said of a network that stands outside."""
    base = Base(stack)
    found = {
        "vpc_tags": {"Name": "main"},
        "subnet_tags": {"private": {"tier": "private"}},
        "availability_zones": [A],
        "single_zone_reason": why("NetworkLookupConfig.single_zone_reason"),
        "parking_security_group_id": "sg-0123456789abcdef0",
        "endpoints": {"gateway": [], "interface": ["sqs"]},
    }
    base.network = Network.lookup(stack, "network", config=NetworkLookupConfig.parse(found))
    base.function("api")


def databases(stack: TargetStack) -> None:
    """What databases and their proxies choose."""
    base = Base(stack)
    base.add_network()
    fields = {
        "multi_az": False,
        "multi_az_off_reason": why("DatabaseConfig.multi_az_off_reason"),
        "performance_insights_off_reason": why("DatabaseConfig.performance_insights_off_reason"),
        "master_password_rotation_off_reason": why("DatabaseConfig.master_password_rotation_off_reason"),
        "removal": "destroy",
        "removal_reason": why("DatabaseConfig.removal_reason"),
        "alarms": off("DatabaseConfig"),
        "replicas": {
            "a": {"multi_az": True, "removal": "destroy", "removal_reason": why("ReplicaConfig.removal_reason")}
        },
    }
    database = Database(stack, "database", config=DatabaseConfig.parse({**NAMES, **fields}), **base.inside)
    pool = {
        "iam_auth": "DISABLED",
        "iam_auth_off_reason": why("DatabaseProxyConfig.iam_auth_off_reason"),
        "oversubscription_reason": why("DatabaseProxyConfig.oversubscription_reason"),
        "alarms": off("DatabaseProxyConfig"),
    }
    proxy = DatabaseProxy(stack, "proxy", database=database, config=DatabaseProxyConfig.parse(pool))
    base.function("api", reserved_concurrency=900).connect_to(proxy, user="owner")
    cluster = {
        "removal": "destroy",
        "removal_reason": why("DatabaseClusterConfig.removal_reason"),
        "master_password_rotation_off_reason": why("DatabaseClusterConfig.master_password_rotation_off_reason"),
        "alarms": off("DatabaseClusterConfig"),
    }
    config = DatabaseClusterConfig.parse({**NAMES, **cluster})
    DatabaseCluster(stack, "cluster", config=config, **base.inside)


def stores(stack: TargetStack) -> None:
    """What keeps data chooses."""
    base = Base(stack)
    base.add_network()
    alone = {
        "users": {"app": {}},
        "automatic_failover": False,
        "automatic_failover_off_reason": why("CacheConfig.automatic_failover_off_reason"),
        "multi_az": False,
        "multi_az_off_reason": why("CacheConfig.multi_az_off_reason"),
        "snapshot_retention_days": 0,
        "snapshots_off_reason": why("CacheConfig.snapshots_off_reason"),
        "alarms": off("CacheConfig"),
        **GONE,
    }
    Cache(stack, "alone", config=CacheConfig.parse(alone), **base.inside)
    shared = {
        "users": {},
        "engine": "redis",
        "authentication": "token",
        "token_reason": why("CacheConfig.token_reason"),
    }
    Cache(stack, "shared", config=CacheConfig.parse(shared), **base.inside)
    plain = {**GONE, "sse_algorithm": "AES256", "sse_algorithm_reason": why("BucketConfig.sse_algorithm_reason")}
    Bucket(stack, "logs", config=BucketConfig.parse(plain), key=base.key)
    forgetful = why("TableConfig.point_in_time_recovery_off_reason")
    table = {
        "partition_key": {"name": "id"},
        "point_in_time_recovery": False,
        "point_in_time_recovery_off_reason": forgetful,
        "alarms": off("TableConfig"),
        **GONE,
    }
    Table(stack, "orders", config=TableConfig.parse(table), **base.watched)
    reason = why("AccessPointConfig.root_reason")
    points = {"all": {"path": "/", "root_reason": reason}, "root": {"path": "/root", "uid": 0, "root_reason": reason}}
    kept = {
        "backup": False,
        "backup_off_reason": why("FileSystemConfig.backup_off_reason"),
        "alarms": off("FileSystem"),
    }
    files = FileSystemConfig.parse({"access_points": points, **kept, **GONE})
    FileSystem(stack, "files", config=files, **base.inside)
    stays = SecretConfig.parse({**GONE, "rotation_off_reason": why("SecretConfig.rotation_off_reason")})
    Secret(stack, "password", config=stays, key=base.key)
    moved = {**GONE, "mutable_tags_reason": why("ImageRepositoryConfig.mutable_tags_reason")}
    ImageRepository(stack, "images", config=ImageRepositoryConfig.parse(moved), key=base.key)


STACKS: tuple[Callable[[TargetStack], None], ...] = (
    databases, existing_network, functions, network, sources, stores, unused_network,
)  # fmt: skip
