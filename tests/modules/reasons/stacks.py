"""Stacks in which every choice that takes a reason is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modules.event_source import QueueSource, QueueSourceConfig, StreamSource, StreamSourceConfig
from modules.network import (
    EndpointService,
    EndpointServiceConfig,
    Network,
    NetworkLookupConfig,
)
from modules.queue import Queue
from modules.release import Release, ReleaseConfig
from modules.state_machine import StateMachine, StateMachineConfig
from modules.stream import Stream, StreamConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack
from tests.modules.reasons.base import BALANCER, CODE, RULE, WILDCARDS, A, Base, lossy, off, why
from tests.modules.reasons.data_stacks import databases, stores


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
    unlogged = {"execution_data_off_reason": why("StateMachineConfig.execution_data_off_reason")}
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
    StateMachine(stack, "hidden", definition=wait, config=StateMachineConfig.parse(unlogged), **base.watched)


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


STACKS: tuple[Callable[[TargetStack], None], ...] = (
    databases, existing_network, functions, network, sources, stores, unused_network,
)  # fmt: skip
