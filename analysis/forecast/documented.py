"""Documented times and attributes of what is destroyed, each with its source."""

from __future__ import annotations

from analysis.forecast.model import Wait

LAMBDA_INTERFACE_MINUTES = 20
"""Lambda guide, VPC access: after a function is deleted or leaves its VPC, its interfaces go within 20 minutes."""

PROVIDER_INTERFACE_MINUTES = 45
"""Provider documentation, aws_lambda_function: the least that deletion of a group or subnet waits for interfaces."""

KMS_WINDOW_DAYS = 30
"""Days before a key is deleted, when none are given (KMS API reference, ScheduleKeyDeletion)."""

SECRET_WINDOW_DAYS = 30
"""Days that a deleted secret keeps its name, when none are given (Secrets Manager API reference, DeleteSecret)."""

_GIVES_UP = {
    "aws_db_instance": 60,
    "aws_db_proxy": 60,
    "aws_docdb_cluster": 120,
    "aws_elasticache_replication_group": 45,
    "aws_nat_gateway": 30,
    "aws_neptune_cluster": 120,
    "aws_rds_cluster": 120,
}
"""Minutes, by default, that the provider waits for a deletion (provider documentation, Timeouts of each)."""


def provider_wait(resource_type: str) -> Wait | None:
    """How long the provider waits for the deletion of such a resource; None where that is not documented."""
    minutes = _GIVES_UP.get(resource_type)
    if minutes is None:
        return None
    return Wait(
        minutes, "AWS deletes it; the provider gives up after this time", f"provider documentation, {resource_type}"
    )


INTERFACE_WAIT_SOURCE = "Lambda guide, VPC access; provider documentation, aws_lambda_function"

PROTECTED_BY = {
    "aws_alb": "enable_deletion_protection",
    "aws_cloudwatch_log_group": "deletion_protection_enabled",
    "aws_cognito_user_pool": "deletion_protection",
    "aws_db_instance": "deletion_protection",
    "aws_docdb_cluster": "deletion_protection",
    "aws_dynamodb_table": "deletion_protection_enabled",
    "aws_lb": "enable_deletion_protection",
    "aws_neptune_cluster": "deletion_protection",
    "aws_networkfirewall_firewall": "delete_protection",
    "aws_rds_cluster": "deletion_protection",
    "aws_rds_global_cluster": "deletion_protection",
}
"""Attribute that keeps a resource from being deleted (provider documentation of each)."""

FINAL_SNAPSHOT = frozenset({"aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster"})
"""Types whose deletion makes a final snapshot, unless `skip_final_snapshot` is set (provider documentation of each)."""

FORCED_BY = {
    "aws_backup_vault": ("force_destroy", "recovery points"),
    "aws_ecr_repository": ("force_delete", "images"),
    "aws_ecrpublic_repository": ("force_destroy", "images"),
    "aws_s3_bucket": ("force_destroy", "objects or versions of objects"),
}
"""Attribute that lets a resource be deleted with what it holds, and what that is (provider documentation of each)."""

HOLDS_DATA = {
    "aws_cognito_user_pool": "users",
    "aws_db_instance": "data",
    "aws_docdb_cluster": "data",
    "aws_dynamodb_table": "items",
    "aws_ebs_volume": "data",
    "aws_efs_file_system": "files",
    "aws_keyspaces_table": "rows",
    "aws_kinesis_stream": "records",
    "aws_kms_key": "key material",
    "aws_msk_cluster": "topics",
    "aws_neptune_cluster": "data",
    "aws_opensearch_domain": "indexes",
    "aws_rds_cluster": "data",
    "aws_redshift_cluster": "data",
    "aws_s3_bucket": "objects",
    "aws_secretsmanager_secret": "values",
    "aws_sqs_queue": "messages",
}
"""Types whose replacement starts without what the old one held, and what that is."""

INTERFACE_USERS = frozenset(
    {
        "aws_alb",
        "aws_apigatewayv2_vpc_link",
        "aws_db_instance",
        "aws_db_proxy",
        "aws_efs_mount_target",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_instance",
        "aws_lambda_function",
        "aws_lb",
        "aws_mq_broker",
        "aws_msk_cluster",
        "aws_nat_gateway",
        "aws_network_interface",
        "aws_opensearch_domain",
        "aws_rds_cluster",
        "aws_route53_resolver_endpoint",
        "aws_vpc_endpoint",
    }
)
"""Types that have network interfaces of their own, which keep their subnets and groups from being deleted."""

RULES_THAT_NAME_A_GROUP = {
    "aws_security_group": ("ingress", "egress"),
    "aws_security_group_rule": ("source_security_group_id",),
    "aws_vpc_security_group_egress_rule": ("referenced_security_group_id",),
    "aws_vpc_security_group_ingress_rule": ("referenced_security_group_id",),
}
"""Where rules of one group name another, which keeps that other from being deleted (VPC guide, security groups)."""
