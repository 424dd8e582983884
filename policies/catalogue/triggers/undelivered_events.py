"""What cannot be delivered to its target goes to a dead-letter queue."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource, Unknown
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER_RESOURCE, merged, resource, role
from policies.shared.callees import FUNCTION
from policies.shared.redrive import redrive_of
from policies.shared.settings import is_set
from policies.shared.trigger_samples import ARN, queue, rule, subscription, target, topic, worker
from policies.shared.triggers import RULE_TARGET, SCHEDULE, SUBSCRIPTION
from policies.view import View

_PATHS = {RULE_TARGET: "dead_letter_config.arn", SCHEDULE: "target.dead_letter_config.arn"}
_PROTOCOLS = frozenset({"lambda", "sqs", "firehose", "http", "https"})
"""Subscriptions of systems; those of people, such as email, are left out."""


def judge(view: View) -> Iterator[Verdict]:
    """Each target of a rule, each schedule, and each subscription of a system."""
    for entry in view.plan.of(*_PATHS):
        yield _verdict(entry, _PATHS[entry.type], has=is_set(view, entry, _PATHS[entry.type]))
    for entry in view.plan.of(SUBSCRIPTION):
        if entry.get("protocol") in _PROTOCOLS:
            yield _verdict(entry, "redrive_policy", has=_has_redrive(view, entry))


def _has_redrive(view: View, entry: Resource) -> bool | Unknown:
    redrive = redrive_of(view.plan, entry)
    if redrive is None:
        return False
    return UNKNOWN if redrive.unknown else True


def _verdict(entry: Resource, path: str, *, has: bool | Unknown) -> Verdict:
    if has is UNKNOWN:
        return unknown(entry, f"{path} is known only after apply")
    if has:
        return passed(entry)
    return failed(entry, f"{path} is not set, so that what cannot be delivered is dropped once its retries are over")


def _schedule(name: str, /, **body: object) -> dict[str, object]:
    settings = {"arn": _WORKER, "role_arn": "${aws_iam_role.scheduler.arn}", **body}
    return resource(
        SCHEDULE,
        name,
        name=f"sample-{name.replace('_', '-')}",
        schedule_expression="rate(1 hour)",
        flexible_time_window=[{"mode": "OFF"}],
        target=[settings],
    )


_WORKER, _DEAD = ARN.format(FUNCTION, "worker"), ARN.format("aws_sqs_queue", "dead")
_REDRIVE = f'{{"deadLetterTargetArn": "{_DEAD}"}}'
_LATE = '${terraform_data.later.output["true"] ? aws_sqs_queue.dead.arn : null}'

POLICY = Policy(
    id="CKV2_LNET_506",
    title="Rule target, schedule and subscription have a dead-letter queue of their own",
    severity=Severity.MEDIUM,
    types=(*_PATHS, SUBSCRIPTION),
    why="A function's own destination gets events that reached it; those that did not, for want of a permission or "
    "in an outage, are dropped by who sends them.",
    source="EventBridge user guide and SNS developer guide, dead-letter queues",
    fix="Add dead_letter_config to a target or schedule, and redrive_policy to a subscription, with a queue that "
    "lets the service send.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            worker("worker"),
            role("scheduler", "scheduler.amazonaws.com"),
            queue("dead"),
            rule("hourly"),
            *(topic(name) for name in ("a", "b", "c", "d")),
            target("passes_with_queue", "hourly", _WORKER, dead_letter_config=[{"arn": _DEAD}]),
            target("fails_target", "hourly", _WORKER),
            target("unknown_then_passes_target", "hourly", _WORKER, dead_letter_config=[{"arn": _LATE}]),
            subscription("passes_with_redrive", "a", _WORKER, redrive_policy=_REDRIVE),
            subscription("fails_subscription", "b", _WORKER),
            subscription("people_read", "c", "people@example.com", protocol="email"),
            _schedule("passes_schedule", dead_letter_config=[{"arn": _DEAD}]),
            _schedule("fails_schedule"),
            _schedule("unknown_then_passes_schedule", dead_letter_config=[{"arn": _LATE}]),
        ),
    ),
)
