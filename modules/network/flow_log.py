"""The VPC's flow log into CloudWatch Logs."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.flow_log import FlowLog as AwsFlowLog
from constructs import Construct

from modules.core.context import target_of
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.key import Key
from modules.network.config import FlowLogConfig
from modules.observability import LogGroup


class FlowLog(Construct):
    """Every accepted and rejected flow of a VPC, with the role that writes them."""

    def __init__(self, scope: Construct, construct_id: str, *, config: FlowLogConfig, vpc_id: str, key: Key) -> None:
        super().__init__(scope, construct_id)
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
        AwsFlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=config.aggregation_seconds,
            tags={"Name": naming.name("", max_length=255)},
        )
