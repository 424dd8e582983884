"""Configuration of an RDS Proxy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import OneOf, Within
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig


class DatabaseProxyConfig(ConfigModel):
    """An RDS Proxy; TLS and IAM authentication are always required.

    Raises:
        ConfigError: with every refused field.
    """

    max_connections_percent: Annotated[int, Within(limits.PROXY_CONNECTIONS_PERCENT)] = Field(
        default=90, description="Share of max_connections the pool may open; the rest stays free for administrators."
    )
    max_idle_connections_percent: Annotated[int, Within(limits.PROXY_IDLE_CONNECTIONS_PERCENT)] = Field(
        default=45, description="Share of max_connections kept open when idle; at most max_connections_percent."
    )
    connection_borrow_timeout_seconds: Annotated[int, Within(limits.PROXY_BORROW_TIMEOUT_SECONDS)] = Field(
        default=20, description="Longest wait for a free connection, in seconds; below the function's timeout."
    )
    idle_client_timeout_seconds: Annotated[int, Within(limits.PROXY_IDLE_CLIENT_TIMEOUT_SECONDS)] = Field(
        default=1_800, description="Idle time after which the proxy closes a client's connection, in seconds."
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that the proxy's log is kept (CloudWatch Logs PutRetentionPolicy)."
    )
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the proxy.")

    def cross_checks(self) -> Iterator[Problem]:
        """The idle pool is part of the pool."""
        idle, most = self.max_idle_connections_percent, self.max_connections_percent
        if not is_token((idle, most)) and idle > most:
            yield Problem(
                "",
                f"max_idle_connections_percent is {idle}",
                f"it is at most max_connections_percent ({most}) (RDS API)",
                f"set it to {most} or less",
            )
