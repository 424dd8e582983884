"""What the Lambda service does with a function's role, so that the function's network does not matter.

It makes network interfaces, writes logs and traces, polls event sources, and sends dead letters and records to
destinations. Sources: Lambda developer guide (execution role, VPC, event source mappings, asynchronous invocation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.plan import Links, Plan, Resource

FUNCTION, ALIAS = "aws_lambda_function", "aws_lambda_alias"
MAPPING, INVOKE = "aws_lambda_event_source_mapping", "aws_lambda_function_event_invoke_config"
_CONSUMER = "aws_kinesis_stream_consumer"

INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
POLLING = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "kafka:Describe*",
    "kafka:GetBootstrapBrokers",
    "kafka:ListScramSecrets",
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamConsumer",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreams",
    "kinesis:SubscribeToShard",
    "mq:DescribeBroker",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
)
SENDING = (
    "events:PutEvents",
    "lambda:InvokeFunction",
    "s3:ListBucket",
    "s3:PutObject",
    "secretsmanager:GetSecretValue",
    "sns:Publish",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:SendMessage",
)
"""What Lambda calls with what it is told to use: targets, and secrets to sign in to an event source."""
SOURCE_TYPES = {
    "dynamodb": ("aws_dynamodb_table",),
    "kafka": ("aws_msk_cluster", "aws_msk_serverless_cluster"),
    "kinesis": ("aws_kinesis_stream",),
    "mq": ("aws_mq_broker",),
    "sqs": ("aws_sqs_queue",),
}

Thing = Resource | str
"""A resource of the plan, or the ARN of another."""


@dataclass
class Used:
    """What Lambda uses on behalf of one function.

    Attributes:
        polled: event sources.
        targets: dead-letter queue, destinations, and secrets of event sources.
        mappings: its event source mappings.
        unresolved: what of them the plan does not tell.
    """

    polled: dict[Thing, None] = field(default_factory=dict)
    targets: dict[Thing, None] = field(default_factory=dict)
    mappings: list[Resource] = field(default_factory=list)
    unresolved: dict[str, None] = field(default_factory=dict)

    def polls(self, service: str) -> bool:
        """Whether it polls something of a service, or may do so."""
        types = SOURCE_TYPES.get(service, ())
        return bool(self.unresolved) or any(
            entry.type in types if isinstance(entry, Resource) else f":{service}:" in entry for entry in self.polled
        )


def used_by_lambda(plan: Plan) -> dict[Resource, Used]:
    """What Lambda uses on behalf of each function."""
    found = {function: Used() for function in plan.of(FUNCTION)}
    astray = dict[str, None]()
    for function, used in found.items():
        _take(used.targets, used, plan.links(function, "dead_letter_config.target_arn"))
    for entry in plan.of(MAPPING, INVOKE):
        functions, unresolved = functions_of(plan, entry)
        if unresolved:
            astray[f"the function of {entry.address}"] = None
        for function in functions:
            used = found.setdefault(function, Used())
            _take(used.targets, used, plan.links(entry, "destination_config"))
            if entry.type == MAPPING:
                used.mappings.append(entry)
                _take(used.polled, used, _streams(plan, plan.links(entry, "event_source_arn")))
                _take(used.targets, used, plan.links(entry, "source_access_configuration"))
    for used in found.values():
        used.unresolved.update(astray)
    return found


def functions_of(plan: Plan, entry: Resource) -> tuple[tuple[Resource, ...], bool]:
    """The functions that an argument `function_name` names, by their aliases too, and whether more cannot be told."""
    links = plan.links(entry, "function_name", FUNCTION, ALIAS)
    found = dict[Resource, None]()
    for named in links.resources:
        if named.type == FUNCTION:
            found[named] = None
        else:
            found.update(dict.fromkeys(plan.links(named, "function_name", FUNCTION).resources))
    return tuple(found), bool(links.unresolved)


def things(links: Links) -> Iterator[Thing]:
    """Resources and ARNs that an attribute leads to."""
    yield from links.resources
    yield from links.literals


def encrypting_keys(plan: Plan) -> frozenset[Resource]:
    """Keys that encrypt something of the plan, and so are used through the service that keeps it."""
    return frozenset(key for key in plan.of("aws_kms_key", "aws_kms_replica_key") if _encrypts(plan, key))


def _encrypts(plan: Plan, key: Resource) -> bool:
    for source, _, path in plan.graph.in_edges(key, keys=True):
        if source.type == "aws_kms_alias":
            if _encrypts(plan, source):
                return True
        elif not source.type.startswith(("aws_iam_", "aws_kms_")) and not path.startswith("environment"):
            return True
    return False


def _streams(plan: Plan, links: Links) -> Links:
    """Streams in place of their consumers."""
    result = links
    for entry in links.resources:
        if entry.type == _CONSUMER:
            result |= plan.links(entry, "stream_arn", "aws_kinesis_stream")
    return result


def _take(into: dict[Thing, None], used: Used, links: Links) -> None:
    into.update(dict.fromkeys(things(links)))
    used.unresolved.update(dict.fromkeys(links.unresolved))
