"""Statements of a function's own role, one per reason."""

from __future__ import annotations

from modules.core.statements import Condition, Statement
from modules.core.target import Target

ENI_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda does with the role to attach a function to a VPC (Lambda developer guide, VPC access)."""

_DESCRIBE = tuple(action for action in ENI_ACTIONS if action.startswith("ec2:Describe"))
_CHANGE = tuple(action for action in ENI_ACTIONS if action not in _DESCRIBE)


def base_statements(target: Target, *, function_name: str, log_group_arn: str) -> tuple[Statement, ...]:
    """Network interfaces for the Lambda service but not for the function's code, its log group, and traces.

    Lambda uses the role itself to make network interfaces, so the role must allow it; the deny keeps the function's own
    code from doing the same. Describe actions and X-Ray know no resources. Lambda checks the change actions against all
    of the account's resources in the region, so they cannot be narrowed to subnets.
    """
    in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
    own_code = Condition("ArnEquals", "lambda:SourceFunctionArn", (target.arn("lambda", f"function:{function_name}"),))
    return (
        Statement("LambdaDescribesNetwork", _DESCRIBE, ("*",)),
        Statement("LambdaAttachesToVpc", _CHANGE, (target.arn("ec2", "*/*"),)),
        Statement("CodeLeavesNetworkAlone", ENI_ACTIONS, ("*",), effect="Deny", conditions=(own_code,)),
        Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"{log_group_arn}:*",)),
        Statement(
            "WriteTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",), conditions=(in_region,)
        ),
    )
