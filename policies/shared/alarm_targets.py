"""The resources whose metric an alarm looks at: by reference, by name, or through what names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.plan import UNKNOWN, Links, Plan, Resource
from policies.shared.alarm_watches import Watch, configured
from policies.shared.per_plan import per_plan

NAMES = {
    "aws_cloudwatch_event_rule": "name",
    "aws_db_instance": "identifier",
    "aws_db_proxy": "name",
    "aws_dynamodb_table": "name",
    "aws_kinesis_stream": "name",
    "aws_lambda_function": "function_name",
    "aws_nat_gateway": "id",
    "aws_rds_cluster": "cluster_identifier",
    "aws_rds_cluster_instance": "identifier",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
}
"""Resource type → the attribute that dimensions name it by."""

DIMENSIONS = {
    ("AWS/DynamoDB", "TableName"): ("aws_dynamodb_table",),
    ("AWS/Events", "RuleName"): ("aws_cloudwatch_event_rule",),
    ("AWS/Kinesis", "StreamName"): ("aws_kinesis_stream",),
    ("AWS/Lambda", "FunctionName"): ("aws_lambda_function",),
    ("AWS/NATGateway", "NatGatewayId"): ("aws_nat_gateway",),
    ("AWS/RDS", "DBClusterIdentifier"): ("aws_rds_cluster",),
    ("AWS/RDS", "DBInstanceIdentifier"): ("aws_db_instance", "aws_rds_cluster_instance"),
    ("AWS/RDS", "ProxyName"): ("aws_db_proxy",),
    ("AWS/SNS", "TopicName"): ("aws_sns_topic",),
    ("AWS/SQS", "QueueName"): ("aws_sqs_queue",),
}
"""Namespace and dimension → types of the resources that it names (the service's own page of metrics)."""

_NO_NAMES = frozenset({"arn", "endpoint", "invoke_arn", "qualified_arn", "resource_id", "url"})
_ID_IS_NO_NAME = frozenset({"aws_db_instance", "aws_kinesis_stream", "aws_sns_topic", "aws_sqs_queue"})
"""Types whose `id` is an ARN, a URL or the id of RDS (documentation of the AWS provider)."""

_OF_A_VERSION = frozenset({"function_version", "qualified_arn", "version"})
_FUNCTION, _ALIAS = "aws_lambda_function", "aws_lambda_alias"


@dataclass(frozen=True)
class Targets:
    """What a metric is of.

    Attributes:
        resources: resources of the plan.
        names: names that none of them has.
        doubt: why it may be of others too; empty where all is known.
        wrong: why the dimension cannot be a name; empty where it can.
        is_all: whether it is of all resources together.
        dimension: the dimension that names them; empty for one that is not in the table.
        types: types of what the dimension names.
    """

    resources: tuple[Resource, ...] = ()
    names: tuple[str, ...] = ()
    doubt: str = ""
    wrong: str = ""
    is_all: bool = False
    dimension: str = ""
    types: tuple[str, ...] = ()


def targets_of(plan: Plan, watch: Watch) -> Targets:
    """What the metric of an alarm is of."""
    if watch.dimensions is None:
        return _referred(plan, watch)
    if not watch.dimensions:
        return Targets(is_all=True)
    for dimension in sorted(watch.dimensions):
        types = DIMENSIONS.get((watch.namespace, dimension))
        if types:
            return _named(plan, watch, dimension, types)
    return Targets(doubt="" if watch.namespace else watch.unknown)


def _named(plan: Plan, watch: Watch, dimension: str, types: tuple[str, ...]) -> Targets:
    path = f"{watch.path}dimensions.{dimension}"
    given = tuple(text for name, text in watch.given if name == dimension)
    value = watch.alarm.get(path)
    texts = given or ((value,) if isinstance(value, str) else ())
    found = _owners(plan, texts, types) if texts else _links(plan, watch, path, types)
    wrong = _wrong(found, texts, types)
    if wrong:
        return Targets(wrong=f"{dimension} is {wrong}, and no name", dimension=dimension, types=types)
    if not found.is_complete:
        doubt = f"{', '.join(found.unresolved)} is known only after apply"
        return Targets((), found.literals, doubt, dimension=dimension, types=types)
    resources = tuple(entry for entry in found.resources if entry.mode == "managed")
    hidden = [entry for kind in types for entry in _nameless(plan).get(kind, ())] if found.literals else []
    doubt = f"the name of {hidden[0]} is known only after apply" if hidden else ""
    return Targets(resources, found.literals, doubt, dimension=dimension, types=types)


def _owners(plan: Plan, texts: tuple[str, ...], types: tuple[str, ...]) -> Links:
    owners = {text: plan.owner(text, *types) for text in texts}
    return Links(
        tuple(dict.fromkeys(entry for entry in owners.values() if entry is not None)),
        tuple(text for text, entry in owners.items() if entry is None),
    )


def _wrong(found: Links, texts: tuple[str, ...], types: tuple[str, ...]) -> str:
    """What stands in the dimension where it is no name."""
    for text in texts:
        if text.startswith(("arn:", "https:")) or (types == (_FUNCTION,) and ":" in text):
            return "an ARN" if text.startswith("arn:") else f'"{text}"'
        for entry in found.resources:
            if text != entry.get(NAMES[entry.type]) and text == entry.get("id") and entry.type in _ID_IS_NO_NAME:
                return f"the id of {entry}"
    for entry, attribute in () if texts else found.sources:
        if entry.type in types and (attribute in _NO_NAMES or (attribute == "id" and entry.type in _ID_IS_NO_NAME)):
            return f"the {attribute} of {entry}"
    return ""


def _referred(plan: Plan, watch: Watch) -> Targets:
    """What a map of dimensions names that is not known, and whose references are all that is written down."""
    links = plan.links(watch.alarm, "metric_query" if watch.query else f"{watch.path}dimensions")
    if any(attribute in _OF_A_VERSION for _, attribute in links.sources):
        return Targets()
    for (namespace, dimension), types in sorted(DIMENSIONS.items()):
        named = [entry for entry in links.resources if entry.type in types and entry.mode == "managed"]
        if namespace == watch.namespace and len(named) == 1:
            return Targets((named[0],), dimension=dimension, types=types)
    return Targets(doubt=watch.unknown or "its dimensions are known only after apply")


def _links(plan: Plan, watch: Watch, path: str, types: tuple[str, ...]) -> Links:
    written = configured(plan, watch.alarm, watch.query, path)
    if len(written) == 1 and isinstance(written[0], str):
        found = plan.text_links(watch.alarm, written[0], *types)
        same = _by_text(plan).get((watch.alarm.module, types[0], written[0]))
        if not found.resources and same is not None:
            return Links((same,))
    else:
        found = plan.links(watch.alarm, "metric_query" if watch.query else path, *types)
    if not found.resources:
        followed = _followed(plan, found, types)
        found = found if followed is None else followed
    if len(found.resources) == 1:
        return Links(found.resources, sources=found.sources)
    return found if found.unresolved and not found.resources else Links(unresolved=(path,))


def _followed(plan: Plan, found: Links, types: tuple[str, ...]) -> Links | None:
    """The function of an alias whose attributes name it."""
    if types != (_FUNCTION,):
        return None
    aliases = dict.fromkeys(entry for entry, name in found.sources if entry.type == _ALIAS and name == "function_name")
    functions = [plan.links(alias, "function_name", _FUNCTION) for alias in aliases]
    return Links(functions[0].resources, unresolved=functions[0].unresolved) if len(functions) == 1 else None


@per_plan
def _by_text(plan: Plan) -> Mapping[tuple[object, str, str], Resource]:
    """Resources by the text that their name is written with, where the name itself is not known."""
    found = dict[tuple[object, str, str], Resource | None]()
    for entry in plan.of(*NAMES):
        texts = plan.texts(entry, NAMES[entry.type]) if entry.get(NAMES[entry.type]) is UNKNOWN else ()
        if len(texts) == 1:
            key = (entry.module, entry.type, texts[0])
            found[key] = None if key in found else entry
    return {key: entry for key, entry in found.items() if entry is not None}


@per_plan
def _nameless(plan: Plan) -> Mapping[str, tuple[Resource, ...]]:
    """Resources that the configuration names, by type, whose names are known only after apply."""
    found = dict[str, list[Resource]]()
    for entry in plan.of(*NAMES):
        if entry.get(NAMES[entry.type]) is UNKNOWN and plan.is_configured(entry, NAMES[entry.type]):
            found.setdefault(entry.type, []).append(entry)
    return {kind: tuple(entries) for kind, entries in found.items()}
