"""An S3 bucket: private, versioned, encrypted, TLS only, kept by default."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_metric import S3BucketMetric
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from constructs import Construct

from modules.bucket.alarms import WHOLE_BUCKET, bucket_alarms
from modules.bucket.base import BucketBase
from modules.bucket.config import KMS, BucketConfig
from modules.bucket.existing import ExistingBucket
from modules.bucket.protection import add_protection
from modules.bucket.retention import add_lifecycle, add_object_lock
from modules.bucket.statements import (
    access_log_statement,
    log_delivery_key_statement,
    log_delivery_statements,
    prefix_problems,
    protection_statements,
)
from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.core.statements import Statement
from modules.key import KeyBase
from modules.observability import AlarmsConfig, AlarmTopic, create_alarms

_RESERVED_PREFIXES = ("amzn-s3-demo-", "sthree-")  # S3 guide

S3_KEY = ("CKV_AWS_145",)
"""Checks that a bucket skips which is encrypted with S3's own key."""
WITHOUT_ACCESS_LOG, WITHOUT_NOTIFICATIONS = ("CKV_AWS_18",), ("CKV2_AWS_62",)
WITHOUT_REPLICATION = ("CKV_AWS_144",)
"""Those that a bucket skips without a log of each access, without notifications, without a copy in another region."""


class Bucket(BucketBase):
    """A bucket, named after stack, construct, account and region, as bucket names are shared by all of AWS.

    Attributes:
        alarm_names: its alarms; there are some with request metrics only.

    Raises:
        ConfigError: S3 reserves what the name begins with, access logs cannot be delivered to `access_logs`, or alarms
            have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: BucketConfig | None = None,
        key: KeyBase,
        access_logs: BucketBase | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or BucketConfig()
        self._target, self._key = target_of(self), key
        self._log_prefix: str | None = None
        bucket = S3Bucket(
            self,
            "bucket",
            bucket=self._fitting_name(construct_id),
            object_lock_enabled=True if config.object_lock else None,
            force_destroy=config.removal == "destroy",
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None,
        )
        skip(bucket, config.sse_algorithm_reason, *S3_KEY)
        skip(bucket, config.access_log_off_reason, *WITHOUT_ACCESS_LOG)
        skip(bucket, config.notifications_off_reason, *WITHOUT_NOTIFICATIONS)
        skip(bucket, config.replication_off_reason, *WITHOUT_REPLICATION)
        self.name: str = bucket.id
        self.arn: str = bucket.arn
        self.key_arn = key.arn if config.sse_algorithm == KMS else ""

        private, versioning = add_protection(self, config, self.name, self.key_arn)
        self._document = PolicyDocument(protection_statements(self.arn, self.key_arn))
        self._policy = S3BucketPolicy(
            self, "policy", bucket=self.name, policy=self._document.json, depends_on=[private]
        )
        self.dependencies = (self._policy,)
        add_lifecycle(self, config, self.name, versioning)
        add_object_lock(self, config, self.name, versioning)
        if config.eventbridge:
            S3BucketNotification(self, "events", bucket=self.name, eventbridge=True)
        if access_logs is not None:
            self._deliver_access_log(access_logs)
        specs = bucket_alarms(self.name) if config.request_metrics else ()
        if specs:
            S3BucketMetric(self, "metrics", bucket=self.name, name=WHOLE_BUCKET)
        alarms = config.alarms if specs else AlarmsConfig.off(reason="there are no request metrics")
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct, construct_id: str, *, name: str, key_arn: str = "", accepts_log_delivery: bool = False
    ) -> ExistingBucket:
        """A bucket that exists already, in the target's region.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            name: the bucket's name.
            key_arn: KMS key that encrypts its objects, whose key policy lets the account's roles use it; empty when
                S3's own key does.
            accepts_log_delivery: whether its policy lets CloudWatch's log delivery write.

        Raises:
            ConfigError: the name is no bucket's name, or the key's ARN no key's.
        """
        return ExistingBucket(
            scope, construct_id, name=name, key_arn=key_arn, accepts_log_delivery=accepts_log_delivery
        )

    def allow_log_delivery(self, *, prefix: str = "") -> str:
        """Let CloudWatch's log delivery write below `prefix`, such as VPC flow logs of this account and region.

        Args:
            prefix: empty for the bucket's top, else a folder such as `flow/`.

        Returns:
            The bucket's ARN, as a token that waits for the policy, for what names the bucket as its destination.

        Raises:
            ConfigError: the prefix names no folder, or logs are delivered below another one.
        """
        problems = list(prefix_problems(prefix))
        if self._log_prefix not in (None, prefix):
            given = f'logs are to be delivered below "{prefix}"'
            allowed = (
                f'they are delivered below "{self._log_prefix}" already, each to a folder of its account and source'
            )
            problems.append(Problem("", given, allowed, "name the same prefix, or another bucket"))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self._log_prefix = prefix
        self._allow(*log_delivery_statements(self.arn, self._target, prefix))
        if self.key_arn:
            self._key.allow(log_delivery_key_statement(self._target))
        return f"arn:{self._target.partition}:s3:::{self._policy.bucket}"

    def allow_access_logs(self, word: str, *, source_arn: str, prefix: str) -> None:
        """Let S3 deliver another bucket's access log below `prefix`."""
        self._allow(
            access_log_statement(word, bucket_arn=self.arn, prefix=prefix, source_arn=source_arn, target=self._target)
        )

    def _allow(self, *statements: Statement) -> None:
        self._document.add(*statements)
        self._policy.policy = self._document.json

    def _deliver_access_log(self, logs: BucketBase) -> None:
        prefix = f"{self.node.id}/"
        logs.require_access_logs()
        if isinstance(logs, Bucket):
            logs.allow_access_logs(self.word, source_arn=self.arn, prefix=prefix)
        S3BucketLoggingA(
            self,
            "access-log",
            bucket=self.name,
            target_bucket=logs.name,
            target_prefix=prefix,
            depends_on=list(logs.dependencies),
        )

    def _fitting_name(self, construct_id: str) -> str:
        target = self._target
        thing = f"{construct_id}-{target.account_id}-{target.region}"
        name = target.naming.name(thing, max_length=limits.S3_MAX_BUCKET_NAME_LENGTH)
        if name.startswith(_RESERVED_PREFIXES):
            raise ConfigError.single(
                self.node.path,
                f'the bucket\'s name would be "{name}"',
                f"S3 reserves names that begin with {' or '.join(_RESERVED_PREFIXES)} (S3 guide)",
                "choose another org or env",
            )
        return name
