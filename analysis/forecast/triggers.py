"""What still points to a function, an alias or a database that goes, and messages on their way."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, listed
from analysis.plan import Resource
from analysis.plan.values import known_strings

_FUNCTION, _ALIAS, _MAPPING, _QUEUE = (
    "aws_lambda_function",
    "aws_lambda_alias",
    "aws_lambda_event_source_mapping",
    "aws_sqs_queue",
)
_TRIGGERS = frozenset(
    {
        "aws_api_gateway_integration",
        "aws_apigatewayv2_integration",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_subscription_filter",
        "aws_cognito_user_pool",
        "aws_lambda_event_source_mapping",
        "aws_lambda_function_event_invoke_config",
        "aws_lambda_function_url",
        "aws_lambda_permission",
        "aws_lambda_provisioned_concurrency_config",
        "aws_lb_target_group_attachment",
        "aws_pipes_pipe",
        "aws_s3_bucket_notification",
        "aws_scheduler_schedule",
        "aws_sns_topic_subscription",
    }
)
_PROXY_TARGET = "aws_db_proxy_target"
_STREAMS = (":kinesis:", ":dynamodb:")


def triggers(destruction: Destruction) -> Iterator[Finding]:
    """Triggers without a target, proxies without a database, and messages that are lost or read again."""
    yield from _without_target(destruction)
    yield from _proxies(destruction)
    for mapping in destruction.of(_MAPPING):
        yield from _mapping(destruction, mapping)


def _without_target(destruction: Destruction) -> Iterator[Finding]:
    gone: dict[str, Resource] = {}
    for target in destruction.of(_FUNCTION, _ALIAS):
        if target.is_deleted and target.get("skip_destroy") is not True:
            for name in ("arn", "invoke_arn", "qualified_arn"):
                gone[str(target.get(name))] = target
            if target.type == _ALIAS:
                gone[_qualified(str(target.get("function_name")), target.get("name"))] = target
    if not gone:
        return
    made = {text for entry in destruction.plan.of(_FUNCTION, _ALIAS) for text in known_strings(entry.get("arn"))}
    found: dict[str, tuple[Resource, list[Resource]]] = {}
    for trigger in destruction.plan.of():
        if trigger.type in _TRIGGERS:
            for text in {*known_strings(trigger.values), _qualified_of(trigger)} & gone.keys() - made:
                found.setdefault(gone[text].address, (gone[text], []))[1].append(trigger)
    for target, pointing in found.values():
        what = "alias" if target.type == _ALIAS else "function"
        names = listed(tuple(dict.fromkeys(pointing)))
        yield Finding(
            "trigger-without-target",
            Level.ERROR,
            target.address,
            f"another target for {names}",
            f"{names} still points to the {what} after this plan destroys it; every invocation then fails "
            "(ResourceNotFoundException)",
            f"point {names} elsewhere, or remove it, in an apply of its own, then destroy the {what}",
        )


def _qualified(function_name: str, qualifier: object) -> str:
    return f"{function_name.rpartition(':function:')[2]}:{qualifier}"


def _qualified_of(trigger: Resource) -> str:
    name, qualifier = trigger.values.get("function_name"), trigger.values.get("qualifier")
    return _qualified(name, qualifier) if isinstance(name, str) and isinstance(qualifier, str) else ""


def _proxies(destruction: Destruction) -> Iterator[Finding]:
    for target in destruction.before.values():
        if target.type != _PROXY_TARGET or {"delete", "forget"} & set(target.actions):
            continue
        for attribute, kind in (
            ("db_instance_identifier", "aws_db_instance"),
            ("db_cluster_identifier", "aws_rds_cluster"),
        ):
            database = destruction.owner(target.get(attribute), kind)
            if database is not None and "delete" in database.actions:
                name = target.get("db_proxy_name")
                yield Finding(
                    "proxy-without-target",
                    Level.ERROR,
                    target.address,
                    f"a database behind the proxy {name}",
                    f"{database.address} is destroyed while {target.address} stays; every connection through the "
                    f"proxy {name} "
                    "then fails until it has an available target",
                    f"remove {target.address} first, or give the proxy another target, in an apply of its own",
                )


def _mapping(destruction: Destruction, mapping: Resource) -> Iterator[Finding]:
    source = str(mapping.get("event_source_arn", ""))
    queue = destruction.owner(source, _QUEUE)
    if mapping.is_replaced and any(service in source for service in _STREAMS):
        start = str(mapping.get("starting_position", "LATEST"))
        lost = start == "LATEST"
        yield Finding(
            "stream-position",
            Level.ERROR if lost else Level.WARNING,
            mapping.address,
            "the position in the stream",
            f"the new mapping begins at {start}, so records "
            + (
                "that arrive while it is replaced are never read"
                if lost
                else "that the stream still holds are read again"
            )
            + " (Lambda API reference, CreateEventSourceMapping)",
            "create the second mapping first with starting_position AT_TIMESTAMP, then remove the old one",
        )
    elif queue is not None and "delete" in queue.actions:
        seconds = queue.get("visibility_timeout_seconds", 30)
        yield Finding(
            "messages-in-flight",
            Level.WARNING,
            mapping.address,
            f"an empty queue {queue.address}",
            f"{queue.address} is destroyed with it, and with the queue every message that waits or is in flight, of "
            "which each "
            f"is hidden for up to {seconds} seconds (SQS guide, visibility timeout)",
            "stop the senders, let the function empty the queue, set enabled = false on the mapping, wait for the "
            "visibility "
            "timeout, then destroy",
        )
