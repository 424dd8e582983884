"""Users of a cache: made here and signed in by IAM, or made elsewhere with a password that a secret holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.grants import sid_word
from modules.core.kinds import ByKind
from modules.key.arns import KmsKeyArn
from modules.secret.references import SecretArn

DEFAULT_ACCESS_STRING = "on ~* +@all -@dangerous"
"""Every key, and every command but those that the engines call dangerous, such as FLUSHALL, KEYS and CONFIG."""

_PASSWORD_MARKS = (">", "<", "#", "!")
_REFUSED_WORDS = ("nopass", "reset", "resetpass")
_DEFAULT = "default"

UserName = Annotated[
    str,
    Matching(
        r"(?!default$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "a cache user's name has lowercase letters, digits and inner hyphens, a letter first, and is not default",
        "rename it",
        20,
        literal=True,
    ),
]
"""Name of a user here; ElastiCache knows the user by a longer one."""

_ElastiCacheName = Matching(
    r"(?!default$)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",
    "a user of ElastiCache has letters, digits and single inner hyphens, a letter first, and is not default",
    "copy it from ElastiCache",
    40,
)


class IamUserConfig(ConfigModel):
    """A user that signs in with an IAM token; there is no password.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["iam"] = Field(default="iam", description="The user is made here, and IAM signs it in.")
    access_string: Annotated[
        str, Matching(r"[^\0]+", "an access string is text", "write it in quotes", 4096, literal=True)
    ] = Field(
        default=DEFAULT_ACCESS_STRING,
        description="What the user may do, as in ACL SETUSER: keys (~), channels (&), commands and categories (+, -). "
        "By default every key and every command that is not dangerous, and no channel.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """No password, which would stand in plans and state, and a string that switches the user on."""
        refused = [
            f"begins a word with {word[0]}" if word.startswith(_PASSWORD_MARKS) else f"holds {word}"
            for word in self.access_string.split()
            if word.startswith(_PASSWORD_MARKS) or word in _REFUSED_WORDS
        ]
        for what in refused:  # the sentence never shows the string: it may hold a password
            yield Problem(
                "",
                f"access_string {what}",
                "an access string takes neither passwords nor what resets them (ElastiCache guide, RBAC)",
                "remove it; IAM signs the user in",
            )
        if not refused and not re.fullmatch(r"on(?: \S+)+", self.access_string):
            yield Problem(
                "",
                f'access_string is "{self.access_string}"',
                "it begins with on, or the user cannot sign in, and has single spaces (ElastiCache guide, RBAC)",
                "correct it, such as on ~orders:* +@read",
            )


class ExistingUserConfig(ConfigModel):
    """A user that exists, whose password is in a secret that functions read.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["existing"] = Field(description="The user was made elsewhere, with a password.")
    user_id: Annotated[str, _ElastiCacheName] = Field(description="Its id, which the cache's user group takes in.")
    user_name: Annotated[str, _ElastiCacheName] | None = Field(
        default=None, description="Name that it signs in by; its id where absent."
    )
    secret_arn: SecretArn = Field(description="Secret that holds its password.")
    secret_key_arn: KmsKeyArn = Field(
        default="", description="KMS key that encrypts the secret; empty where that is AWS's own."
    )


CacheUser = Annotated[IamUserConfig | ExistingUserConfig, ByKind(default="iam")]
"""A user; plain data without `kind` is one that IAM signs in."""


def alike_problems(names: Iterable[str]) -> Iterator[Problem]:
    """Names of users that make one name of a statement."""
    words: dict[str, str] = {}
    for name in sorted(names):
        if words.setdefault(sid_word(name), name) != name:
            yield Problem(
                "",
                f"users holds {words[sid_word(name)]} and {name}",
                "names of statements are made of them, in which they read alike",
                "rename one",
            )


def user_problems(users: Mapping[str, IamUserConfig | ExistingUserConfig]) -> Iterator[Problem]:
    """A cache that nobody can sign in to, and users of one id or one name."""
    if not users:
        yield Problem(
            "", "users is empty", "a function signs in as one of them", "name one, such as users: {orders: {}}"
        )
    if len(users) > limits.CACHE_MAX_USERS:
        yield Problem(
            "",
            f"users has {len(users)} entries",
            f"with the default user a user group has at most {limits.CACHE_MAX_USERS + 1} (ElastiCache quotas)",
            "remove some",
        )
    yield from alike_problems(users)
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, user in sorted(users.items()):
        if not isinstance(user, ExistingUserConfig):
            continue
        first = ids.setdefault(user.user_id.lower(), name)
        if first != name:
            given = f'users.{name}.user_id is "{user.user_id}"'
            yield Problem("", given, f"users.{first} has it too", "remove one of them")
            continue
        first = names.setdefault(user.user_name or user.user_id, name)
        if first != name:
            yield Problem(
                "",
                f'users.{name} signs in as "{user.user_name or user.user_id}"',
                f"users.{first} does so too, and a user group has each user name once (CreateUserGroup)",
                "remove one of them",
            )
