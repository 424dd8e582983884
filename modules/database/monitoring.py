"""The role with which RDS writes enhanced monitoring."""

from __future__ import annotations

from constructs import Construct

from modules.core.context import target_of
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust


class MonitoringRole(Role):
    """May write to the log group `RDSOSMetrics` and nowhere else."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        target = target_of(scope)
        write = Statement(
            sid="WriteEnhancedMonitoring",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ),
            resources=(
                target.arn("logs", "log-group:RDSOSMetrics"),
                target.arn("logs", "log-group:RDSOSMetrics:log-stream:*"),
            ),
        )
        super().__init__(
            scope,
            construct_id,
            name=name,
            trust=service_trust("monitoring.rds.amazonaws.com", account_id=target.account_id),
            statements=[write],
        )
