"""The log of what a topic delivered and what not: two log groups, named by SNS, and the role that writes them."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from constructs import Construct

from modules.core.context import target_of
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.key import KeyBase
from modules.observability import LogGroup
from modules.topic.config import DeliveryLogConfig

_WRITE = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:PutMetricFilter",
    "logs:PutRetentionPolicy",
)
"""What SNS does with the groups (SNS guide, message delivery status)."""


class DeliveryLog(Construct):
    """Log groups for deliveries and for failures, which SNS would make without retention and key."""

    def __init__(
        self, scope: Construct, construct_id: str, *, topic_name: str, config: DeliveryLogConfig, key: KeyBase
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        path = f"sns/{target.region}/{target.account_id}/{topic_name}"
        groups = [
            LogGroup(self, name, name=f"{path}{suffix}", retention_days=config.retention_days, key=key)
            for name, suffix in (("delivered", ""), ("failed", "/Failure"))
        ]
        arns = tuple(arn for group in groups for arn in (group.arn, f"{group.arn}:*"))
        role = Role(
            self,
            "role",
            name=target.naming.name(f"{scope.node.id}-delivery-log"),
            trust=service_trust("sns.amazonaws.com"),
            statements=[Statement("WriteDeliveryLog", _WRITE, arns)],
        )
        self._role_arn, self._percent = role.arn, config.success_sample_percent
        self._role = role

    def log(self, topic: SnsTopic) -> None:
        """Let the topic write what it delivers to queues, functions and HTTPS endpoints."""
        for protocol in ("http", "lambda", "sqs"):
            setattr(topic, f"{protocol}_failure_feedback_role_arn", self._role_arn)
            setattr(topic, f"{protocol}_success_feedback_role_arn", self._role_arn)
            setattr(topic, f"{protocol}_success_feedback_sample_rate", self._percent)
        topic.depends_on = [
            f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in self._role.dependencies
        ]
