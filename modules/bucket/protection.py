"""What keeps a bucket private, versioned and encrypted."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules.bucket.config import BucketConfig


def add_protection(
    scope: Construct, config: BucketConfig, name: str, key_arn: str
) -> tuple[S3BucketPublicAccessBlock, S3BucketVersioningA]:
    """Public access blocks, no ACLs, versions and encryption; returns what policy and lifecycle wait for."""
    private = S3BucketPublicAccessBlock(
        scope,
        "public-access-block",
        bucket=name,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    S3BucketOwnershipControls(
        scope,
        "ownership",
        bucket=name,
        rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
    )
    versioning = S3BucketVersioningA(
        scope,
        "versioning",
        bucket=name,
        versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
    )
    S3BucketServerSideEncryptionConfigurationA(
        scope,
        "encryption",
        bucket=name,
        rule=[
            S3BucketServerSideEncryptionConfigurationRuleA(
                bucket_key_enabled=True if key_arn else None,
                apply_server_side_encryption_by_default=(
                    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm=config.sse_algorithm, kms_master_key_id=key_arn or None
                    )
                ),
            )
        ],
    )
    return private, versioning
