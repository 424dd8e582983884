"""What is to invoke a function is allowed to."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import ACCOUNT_ID, LATER_RESOURCE, function, merged, policy, resource, role
from policies.shared.api_samples import http_api, http_integration
from policies.shared.callees import FUNCTION, aliases, callee
from policies.shared.grants import granted
from policies.shared.permitted import may, role_of
from policies.shared.settings import is_set
from policies.shared.sources import MAPPING, QUEUE, STREAM, TABLE, source_of
from policies.shared.trigger_samples import (
    ARN,
    alias,
    mapping,
    permission,
    queue,
    rule,
    subscription,
    target,
    topic,
    worker,
)
from policies.shared.triggers import KINDS, Trigger, triggers
from policies.view import View

_URL = "aws_lambda_function_url"
_POLLING = {
    QUEUE: ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    STREAM: ("kinesis:GetRecords", "kinesis:GetShardIterator"),
    TABLE: ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
}
"""What Lambda polls with (Lambda guide, execution role permissions of each event source)."""

_INVOKE = "lambda:InvokeFunction"


def judge(view: View) -> Iterator[Verdict]:
    """Each trigger by the function's permissions, each mapping by the function's role, each URL by both."""
    found = dict[Resource, list[Verdict]]()
    for trigger in triggers(view.plan):
        found.setdefault(trigger.resource, []).append(_triggered(view, trigger))
    for verdicts in found.values():
        yield min(verdicts, key=lambda verdict: ("failed", "unknown", "passed").index(verdict.outcome))
    for entry in view.plan.of(MAPPING):
        yield from _mapped(view, entry)
    yield from view.verdicts(view.plan.of(_URL), "function-url-permission")


def _triggered(view: View, trigger: Trigger) -> Verdict:
    entry, kind = trigger.resource, trigger.kind
    if trigger.callee.function is None:
        return unknown(entry, f"the permissions of {trigger.callee} stand nowhere in what is judged")
    has_role = is_set(view, entry, kind.by_role) if kind.by_role else False
    if has_role is True:
        return _by_role(view, trigger)
    if has_role is UNKNOWN:
        return unknown(entry, f"{kind.by_role} is known only after apply")
    if not kind.principal:
        return failed(entry, f"{kind.by_role} is not set, and nothing else lets it invoke {trigger.callee}")
    return _by_permission(view, trigger)


def _by_permission(view: View, trigger: Trigger) -> Verdict:
    entry, kind = trigger.resource, trigger.kind
    answer, doubt = granted(view.plan, trigger)
    if answer is UNKNOWN:
        return unknown(entry, f"whether {doubt} is for it and for {trigger.callee} is known only after apply")
    if answer:
        return passed(entry)
    service = kind.principal.partition(".")[0]
    return failed(
        entry,
        f"no permission lets {kind.principal} invoke {trigger.callee} for it: events of {service} never arrive",
        f'add an aws_lambda_permission for {trigger.callee} with principal = "{kind.principal}" and its source_arn',
    )


def _by_role(view: View, trigger: Trigger) -> Verdict:
    entry, called = trigger.resource, trigger.callee.function
    role_ = role_of(view.plan, entry, trigger.kind.by_role)
    if role_ is None or called is None:
        return unknown(entry, f"what the role in {trigger.kind.by_role} may do stands nowhere in what is judged")
    answer = _may_invoke(view, role_, called, trigger.callee.qualifier)
    if answer is UNKNOWN:
        return unknown(entry, f"whether {role_} may do {_INVOKE} on {trigger.callee} is known only after apply")
    if answer:
        return passed(entry)
    return failed(
        entry, f"its role {role_} may not do {_INVOKE} on {trigger.callee}", f"allow {_INVOKE} in a policy of {role_}"
    )


def _may_invoke(view: View, role_: Resource, function_: Resource, qualifier: str | None) -> object:
    named = [entry for entry in aliases(view.plan).get(function_, ()) if entry.get("name") == qualifier]
    answers = [may(view.plan, role_, _INVOKE, entry) for entry in (function_, *named)]
    return True if True in answers else UNKNOWN if UNKNOWN in answers else False


def _mapped(view: View, entry: Resource) -> Iterator[Verdict]:
    source, called = source_of(view.plan, entry), callee(view.plan, entry, "function_name")
    if source.resource is None or source.resource.type not in _POLLING or called is None:
        return
    role_ = role_of(view.plan, called.function, "role") if called.function is not None else None
    if role_ is None:
        yield unknown(entry, f"what the role of {called} may do stands nowhere in what is judged")
        return
    answers = {action: may(view.plan, role_, action, source.resource) for action in _POLLING[source.resource.type]}
    missing = [action for action, answer in answers.items() if answer is False]
    unclear = [action for action, answer in answers.items() if answer is UNKNOWN]
    if missing:
        yield failed(
            entry,
            f"the role {role_} of {called} may not do {', '.join(missing)} on {source.name}, as Lambda does to poll it",
            f"allow {', '.join(missing)} on {source.name} in a policy of {role_}",
        )
    elif unclear:
        yield unknown(entry, f"whether {role_} may do {', '.join(unclear)} on {source.name} cannot be told")
    else:
        yield passed(entry)


_SNS, _EVENTS = "sns.amazonaws.com", "events.amazonaws.com"
_RULE, _WORKER = ARN.format("aws_cloudwatch_event_rule", "hourly"), ARN.format(FUNCTION, "worker")


def _schedule(name: str, role_name: str) -> dict[str, object]:
    return resource(
        "aws_scheduler_schedule",
        name,
        name=f"sample-{name.replace('_', '-')}",
        schedule_expression="rate(1 hour)",
        flexible_time_window=[{"mode": "OFF"}],
        target=[{"arn": _WORKER, "role_arn": f"${{aws_iam_role.{role_name}.arn}}"}],
    )


def _bucket(name: str, /, function_name: str = "worker") -> dict[str, object]:
    return merged(
        resource("aws_s3_bucket", f"of_{name}", bucket=f"sample-{name.replace('_', '-')}"),
        resource(
            "aws_s3_bucket_notification",
            name,
            bucket=f"${{aws_s3_bucket.of_{name}.id}}",
            lambda_function=[
                {
                    "lambda_function_arn": ARN.format(FUNCTION, function_name),
                    "events": ["s3:ObjectCreated:*"],
                }
            ],
        ),
    )


POLICY = Policy(
    id="CKV2_LNET_509",
    title="Trigger of a function has the permission that it needs",
    severity=Severity.HIGH,
    types=(*KINDS, MAPPING, _URL),
    why="Without its permission a trigger looks complete and delivers nothing: permissions are those of one function "
    "and one alias or version, and a rule or topic tells nobody that it was refused.",
    source="Lambda developer guide, resource-based policies, and access to function URLs",
    fix="Add an aws_lambda_permission with the same function and qualifier as the trigger names, or allow the action "
    "in the role's policy.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("worker"),
            alias("live", "worker"),
            rule("hourly"),
            rule("daily"),
            *(topic(name) for name in ("a", "b", "c", "d")),
            permission("rule", "worker", _EVENTS, source_arn=_RULE),
            target("passes_rule", "hourly", _WORKER),
            target("fails_alias_without_qualifier", "hourly", "${aws_lambda_alias.live.arn}"),
            target("fails_other_rule", "daily", _WORKER),
            permission(
                "topic", "worker", _SNS, qualifier="${aws_lambda_alias.live.name}", source_arn="${aws_sns_topic.a.arn}"
            ),
            subscription("passes_alias", "a", "${aws_lambda_alias.live.arn}"),
            subscription("fails_subscription", "b", _WORKER),
            permission("by_name", "worker", _SNS, source_arn=f"arn:aws:sns:eu-west-1:{ACCOUNT_ID}:sample-c"),
            subscription("passes_by_literal", "c", _WORKER),
            _bucket("passes_bucket"),
            _bucket("fails_bucket"),
            permission(
                "bucket",
                "worker",
                "s3.amazonaws.com",
                source_arn="${aws_s3_bucket.of_passes_bucket.arn}",
                source_account=ACCOUNT_ID,
            ),
            http_api("one"),
            http_api("two"),
            http_integration("passes_api", "one", _WORKER),
            http_integration("fails_api", "two", _WORKER),
            permission(
                "api",
                "worker",
                "apigateway.amazonaws.com",
                source_arn="${aws_apigatewayv2_api.one.execution_arn}/*/*",
            ),
        ),
        merged(
            LATER_RESOURCE,
            worker("worker"),
            function("cannot_poll", role="${aws_iam_role.bare.arn}"),
            role("bare"),
            role("scheduler", "scheduler.amazonaws.com"),
            resource(
                "aws_iam_role_policy",
                "invokes",
                role="${aws_iam_role.scheduler.id}",
                policy=policy(Action="lambda:InvokeFunction", Resource=_WORKER),
            ),
            role("idle", "scheduler.amazonaws.com"),
            _schedule("passes_schedule", "scheduler"),
            _schedule("fails_schedule", "idle"),
            queue("jobs"),
            mapping("passes_mapping", "jobs", _WORKER),
            mapping("fails_mapping", "jobs", ARN.format(FUNCTION, "cannot_poll")),
            resource(
                _URL,
                "passes_url",
                function_name="${aws_lambda_function.worker.function_name}",
                authorization_type="AWS_IAM",
            ),
            worker("open"),
            worker("other"),
            resource(
                _URL, "fails_url", function_name="${aws_lambda_function.open.function_name}", authorization_type="NONE"
            ),
            topic("a"),
            topic("b"),
            permission("by_service", "worker", f'${{terraform_data.later.output["true"] ? "{_SNS}" : "{_EVENTS}"}}'),
            subscription("unknown_then_passes_by_principal", "a", _WORKER),
            permission("by_other", "other", f'${{terraform_data.later.output["false"] ? "{_SNS}" : "{_EVENTS}"}}'),
            subscription("unknown_then_fails_by_principal", "b", ARN.format(FUNCTION, "other")),
        ),
    ),
)
