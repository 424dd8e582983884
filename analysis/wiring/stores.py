"""What using a store takes, by its resource type.

Sources: the service authorization reference for the prefixes of actions, and each service's guide for who needs its KMS
key: callers do with S3, SQS, SNS, Kinesis, DynamoDB and Secrets Manager, as these decrypt on the caller's
behalf; EventBridge uses its key itself; RDS, ElastiCache and EFS use grants of their own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """A resource type that functions use.

    Attributes:
        actions: prefix of the IAM actions that use it, to the service whose endpoint the call takes; an empty one for
            calls that go straight to the store's security group.
        groups: its argument that names security groups; empty for a service without one in the VPC.
        groups_of: resource type and its argument that refers to the store, where the groups stand on another resource.
        key: its argument that names the KMS key which callers need; empty where they need none. A dot leads into a
            block.
        key_of: like `groups_of`, for the key.
    """

    actions: dict[str, str]
    groups: str = ""
    groups_of: tuple[str, str] = ("", "")
    key: str = ""
    key_of: tuple[str, str] = ("", "")

    def takes(self, action: str) -> bool:
        """Whether an IAM action uses the store; `*` uses all."""
        prefix = action.partition(":")[0].lower()
        return prefix == "*" or prefix in self.actions


_DATABASE = {"rds-db": "", "secretsmanager": ""}

STORES: dict[str, Store] = {
    "aws_cloudwatch_event_bus": Store({"events": "events"}),
    "aws_db_instance": Store(_DATABASE, groups="vpc_security_group_ids"),
    "aws_db_proxy": Store(_DATABASE, groups="vpc_security_group_ids"),
    "aws_dynamodb_table": Store({"dynamodb": "dynamodb"}, key="server_side_encryption.kms_key_arn"),
    "aws_efs_file_system": Store(
        {"elasticfilesystem": ""}, groups="security_groups", groups_of=("aws_efs_mount_target", "file_system_id")
    ),
    "aws_elasticache_replication_group": Store({"elasticache": ""}, groups="security_group_ids"),
    "aws_elasticache_serverless_cache": Store({"elasticache": ""}, groups="security_group_ids"),
    "aws_kinesis_stream": Store({"kinesis": "kinesis-streams"}, key="kms_key_id"),
    "aws_kms_key": Store({"kms": "kms"}),
    "aws_rds_cluster": Store({**_DATABASE, "rds-data": "rds-data"}, groups="vpc_security_group_ids"),
    "aws_s3_bucket": Store(
        {"s3": "s3"}, key="rule", key_of=("aws_s3_bucket_server_side_encryption_configuration", "bucket")
    ),
    "aws_secretsmanager_secret": Store({"secretsmanager": "secretsmanager"}, key="kms_key_id"),
    "aws_sns_topic": Store({"sns": "sns"}, key="kms_master_key_id"),
    "aws_sqs_queue": Store({"sqs": "sqs"}, key="kms_master_key_id"),
}
"""Resource type → what using it takes."""
