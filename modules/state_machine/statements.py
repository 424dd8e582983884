"""Statements about a state machine: what its role does, what others may do with it, and what the key lets happen."""

from __future__ import annotations

from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target

ACCESS = ("start", "operate")
"""What a function may be connected for."""

_DELIVER_LOGS = (
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
)  # fmt: skip
_TRACE = ("xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments")


def execution_statements(target: Target, *, name: str, key_arn: str, maps: bool) -> tuple[Statement, ...]:
    """What the role does whatever the definition says; log deliveries and traces know no resources.

    Args:
        target: where the state machine is.
        name: its name.
        key_arn: encrypts definition, input and output (Step Functions guide, data at rest encryption).
        maps: whether it starts child executions (Step Functions guide, policies for distributed mode).
    """
    in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
    own = Condition(
        "StringEquals",
        "kms:EncryptionContext:aws:states:stateMachineArn",
        (target.arn("states", f"stateMachine:{name}"),),
    )
    return (
        Statement("DeliverLogs", _DELIVER_LOGS, ("*",), conditions=(in_region,)),
        Statement("WriteTraces", _TRACE, ("*",), conditions=(in_region,)),
        Statement("EncryptExecutions", ("kms:Decrypt", "kms:GenerateDataKey"), (key_arn,), conditions=(own,)),
        Statement("EncryptLogEvents", ("kms:GenerateDataKey",), (key_arn,), conditions=(_to_logs(target),)),
        *(child_statements(target, name=name) if maps else ()),
    )


def child_statements(target: Target, *, name: str) -> tuple[Statement, ...]:
    """Start, see, stop and redrive child executions of the state machine itself."""
    return (
        Statement("StartChildren", ("states:StartExecution",), (target.arn("states", f"stateMachine:{name}"),)),
        Statement(
            "FollowChildren",
            ("states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"),
            (target.arn("states", f"execution:{name}/*"),),
        ),
    )


def log_delivery_key_statement(target: Target) -> Statement:
    """What lets log delivery read what the role encrypts for it; in a key policy `*` is the key itself."""
    return Statement(
        "LogDeliveryDecryptsExecutions",
        ("kms:Decrypt",),
        ("*",),
        principals=(Principal("Service", ("delivery.logs.amazonaws.com",)),),
        conditions=(_to_logs(target),),
    )


def access_statements(access: str, word: str, target: Target, *, arn: str, name: str) -> tuple[Statement, ...]:
    """What a role needs to start executions, or to stop, redrive and brake them.

    Args:
        access: one of `ACCESS`.
        word: part of the statements' Sids.
        target: where the state machine is.
        arn: its ARN.
        name: its name, known at synth.
    """
    if access == "start":
        return (Statement(f"Start{word}", ("states:StartExecution",), (arn,)),)
    return (
        Statement(f"List{word}", ("states:DescribeStateMachine", "states:ListExecutions"), (arn,)),
        Statement(
            f"Operate{word}",
            ("states:DescribeExecution", "states:ListMapRuns", "states:RedriveExecution", "states:StopExecution"),
            (target.arn("states", f"execution:{name}:*"),),
        ),
        Statement(
            f"Brake{word}",
            ("states:DescribeMapRun", "states:UpdateMapRun"),
            (target.arn("states", f"mapRun:{name}/*:*"),),
        ),
    )


def _to_logs(target: Target) -> Condition:
    return Condition("StringEquals", "kms:EncryptionContext:SourceArn", (target.arn("logs", "*"),))
