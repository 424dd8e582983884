"""A function does not write to what invokes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import EMPTY
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import function, merged, policy, resource, role
from policies.shared.callees import FUNCTION, callee
from policies.shared.per_plan import per_plan
from policies.shared.permitted import may_any, role_of
from policies.shared.settings import blocks
from policies.shared.sources import MAPPING, source_of
from policies.shared.trigger_samples import ARN, mapping, queue, subscription, topic
from policies.shared.triggers import NOTIFICATION, SUBSCRIPTION, triggers
from policies.view import View

_RECURSION = "aws_lambda_function_recursion_config"
_BUCKET, _TOPIC = "aws_s3_bucket", "aws_sns_topic"
_EVENTS = {
    "s3:ObjectCreated": ("s3:PutObject",),
    "s3:ObjectRemoved": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:ObjectRestore": ("s3:RestoreObject",),
    "s3:ObjectTagging": ("s3:PutObjectTagging", "s3:DeleteObjectTagging"),
    "s3:ObjectAcl": ("s3:PutObjectAcl",),
}
"""What makes a bucket send each kind of event; those of its own, such as lifecycle and replication, are left out."""

_WRITES = {
    _TOPIC: ("sns:Publish",),
    "aws_sqs_queue": ("sqs:SendMessage",),
    "aws_kinesis_stream": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "aws_dynamodb_table": (
        "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem",
        "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete",
    ),
}  # fmt: skip
"""What makes each kind of source invoke the function again."""


@dataclass(frozen=True)
class _Origin:
    """What invokes a function.

    Attributes:
        resource: bucket, topic, queue, stream or table.
        by: resource that connects it to the function.
        writes: actions that make it invoke the function.
        is_limited: whether only objects below a prefix do; None where a filter that cannot be told decides.
    """

    resource: Resource
    by: Resource
    writes: tuple[str, ...]
    is_limited: bool | None = False


def judge(view: View) -> Iterator[Verdict]:
    """Each function that something of the plan invokes which can be written to."""
    recursive = _recursive(view.plan)
    for entry, origins in sorted(_origins(view.plan).items(), key=lambda found: str(found[0])):
        if entry in recursive:
            yield passed(entry)
            continue
        verdicts = [_judged(view, entry, origin) for origin in origins]
        yield min(verdicts, key=lambda verdict: ("failed", "unknown", "passed").index(verdict.outcome))


def _judged(view: View, entry: Resource, origin: _Origin) -> Verdict:
    if origin.is_limited:
        return passed(entry)
    role_ = role_of(view.plan, entry, "role")
    if role_ is None:
        return unknown(entry, f"whether it may write to {origin.resource} is not known, as its role is not in the plan")
    action, answer = may_any(view.plan, role_, origin.writes, origin.resource)
    if answer is UNKNOWN:
        return unknown(entry, f"whether {role_} may do {action} on {origin.resource} cannot be told")
    if not answer:
        return passed(entry)
    if origin.is_limited is None:
        return unknown(
            entry, f"whether what it writes to {origin.resource} matches the filter of {origin.by} cannot be told"
        )
    return failed(
        entry,
        f"{origin.by} invokes it for {origin.resource}, and its role {role_} may do {action} there: what it writes "
        "invokes it again, without end",
        f"write to another {_word(origin.resource)}, and take {action} on {origin.resource} from {role_}",
    )


@per_plan
def _origins(plan: Plan) -> dict[Resource, list[_Origin]]:
    found = dict[Resource, list[_Origin]]()
    for trigger in triggers(plan):
        if trigger.resource.type not in (NOTIFICATION, SUBSCRIPTION) or trigger.callee.function is None:
            continue
        source = plan.links(trigger.resource, trigger.kind.source, _BUCKET, _TOPIC).only
        if source is not None:
            found.setdefault(trigger.callee.function, []).append(_origin(source, trigger.resource, trigger.path))
    for entry in plan.of(MAPPING):
        source, called = source_of(plan, entry).resource, callee(plan, entry, "function_name")
        if source is not None and source.type in _WRITES and called is not None and called.function is not None:
            found.setdefault(called.function, []).append(_origin(source, entry, "filter_criteria"))
    return found


def _origin(source: Resource, by: Resource, path: str) -> _Origin:
    """What a notification, a subscription or a mapping lets through."""
    if source.type != _BUCKET:
        has_filter = by.get("filter_policy" if by.type == SUBSCRIPTION else path) not in EMPTY
        return _Origin(source, by, _WRITES[source.type], None if has_filter else False)
    block = next(found for found in blocks(by, "lambda_function") if path.startswith(f"{found.path}."))
    events, prefix, suffix = (block.get(name, "") for name in ("events", "filter_prefix", "filter_suffix"))
    listed = events if isinstance(events, list) and UNKNOWN not in events else list(_EVENTS)
    writes = (action for kind, actions in _EVENTS.items() for action in actions if _has(listed, kind))
    is_limited = True if prefix not in (UNKNOWN, "") else None if prefix is UNKNOWN or suffix != "" else False
    return _Origin(source, by, tuple(writes), is_limited)


def _has(events: list[str], kind: str) -> bool:
    return any(event == "s3:*" or event.startswith(kind) for event in events)


@per_plan
def _recursive(plan: Plan) -> frozenset[Resource]:
    """Functions that are told to invoke themselves."""
    called = (
        callee(plan, entry, "function_name") for entry in plan.of(_RECURSION) if entry.get("recursive_loop") == "Allow"
    )
    return frozenset(found.function for found in called if found is not None and found.function is not None)


def _word(entry: Resource) -> str:
    return entry.type.rpartition("_")[2]


def _writer(name: str, actions: list[str], on: str, /, **statement: object) -> dict[str, object]:
    """A function that may poll and do `actions` on something."""
    reads = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "kinesis:Get*", "kinesis:List*"]
    return merged(
        function(name, role=f"${{aws_iam_role.of_{name}.arn}}"),
        role(f"of_{name}"),
        resource(
            "aws_iam_role_policy",
            f"of_{name}",
            role=f"${{aws_iam_role.of_{name}.id}}",
            policy=policy({"Action": reads, "Resource": "*"}, {"Action": actions, "Resource": on, **statement}),
        ),
    )


def _notified(name: str, function_name: str, event: str = "ObjectCreated", /, **filters: str) -> dict[str, object]:
    notice = {"lambda_function_arn": ARN.format(FUNCTION, function_name), "events": [f"s3:{event}:*"], **filters}
    return merged(
        resource(_BUCKET, name, bucket=f"sample-{name}"),
        resource(
            "aws_lambda_permission",
            name,
            function_name=f"${{aws_lambda_function.{function_name}.function_name}}",
            action="lambda:InvokeFunction",
            principal="s3.amazonaws.com",
            source_arn=f"${{aws_s3_bucket.{name}.arn}}",
            source_account="123456789012",
        ),
        resource(
            NOTIFICATION,
            name,
            bucket=f"${{aws_s3_bucket.{name}.id}}",
            lambda_function=[notice],
            depends_on=[f"aws_lambda_permission.{name}"],
        ),
    )


POLICY = Policy(
    id="CKV2_LNET_510",
    title="Function may not write to the bucket, queue, topic, stream or table that invokes it",
    severity=Severity.HIGH,
    types=(FUNCTION,),
    why="What it writes invokes it again: the function runs at its full concurrency until somebody stops it.",
    source="Lambda developer guide, recursive loop detection, and using Lambda with Amazon S3",
    fix="Write to another bucket, queue, topic, stream or table; or notify only of a prefix that it does not write to; "
    "or say that it is meant to with aws_lambda_function_recursion_config.",
    judge=judge,
    samples=(
        merged(
            queue("jobs"),
            queue("other"),
            queue("own"),
            queue("meant"),
            topic("news"),
            topic("replies"),
            _writer("passes_other_queue", ["sqs:SendMessage"], ARN.format("aws_sqs_queue", "other")),
            mapping("one", "jobs", ARN.format(FUNCTION, "passes_other_queue")),
            _writer("fails_own_queue", ["sqs:SendMessage"], ARN.format("aws_sqs_queue", "own")),
            mapping("two", "own", ARN.format(FUNCTION, "fails_own_queue")),
            _writer("fails_by_wildcard", ["sns:Publish"], "*"),
            subscription("three", "news", ARN.format(FUNCTION, "fails_by_wildcard")),
            _writer("passes_other_topic", ["sns:Publish"], ARN.format("aws_sns_topic", "replies")),
            subscription("four", "news", ARN.format(FUNCTION, "passes_other_topic")),
            _writer("passes_when_meant", ["sqs:SendMessage"], ARN.format("aws_sqs_queue", "meant")),
            mapping("five", "meant", ARN.format(FUNCTION, "passes_when_meant")),
            resource(
                _RECURSION,
                "meant",
                function_name="${aws_lambda_function.passes_when_meant.function_name}",
                recursive_loop="Allow",
            ),
            _writer("fails_bucket", ["s3:PutObject"], "${aws_s3_bucket.files.arn}/*"),
            _notified("files", "fails_bucket"),
            _writer("passes_bucket_by_prefix", ["s3:PutObject"], "${aws_s3_bucket.inbox.arn}/done/*"),
            _notified("inbox", "passes_bucket_by_prefix", filter_prefix="new/"),
            _writer("passes_other_events", ["s3:PutObject"], "${aws_s3_bucket.removed.arn}/*"),
            _notified("removed", "passes_other_events", "ObjectRemoved"),
            _writer("passes_reading", ["s3:GetObject"], "${aws_s3_bucket.read.arn}/*"),
            _notified("read", "passes_reading"),
        ),
        merged(
            resource("terraform_data", "action", input={"reads": "sqs:List*", "writes": "sqs:*"}),
            queue("a"),
            queue("b"),
            _writer("unknown_then_passes_by_action", ["${terraform_data.action.output.reads}"], "*"),
            mapping("one", "a", ARN.format(FUNCTION, "unknown_then_passes_by_action")),
            _writer("unknown_then_fails_by_action", ["${terraform_data.action.output.writes}"], "*"),
            mapping("two", "b", ARN.format(FUNCTION, "unknown_then_fails_by_action")),
        ),
    ),
)
