"""Twelve targets with the same change, what the policies found in them, and the page of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollout.review import Given, Review, review
from tests.rollout.review.stack import Stack, target_of

ACCOUNTS = {"retail": "111111111111", "wholesale": "222222222222", "outlet": "333333333333", "partner": "444444444444"}
_ENVIRONMENTS = ("dev", "stage", "prod")


def base_stack(env: str, account: str, region: str = "us-east-1") -> Stack:
    """A stack in which nothing changes."""
    return Stack(env, account, ACCOUNTS[account], region).network().secret().role()


def orders() -> dict[str, Stack]:
    """Twelve targets: nine get a queue, two lose a database and a way out with it, in one nothing changes."""
    found = []
    for env in _ENVIRONMENTS:
        for account in ACCOUNTS:
            stack = base_stack(env, account)
            if (env, account) == ("prod", "partner"):
                stack.endpoint().database().function()
            elif env == "prod" and account in {"outlet", "wholesale"}:
                stack.endpoint(is_destroyed=True).database(is_replaced=True).refunds()
                stack.function(memory=1024, variables={"REFUNDS": "on"})
            else:
                stack.endpoint().database().refunds().function(memory=1024, variables={"REFUNDS": "on"})
            found.append(stack)
    return {stack.target: stack for stack in found}


def findings(plans: Mapping[str, Any]) -> dict[str, Any]:
    """What `lambdanet check --format json` would write of them."""
    rows = []
    for target in sorted(plans):
        if target == target_of("prod", "partner"):
            continue
        rows.append(
            {
                "id": "CKV2_LNET_504",
                "severity": "MEDIUM",
                "resource": "aws_lambda_event_source_mapping.refunds",
                "target": target,
                "message": "maximum_concurrency is not set, so the queue may take all 50 environments of the function",
                "fix": "set scaling_config.maximum_concurrency below the reserved concurrency of the function",
                "status": "failed",
            }
        )
    rows.append(
        {
            "id": "CKV2_LNET_301",
            "severity": "HIGH",
            "resource": "aws_db_instance.orders",
            "target": target_of("prod", "wholesale"),
            "message": "skip_final_snapshot is true, so that its replacement keeps nothing",
            "fix": "set skip_final_snapshot to false and final_snapshot_identifier to a name",
            "status": "failed",
        }
    )
    return {"summary": {}, "findings": rows}


def given(stacks: Mapping[str, Stack], **more: Any) -> Given:
    """What a page of these stacks is made of."""
    return Given(plans={target: stack.plan for target, stack in stacks.items()}, **more)


def page(*stacks: Stack, **more: Any) -> Review:
    """The page of a few stacks."""
    return review(given({stack.target: stack for stack in stacks}, **more))
