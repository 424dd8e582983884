"""A log group that outlives its stack, and is adopted when the stack comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from constructs import Construct

from modules.function import LoggingConfig
from modules.function.logs import function_logs
from modules.key import Key
from stacks.base import TargetStack
from tests.apply.harness import Applied, Prove

UNSCANNED = "Checkov wants logs kept for a year (CKV_AWS_338), which a group of logs that are seldom read need not be"
FIELDS = {"log_group_name": "/orders/api", "retention_days": 30, "log_group_class": "INFREQUENT_ACCESS"}


def logging(**fields: Any) -> Callable[[TargetStack], None]:
    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        key.allow_log_groups()
        if fields:
            config = LoggingConfig.parse({**FIELDS, **fields})
            function_logs(Construct(stack, "api"), config=config, function_name="api", key=key)

    return build


def test_a_kept_log_group_is_adopted_when_the_stack_comes_back(prove: Prove) -> None:
    with prove(logging(removal="keep"), unscanned_reason=UNSCANNED) as applied:
        assert _groups(applied) == {"/orders/api": (30, "INFREQUENT_ACCESS")}

        applied.apply(logging())
        assert _groups(applied) == {"/orders/api": (30, "INFREQUENT_ACCESS")}  # the stack has let go of it

        plan = applied.apply(logging(removal="delete", adopt_existing=True, retention_days=60))
        [group] = [change for change in plan.resource_changes if change.type == "aws_cloudwatch_log_group"]
        assert group.actions == ("update",)
        assert group.change["importing"] == {"id": "/orders/api"}
        assert _groups(applied) == {"/orders/api": (60, "INFREQUENT_ACCESS")}


def _groups(applied: Applied) -> dict[str, tuple[int, str]]:
    groups = applied.client("logs").describe_log_groups()["logGroups"]
    return {group["logGroupName"]: (group["retentionInDays"], group["logGroupClass"]) for group in groups}
