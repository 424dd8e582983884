"""Configuration of an RDS Proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, model_validator

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.provider_6 import needs_provider_6
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig

CLIENT_PASSWORD_TYPES = (
    "MYSQL_CACHING_SHA2_PASSWORD",
    "MYSQL_NATIVE_PASSWORD",
    "POSTGRES_MD5",
    "POSTGRES_SCRAM_SHA_256",
)
"""How a client proves a password to a proxy (rds API model, without SQL Server's)."""

READ_ONLY, READ_WRITE = "READ_ONLY", "READ_WRITE"
"""Roles of endpoints (rds API model)."""

EndpointName = Annotated[
    str,
    Matching(
        r"[a-z](?:-?[a-z0-9]+)*",
        "an endpoint's name has 1 to 20 lowercase letters, digits and single hyphens, a letter first",
        "shorten or correct it",
        20,
        literal=True,
    ),
]


UserName = Annotated[
    str,
    Matching(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "a database user's name here has 1 to 63 letters, digits and underscores, no digit first",
        "correct it",
        63,
        literal=True,
    ),
]


class ProxyEndpointConfig(ConfigModel):
    """An endpoint of a proxy beside its default one."""

    role: Annotated[str, OneOf((READ_ONLY, READ_WRITE), "an endpoint's role", literal=True)] = Field(
        default=READ_ONLY, description="READ_ONLY leads to a cluster's readers, READ_WRITE to the writer."
    )


class DatabaseProxyConfig(ConfigModel):
    """An RDS Proxy; TLS is always required, and IAM authentication unless a reason says why not.

    Raises:
        ConfigError: with every refused field.
    """

    max_connections_percent: Annotated[int, Within(limits.PROXY_CONNECTIONS_PERCENT)] = Field(
        default=90, description="Share of max_connections the pool may open; the rest stays free for administrators."
    )
    max_idle_connections_percent: Annotated[int, Within(limits.PROXY_IDLE_CONNECTIONS_PERCENT)] = Field(
        default=45,
        description="Share of max_connections kept open when idle; at most max_connections_percent, and half of it "
        "when nothing is said.",
    )
    oversubscription_reason: Reason = Field(
        default="",
        description="Why functions may want more connections at once than the pool holds, and wait for the rest.",
    )
    connection_borrow_timeout_seconds: Annotated[int, Within(limits.PROXY_BORROW_TIMEOUT_SECONDS)] = Field(
        default=20, description="Longest wait for a free connection, in seconds; below the function's timeout."
    )
    idle_client_timeout_seconds: Annotated[int, Within(limits.PROXY_IDLE_CLIENT_TIMEOUT_SECONDS)] = Field(
        default=1_800, description="Idle time after which the proxy closes a client's connection, in seconds."
    )
    session_pinning_filters: tuple[
        Annotated[str, OneOf(("EXCLUDE_VARIABLE_SETS",), "a session pinning filter", literal=True)], ...
    ] = Field(default=(), description="Statements that pin no session although they might. MySQL and MariaDB only.")
    init_query: Text = Field(
        default="", description="SQL that the proxy runs on each new connection, such as SET x=1. MySQL and MariaDB."
    )
    iam_auth: Annotated[str, OneOf(("REQUIRED", "DISABLED"), "iam_auth", literal=True)] = Field(
        default="REQUIRED",
        description="REQUIRED: functions sign in with an IAM token. DISABLED: with the password of a secret, and an "
        "iam_auth_off_reason.",
    )
    iam_auth_off_reason: Reason = Field(default="", description="Why functions sign in with passwords.")
    client_password_auth_type: (
        Annotated[str, OneOf(CLIENT_PASSWORD_TYPES, "a client's password authentication", literal=True)] | None
    ) = Field(default=None, description="How clients prove a password; null for the safest of the engine.")
    default_auth_scheme: Annotated[str, OneOf(("NONE", "IAM_AUTH"), "default_auth_scheme", literal=True)] = Field(
        default="NONE",
        description="IAM_AUTH: the proxy signs in to the database with IAM too, as iam_users and without any secret. "
        "AWS provider 6.",
    )
    iam_users: tuple[UserName, ...] = Field(
        default=(), description="Users that the proxy may sign in with IAM; required with default_auth_scheme IAM_AUTH."
    )
    endpoints: dict[EndpointName, ProxyEndpointConfig] = Field(
        default_factory=dict, description="Endpoints beside the default one, by name. At most 20 (RDS guide)."
    )
    endpoint_network_type: Annotated[str, OneOf(("IPV4", "DUAL", "IPV6"), "endpoint_network_type", literal=True)] = (
        Field(default="IPV4", description="How functions reach the proxy; all but IPV4 need AWS provider 6.")
    )
    target_connection_network_type: Annotated[
        str, OneOf(("IPV4", "IPV6"), "target_connection_network_type", literal=True)
    ] = Field(default="IPV4", description="How the proxy reaches the database; IPV6 needs AWS provider 6.")
    debug_logging: StrictBool = Field(
        default=False, description="Log every statement's text; RDS switches it off after 24 hours (RDS guide)."
    )
    debug_logging_reason: Reason = Field(
        default="", description="Why statements, with the data in them, may be logged; required with debug_logging."
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that the proxy's log is kept (CloudWatch Logs PutRetentionPolicy)."
    )
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the proxy.")

    @model_validator(mode="before")
    @classmethod
    def _half_is_idle(cls, data: Any) -> Any:
        """Keep half of the pool when it is idle, as RDS does (rds API model)."""
        idle, most = "max_idle_connections_percent", "max_connections_percent"
        if isinstance(data, Mapping) and idle not in data and type(data.get(most)) is int:
            return {**data, idle: data[most] // 2}
        return data

    def cross_checks(self) -> Iterator[Problem]:
        """The idle pool is part of the pool, reasons for what is less safe, and what only goes together."""
        idle, most = self.max_idle_connections_percent, self.max_connections_percent
        if not is_token((idle, most)) and idle > most:
            yield Problem(
                "",
                f"max_idle_connections_percent is {idle}",
                f"it is at most max_connections_percent ({most}) (RDS API)",
                f"set it to {most} or less",
            )
        if len(self.endpoints) > limits.PROXY_MAX_ENDPOINTS:
            yield Problem(
                "",
                f"endpoints has {len(self.endpoints)} entries",
                f"a proxy takes {limits.PROXY_MAX_ENDPOINTS} beside its default one (RDS guide)",
                "remove some",
            )
        yield from self._reason_problems()
        yield from self._end_to_end_problems()

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Arguments that AWS provider 5 does not know."""
        for field, plain in _PROVIDER_6.items():
            if getattr(self, field) != plain:
                yield from needs_provider_6(target, f'{field} is "{getattr(self, field)}"', f"aws_db_proxy.{field}")

    def _reason_problems(self) -> Iterator[Problem]:
        pairs = (
            (self.iam_auth == "DISABLED", 'iam_auth is "DISABLED"', "iam_auth_off_reason", _PASSWORDS),
            (self.debug_logging, "debug_logging is True", "debug_logging_reason", _STATEMENTS),
        )
        for is_less_safe, given, field, why in pairs:
            reason = getattr(self, field)
            if is_less_safe and not reason:
                yield Problem("", f"{given} without a reason", why, f"set {field}")
            if reason and not is_less_safe:
                name = field.removesuffix("_off_reason").removesuffix("_reason")
                yield Problem("", f'{field} is "{reason}"', f"{name} is as safe as by default", "remove it")

    def _end_to_end_problems(self) -> Iterator[Problem]:
        is_end_to_end = self.default_auth_scheme == "IAM_AUTH"
        if is_end_to_end and not self.iam_users:
            yield Problem("", "iam_users is empty", "the proxy's role may sign in the users it names only", "name them")
        if self.iam_users and not is_end_to_end:
            given = f"iam_users holds {', '.join(self.iam_users)}"
            yield Problem("", given, 'default_auth_scheme is "NONE"', "remove it, or set default_auth_scheme: IAM_AUTH")
        if is_end_to_end and self.iam_auth == "DISABLED":
            allowed = 'default_auth_scheme "IAM_AUTH" knows no passwords (rds API model)'
            yield Problem("", 'iam_auth is "DISABLED"', allowed, "remove one of the two")


_PASSWORDS = "a password can be taken away and used elsewhere, and an IAM token lasts 15 minutes"
_STATEMENTS = "the text of statements holds data"
_PROVIDER_6 = {"default_auth_scheme": "NONE", "endpoint_network_type": "IPV4", "target_connection_network_type": "IPV4"}
"""Fields that only AWS provider 6 writes, with the values that provider 5 stands for."""
