"""What event source mappings poll."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import EMPTY

MAPPING = "aws_lambda_event_source_mapping"
QUEUE, TABLE = "aws_sqs_queue", "aws_dynamodb_table"
STREAM, CONSUMER = "aws_kinesis_stream", "aws_kinesis_stream_consumer"
_STREAMS = (STREAM, CONSUMER, TABLE)
_OTHERS = ("aws_msk_cluster", "aws_msk_serverless_cluster", "aws_mq_broker", "aws_docdb_cluster")
_OF_OTHERS = (
    "self_managed_event_source", "self_managed_kafka_event_source_config", "amazon_managed_kafka_event_source_config",
    "document_db_event_source_config", "queues", "topics",
)  # fmt: skip
"""What only mappings of Kafka, Amazon MQ or DocumentDB have."""
_STREAM_SERVICES = frozenset({"kinesis", "dynamodb"})


@dataclass(frozen=True)
class Source:
    """What a mapping polls.

    Attributes:
        resource: the queue, stream or table; None where it is none of the plan, or it is not known which.
        is_queue: whether it is a queue of SQS.
        is_stream: whether it is a stream of Kinesis or of a table of DynamoDB.
        name: how it is called in messages.
    """

    resource: Resource | None
    is_queue: bool
    is_stream: bool
    name: str


def source_of(plan: Plan, mapping: Resource) -> Source:
    """What a mapping polls."""
    links = plan.links(mapping, "event_source_arn", QUEUE, *_STREAMS, *_OTHERS)
    entry = links.only or _by_name(plan, links.literals)
    if entry is not None:
        found = entry if entry.mode == "managed" else None
        return Source(found, entry.type == QUEUE, entry.type in _STREAMS, str(entry))
    if len(links.literals) == 1 and not links.resources:
        service = links.literals[0].split(":")[2:3]
        return Source(None, service == ["sqs"], bool(_STREAM_SERVICES & set(service)), links.literals[0])
    kinds = {entry.type for entry in links.resources}
    if kinds and not links.unresolved and not links.literals:
        return Source(None, kinds == {QUEUE}, kinds <= set(_STREAMS), " or ".join(map(str, links.resources)))
    name = f"what event_source_arn of {mapping} names"
    if any(mapping.get(path) not in EMPTY and mapping.get(path) is not UNKNOWN for path in _OF_OTHERS):
        return Source(None, is_queue=False, is_stream=False, name=name)
    is_queue = mapping.get("starting_position") in EMPTY  # which queues do not take, and all else does but Amazon MQ
    return Source(None, is_queue, not is_queue, name)


def batch_size(mapping: Resource, source: Source) -> int | None:
    """Records of a batch at most, Lambda's default where it is not set; None where it is not known."""
    value = mapping.get("batch_size", 10 if source.is_queue else 100)  # CreateEventSourceMapping, BatchSize
    return None if value is UNKNOWN else int(value)


def _by_name(plan: Plan, literals: tuple[str, ...]) -> Resource | None:
    """The queue or stream of the plan that an ARN is of which the plan does not know yet."""
    if len(literals) != 1 or not literals[0].startswith("arn:"):
        return None
    parts = literals[0].split(":")
    kind = {"sqs": QUEUE, "kinesis": STREAM}.get(parts[2])
    entry = plan.owner(parts[-1].rpartition("/")[2], kind) if kind else None
    return entry if entry is not None and plan.region(entry) in (None, parts[3]) else None
