"""Alarms and the topic they publish to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, pages
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.ownership import Owner
from rollout.readback.policy_document import policy_checks, statement, statements


def alarm_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Exactly the stack's alarms exist, and each publishes to the topic when it fires and when it recovers."""
    cloudwatch: Any = clients("cloudwatch")  # Any: clients are made from models at run time
    topic = outputs["alarm_topic_arn"]
    owner = Owner(expected.prefix, others=expected.others)
    begun = pages(cloudwatch, "describe_alarms", "MetricAlarms", AlarmNamePrefix=f"{expected.prefix}-")
    listed = [alarm for alarm in begun if owner.names(alarm["AlarmName"])]
    acting = {"enabled": True, "alarm": [topic], "ok": [topic]}
    return [
        equal("alarms: names", outputs["alarm_names"], [alarm["AlarmName"] for alarm in listed]),
        *(
            equal(
                f"alarm {alarm['AlarmName']}: actions",
                acting,
                {"enabled": alarm["ActionsEnabled"], "alarm": alarm["AlarmActions"], "ok": alarm["OKActions"]},
            )
            for alarm in sorted(listed, key=lambda alarm: str(alarm["AlarmName"]))
        ),
    ]


def topic_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The topic is encrypted with the stack's key, and its policy admits CloudWatch of this account only."""
    sns: Any = clients("sns")  # Any: as above
    topic = outputs["alarm_topic_arn"]
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    publish = statement(
        ["sns:Publish"],
        [topic],
        principal={"Service": ["cloudwatch.amazonaws.com"]},
        condition=("StringEquals", "aws:SourceAccount", expected.account_id),
    )
    subject = f"topic {topic}"
    return [
        equal(f"{subject}: ARN", expected.arn("sns", f"{expected.prefix}-alarms"), topic),
        equal(f"{subject}: key", key_arn(clients, expected.prefix), attributes.get("KmsMasterKeyId")),
        *policy_checks(subject, {"CloudWatchAlarmsPublish": publish}, statements(attributes.get("Policy"))),
    ]
