"""Metrics of Lambda functions, event source mappings and Lambda Insights."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, LEVEL, TIME, Metric, Missing, Source, dimension_sets

_LAMBDA = Source("AWS/Lambda", "Lambda guide, types of metrics")
_INSIGHTS = Source("LambdaInsights", "CloudWatch guide, metrics collected by Lambda Insights")

_FUNCTION = dimension_sets("FunctionName", "FunctionName, Resource", "FunctionName, Resource, ExecutedVersion")
"""`Resource` is a version or an alias, written `name:qualifier`; `ExecutedVersion` is the version that an alias ran."""
_FUNCTION_OR_ALL = (*_FUNCTION, frozenset[str]())
_ACCOUNT = dimension_sets("")
_MAPPING = dimension_sets("EventSourceMappingUUID")
_INSIGHTS_SETS = dimension_sets("function_name", "function_name, version")
"""Other figures of Lambda Insights, such as `tmp_used` and `fd_use`, are in its log events only."""

_IDLE = Missing("notBreaching", "Lambda publishes it with invocations only; a function that nobody invokes is healthy.")
_NO_FAILURE = Missing("notBreaching", "Lambda publishes it when it happens; silence says that it did not.")
_NOTHING_QUEUED = Missing("notBreaching", "Lambda publishes it as events are taken; without events none waits.")
_ACCOUNT_IDLE = Missing("notBreaching", "Lambda publishes it while something runs in the region; silence is no use.")
_MAPPING_IDLE = Missing("notBreaching", "A mapping publishes it when it polls something; an idle source is healthy.")


def lambda_metrics() -> Iterator[Metric]:
    """Rows of AWS/Lambda and LambdaInsights."""
    rows = _LAMBDA.rows
    yield from rows("Invocations", "Count", COUNT, _FUNCTION_OR_ALL, _IDLE)
    yield from rows("Errors Throttles", "Count", COUNT, _FUNCTION_OR_ALL, _IDLE)
    yield from rows("Duration PostRuntimeExtensionsDuration", "Milliseconds", TIME, _FUNCTION_OR_ALL, _IDLE)
    yield from rows("ConcurrentExecutions", "Count", LEVEL, _FUNCTION_OR_ALL, _IDLE)
    yield from rows("UnreservedConcurrentExecutions", "Count", LEVEL, _ACCOUNT, _ACCOUNT_IDLE)
    yield from rows("ClaimedAccountConcurrency", "Count", LEVEL, _ACCOUNT, _ACCOUNT_IDLE)
    yield from rows("ProvisionedConcurrentExecutions", "Count", LEVEL, _FUNCTION, _IDLE)
    yield from rows("ProvisionedConcurrencyUtilization", "None", LEVEL, _FUNCTION, _IDLE)
    yield from rows(
        "ProvisionedConcurrencyInvocations ProvisionedConcurrencySpilloverInvocations",
        "Count", COUNT, _FUNCTION, _IDLE,
    )  # fmt: skip
    yield from rows("DeadLetterErrors DestinationDeliveryFailures", "Count", COUNT, _FUNCTION_OR_ALL, _NO_FAILURE)
    yield from rows("AsyncEventsReceived", "Count", COUNT, _FUNCTION_OR_ALL, _NOTHING_QUEUED)
    yield from rows("AsyncEventsDropped", "Count", COUNT, _FUNCTION_OR_ALL, _NO_FAILURE)
    yield from rows("AsyncEventAge", "Milliseconds", TIME, _FUNCTION_OR_ALL, _NOTHING_QUEUED)
    yield from rows("IteratorAge", "Milliseconds", TIME, _FUNCTION_OR_ALL, _MAPPING_IDLE)
    yield from rows("OffsetLag", "Count", LEVEL, _FUNCTION_OR_ALL, _MAPPING_IDLE)
    yield from rows(
        "OversizedRecordCount RecursiveInvocationsDropped SignatureValidationErrors",
        "Count", COUNT, _FUNCTION_OR_ALL, _NO_FAILURE,
    )  # fmt: skip
    yield from rows(
        "PolledEventCount FilteredOutEventCount InvokedEventCount FailedInvokeEventCount DroppedEventCount "
        "OnFailureDestinationDeliveredEventCount DeletedEventCount CommittedEventCount PollingErrorCount "
        "InvokeErrorCount OnFailureDestinationDeliveryErrorCount SchemaRegistryErrorCount CommitErrorCount",
        "Count", COUNT, _MAPPING, _MAPPING_IDLE,
    )  # fmt: skip
    yield from _insights()


def _insights() -> Iterator[Metric]:
    rows = _INSIGHTS.rows
    yield from rows("memory_utilization", "Percent", TIME, _INSIGHTS_SETS, _IDLE)
    yield from rows("total_memory used_memory_max", "Megabytes", LEVEL, _INSIGHTS_SETS, _IDLE)
    yield from rows("cpu_total_time init_duration", "Milliseconds", TIME, _INSIGHTS_SETS, _IDLE)
    yield from rows("rx_bytes tx_bytes total_network", "Bytes", (*LEVEL, "Sum"), _INSIGHTS_SETS, _IDLE)
