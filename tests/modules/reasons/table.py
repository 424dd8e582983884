"""What each reason stands for: construct paths in the stacks of `stacks.py`, and the checks that are skipped there."""

from __future__ import annotations

from collections.abc import Mapping

from modules.cache.token import ROTATION_OFF_REASON
from modules.function.skips import UNSIGNED_IMAGE

SKIPPED: Mapping[str, str] = {
    "AccessPointConfig.root_reason": "stores/files/access-point-all: CKV_AWS_329",
    "AsynchronousConfig.dead_letters.reason": "functions/forgets/function: CKV2_LNET_505",
    "AttachmentConfig.detaching_applied": """
        functions/detached/function: CKV_AWS_117
        functions/powerful/function: CKV_AWS_117
        functions/reader/function: CKV_AWS_117
    """,
    "AttachmentConfig.single_zone_reason": "functions/zone/function: CKV2_LNET_102",
    "BucketConfig.access_log_off_reason": "stores/logs/bucket: CKV_AWS_18",
    "BucketConfig.notifications_off_reason": "stores/logs/bucket: CKV2_AWS_62",
    "BucketConfig.replication_off_reason": "stores/logs/bucket: CKV_AWS_144",
    "BucketConfig.sse_algorithm_reason": "stores/logs/bucket: CKV_AWS_145",
    "CacheConfig.automatic_failover_off_reason": "stores/alone/group: CKV2_AWS_50",
    "CacheConfig.token_reason": "stores/shared/group: CKV_AWS_31",
    "DatabaseClusterConfig.alarms.reason": "databases/cluster/cluster: CKV2_LNET_605",
    "DatabaseClusterConfig.master_password_rotation_off_reason": "databases/cluster/cluster-master/secret: CKV2_AWS_57",
    "DatabaseClusterConfig.removal_reason": "databases/cluster/cluster: CKV_AWS_139",
    "DatabaseConfig.alarms.reason": """
        databases/database/instance: CKV2_LNET_605
        databases/database/replica-a/instance: CKV2_LNET_605
    """,
    "DatabaseConfig.master_password_rotation_off_reason": "databases/database/database-master/secret: CKV2_AWS_57",
    "DatabaseConfig.multi_az_off_reason": "databases/database/instance: CKV_AWS_157",
    "DatabaseConfig.performance_insights_off_reason": """
        databases/database/instance: CKV_AWS_353
        databases/database/replica-a/instance: CKV_AWS_353
    """,
    "DatabaseConfig.removal_reason": "databases/database/instance: CKV_AWS_293",
    "DatabaseProxyConfig.alarms.reason": "databases/proxy/proxy: CKV2_LNET_605",
    "DatabaseProxyConfig.iam_auth_off_reason": "databases/proxy/proxy: CKV2_LNET_302",
    "DatabaseProxyConfig.oversubscription_reason": "databases/proxy/proxy: CKV2_LNET_305",
    "EndpointPolicyConfig.full_access_reason": """
        network/network/endpoint-dynamodb/endpoint: CKV2_LNET_109
        network/network/endpoint-s3/endpoint: CKV2_LNET_109
        network/network/endpoint-secretsmanager/endpoint: CKV2_LNET_109
    """,
    "EndpointServiceConfig.automatic_acceptance_reason": "network/offered/service: CKV_AWS_123",
    "ExistingRoleConfig.unchecked_reason": "functions/unchecked/function: CKV2_LNET_106 CKV2_LNET_113",
    "FlowLogConfig.partial_reason": "network/network/vpc: CKV2_LNET_114",
    "FunctionConfig.alarms.reason": """
        functions/quiet/dead-letters/queue: CKV2_LNET_603
        functions/quiet/function: CKV2_LNET_601 CKV2_LNET_602 CKV2_LNET_604 CKV2_LNET_607
        functions/told/function: CKV2_LNET_601 CKV2_LNET_602 CKV2_LNET_604 CKV2_LNET_607
    """,
    "FunctionConfig.deprecated_runtime_reason": "functions/old/function: CKV2_LNET_803",
    "FunctionConfig.disabled_reason": "functions/stopped/function: CKV2_LNET_402",
    "FunctionConfig.unreserved_reason": """
        functions/often/mapping: CKV2_LNET_403
        functions/unreserved/function: CKV2_LNET_402
    """,
    "ImageRepositoryConfig.mutable_tags_reason": "stores/images/repository: CKV_AWS_51",
    "NetworkConfig.alarms.reason": "network/network/nat/gateway-a: CKV2_LNET_606",
    "NetworkConfig.single_zone_reason": """
        network/api/function: CKV2_LNET_102
        network/network/endpoint-secretsmanager/endpoint: CKV2_LNET_107
        network/network/endpoint-sqs/endpoint: CKV2_LNET_107
    """,
    "NetworkLookupConfig.single_zone_reason": """
        existing_network/api/function: CKV2_LNET_102
        existing_network/network/endpoint-sqs/endpoint: CKV2_LNET_107
    """,
    "QueueConfig.alarms.reason": """
        functions/kept/dead-letters/queue: CKV2_LNET_603
        functions/kept/queue: CKV2_LNET_603
        sources/failed/dead-letters/queue: CKV2_LNET_603
        sources/failed/queue: CKV2_LNET_603
        sources/from-quiet/mapping: CKV2_LNET_603
        sources/quiet/dead-letters/queue: CKV2_LNET_603
    """,
    "QueueConfig.dead_letters.reason": "sources/lossy/queue: CKV2_LNET_502",
    "QueueSourceConfig.short_visibility_timeout_reason": "sources/early/mapping: CKV2_LNET_501",
    "RecordSourceConfig.alarms.reason": "sources/unseen/mapping: CKV2_LNET_603",
    "RecordSourceConfig.discard_reason": "sources/drops/mapping: CKV2_LNET_504",
    "RedriveConfig.max_receive_count_reason": "sources/few/queue: CKV2_LNET_502",
    "ReleaseConfig.rollback_on_reason": "sources/release/group: CKV2_LNET_801",
    "ReplicaConfig.removal_reason": "databases/database/replica-a/instance: CKV_AWS_293",
    "SecretConfig.rotation_off_reason": "stores/password/secret: CKV2_AWS_57",
    "StatementConfig.wildcard_resource_reason": """
        functions/powerful/role/policy: CKV_AWS_287 CKV_AWS_289 CKV_AWS_290 CKV_AWS_355
        functions/powerful/role/role: CKV2_LNET_702
        functions/reader/role/policy: CKV_AWS_288 CKV_AWS_355
    """,
    "StateMachineConfig.execution_data_off_reason": "sources/hidden/machine: CKV_AWS_285",
    "TableConfig.point_in_time_recovery_off_reason": "stores/orders/table: CKV_AWS_28",
    "TopicConfig.alarms.reason": "sources/hushed/dead-letters/queue: CKV2_LNET_603",
    "TopicConfig.dead_letters.reason": "sources/news/queue-reader: CKV2_LNET_506",
    "UrlConfig.public_reason": """
        functions/public/url/function-everybody: CKV2_LNET_508
        functions/public/url/url: CKV2_LNET_511
    """,
}
"""Field → a line for each resource."""

OWN_REASONS: Mapping[str, str] = {
    UNSIGNED_IMAGE: "functions/image/function: CKV_AWS_272",
    ROTATION_OFF_REASON: "stores/shared/shared-token/secret: CKV2_AWS_57",
}
"""Reasons of the modules' own → likewise."""

STILL_FAILED = """
    databases/cluster/cluster: CKV2_AWS_8
"""
"""What nobody has given a reason for."""

UNSEEN = (
    "BlockPublicAccessExclusionConfig.reason",
    "BucketConfig.removal_reason",
    "BuildProjectConfig.internet_egress_reason",
    "BusConfig.removal_reason",
    "CacheConfig.multi_az_off_reason",
    "CacheConfig.removal_reason",
    "CacheConfig.snapshots_off_reason",
    "CodeModel.deployed_elsewhere_reason",
    "DatabaseClusterConfig.extended_support_reason",
    "DatabaseConfig.extended_support_reason",
    "DatabaseProxyConfig.debug_logging_reason",
    "EndpointServiceConfig.everybody_reason",
    "EndpointsConfig.unchecked_zones_reason",
    "EventSourceConfig.disabled_reason",
    "ExistingFunctionConfig.granted_elsewhere_reason",
    "FileSystemConfig.backup_off_reason",
    "FileSystemConfig.one_zone_reason",
    "FileSystemConfig.removal_reason",
    "FunctionConfig.skip_destroy_reason",
    "GlobalDatabaseClusterConfig.removal_reason",
    "ImageCode.tag_reason",
    "ImageRepositoryConfig.removal_reason",
    "RecursionConfig.allow_reason",
    "ReleaseConfig.ignore_alarm_polling_failure_reason",
    "RuntimeManagementConfig.unpatched_reason",
    "S3Code.unversioned_reason",
    "SecretConfig.removal_reason",
    "ServerlessCacheConfig.removal_reason",
    "ServerlessCacheConfig.snapshots_off_reason",
    "StreamConfig.removal_reason",
    "SubnetShareConfig.external_principals_reason",
    "TableConfig.removal_reason",
    "TrustConfig.unconditional_reason",
)
"""Reasons for what no check sees, or what no single check can be named for."""

DECLARED = {
    "NetworkLookupConfig.single_zone_reason": "_Standing.single_zone_reason",
    "AsynchronousConfig.dead_letters.reason": "NoDeadLettersConfig.reason",
    "QueueConfig.dead_letters.reason": "WithoutDeadLettersConfig.reason",
    "TopicConfig.dead_letters.reason": "WithoutDeadLettersConfig.reason",
}
"""Where fields of the table above are declared, if it is elsewhere than they are called after."""
