"""Configuration of the alarms of an account's region."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.fields import Within
from modules.observability.config import AlarmsConfig


class AccountAlarmsConfig(AlarmsConfig):
    """Alarms of what all functions of an account's region share; one stack of the region has them.

    Raises:
        ConfigError: with every refused field.
    """

    concurrent_executions_quota: Annotated[int, Within(limits.LAMBDA_ACCOUNT_CONCURRENCY, literal=True)] = Field(
        description="The quota of concurrent executions that the account has in the region (Service Quotas)."
    )
    percent_of_quota: Annotated[
        int,
        Within(
            limits.Range(1, 100, "percent", "the account's concurrency alarm", "a share of the quota"), literal=True
        ),
    ] = Field(default=90, description="Share of the quota that may be claimed.")
