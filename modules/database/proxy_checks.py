"""What RDS Proxy refuses, or what goes wrong behind it, once proxy, database and users are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from modules.core import limits
from modules.core.errors import Problem
from modules.database.engines import POSTGRESQL, Engine
from modules.database.proxy_config import READ_ONLY, DatabaseProxyConfig

_FEWEST_ZONES = 2


@dataclass(frozen=True)
class UserSecret:
    """The secret of one user.

    Attributes:
        username: user whose password it holds, as the secret says; empty where that is not known.
        rotation: `single_user`, `alternating_users` or None.
    """

    username: str = ""
    rotation: str | None = None


def engine_problems(config: DatabaseProxyConfig, engine: Engine) -> Iterator[Problem]:
    """Settings that the engine has not."""
    chosen, known = config.client_password_auth_type, engine.client_password_types
    if chosen and chosen not in known:
        yield Problem(
            "",
            f'client_password_auth_type is "{chosen}"',
            f"{engine.label} takes {' or '.join(known)} (rds API model)",
            f"set one of them, or remove it for {known[0]}",
        )
    if engine.family != POSTGRESQL:
        return
    if config.init_query:
        yield Problem(
            "",
            f'init_query is "{config.init_query}"',
            "a proxy runs none for PostgreSQL (RDS guide, RDS Proxy limitations)",
            "remove it, and set parameters with ALTER ROLE ... SET, or in the parameter group",
        )
    if config.session_pinning_filters:
        yield Problem(
            "",
            f"session_pinning_filters holds {', '.join(config.session_pinning_filters)}",
            "a proxy has filters for MySQL and MariaDB only (rds API model)",
            "remove it; SET LOCAL in a transaction pins no session",
        )


def user_problems(
    config: DatabaseProxyConfig, users: Mapping[str, UserSecret], *, master_username: str, has_master_secret: bool
) -> Iterator[Problem]:
    """Secrets that a proxy cannot work with."""
    is_end_to_end = config.default_auth_scheme == "IAM_AUTH"
    if users and is_end_to_end:
        yield Problem(
            "",
            f"users has secrets for {', '.join(sorted(users))}",
            'default_auth_scheme "IAM_AUTH" takes no secret',
            "name them in iam_users instead",
        )
    if not users and not has_master_secret and not is_end_to_end:
        yield Problem("", "users is empty", "the database has no master secret either", "pass users={name: secret}")
    count = len(users) + has_master_secret
    if count > limits.PROXY_MAX_SECRETS:
        yield Problem(
            "",
            f"users has {len(users)} secrets" + (", beside the master user's" if has_master_secret else ""),
            f"a proxy takes {limits.PROXY_MAX_SECRETS} (RDS guide)",
            "make another proxy",
        )
    if has_master_secret and master_username in users:
        yield Problem(
            "", f'users holds "{master_username}"', "it is the master user, whose secret the database has", "remove it"
        )
    for user, secret in sorted(users.items()):
        if secret.username and secret.username != user:
            yield Problem(
                "",
                f'users["{user}"] holds the password of {secret.username}',
                "a proxy signs in as the user whom the secret names (RDS guide, RDS Proxy)",
                "pass the secret under its own user",
            )
        if secret.rotation == "alternating_users":
            yield Problem(
                "",
                f'users["{user}"] rotates between alternating_users',
                "each rotation puts another user's name into the secret, so the proxy no longer signs in the user that "
                "functions name, and cuts the sessions of the one before",
                "rotate it by single_user; a proxy keeps open sessions, and takes the new password for new ones",
            )


def database_problems(
    config: DatabaseProxyConfig,
    *,
    is_paused_when_idle: bool,
    is_cluster: bool,
    has_reader: bool,
    is_replica: bool,
    zones: Iterable[str],
    subnets: int,
    is_dual_stack: bool,
) -> Iterator[Problem]:
    """What a database, or its network, has not."""
    if is_paused_when_idle:
        yield Problem(
            "",
            "the cluster pauses at 0 capacity units",
            "a proxy keeps connections open, so it would never pause (Aurora guide, auto-pause)",
            "set min_acu to 0.5 or more, or connect functions directly",
        )
    if is_replica:
        yield Problem(
            "",
            "the database is a read replica",
            "a proxy takes no replica as its target (RDS guide, RDS Proxy limitations)",
            "put the proxy in front of the source, or connect functions directly",
        )
    readers = sorted(name for name, endpoint in config.endpoints.items() if endpoint.role == READ_ONLY)
    if readers and not (is_cluster and has_reader):
        yield Problem(
            "",
            f"endpoints {', '.join(readers)} are {READ_ONLY}",
            "the cluster has no reader"
            if is_cluster
            else "the database is an instance, and only clusters have readers",
            "add a reader to the cluster" if is_cluster else "remove them, or make the database a cluster",
        )
    zones = tuple(zones)
    if len(zones) < _FEWEST_ZONES:
        yield Problem(
            "",
            f"the network has the zone {', '.join(zones)} only",
            "an RDS Proxy needs subnets in 2 availability zones (RDS guide)",
            "add a zone to the network",
        )
    elif subnets < _FEWEST_ZONES:
        yield Problem(
            "",
            f"the network has {subnets} isolated subnets",
            "an RDS Proxy needs subnets in 2 availability zones (RDS guide)",
            "name isolated subnets of the network",
        )
    for field in ("endpoint_network_type", "target_connection_network_type"):
        if getattr(config, field) != "IPV4" and not is_dual_stack:
            yield Problem(
                "",
                f'{field} is "{getattr(config, field)}"',
                "the network has no IPv6",
                "give the network ipv6, or remove it",
            )


def address_problems(needed: Mapping[str, int], available: int | None) -> Iterator[Problem]:
    """More addresses than the isolated subnets have.

    Args:
        needed: by construct path, of every proxy in the network.
        available: addresses of the isolated subnets together; None where it is not known.
    """
    total = sum(needed.values())
    if available is not None and total > available:
        each = ", ".join(f"{path} {count}" for path, count in needed.items())
        yield Problem(
            "",
            f"{total} addresses are needed ({each})",
            f"the isolated subnets have {available} together (RDS guide, RDS Proxy prerequisites)",
            "widen subnet_cidrs.isolated, or the VPC's range",
        )
