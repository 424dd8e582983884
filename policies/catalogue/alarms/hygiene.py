"""An alarm is about something that exists, can be raised, and reaches somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.plan import Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import ACCOUNT_ID, cloud, function, merged, policy, resource
from policies.shared.alarm_actions import COMPOSITE
from policies.shared.alarm_periods import period_problems
from policies.shared.alarm_readers import is_read
from policies.shared.alarm_samples import LATER_ACTIONS, TELLS, alarm, later_actions, of_function
from policies.shared.alarm_strangers import strangers
from policies.shared.alarm_topics import TOPIC, refusals, topics_of_alarms
from policies.shared.alarm_watches import ALARM
from policies.shared.alarms import Alarms, alarms_of
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each alarm, and each topic that alarms tell."""
    alarms = alarms_of(view.plan)
    for entry in view.plan.of(ALARM):
        problems, doubts = _unheard(view, alarms, entry)
        wrong, strange = strangers(view, alarms, entry)
        late, unclear = period_problems(view, entry)
        yield _verdict(entry, [*problems, *wrong, *late], [*doubts, *strange, *unclear])
    for entry in view.plan.of(COMPOSITE):
        yield _verdict(entry, *_unheard(view, alarms, entry))
    for entry in topics_of_alarms(view.plan):
        refused, unknown_of_it = refusals(view, entry)
        yield _verdict(entry, [f"alarms cannot publish to it, as {text}" for text in refused], unknown_of_it)


def _verdict(resource: Resource, problems: Sequence[str], doubts: Sequence[str]) -> Verdict:
    if problems:
        return failed(resource, "; ".join(problems))
    return unknown(resource, "; ".join(doubts)) if doubts else passed(resource)


def _unheard(view: View, alarms: Alarms, alarm: Resource) -> tuple[list[str], list[str]]:
    acts, reason = alarms.actions.of(alarm)
    if acts is not None and (acts or alarm in alarms.actions.members or is_read(view.plan, alarm)):
        return [], []
    return ([], [reason]) if acts is None else ([f"it tells nobody, as {reason}"], [])


def _named(name: str, of: str, /, **body: Any) -> Sample:
    return alarm(name, "Errors", {"FunctionName": of}, **body)


def _topic(name: str, statement: dict[str, Any] | None, /, **body: Any) -> Sample:
    """A topic with a policy, and an alarm that tells it."""
    arn = f"${{aws_sns_topic.{name}.arn}}"
    written = policy(Sid="publish", Resource=arn, Action="sns:Publish", **statement) if statement else ""
    beside = resource("aws_sns_topic_policy", f"of_{name}", arn=arn, policy=written) if statement else {}
    told = _named(f"passes_of_{name}", cloud("watched"), alarm_actions=[arn])
    return merged(resource(TOPIC, name, name=cloud(name), **body), beside, told)


def _told(*samples: Sample) -> Sample:
    """Samples whose topic is named as what it must be judged."""
    text = json.dumps(merged(*samples)).replace("aws_sns_topic.alarms.", "aws_sns_topic.passes_by_account.")
    found: dict[str, Any] = json.loads(text)
    topics = found["resource"][TOPIC]
    topics["passes_by_account"] = topics.pop("alarms")
    return found


def _key(name: str, *services: str) -> Sample:
    own = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}, "Action": "kms:*", "Resource": "*"}
    listed = [
        {"Principal": {"Service": entry}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}
        for entry in services
    ]
    return resource("aws_kms_key", name, policy=policy(own, *listed), deletion_window_in_days=7)


_CLOUDWATCH = {"Principal": {"Service": "cloudwatch.amazonaws.com"}}

POLICY = Policy(
    id="CKV2_LNET_608",
    title="Alarms are about something that exists, can be raised, and reach somebody",
    severity=Severity.MEDIUM,
    types=(ALARM, COMPOSITE, TOPIC),
    why="CloudWatch takes an alarm on any name, without an action, and on a topic that refuses it; such an alarm looks "
    "fine and is never heard.",
    source="CloudWatch API, PutMetricAlarm; CloudWatch guide, using Amazon CloudWatch alarms; SNS guide, key "
    "management for SNS; Security Hub controls for CloudWatch, CloudWatch.15 and CloudWatch.17",
    fix="Name the resource by reference in dimensions, set treat_missing_data and alarm_actions, and let "
    "cloudwatch.amazonaws.com publish to the topic and use its key.",
    judge=judge,
    samples=(
        _told(
            LATER_ACTIONS,
            function("watched"),
            alarm("passes_by_reference", "Errors", of_function("watched")),
            alarm("fails_without_action", "Errors", of_function("watched"), alarm_actions=None),
            alarm("fails_disabled", "Errors", of_function("watched"), actions_enabled=False),
            alarm("fails_without_treatment", "Errors", of_function("watched"), treat_missing_data=None),
            alarm("fails_in_ten_seconds", "Errors", of_function("watched"), period=10),
            alarm("unknown_then_passes_later", "Errors", of_function("watched"), alarm_actions=later_actions("some")),
            alarm("unknown_then_fails_later", "Errors", of_function("watched"), alarm_actions=later_actions("none")),
            alarm("passes_as_child", "Errors", of_function("watched"), alarm_actions=None),
            resource(
                COMPOSITE, "passes_with_child", alarm_name="sample-passes-with-child", alarm_actions=TELLS,
                alarm_rule="ALARM(${aws_cloudwatch_metric_alarm.passes_as_child.alarm_name})",
            ),
            resource(
                COMPOSITE, "fails_as_composite", alarm_name="sample-fails-as-composite",
                alarm_rule="ALARM(${aws_cloudwatch_metric_alarm.passes_as_child.alarm_name})",
            ),
        ),
        _told(
            function("orders_worker"),
            function("watched"),
            _named("passes_by_name", cloud("watched")),
            _named("fails_misspelt", "sample-orders-wroker"),
            alarm("fails_by_arn", "Errors", {"FunctionName": "${aws_lambda_function.watched.arn}"}),
            resource("aws_sqs_queue", "jobs", name="sample-jobs"),
            alarm(
                "fails_by_url", "ApproximateAgeOfOldestMessage", {"QueueName": "${aws_sqs_queue.jobs.id}"},
                namespace="AWS/SQS", statistic="Maximum", threshold=300,
            ),
        ),
        merged(
            function("watched"),
            _topic("passes_by_policy", _CLOUDWATCH),
            _topic("fails_by_policy", {"Principal": {"Service": "events.amazonaws.com"}}),
            _topic("passes_by_default", None),
            _key("good", "cloudwatch.amazonaws.com"),
            _topic("passes_by_key", None, kms_master_key_id="${aws_kms_key.good.id}"),
            _key("bad", "events.amazonaws.com"),
            _topic("fails_by_key", None, kms_master_key_id="${aws_kms_key.bad.arn}"),
            _topic("fails_by_managed_key", None, kms_master_key_id="alias/aws/sns"),
        ),
    ),
    replaces={
        "CKV_AWS_319": "It asks for actions_enabled only, and passes an alarm whose list of actions is empty.",
    },
)  # fmt: skip
