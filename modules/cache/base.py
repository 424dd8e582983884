"""What replication groups, serverless caches and existing ones have in common: users, grants and connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import modules.core.engine

from modules.core.connections import Connection, SecurityGroupLike
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import Grantee, role_of, sid_word, variable_name
from modules.core.statements import Statement
from modules.core.store import Store
from modules.core.tokens import region_of
from modules.secret.statements import secret_statements


@dataclass(frozen=True)
class SignIn:
    """How somebody signs in to a cache.

    Attributes:
        user_name: name for AUTH, usually a token; empty with a token for all, which has no user.
        user_arn: ARN of a user that IAM signs in; empty for a password.
        secret_arn: secret with the password or token; empty where IAM signs in.
        secret_key_arn: KMS key that encrypts the secret; empty where that is AWS's own.
    """

    user_name: str = ""
    user_arn: str = ""
    secret_arn: str = ""
    secret_key_arn: str = ""


@dataclass(frozen=True)
class Endpoint:
    """Where a cache is reached: host name, usually a token, and TCP port."""

    host: str
    port: int


class CacheBase(Store):
    """A cache that functions connect to, over TLS.

    Attributes:
        name: id of the replication group or name of the serverless cache, which IAM tokens are signed for; a token if
            the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        endpoint: the primary's, in cluster mode the configuration endpoint.
        reader_endpoint: the replicas'; None where there is none of its own, as in cluster mode.
        sign_ins: name of each user to how it signs in; with a token for all the only name is empty.
        security_group: admits nobody until something connects.
        dependencies: Terraform resources to wait for before it is used.
        is_serverless: whether it has no nodes.
    """

    name: str
    arn: str
    endpoint: Endpoint
    reader_endpoint: Endpoint | None = None
    sign_ins: Mapping[str, SignIn]
    security_group: SecurityGroupLike
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type
    is_serverless: bool = False

    def grant_connect(self, grantee: Grantee, *, user: str = "") -> None:
        """Let a role sign in: by IAM to this cache as this user only, or by reading the user's secret.

        Args:
            grantee: a role, or what has one, such as a function.
            user: name of the user; may be left out where there is one.

        Raises:
            ConfigError: the user is unknown, or not named among several.
        """
        role_of(grantee).grant(*self._statements(user))

    def connection(self, *, user: str = "", reader: bool = False, environment_prefix: str = "") -> Connection:
        """What a function needs: both group rules, the permission to sign in, variables, and what it waits for.

        Variables of a cache `sessions` are `SESSIONS_HOST`, `SESSIONS_PORT`, `SESSIONS_NAME` (which an IAM token is
        signed for) and `SESSIONS_USER`; where a password signs in, `SESSIONS_SECRET_ARN`.

        Args:
            user: name of the user; may be left out where there is one.
            reader: connect to the replicas; the variables are `SESSIONS_READER_HOST` and `SESSIONS_READER_PORT`. A
                function that writes too connects twice.
            environment_prefix: begins the variables instead of the construct's id.

        Raises:
            ConfigError: the user is unknown, or not named among several, or there is no reader endpoint.
        """
        endpoint, mark = self.endpoint, ""
        problems = list(self._user_problems(user))
        if reader and self.reader_endpoint is None:
            problems.append(
                Problem(
                    "",
                    "reader is True",
                    "the cache has no reader endpoint: in cluster mode clients find replicas themselves, and without "
                    "replicas there is none",
                    "remove it",
                )
            )
        if problems:
            raise ConfigError(problems).within(self.node.path)
        if reader and self.reader_endpoint is not None:
            endpoint, mark = self.reader_endpoint, "READER_"
        prefix = environment_prefix or self.node.id
        sign_in = self._sign_in(user)
        environment = {
            variable_name(prefix, f"{mark}HOST"): endpoint.host,
            variable_name(prefix, f"{mark}PORT"): str(endpoint.port),
            variable_name(prefix, "NAME"): self.name,
        }
        if sign_in.user_name:
            environment[variable_name(prefix, "USER")] = sign_in.user_name
        if sign_in.secret_arn:
            environment[variable_name(prefix, "SECRET_ARN")] = sign_in.secret_arn
        return Connection(
            name=f"{self.node.id}-reader" if reader else self.node.id,
            port=endpoint.port,
            security_group=self.security_group,
            statements=self._statements(user),
            environment=environment,
            dependencies=self.dependencies,
            services=("secretsmanager",) if sign_in.secret_arn else (),
        )

    def _statements(self, user: str) -> tuple[Statement, ...]:
        problems = list(self._user_problems(user))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        name, sign_in = user or next(iter(self.sign_ins)), self._sign_in(user)
        word = f"{self.word}As{sid_word(name)}" if name else self.word
        if sign_in.user_arn:
            return (Statement(f"Connect{word}", ("elasticache:Connect",), (self.arn, sign_in.user_arn)),)
        region = region_of(sign_in.secret_arn) or target_of(self).region
        return secret_statements(word, "read", arn=sign_in.secret_arn, key_arn=sign_in.secret_key_arn, region=region)

    def _sign_in(self, user: str) -> SignIn:
        return self.sign_ins[user or next(iter(self.sign_ins))]

    def _user_problems(self, user: str) -> list[Problem]:
        known = ", ".join(sorted(filter(None, self.sign_ins)))
        if user and user not in self.sign_ins:
            has = f"the cache has {known}" if known else "the cache has no users but a token for all"
            return [Problem("", f'user is "{user}"', has, "name one of them" if known else "remove it")]
        if not user and len(self.sign_ins) > 1:
            return [Problem("", "user is missing", f"the cache has {known}", "name one of them")]
        return []
