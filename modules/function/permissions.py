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

DENIED_TO_CODE = (*ENI_ACTIONS, "ec2:DetachNetworkInterface")
"""What the Lambda developer guide keeps from the function's own code, which has the same role."""

ENI_MANAGED_POLICY = "service-role/AWSLambdaVPCAccessExecutionRole"
"""AWS's managed policy with the same actions; it allows every log group too."""


ENI_ATTACHMENT = "network-interfaces"
"""Name under which that policy is attached."""


def is_describe(action: str) -> bool:
    """Whether EC2 knows no resources for the action."""
    return action.startswith("ec2:Describe")


def eni_statements(target: Target) -> tuple[Statement, ...]:
    """Network interfaces for the Lambda service.

    Describe actions know no resources. Lambda checks the change actions against all of the account's resources in the
    region, so they cannot be narrowed to subnets.
    """
    describe = tuple(action for action in ENI_ACTIONS if is_describe(action))
    change = tuple(action for action in ENI_ACTIONS if not is_describe(action))
    return (
        Statement("LambdaDescribesNetwork", describe, ("*",)),
        Statement("LambdaAttachesToVpc", change, (target.arn("ec2", "*/*"),)),
    )


def code_leaves_network_alone(target: Target, function_name: str) -> Statement:
    """Lambda makes network interfaces with the role itself; the deny keeps the function's code from doing so."""
    own_code = Condition("ArnEquals", "lambda:SourceFunctionArn", (target.arn("lambda", f"function:{function_name}"),))
    return Statement("CodeLeavesNetworkAlone", DENIED_TO_CODE, ("*",), effect="Deny", conditions=(own_code,))


def no_log_groups() -> Statement:
    """The managed policy allows making log groups, which would be neither encrypted nor ever emptied."""
    return Statement("MakeNoLogGroups", ("logs:CreateLogGroup",), ("*",), effect="Deny")


def telemetry_statements(target: Target, *, log_group_arn: str) -> tuple[Statement, ...]:
    """The function's log group, and traces, for which X-Ray knows no resources."""
    in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
    return (
        Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"{log_group_arn}:*",)),
        Statement(
            "WriteTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",), conditions=(in_region,)
        ),
    )
