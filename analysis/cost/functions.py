"""What functions are billed for: requests, duration, provisioned concurrency, SnapStart, /tmp, pollers.

GB are 1,024 MB and durations are billed by the millisecond (AWS Lambda pricing).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from analysis.cost.charges import Charge, Charges, Kind, hourly, known, undecidable, used
from analysis.cost.prices import Price
from analysis.cost.state import State
from analysis.cost.usage import FunctionUsage, Usage, use_of
from analysis.plan import UNKNOWN, Resource
from modules.core.limits import LAMBDA_EPHEMERAL_STORAGE_MB, LAMBDA_MEMORY_MB

MB_PER_GB = Decimal(1024)
SECONDS_PER_HOUR = Decimal(3600)
_MS = Decimal(1000)
_HOURS = Decimal(730)
_SNAPSTART_FREE = "java"
_X86 = "x86_64"


def gb_seconds(memory_mb: int | Decimal, duration_ms: int | Decimal, requests: int | Decimal = 1) -> Decimal:
    """GB-seconds of requests of an average duration: `memory / 1024 x duration / 1000 x requests`.

    Args:
        memory_mb: memory, in MB of 1,024 KB.
        duration_ms: average billed duration, in ms.
        requests: number of requests.
    """
    return Decimal(memory_mb) / MB_PER_GB * Decimal(duration_ms) / _MS * Decimal(requests)


def provisioned_gb_seconds(memory_mb: int | Decimal, environments: int | Decimal, hours: int | Decimal) -> Decimal:
    """GB-seconds of environments that are kept for hours."""
    return Decimal(memory_mb) / MB_PER_GB * Decimal(environments) * Decimal(hours) * SECONDS_PER_HOUR


def price_per_ms(price: Price, memory_mb: int) -> Decimal:
    """USD for each billed millisecond of a memory size, by the first tier of a GB-second price."""
    return price.price * gb_seconds(memory_mb, 1)


def architecture_of(state: State, function: Resource) -> str | None:
    """`x86_64` or `arm64`; None where it is known only after apply."""
    value = state.setting(function, "architectures.0", _X86)
    return None if value is UNKNOWN else str(value)


def memory_of(state: State, function: Resource) -> Decimal | None:
    """Memory in MB, AWS's default of 128 where it is not set; None where it is known only after apply."""
    value = known(state.setting(function, "memory_size", LAMBDA_MEMORY_MB.minimum))
    return None if value is None else Decimal(str(value))


def function_charges(state: State, function: Resource, usage: Usage) -> Charges:
    """A function by its declared usage."""
    declared = use_of(usage.functions, function.address)
    architecture, memory = architecture_of(state, function), memory_of(state, function)
    is_provisioned = bool(state.provisioned.get(function))
    requests = declared.requests if declared else None
    counted = used(state, function, "lambda.requests", requests)
    yield _billed(counted) if is_provisioned else counted
    if architecture is None or memory is None:
        unknown = "architectures" if architecture is None else "memory_size"
        yield undecidable(state, function, "duration", unknown, Kind.USAGE)
        return
    if not is_provisioned:
        yield _duration(state, function, declared, f"lambda.duration.{architecture}", memory)
    else:
        served, spilled = _split(declared)
        yield _billed(_duration(state, function, served, f"lambda.provisioned_duration.{architecture}", memory))
        if spilled is None or spilled.requests:
            yield _billed(_duration(state, function, spilled, f"lambda.duration.{architecture}", memory))
    yield from _storage(state, function, declared)
    yield from _snapstart(state, function, declared, memory)
    if declared and declared.streamed_gb:
        yield used(state, function, "lambda.streaming", declared.streamed_gb)


def provisioned_charges(state: State, config: Resource, usage: Usage) -> Charges:
    """Provisioned concurrency, for as long as it is kept."""
    links = state.links(config, "function_name", "aws_lambda_function")
    environments = known(config.get("provisioned_concurrent_executions"))
    function = links.only
    target = state.scaled.get(f"function:{config.get('function_name')}:{config.get('qualifier')}")
    scales = ""
    if target is not None:  # the configured number is only where it starts
        environments = known(target.get("min_capacity"))
        scales = f", at least: {target.address} scales up to {known(target.get('max_capacity'))}"
    if function is None or environments is None:
        unknown = "how many environments it keeps" if function else "the function, as it is not in the plan"
        yield undecidable(state, config, "provisioned concurrency", unknown)
        return
    architecture, memory = architecture_of(state, function), memory_of(state, function)
    if architecture is None or memory is None:
        unknown = f"{function.address}.{'architectures' if architecture is None else 'memory_size'}"
        yield undecidable(state, config, "provisioned concurrency", unknown)
        return
    declared = use_of(usage.functions, function.address)
    hours = declared.provisioned_hours if declared else _HOURS
    basis = f"{environments} environments x {memory} MB x {hours} hours{scales}"
    quantity = provisioned_gb_seconds(memory, Decimal(str(environments)), hours)
    item = f"lambda.provisioned.{architecture}"
    yield Charge(config.address, state.region(config), item, Kind.FIXED, quantity, basis)
    if scales:
        more = declared.scaled_environments if declared else None
        above = None if more is None else provisioned_gb_seconds(memory, more, hours)
        yield used(state, config, item, above, "environments above the least")


def event_source_charges(state: State, mapping: Resource, usage: Usage) -> Charges:
    """Pollers that are kept for an event source."""
    del usage
    pollers = mapping.get("provisioned_poller_config.minimum_pollers")
    if pollers is None:
        return
    if _has(mapping, "amazon_managed_kafka_event_source_config") or _has(mapping, "self_managed_event_source"):
        yield undecidable(
            state, mapping, "lambda.poller_kafka", "how many event poller units the pollers take, as AWS groups them"
        )
        return
    links = state.links(mapping, "event_source_arn")
    is_queue = any(entry.type == "aws_sqs_queue" for entry in links.resources) or any(
        ":sqs:" in text for text in links.literals
    )
    if pollers is UNKNOWN or not is_queue:
        unknown = "minimum_pollers" if pollers is UNKNOWN else "what kind of event source event_source_arn is"
        yield undecidable(state, mapping, "lambda.poller_sqs", unknown)
        return
    yield hourly(state, mapping, "lambda.poller_sqs", int(pollers), "pollers")


def _has(resource: Resource, path: str) -> bool:
    value = resource.get(path)
    return value is not UNKNOWN and value not in (None, [])


def _split(declared: FunctionUsage | None) -> tuple[FunctionUsage | None, FunctionUsage | None]:
    """Usage on provisioned concurrency, and beside it."""
    if declared is None:
        return None, None
    spilled = min(declared.spillover_requests, declared.requests)
    return (
        declared.model_copy(update={"requests": declared.requests - spilled}),
        declared.model_copy(update={"requests": spilled}),
    )


def _duration(state: State, function: Resource, declared: FunctionUsage | None, item: str, memory: Decimal) -> Charge:
    if declared is None:
        return used(state, function, item, None)
    basis = f"{declared.requests:f} requests x {declared.duration_ms:f} ms x {memory:f} MB"
    return used(state, function, item, gb_seconds(memory, declared.duration_ms, declared.requests), basis)


def _storage(state: State, function: Resource, declared: FunctionUsage | None) -> Charges:
    free = LAMBDA_EPHEMERAL_STORAGE_MB.minimum
    size: Any = state.setting(function, "ephemeral_storage.size", free)
    if size is UNKNOWN:
        yield undecidable(state, function, "lambda.ephemeral_storage", "ephemeral_storage.size", Kind.USAGE)
    elif size > free:
        quantity = gb_seconds(size - free, declared.duration_ms, declared.requests) if declared else None
        yield used(state, function, "lambda.ephemeral_storage", quantity, f"{size - free} MB above {free} MB")


def _snapstart(state: State, function: Resource, declared: FunctionUsage | None, memory: Decimal) -> Charges:
    applied = function.get("snap_start.apply_on")
    runtime = function.get("runtime", "")
    if applied is None or applied == "None":
        return
    if applied is UNKNOWN or runtime is UNKNOWN:
        unknown = "snap_start.apply_on" if applied is UNKNOWN else "runtime"
        yield undecidable(state, function, "lambda.snapstart_cache", unknown)
    elif not str(runtime).startswith(_SNAPSTART_FREE):
        basis = f"1 published version x {memory:f} MB x {_HOURS} hours; older versions that are kept add as much each"
        quantity = provisioned_gb_seconds(memory, 1, _HOURS)
        yield Charge(function.address, state.region(function), "lambda.snapstart_cache", Kind.FIXED, quantity, basis)
        restored = declared.restores * memory / MB_PER_GB if declared else None
        yield used(state, function, "lambda.snapstart_restore", restored)


def _billed(charge: Charge) -> Charge:
    """The charge outside the free tier, which does not hold for functions with provisioned concurrency."""
    return replace(charge, is_free_tier=False)
