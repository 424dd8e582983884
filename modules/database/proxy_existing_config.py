"""Configuration of a proxy that another stack or another tool made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.database.engines import ENGINES, Engine
from modules.database.proxy_config import EndpointName, UserName

_Host = Annotated[
    str,
    Matching(
        r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
        "a host reads like orders.proxy-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
        "copy the endpoint from RDS, without its port",
        253,
    ),
]

_POOL = limits.Range(1, limits.RDS_MAX_CONNECTIONS.maximum, "connections", "a pool", limits.RDS_MAX_CONNECTIONS.source)


class ExistingProxyConfig(ConfigModel):
    """What is known of an RDS Proxy that exists already, and requires IAM authentication.

    Its target, secrets, pool and alarms are its owner's.

    Raises:
        ConfigError: with every refused field.
    """

    name: Annotated[
        str,
        Matching(
            r"[a-zA-Z](?:-?[a-zA-Z0-9]+)*",
            "a proxy's name has 1 to 63 letters, digits and single inner hyphens, a letter first (rds API model)",
            "copy it from RDS",
            63,
        ),
    ] = Field(description="The proxy's name.")
    engine: Annotated[str, OneOf(tuple(ENGINES), "an engine", literal=True)] = Field(
        description="Engine of the database behind it."
    )
    host: _Host = Field(description="Host name of its default endpoint.")
    endpoints: dict[EndpointName, _Host] = Field(
        default_factory=dict, description="Host names of its other endpoints, by a name of their own here."
    )
    resource_id: Annotated[
        str,
        Matching(
            r"prx-[a-z0-9]{1,60}",
            "a proxy's resource id reads like prx-0123456789abcdef0",
            "copy the end of its ARN from RDS; it is not the name",
        ),
    ] = Field(description="Resource id, which permissions to sign in name.")
    security_group_id: Annotated[
        str,
        Matching(r"sg-[0-9a-f]{8,40}", "a security group's id reads like sg-0123456789abcdef0", "copy it from EC2"),
    ] = Field(description="Its security group, which rules are added to.")
    users: tuple[UserName, ...] = Field(description="Database users that it has secrets for.")
    database_name: Annotated[
        str, Matching(r"[A-Za-z_][A-Za-z0-9_$-]*", "a database's name has 1 to 64 characters", "copy it", 64)
    ] = Field(description="Database that functions use.")
    pool_connections: Annotated[int, Within(_POOL, literal=True)] | None = Field(
        default=None,
        description="Connections that its pool leaves to this stack's functions; null where it is not known.",
    )

    @property
    def engine_data(self) -> Engine:
        """What the engine takes."""
        return ENGINES[self.engine]

    def cross_checks(self) -> Iterator[Problem]:
        """Somebody can sign in."""
        if not self.users:
            yield Problem("", "users is empty", "functions sign in as one of them", "name at least one")
