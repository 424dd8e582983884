"""Networks and functions that the budget's tests share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analysis.budget import Budget, budget
from analysis.plan import Plan
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot
from tests.analysis.documents import Entry, plan, ref, resource

ACCOUNT, REGION = "123456789012", "eu-west-1"
LATER = {"id": True, "arn": True}


def snapshot(**quotas: int) -> Mapping[tuple[str, str], QuotaSnapshot]:
    """Quotas of the account by code, with `_` for `-`."""
    codes = {code.replace("_", "-"): value for code, value in quotas.items()}
    data = {
        "account_id": ACCOUNT,
        "region": REGION,
        "taken": date(2026, 11, 21),
        "quotas": {CONCURRENT_EXECUTIONS: 1000, **codes},
    }
    return {(ACCOUNT, REGION): QuotaSnapshot.parse(data)}


def vpc(name: str = "main") -> Entry:
    return resource(f"aws_vpc.{name}", {"cidr_block": "10.0.0.0/16"}, unknown=LATER)


def subnet(name: str, cidr: str = "10.0.0.0/24", vpc: str = "main", **values: Any) -> Entry:
    return resource(
        f"aws_subnet.{name}",
        {"cidr_block": cidr, **values},
        unknown={"id": True, "vpc_id": True},
        expressions={"vpc_id": ref(f"aws_vpc.{vpc}.id"), "cidr_block": {}},
    )


def group(name: str, vpc: str = "main", **extra: Any) -> Entry:
    return resource(
        f"aws_security_group.{name}",
        {"name": name},
        unknown={"id": True, "vpc_id": True, "ingress": True, "egress": True},
        expressions={"vpc_id": ref(f"aws_vpc.{vpc}.id"), "name": {"constant_value": name}, **extra},
    )


def function(
    name: str,
    subnets: Sequence[str] = (),
    groups: Sequence[str] = (),
    *,
    expressions: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    actions: tuple[str, ...] = ("create",),
    **values: Any,
) -> Entry:
    config: dict[str, Any] = {}
    unknown: dict[str, Any] = {"arn": True, "id": True}
    if subnets:
        named = {
            "subnet_ids": ref(*(f"aws_subnet.{entry}.id" for entry in subnets)),
            "security_group_ids": ref(*(f"aws_security_group.{entry}.id" for entry in groups)),
        }
        config = {"vpc_config": [named]}
        values.setdefault("vpc_config", [{}])
        unknown["vpc_config"] = [{"subnet_ids": True, "security_group_ids": True, "vpc_id": True}]
    return resource(
        f"aws_lambda_function.{name}",
        {"function_name": name, **values},
        unknown=unknown,
        expressions={**config, **(expressions or {})},
        before=before,
        actions=actions,
    )


def counted(*plans: Plan, **quotas: int) -> Budget:
    """The budget of plans in an account, by default with a snapshot of nothing but concurrency."""
    return budget(plans, snapshot(**quotas), account=ACCOUNT)


def told(*entries: Entry, **quotas: int) -> list[str]:
    """Every finding of one plan."""
    return [f"{finding.level} {finding.rule}: {finding}" for finding in counted(plan(*entries), **quotas).findings]
