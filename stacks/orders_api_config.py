"""Configuration of the stack orders_api; imports no engine."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.database import DatabaseConfig, DatabaseProxyConfig
from modules.function import FunctionConfig
from modules.key import KeyConfig
from modules.network import NetworkConfig
from modules.observability import AlarmTopicConfig


class OrdersApiConfig(ConfigModel):
    """An orders service: one function, its database behind a proxy, in a network of its own.

    Raises:
        ConfigError: with every refused field.
    """

    network: NetworkConfig = Field(description="VPC.")
    database: DatabaseConfig = Field(description="PostgreSQL database.")
    function: FunctionConfig = Field(description="The function that serves orders.")
    proxy: DatabaseProxyConfig = Field(default_factory=DatabaseProxyConfig, description="RDS Proxy.")
    alarm_topic: AlarmTopicConfig = Field(default_factory=AlarmTopicConfig, description="Where alarms go.")
    key: KeyConfig = Field(default_factory=KeyConfig, description="KMS key of the stack.")

    def cross_checks(self) -> Iterator[Problem]:
        """The function waits for a connection, not for its own timeout; the endpoint it uses exists."""
        wait, timeout = self.proxy.connection_borrow_timeout_seconds, self.function.timeout_seconds
        if wait >= timeout:
            yield Problem(
                "",
                f"proxy.connection_borrow_timeout_seconds is {wait}",
                f"it is below function.timeout_seconds ({timeout}), or the function dies before it learns why",
                f"set it below {timeout}",
            )
        if "secretsmanager" not in self.network.endpoints.interface:
            yield Problem(
                "",
                "network.endpoints.interface lacks secretsmanager",
                "the function reads secrets through it",
                "add secretsmanager",
            )
