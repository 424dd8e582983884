"""What services around functions are billed for: logs, alarms, keys, secrets, queues, tables, files, APIs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.cost.charges import Charges, Kind, fixed, undecidable, used
from analysis.cost.state import State
from analysis.cost.usage import Usage, use_of
from analysis.plan import UNKNOWN, Resource

_HIGH_RESOLUTION_SECONDS = 60
_BAND_METRICS = 2  # CloudWatch pricing: an anomaly band bills its upper and its lower bound as metrics


def log_group_charges(state: State, group: Resource, usage: Usage) -> Charges:
    """A log group by what is written and kept; that of a function by Lambda's own tiers."""
    declared = use_of(usage.log_groups, group.address)
    kind, name = state.setting(group, "log_group_class", "STANDARD"), _name(state, group)
    stored = declared.stored_gb if declared else None
    ingested = declared.ingested_gb if declared else None
    if kind not in ("STANDARD", UNKNOWN):
        yield used(state, group, f"log ingestion, class {kind}", ingested)
    elif kind is UNKNOWN or name is UNKNOWN:
        unknown = "log_group_class" if kind is UNKNOWN else "name"
        yield undecidable(state, group, "logs.standard", unknown, Kind.USAGE)
    else:
        is_lambda = str(name).startswith("/aws/lambda/") or group in state.lambda_log_groups
        yield used(state, group, "logs.lambda" if is_lambda else "logs.standard", ingested)
    yield used(state, group, "logs.stored", stored)


def alarm_charges(state: State, alarm: Resource, usage: Usage) -> Charges:
    """An alarm by each metric it reads."""
    del usage
    period, queries = alarm.get("period"), alarm.get("metric_query")
    if period is UNKNOWN or queries is UNKNOWN:
        yield undecidable(state, alarm, "alarms.metrics", "period" if period is UNKNOWN else "metric_query")
        return
    read = [entry for entry in alarm.blocks("metric_query") if entry.get("metric", []) != []]
    periods = [period, *(_period(entry.get("metric")) for entry in read)]
    if any(isinstance(each, int) and each < _HIGH_RESOLUTION_SECONDS for each in periods):
        yield fixed(state, alarm, "high-resolution alarm", 1)
        return
    metrics = len(read) or 1
    if alarm.get("threshold_metric_id", "") != "":
        metrics += _BAND_METRICS
    yield fixed(state, alarm, "alarms.metrics", metrics, f"{metrics} metric{'s' if metrics > 1 else ''}")


def dashboard_charges(state: State, dashboard: Resource, usage: Usage) -> Charges:
    """A dashboard."""
    del usage
    yield fixed(state, dashboard, "dashboards", 1)


def key_charges(state: State, key: Resource, usage: Usage) -> Charges:
    """A KMS key of one's own, and requests to it."""
    yield fixed(state, key, "kms.keys", 1, "1 key; the first two rotations add as much each")
    declared = use_of(usage.keys, key.address)
    yield used(state, key, "kms.requests", declared.requests if declared else None)


def secret_charges(state: State, secret: Resource, usage: Usage) -> Charges:
    """A secret, its replicas, and requests to it."""
    replicas = state.setting(secret, "replica", [])
    if replicas is UNKNOWN:
        yield undecidable(state, secret, "secrets.secrets", "replica")
    else:
        count = 1 + len(replicas)
        yield fixed(state, secret, "secrets.secrets", count, f"1 and {count - 1} replicas" if count > 1 else "")
    declared = use_of(usage.secrets, secret.address)
    yield used(state, secret, "secrets.requests", declared.requests if declared else None)


def queue_charges(state: State, queue: Resource, usage: Usage) -> Charges:
    """A queue by its requests."""
    is_fifo = queue.get("fifo_queue", default=False)
    if is_fifo is UNKNOWN:
        yield undecidable(state, queue, "sqs.standard", "fifo_queue", Kind.USAGE)
        return
    declared = use_of(usage.queues, queue.address)
    item = "sqs.fifo" if is_fifo else "sqs.standard"
    yield used(state, queue, item, declared.requests if declared else None)


def table_charges(state: State, table: Resource, usage: Usage) -> Charges:
    """A DynamoDB table on demand by its requests; with provisioned capacity no price is known."""
    mode = table.get("billing_mode", "PROVISIONED")
    declared = use_of(usage.tables, table.address)
    kind = table.get("table_class", "STANDARD")
    if kind not in ("STANDARD", UNKNOWN):
        yield used(state, table, f"DynamoDB table, class {kind}", Decimal(1))
        return
    if table.get("replica", []) != []:
        yield used(state, table, "replicas of a global DynamoDB table", Decimal(1))
    if mode == "PAY_PER_REQUEST":
        yield used(state, table, "dynamodb.reads", declared.reads if declared else None)
        yield used(state, table, "dynamodb.writes", declared.writes if declared else None)
    elif mode is UNKNOWN:
        yield undecidable(state, table, "dynamodb.reads", "billing_mode")
    else:
        yield fixed(state, table, "provisioned capacity of a DynamoDB table", 1)
    yield used(state, table, "dynamodb.storage", declared.stored_gb if declared else None)


def file_system_charges(state: State, files: Resource, usage: Usage) -> Charges:
    """An EFS file system by what it stores and moves."""
    mode = files.get("throughput_mode", "bursting")
    declared = use_of(usage.file_systems, files.address)
    zone = state.setting(files, "availability_zone_name")
    if zone is UNKNOWN:
        yield undecidable(state, files, "efs.standard", "availability_zone_name", Kind.USAGE)
        return
    if zone is not None:
        yield used(state, files, "EFS One Zone storage", declared.stored_gb if declared else None)
        return
    yield used(state, files, "efs.standard", declared.stored_gb if declared else None)
    if declared:
        yield used(state, files, "efs.infrequent", declared.infrequent_gb)
        yield used(state, files, "efs.archive", declared.archive_gb)
    if mode == "provisioned":
        yield fixed(state, files, "EFS provisioned throughput", 1)
    elif mode == "elastic":
        yield used(state, files, "efs.read", declared.read_gb if declared else None)
        yield used(state, files, "efs.written", declared.written_gb if declared else None)
    elif mode is UNKNOWN:
        yield undecidable(state, files, "efs.read", "throughput_mode", Kind.USAGE)


def stage_charges(state: State, stage: Resource, usage: Usage) -> Charges:
    """A stage of a REST API: only its cache is billed."""
    del usage
    if stage.get("cache_cluster_enabled", default=False) not in (False, None):
        yield fixed(state, stage, "cache of an API stage", 1)


def parameter_charges(state: State, parameter: Resource, usage: Usage) -> Charges:
    """A parameter of Systems Manager: only advanced ones are billed."""
    del usage
    tier = state.setting(parameter, "tier", "Standard")
    if tier is UNKNOWN:
        yield undecidable(state, parameter, "advanced parameter", "tier")
    elif tier != "Standard":
        yield fixed(state, parameter, "advanced parameter", 1)


def certificate_charges(state: State, certificate: Resource, usage: Usage) -> Charges:
    """A certificate: only one of a private authority is billed."""
    del usage
    if certificate.get("certificate_authority_arn", "") != "":
        yield fixed(state, certificate, "private certificate", 1)


def http_api_charges(state: State, api: Resource, usage: Usage) -> Charges:
    """An HTTP API by its requests; for WebSocket APIs no price is known."""
    protocol = api.get("protocol_type")
    declared = use_of(usage.apis, api.address)
    item = "api.http" if protocol == "HTTP" else "WebSocket API messages"
    if protocol is UNKNOWN:
        yield undecidable(state, api, "api.http", "protocol_type", Kind.USAGE)
    else:
        yield used(state, api, item, declared.requests if declared else None)


def rest_api_charges(state: State, api: Resource, usage: Usage) -> Charges:
    """A REST API by its requests."""
    declared = use_of(usage.apis, api.address)
    yield used(state, api, "api.rest", declared.requests if declared else None)


def schedule_charges(state: State, schedule: Resource, usage: Usage) -> Charges:
    """A schedule by its invocations."""
    declared = use_of(usage.schedules, schedule.address)
    yield used(state, schedule, "scheduler.invocations", declared.requests if declared else None)


def _name(state: State, group: Resource) -> Any:
    return state.setting(group, "name", group.get("name_prefix", ""))


def _period(metric: Any) -> Any:
    first = metric[0] if isinstance(metric, list) and metric else metric
    return first.get("period") if isinstance(first, dict) else None
