"""A cache that another stack or another tool made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import modules.core.engine

from constructs import Construct

from modules.cache.base import CacheBase, Endpoint, SignIn
from modules.cache.users_config import alike_problems
from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NAME_RULE = (
    f"it has 1 to {limits.CACHE_MAX_NAME_LENGTH} lowercase letters, digits and single inner hyphens, a letter first "
    "(elasticache API model)"
)
_GROUP = (r"sg-[0-9a-f]{8,40}", "a security group's id reads like sg-0123456789abcdef0")
_HOST = (r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "a host name has letters, digits, hyphens and dots")


@dataclass(frozen=True)
class _Group:
    id: str


class ExistingCache(CacheBase):
    """A cache that is only used here; its users, snapshots and alarms are its owner's.

    Raises:
        ConfigError: an id does not read like one, or there is no user.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        kind: Literal["replicationgroup", "serverlesscache"],
        name: str,
        endpoint: Endpoint,
        reader_endpoint: Endpoint | None,
        security_group_id: str,
        users: Mapping[str, SignIn | str],
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.name, self.endpoint, self.reader_endpoint = name, endpoint, reader_endpoint
        self.is_serverless = kind == "serverlesscache"
        self.arn = target.arn("elasticache", f"{kind}:{name}")
        self.security_group = _Group(security_group_id)
        self.sign_ins = {
            user: SignIn(how, user_arn=target.arn("elasticache", f"user:{how}")) if isinstance(how, str) else how
            for user, how in sorted(users.items())
        }
        problems = [
            *_shape("name", name, _NAME, _NAME_RULE, limits.CACHE_MAX_NAME_LENGTH),
            *_shape("host", endpoint.host, *_HOST),
            *(_shape("reader_host", reader_endpoint.host, *_HOST) if reader_endpoint else ()),
            *_port_problems(endpoint.port),
            *_shape("security_group_id", security_group_id, *_GROUP),
            *(
                problem
                for user, how in sorted(users.items())
                if isinstance(how, str)
                for problem in _shape(f"users.{user}", how, _NAME, _NAME_RULE, limits.CACHE_MAX_NAME_LENGTH)
            ),
        ]
        if not users:
            problems.append(Problem("", "users is empty", "a function signs in as one of them", "name one"))
        problems += alike_problems(users)
        if problems:
            raise ConfigError(problems).within(self.node.path)


def _port_problems(port: int) -> Iterator[Problem]:
    if not is_token(port) and not 1 <= port <= limits.CACHE_PORT.maximum:
        yield Problem(
            "", f"port is {port}", f"a TCP port takes 1 to {limits.CACHE_PORT.maximum}", "copy it from ElastiCache"
        )


def _shape(field: str, value: str, pattern: str, allowed: str, longest: int = 255) -> Iterator[Problem]:
    if not is_token(value) and (len(value) > longest or not re.fullmatch(pattern, value, re.ASCII)):
        yield Problem("", f'{field} is "{value}"', allowed, "copy it from ElastiCache or EC2")
