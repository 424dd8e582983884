"""The VPC's flow log into CloudWatch Logs or a bucket."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.flow_log import FlowLog as AwsFlowLog
from cdktf_cdktf_provider_aws.flow_log import FlowLogDestinationOptions
from constructs import Construct

from modules.core.context import target_of
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.key import KeyBase
from modules.network.flow_log_config import FlowLogBucketConfig, FlowLogConfig
from modules.observability import LogGroup


class FlowLog(Construct):
    """Accepted and rejected flows of a VPC; with CloudWatch Logs also the role that writes them."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: FlowLogConfig, vpc_id: str, key: KeyBase
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = config.destination
        group_arn, role_arn = ("", None) if bucket else self._log_group(config, key)
        AwsFlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type=config.traffic_type,
            log_destination_type="s3" if bucket else "cloud-watch-logs",
            log_destination=_destination(bucket) if bucket else group_arn,
            destination_options=_options(bucket) if bucket else None,
            iam_role_arn=role_arn,
            max_aggregation_interval=config.aggregation_seconds,
            tags={"Name": target_of(self).naming.name("", max_length=255)},
        )

    def _log_group(self, config: FlowLogConfig, key: KeyBase) -> tuple[str, str]:
        """ARNs of a log group and of the role that writes to it."""
        target = target_of(self)
        naming = target.naming
        group = LogGroup(
            self,
            "logs",
            name=f"/aws/vpc-flow-logs/{naming.name('', max_length=490)}",
            retention_days=config.retention_days,
            key=key,
        )
        write = Statement(
            sid="WriteFlowRecords",
            actions=("logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            resources=(group.arn, f"{group.arn}:*"),
        )
        role = Role(
            self,
            "role",
            name=naming.name("flow-log"),
            trust=service_trust("vpc-flow-logs.amazonaws.com", account_id=target.account_id),
            statements=[write],
        )
        return group.arn, role.arn


def _destination(bucket: FlowLogBucketConfig) -> str:
    return f"{bucket.bucket_arn}/{bucket.key_prefix}" if bucket.key_prefix else bucket.bucket_arn


def _options(bucket: FlowLogBucketConfig) -> FlowLogDestinationOptions:
    return FlowLogDestinationOptions(
        file_format=bucket.file_format,
        hive_compatible_partitions=bucket.hive_compatible_partitions,
        per_hour_partition=bucket.per_hour_partition,
    )
