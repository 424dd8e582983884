"""Lambda event source mappings of aliases and of Kinesis consumers, with the values that Lambda fills in.

moto 5.2.5 names the function's version where a mapping names an alias, knows no consumers, and leaves out what was not
asked for. It answers for a mapping that is gone in a form that is not Lambda's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventSourceMapping, LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.kinesis.models import kinesis_backends
from moto.sqs.models import sqs_backends

from local.extensions.lambda_paths import LambdaConflictError, LambdaNotFoundError
from local.extensions.patching import replace_action, wrap

_QUEUE_DEFAULTS = {"MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": []}
_STREAM_DEFAULTS = {
    **_QUEUE_DEFAULTS,
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
_LARGEST_BATCH_WITHOUT_WINDOW = 10


def install() -> None:
    """Extend moto."""
    wrap(LambdaBackend, "create_event_source_mapping", "self spec", _create)
    wrap(LambdaBackend, "update_event_source_mapping", "self uuid spec", _update)
    wrap(LambdaBackend, "list_event_source_mappings", "self event_source_arn function_name", _list)
    wrap(EventSourceMapping, "get_configuration", "self", _configuration)
    replace_action(LambdaResponse, get_event_source_mapping)


def get_event_source_mapping(response: Any) -> str:
    """Describe a mapping."""
    mapping = response.backend.get_event_source_mapping(response.path.rsplit("/", 1)[-1])
    if mapping is None:
        raise LambdaNotFoundError("The resource you requested does not exist.")
    return json.dumps(mapping.get_configuration())


def _create(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    arn = spec.get("EventSourceArn") or ""
    _require(backend, arn, spec)
    name = _function_arn(backend, spec["FunctionName"])
    if any(each.event_source_arn == arn and each.function_arn == name for each in _mappings(backend)):
        raise LambdaConflictError(
            f'An event source mapping with event source arn ("{arn}") and function ("{name}") already exists. Please '
            "update or delete the existing mapping"
        )
    if _consumer_stream(backend, arn) is None:
        mapping = original(backend, spec)
    else:
        given = {**spec, "RegionName": backend.region_name, "AccountId": backend.account_id, "FunctionArn": name}
        mapping = EventSourceMapping(given)
        backend._event_source_mappings[mapping.uuid] = mapping  # noqa: SLF001  # moto has no public way
    mapping.function_arn = name
    return mapping


def _update(original: Any, backend: Any, uuid: str, spec: dict[str, Any]) -> Any:
    before = backend.get_event_source_mapping(uuid)
    if before is not None:
        _require(backend, before.event_source_arn, {**_asked(before), **spec})
    mapping = original(backend, uuid, spec)
    if mapping is not None and spec.get("FunctionName"):
        mapping.function_name = spec["FunctionName"]
        mapping.function_arn = _function_arn(backend, spec["FunctionName"])
    return mapping


def _list(_original: Any, backend: Any, event_source_arn: str, function_name: str) -> list[Any]:
    wanted = _function_arn(backend, function_name) if function_name else ""
    return [
        mapping
        for mapping in _mappings(backend)
        if event_source_arn in (None, "", mapping.event_source_arn) and wanted in ("", mapping.function_arn)
    ]


def _configuration(original: Any, mapping: Any) -> dict[str, Any]:
    found: dict[str, Any] = original(mapping)
    is_queue = mapping.event_source_arn.split(":")[2] == "sqs"
    return {**(_QUEUE_DEFAULTS if is_queue else _STREAM_DEFAULTS), **found}


def _mappings(backend: Any) -> list[Any]:
    return list(backend._event_source_mappings.values())  # noqa: SLF001  # moto's own listing is what this extends


def _asked(mapping: Any) -> dict[str, Any]:
    """What a mapping has, by the names of the request."""
    return {**mapping.get_configuration(), "FunctionName": mapping.function_arn}


def _function_arn(backend: Any, name: str) -> str:
    """The ARN of what a mapping invokes, with the alias or version that it names; it must exist."""
    parts = name.split(":")
    is_arn = parts[0] == "arn"
    function = parts[6] if is_arn else parts[0]
    qualifier = (parts[7:] if is_arn else parts[1:]) or [""]
    found = backend.get_function(function, qualifier[0] or None)
    arn = f"arn:{parts[1] if is_arn else 'aws'}:lambda:{backend.region_name}:{backend.account_id}:function"
    return f"{arn}:{found.function_name}:{qualifier[0]}" if qualifier[0] else f"{arn}:{found.function_name}"


def _consumer_stream(backend: Any, arn: str) -> Any:
    """The stream of a registered consumer; None for any other ARN."""
    streams = kinesis_backends[backend.account_id][backend.region_name].streams.values()
    return next((each for each in streams if any(c.consumer_arn == arn for c in each.consumers)), None)


def _require(backend: Any, arn: str, spec: Mapping[str, Any]) -> None:
    """Refuse what Lambda refuses of a queue (CreateEventSourceMapping; Lambda guide, SQS)."""
    queues = sqs_backends[backend.account_id][backend.region_name].queues.values()
    queue = next((each for each in queues if each.queue_arn == arn), None)
    if queue is None:
        return
    batch, window = spec.get("BatchSize") or 0, spec.get("MaximumBatchingWindowInSeconds") or 0
    if arn.endswith(".fifo") and window:
        raise InvalidParameterValueException("Batching window is not supported for FIFO queues.")
    if batch > _LARGEST_BATCH_WITHOUT_WINDOW and not window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )
    if (spec.get("ScalingConfig") or {}).get("MaximumConcurrency") and spec.get("ProvisionedPollerConfig"):
        raise InvalidParameterValueException(
            "ScalingConfig.MaximumConcurrency and ProvisionedPollerConfig cannot be set at the same time."
        )
    parts = str(spec.get("FunctionName", "")).split(":")
    function = backend.get_function(parts[6] if parts[0] == "arn" else parts[0])
    if int(queue.visibility_timeout) < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout: "
            f"{function.timeout} seconds"
        )
