"""Which resource types cost what: by a calculator, nothing, or something that no price is known of."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.cost import databases, functions, network, services
from analysis.cost.charges import Calculator

CALCULATORS: Mapping[str, Calculator] = {
    "aws_alb": network.load_balancer_charges,
    "aws_api_gateway_rest_api": services.rest_api_charges,
    "aws_apigatewayv2_api": services.http_api_charges,
    "aws_cloudwatch_dashboard": services.dashboard_charges,
    "aws_cloudwatch_log_group": services.log_group_charges,
    "aws_cloudwatch_metric_alarm": services.alarm_charges,
    "aws_db_instance": databases.instance_charges,
    "aws_db_proxy": databases.proxy_charges,
    "aws_dynamodb_table": services.table_charges,
    "aws_efs_file_system": services.file_system_charges,
    "aws_eip": network.address_charges,
    "aws_kms_external_key": services.key_charges,
    "aws_kms_key": services.key_charges,
    "aws_kms_replica_external_key": services.key_charges,
    "aws_kms_replica_key": services.key_charges,
    "aws_lambda_event_source_mapping": functions.event_source_charges,
    "aws_lambda_function": functions.function_charges,
    "aws_lambda_provisioned_concurrency_config": functions.provisioned_charges,
    "aws_lb": network.load_balancer_charges,
    "aws_nat_gateway": network.nat_charges,
    "aws_rds_cluster": databases.cluster_charges,
    "aws_rds_cluster_instance": databases.cluster_instance_charges,
    "aws_scheduler_schedule": services.schedule_charges,
    "aws_secretsmanager_secret": services.secret_charges,
    "aws_sqs_queue": services.queue_charges,
    "aws_vpc_endpoint": network.endpoint_charges,
}
"""What a resource of each type is billed for."""

UNPRICED: Mapping[str, str] = {
    "aws_autoscaling_group": "EC2 instances of a group",
    "aws_cloudwatch_composite_alarm": "composite alarm",
    "aws_db_proxy_endpoint": "interface endpoint of an RDS Proxy endpoint",
    "aws_ec2_transit_gateway": "transit gateway",
    "aws_ec2_transit_gateway_vpc_attachment": "attachment to a transit gateway",
    "aws_ecs_service": "tasks of an ECS service",
    "aws_eks_cluster": "EKS cluster",
    "aws_elasticache_cluster": "cache nodes",
    "aws_elasticache_replication_group": "cache nodes",
    "aws_elasticache_serverless_cache": "serverless cache",
    "aws_elb": "Classic Load Balancer",
    "aws_fsx_lustre_file_system": "FSx file system",
    "aws_fsx_ontap_file_system": "FSx file system",
    "aws_fsx_windows_file_system": "FSx file system",
    "aws_instance": "EC2 instance",
    "aws_kinesis_stream": "Kinesis data stream",
    "aws_memorydb_cluster": "MemoryDB nodes",
    "aws_mq_broker": "message broker",
    "aws_msk_cluster": "MSK brokers",
    "aws_msk_serverless_cluster": "MSK Serverless cluster",
    "aws_networkfirewall_firewall": "firewall endpoints",
    "aws_neptune_cluster_instance": "Neptune instance",
    "aws_docdb_cluster_instance": "DocumentDB instance",
    "aws_opensearch_domain": "OpenSearch domain",
    "aws_redshift_cluster": "Redshift nodes",
    "aws_route53_zone": "hosted zone",
    "aws_vpn_connection": "VPN connection",
    "aws_wafv2_web_acl": "web ACL",
}
"""Types that cost by existing, and that no price table has an item of."""

UNPRICED_USAGE: Mapping[str, str] = {
    "aws_cloudwatch_event_archive": "events kept in an archive",
    "aws_cloudwatch_event_bus": "events published to the bus",
    "aws_cloudwatch_log_metric_filter": "custom metric of a filter (declare custom_metrics)",
    "aws_dynamodb_contributor_insights": "events of Contributor Insights",
    "aws_ecr_repository": "images",
    "aws_flow_log": "flow logs",
    "aws_s3_bucket": "storage and requests",
    "aws_sfn_state_machine": "state transitions",
    "aws_sns_topic": "publications and deliveries",
}
"""Types that cost by being used, and that no price table has an item of."""

FREE = frozenset({
    "aws_api_gateway_deployment", "aws_api_gateway_integration", "aws_api_gateway_method", "aws_api_gateway_resource",
    "aws_apigatewayv2_integration", "aws_apigatewayv2_route", "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action", "aws_appautoscaling_target", "aws_cloudwatch_event_bus_policy",
    "aws_cloudwatch_event_permission", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target",
    "aws_cloudwatch_log_resource_policy", "aws_cloudwatch_log_stream", "aws_cloudwatch_log_subscription_filter",
    "aws_cloudwatch_query_definition", "aws_codedeploy_app", "aws_codedeploy_deployment_config",
    "aws_codedeploy_deployment_group", "aws_db_option_group", "aws_db_parameter_group",
    "aws_db_proxy_default_target_group", "aws_db_proxy_target", "aws_db_subnet_group", "aws_default_network_acl",
    "aws_default_route_table", "aws_default_security_group", "aws_default_subnet", "aws_default_vpc",
    "aws_dynamodb_resource_policy", "aws_ecr_lifecycle_policy", "aws_ecr_repository_policy", "aws_efs_access_point",
    "aws_efs_file_system_policy", "aws_efs_mount_target", "aws_egress_only_internet_gateway", "aws_eip_association",
    "aws_elasticache_parameter_group", "aws_elasticache_subnet_group", "aws_elasticache_user",
    "aws_elasticache_user_group", "aws_iam_instance_profile", "aws_iam_policy", "aws_iam_policy_attachment",
    "aws_iam_role", "aws_iam_role_policies_exclusive", "aws_iam_role_policy", "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive", "aws_internet_gateway", "aws_kinesis_resource_policy",
    "aws_kms_alias", "aws_kms_grant", "aws_kms_key_policy", "aws_lambda_alias", "aws_lambda_code_signing_config",
    "aws_lambda_function_event_invoke_config", "aws_lambda_function_recursion_config", "aws_lambda_function_url",
    "aws_lambda_layer_version", "aws_lambda_layer_version_permission", "aws_lambda_permission",
    "aws_lambda_runtime_management_config", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group",
    "aws_lb_target_group_attachment", "aws_main_route_table_association", "aws_network_acl",
    "aws_network_acl_association", "aws_network_acl_rule", "aws_network_interface", "aws_ram_principal_association",
    "aws_ram_resource_association", "aws_ram_resource_share", "aws_rds_cluster_endpoint",
    "aws_rds_cluster_parameter_group", "aws_rds_global_cluster", "aws_route", "aws_route_table",
    "aws_route_table_association", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_logging",
    "aws_s3_bucket_notification", "aws_s3_bucket_object_lock_configuration", "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy", "aws_s3_bucket_public_access_block", "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning", "aws_s3_object", "aws_secretsmanager_secret_policy",
    "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_version", "aws_security_group",
    "aws_security_group_rule", "aws_signer_signing_profile", "aws_sns_topic_policy", "aws_sns_topic_subscription",
    "aws_sqs_queue_policy", "aws_sqs_queue_redrive_allow_policy", "aws_sqs_queue_redrive_policy", "aws_subnet",
    "aws_vpc", "aws_vpc_block_public_access_exclusion", "aws_vpc_block_public_access_options", "aws_vpc_dhcp_options",
    "aws_vpc_dhcp_options_association", "aws_vpc_endpoint_policy", "aws_vpc_endpoint_private_dns",
    "aws_vpc_endpoint_route_table_association", "aws_vpc_endpoint_security_group_association",
    "aws_vpc_endpoint_subnet_association", "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_ipv6_cidr_block_association", "aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter",
    "aws_vpc_peering_connection_options", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule",
    "aws_vpn_gateway", "aws_vpn_gateway_attachment", "aws_vpn_gateway_route_propagation",
})  # fmt: skip
"""Types that cost nothing by themselves; what flows through them is counted elsewhere."""
