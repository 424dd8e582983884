"""The topic that alarms publish to."""

from __future__ import annotations

import re
from typing import Any, Protocol

import modules.core.engine

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, sid_word
from modules.core.invocation import InvocationTarget
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.key import KeyBase
from modules.key.statements import ENCRYPT
from modules.observability.config import AlarmTopicConfig

_SNS, _CLOUDWATCH, _EVENTS = "sns.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"
_SERVICE = re.compile(r"[a-z0-9-]+\.amazonaws\.com")


class _Queue(Protocol):
    """A queue that lets SNS send."""

    @property
    def arn(self) -> str: ...

    @property
    def dependencies(self) -> tuple[Any, ...]: ...  # Terraform resources of any type

    def allow_service(self, service: str, *, source: str, source_arn: str) -> None: ...


class _Function(Protocol):
    """A function that lets SNS invoke it."""

    @property
    def invocation(self) -> InvocationTarget: ...

    def allow_invoke(self, statement_id: str, *, principal: str, source_arn: str) -> Any: ...


class AlarmTopic(Construct):
    """An encrypted SNS topic that CloudWatch may publish to, and whoever else asks must not.

    Attributes:
        arn: the topic's ARN, as a token.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: KeyBase, config: AlarmTopicConfig | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or AlarmTopicConfig()
        self._target, self._key = target_of(self), key
        key.allow_service(_CLOUDWATCH, sid="CloudWatchAlarmsEncrypt")
        self._name = self._target.naming.name("alarms", max_length=256)
        topic = SnsTopic(self, "topic", name=self._name, kms_master_key_id=key.arn)
        self.arn: str = topic.arn
        self._document = PolicyDocument([self._publish("CloudWatchAlarmsPublish", _CLOUDWATCH, "")])
        self._policy = SnsTopicPolicy(self, "policy", arn=self.arn, policy=self._document.json)
        for address in sorted(config.email_subscriptions):
            self._subscribe(f"email-{address.replace('@', '-at-')}", "email", address)
        for name, url in sorted(config.https_subscriptions.items()):
            self._subscribe(f"https-{name}", "https", url)

    def allow_service(self, service: str, *, source_arn: str = "") -> None:
        """Let another AWS service publish on the account's behalf, such as `events.amazonaws.com`.

        EventBridge says neither to SNS nor to KMS for whom it acts: conditions on aws:SourceAccount or aws:SourceArn
        would refuse it (EventBridge guide, SNS permissions; SNS guide, key management). It gets no condition on the
        topic, and on the key that of this topic alone.

        Args:
            service: the service's principal.
            source_arn: the only resource that it may act for; empty for all of this account.

        Raises:
            ConfigError: the service does not read like a principal, EventBridge is given a source, or the key's policy
                is somebody else's.
        """
        if not _SERVICE.fullmatch(service):
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}"',
                "a service's principal reads like events.amazonaws.com",
                "write the principal",
            )
        if service == _EVENTS and source_arn:
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}" and source_arn is "{source_arn}"',
                "EventBridge names no source when it publishes to a topic (EventBridge guide, SNS permissions)",
                "remove source_arn",
            )
        word = sid_word(service.removesuffix(".amazonaws.com"))
        if service == _EVENTS:
            self._key.allow(self._encrypt(f"{word}EncryptsAlarms", service))
        elif service != _CLOUDWATCH:
            self._key.allow_service(service, sid=f"{word}EncryptsAlarms")
        self._document.add(self._publish(f"{word}PublishesAlarms", service, source_arn))
        self._policy.policy = self._document.json

    def grant_publish(self, grantee: Grantee) -> None:
        """Let a role publish, and encrypt what it publishes; CodeDeploy publishes with its service role.

        Args:
            grantee: a role, or what has one.
        """
        role_of(grantee).grant(
            Statement("PublishAlarms", ("sns:Publish",), (self.arn,)),
            self._key.use_statement("EncryptAlarms", via_service="sns", actions=ENCRYPT),
        )

    def subscribe_queue(self, queue: _Queue) -> None:
        """Send every message to a queue: subscription, the queue's policy and its key's."""
        queue.allow_service(_SNS, source="alarms", source_arn=self.arn)
        subscription = self._subscribe(f"queue-{_id_of(queue)}", "sqs", queue.arn)
        if queue.dependencies:
            subscription.depends_on = sorted(
                f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in queue.dependencies
            )

    def subscribe_function(self, function: _Function) -> None:
        """Invoke a function, or its alias, with every message."""
        function.allow_invoke("alarms", principal=_SNS, source_arn=self.arn)
        self._subscribe(f"function-{_id_of(function)}", "lambda", function.invocation.arn)

    def _subscribe(self, construct_id: str, protocol: str, endpoint: str) -> SnsTopicSubscription:
        return SnsTopicSubscription(self, construct_id, topic_arn=self.arn, protocol=protocol, endpoint=endpoint)

    def _publish(self, sid: str, service: str, source_arn: str) -> Statement:
        source = (Condition("ArnLike", "aws:SourceArn", (source_arn,)),) if source_arn else ()
        account = Condition("StringEquals", "aws:SourceAccount", (self._target.account_id,))
        return Statement(
            sid=sid,
            actions=("sns:Publish",),
            resources=(self.arn,),
            principals=(Principal("Service", (service,)),),
            conditions=() if service == _EVENTS else (*source, account),
        )

    def _encrypt(self, sid: str, service: str) -> Statement:
        """For the key's policy: it may encrypt for this topic, whose ARN SNS passes to KMS."""
        arn = self._target.arn("sns", self._name)
        return Statement(
            sid=sid,
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources=("*",),
            principals=(Principal("Service", (service,)),),
            conditions=(Condition("StringEquals", "kms:EncryptionContext:aws:sns:topicArn", (arn,)),),
        )


def _id_of(subscriber: Any) -> str:  # any construct
    path: str = subscriber.node.path
    return path.partition("/")[2].replace("/", "-")
