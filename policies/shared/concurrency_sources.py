"""Event source mappings that poll SQS queues: what they ask for at once, and of which function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.budget.callables import Named
from analysis.budget.concurrency import Side
from analysis.plan import UNKNOWN, Resource
from policies.view import View

MAPPING = "aws_lambda_event_source_mapping"
MAXIMUM = "scaling_config.maximum_concurrency"
_POLLERS = "provisioned_poller_config.maximum_pollers"
_POLLERS_DEFAULT = 200  # Lambda guide, provisioned mode for SQS event source mappings
_INVOCATIONS_PER_POLLER = 10  # Lambda guide, provisioned mode for SQS event source mappings


@dataclass(frozen=True)
class QueueSource:
    """A mapping that polls a queue.

    Attributes:
        resource: the mapping.
        named: the function.
        most: invocations at once; None where nothing bounds them, UNKNOWN where they are known only after apply.
        bound: the attribute that bounds them.
        is_certain: whether it polls a queue, and not something else.
    """

    resource: Resource
    named: Named
    most: Any
    bound: str = MAXIMUM
    is_certain: bool = True


def queue_sources(view: View, side: Side) -> Iterator[QueueSource]:
    """Mappings that poll queues, or may, without those that are off."""
    for entry in view.plan.of(MAPPING):
        is_certain = _polls_queue(view, entry)
        if is_certain is False or view.setting(entry, "enabled", default=True) is False:
            continue
        named = side.callables.named(entry, "function_name")
        most, bound = view.setting(entry, MAXIMUM), MAXIMUM
        if most is None and view.setting(entry, "provisioned_poller_config") not in (None, []):
            pollers, bound = view.setting(entry, _POLLERS, _POLLERS_DEFAULT), _POLLERS
            most = pollers if pollers is UNKNOWN else int(pollers) * _INVOCATIONS_PER_POLLER
        yield QueueSource(entry, named, most if most is UNKNOWN or most is None else int(most), bound, bool(is_certain))


def _polls_queue(view: View, entry: Resource) -> bool | None:
    """Whether a mapping polls a queue; None where it cannot be told."""
    if view.setting(entry, "event_source_arn") is None:  # Kafka and the like outside AWS
        return False
    links = view.plan.links(entry, "event_source_arn")
    if any(found.type == "aws_sqs_queue" for found in links.resources):
        return True
    for text in links.literals:
        return text.split(":")[2:3] == ["sqs"]
    if view.setting(entry, "scaling_config") not in (None, []):  # only queues take it
        return True
    of_streams = ("starting_position", "topics", "queues")  # what streams, Kafka and brokers need
    if any(view.plan.is_configured(entry, name) for name in of_streams):
        return False
    others = [found for found in links.resources if found.type in _OTHERS]
    return False if others else None


_OTHERS = frozenset(
    {"aws_docdb_cluster", "aws_dynamodb_table", "aws_kinesis_stream", "aws_mq_broker", "aws_msk_cluster"}
)
