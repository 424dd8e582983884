"""A Kinesis data stream: encrypted, on demand, kept by default."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kinesis_resource_policy import KinesisResourcePolicy
from cdktf_cdktf_provider_aws.kinesis_stream import KinesisStream, KinesisStreamStreamModeDetails
from cdktf_cdktf_provider_aws.kinesis_stream_consumer import KinesisStreamConsumer
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.key import KeyBase
from modules.observability import AlarmTopic, create_alarms
from modules.stream.alarms import stream_alarms
from modules.stream.base import StreamBase
from modules.stream.config import StreamConfig
from modules.stream.existing import ExistingStream
from modules.stream.statements import key_policy_statements, policy_statements


class Stream(StreamBase):
    """A stream, named after stack and construct.

    Attributes:
        alarm_names: its alarms.

    Raises:
        ConfigError: the configuration does not fit the target, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StreamConfig | None = None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the stream.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the stream's name.
            config: everything about the stream.
            key: encrypts its records.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        config = config or StreamConfig()
        target = target_of(self)
        config.require(target, where=self.node.path)
        self.key_arn, self.retention_hours = key.arn, config.retention_hours
        self.shards = config.provisioned.shards if config.provisioned else None
        self.is_watched = config.alarms.enabled
        name = target.naming.name(construct_id, max_length=limits.KINESIS_MAX_NAME_LENGTH)
        provisioned = config.provisioned
        stream = KinesisStream(
            self,
            "stream",
            name=name,
            stream_mode_details=KinesisStreamStreamModeDetails(
                stream_mode="PROVISIONED" if provisioned else "ON_DEMAND"
            ),
            shard_count=provisioned.shards if provisioned else None,
            retention_period=config.retention_hours,
            shard_level_metrics=sorted(config.shard_level_metrics) or None,
            encryption_type="KMS",
            kms_key_id=key.arn,
            enforce_consumer_deletion=config.removal == "destroy",
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None,
        )
        self.arn: str = stream.arn
        self.name: str = stream.name
        self.consumer_arns = {
            consumer: KinesisStreamConsumer(self, f"consumer-{consumer}", name=consumer, stream_arn=self.arn).arn
            for consumer in sorted(config.consumers)
        }
        allowed = policy_statements(self.arn, config, target)
        if allowed:
            KinesisResourcePolicy(self, "policy", resource_arn=self.arn, policy=PolicyDocument(allowed).json)
        for statement in key_policy_statements(self.word, target.arn("kinesis", f"stream/{name}"), config, target):
            key.allow(statement)
        specs = stream_alarms(self.name, config.alarms)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct, construct_id: str, *, arn: str, name: str = "", key_arn: str = ""
    ) -> ExistingStream:
        """A stream that exists already.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            arn: the stream's ARN.
            name: its name; needed where the ARN is known only later.
            key_arn: KMS key that encrypts its records, whose key policy lets the account's roles use it; empty when
                none or Kinesis's own does.

        Raises:
            ConfigError: an ARN does not read like one, or the name is missing.
        """
        return ExistingStream(scope, construct_id, arn=arn, name=name, key_arn=key_arn)
