"""Configuration of the stack orders_api; imports no engine."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from modules.core.concurrency import Concurrency
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.target import Target
from modules.dashboard import DashboardConfig
from modules.database import DatabaseConfig, DatabaseProxyConfig
from modules.database.connection_budgets import capacity_of
from modules.database.connection_pools import pool_problems
from modules.function import FunctionConfig
from modules.key import KeyConfig
from modules.network import Ipv6EgressOnly, NetworkConfig
from modules.observability import AlarmTopicConfig
from modules.release import ReleaseConfig


class OrdersApiConfig(ConfigModel):
    """An orders service: one function, its database behind a proxy, in a network of its own.

    Raises:
        ConfigError: with every refused field.
    """

    network: NetworkConfig = Field(description="VPC.")
    database: DatabaseConfig = Field(description="PostgreSQL database.")
    function: FunctionConfig = Field(description="The function that serves orders.")
    proxy: DatabaseProxyConfig = Field(default_factory=DatabaseProxyConfig, description="RDS Proxy.")
    release: ReleaseConfig = Field(
        default_factory=ReleaseConfig,
        description="How a new version of the function takes over, where its alias has the shift codedeploy.",
    )
    dashboard: DashboardConfig = Field(default_factory=DashboardConfig, description="The stack's dashboard.")
    alarm_topic: AlarmTopicConfig = Field(default_factory=AlarmTopicConfig, description="Where alarms go.")
    key: KeyConfig = Field(default_factory=KeyConfig, description="KMS key of the stack.")

    @property
    def releases_by_codedeploy(self) -> bool:
        """Whether CodeDeploy moves the function's alias to a new version."""
        return self.function.alias is not None and self.function.alias.shift == "codedeploy"

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """What network, database, function and proxy ask of the target."""
        for place in ("network", "database", "function", "proxy"):
            config: ConfigModel = getattr(self, place)
            yield from (problem.within(place) for problem in config.target_checks(target))

    def cross_checks(self) -> Iterator[Problem]:
        """What the stack connects exists, and the function lives longer than what it waits for."""
        wait, timeout = self.proxy.connection_borrow_timeout_seconds, self.function.timeout_seconds
        if wait >= timeout:
            yield Problem(
                "",
                f"proxy.connection_borrow_timeout_seconds is {wait}",
                f"it is below function.timeout_seconds ({timeout}), or the function dies before it learns why",
                f"set it below {timeout}",
            )
        yield from self._database_problems()
        if not self.releases_by_codedeploy and self.release != ReleaseConfig():
            yield Problem(
                "",
                "release is set and CodeDeploy does not move the function's alias",
                "it says how CodeDeploy does that",
                "set function.alias.shift to codedeploy, or remove release",
            )
        endpoints = self.network.endpoints
        for kind, service in (("gateway", "s3"), ("interface", "secretsmanager")):
            if service not in getattr(endpoints, kind):
                yield Problem(
                    "",
                    f"network.endpoints.{kind} lacks {service}",
                    f"the function reaches {service} through it",
                    f"add {service}",
                )
        zones = self.network.availability_zones
        if len(zones) < _PROXY_ZONES:
            yield Problem(
                "",
                f"network.availability_zones is {', '.join(zones)}",
                "an RDS Proxy needs subnets in 2 availability zones (RDS guide)",
                "add a zone",
            )
        egress = self.network.egress
        leads_out = egress.reaches_internet or isinstance(egress, Ipv6EgressOnly)
        if self.function.internet_egress_reason and not leads_out:
            yield Problem(
                "",
                f'function.internet_egress_reason is "{self.function.internet_egress_reason}"',
                f'network.egress is "{egress.strategy}", so no route leads there',
                "remove it, or set network.egress",
            )

    def _database_problems(self) -> Iterator[Problem]:
        """The function speaks PostgreSQL, and the proxy's pool has a connection for each of its environments."""
        if self.database.engine != "postgres":
            given, allowed = f'database.engine is "{self.database.engine}"', "the function speaks PostgreSQL"
            yield Problem("", given, allowed, "set it to postgres")
        database = self.database
        capacity = capacity_of(database.engine, instance_class=database.instance_class, told=database.max_connections)
        yield from pool_problems(
            capacity,
            self.proxy.max_connections_percent,
            [Concurrency("function", self.function.reserved_concurrency, self.function.most_provisioned)],
            oversubscription_reason=self.proxy.oversubscription_reason,
        )


_PROXY_ZONES = 2
