"""How long a bucket keeps objects, versions and unfinished uploads."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_object_lock_configuration import (
    S3BucketObjectLockConfigurationA,
    S3BucketObjectLockConfigurationRuleA,
    S3BucketObjectLockConfigurationRuleDefaultRetentionA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA
from constructs import Construct

from modules.bucket.config import BucketConfig


def add_lifecycle(scope: Construct, config: BucketConfig, name: str, versioning: S3BucketVersioningA) -> None:
    """One rule per purpose; none without any."""
    noncurrent, incomplete, age = config.noncurrent_version_days, config.incomplete_upload_days, config.expiration_days
    rules = []
    if noncurrent is not None:
        versions = S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=noncurrent)
        markers = S3BucketLifecycleConfigurationRuleExpiration(expired_object_delete_marker=True)
        rules.append(_rule("noncurrent-versions", noncurrent_version_expiration=[versions], expiration=[markers]))
    if incomplete is not None:
        uploads = S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=incomplete)
        rules.append(_rule("incomplete-uploads", abort_incomplete_multipart_upload=[uploads]))
    if age is not None:
        objects = S3BucketLifecycleConfigurationRuleExpiration(days=age)
        rules.append(_rule("expiration", expiration=[objects]))
    if rules:
        S3BucketLifecycleConfiguration(scope, "lifecycle", bucket=name, rule=rules, depends_on=[versioning])


def add_object_lock(scope: Construct, config: BucketConfig, name: str, versioning: S3BucketVersioningA) -> None:
    """The default retention of new versions; none without a lock."""
    if config.object_lock is None:
        return
    S3BucketObjectLockConfigurationA(
        scope,
        "object-lock",
        bucket=name,
        rule=S3BucketObjectLockConfigurationRuleA(
            default_retention=S3BucketObjectLockConfigurationRuleDefaultRetentionA(
                mode=config.object_lock.mode, days=config.object_lock.retention_days
            )
        ),
        depends_on=[versioning],
    )


def _rule(rule_id: str, **actions: Any) -> S3BucketLifecycleConfigurationRule:
    """A rule for every object; `Any`, as each action is a struct of its own."""
    everything = [S3BucketLifecycleConfigurationRuleFilter()]
    return S3BucketLifecycleConfigurationRule(id=rule_id, status="Enabled", filter=everything, **actions)
