"""What CodeDeploy does with its role, and what hooks do with theirs, one statement per reason."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.grants import sid_word
from modules.core.statements import Condition, Statement
from modules.core.target import Target


def shift_statements(target: Target, *, function_arn: str, alias_arn: str) -> tuple[Statement, ...]:
    """Move one alias, wait for what is kept ready for it, and look at alarms.

    Versions have numbers that nobody knows ahead. CloudWatch tells the state of composite alarms only to who may
    describe every alarm (DescribeAlarms).
    """
    in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
    return (
        Statement("MoveAlias", ("lambda:GetAlias", "lambda:UpdateAlias"), (function_arn, alias_arn)),
        Statement("SeeWhatIsReady", ("lambda:GetProvisionedConcurrencyConfig",), (f"{function_arn}:*",)),
        Statement("SeeAlarms", ("cloudwatch:DescribeAlarms",), ("*",), conditions=(in_region,)),
    )


def hook_statement(arns: Sequence[str]) -> Statement:
    """Invoke the hooks."""
    return Statement("InvokeHooks", ("lambda:InvokeFunction",), tuple(dict.fromkeys(arns)))


def report_statement(word: str, *, group_arn: str) -> Statement:
    """Tell CodeDeploy what a hook found.

    Args:
        word: the release, as a hook may serve several.
        group_arn: its deployment group.
    """
    return Statement(f"ReportTo{sid_word(word)}", ("codedeploy:PutLifecycleEventHookExecutionStatus",), (group_arn,))
