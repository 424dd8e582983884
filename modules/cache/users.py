"""The users of a cache, and the group that makes them its users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.elasticache_user import ElasticacheUser, ElasticacheUserAuthenticationMode
from cdktf_cdktf_provider_aws.elasticache_user_group import ElasticacheUserGroup
from constructs import Construct

from modules.cache.base import SignIn
from modules.cache.users_config import ExistingUserConfig, IamUserConfig
from modules.core import limits
from modules.core.context import target_of

_ENGINE = "redis"
"""Engine of users and groups. Such a group serves Valkey and Redis OSS alike, and it alone may hold a user without a
password, as the default user here is (ElastiCache guide, role-based access control)."""

_NOTHING = "off ~* -@all"


class CacheUsers(Construct):
    """Users that IAM signs in, users that exist, and a default user that can do nothing.

    A group must have a user with the name `default`, as whom clients without a name sign in (ElastiCache guide); here
    it is off, may run no command, and has no password, so that none has to be kept.

    Attributes:
        group_id: the group's id, as a token.
        sign_ins: name of each user to how it signs in.
        resources: what to wait for before somebody signs in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        thing: str,
        users: Mapping[str, IamUserConfig | ExistingUserConfig],
    ) -> None:
        super().__init__(scope, construct_id)
        self._thing = thing
        nobody = ElasticacheUser(
            self,
            "default",
            user_id=self._name("default"),
            user_name="default",
            access_string=_NOTHING,
            engine=_ENGINE,
            no_password_required=True,
        )
        ids = [nobody.user_id]
        self.sign_ins: dict[str, SignIn] = {}
        for name, user in sorted(users.items()):
            if isinstance(user, ExistingUserConfig):
                ids.append(user.user_id)
                self.sign_ins[name] = SignIn(
                    user.user_name or user.user_id, secret_arn=user.secret_arn, secret_key_arn=user.secret_key_arn
                )
                continue
            made = self._iam_user(name, user)
            ids.append(made.user_id)
            self.sign_ins[name] = SignIn(user_name=made.user_name, user_arn=made.arn)
        group = ElasticacheUserGroup(self, "group", user_group_id=self._name("users"), engine=_ENGINE, user_ids=ids)
        self.group_id: str = group.id
        self.resources: tuple[Any, ...] = (group,)  # Terraform resources of any type

    def _iam_user(self, name: str, user: IamUserConfig) -> ElasticacheUser:
        identity = self._name(name)  # IAM signs in only whose id is its name (ElastiCache guide)
        return ElasticacheUser(
            self,
            f"user-{name}",
            user_id=identity,
            user_name=identity,
            access_string=user.access_string,
            engine=_ENGINE,
            authentication_mode=ElasticacheUserAuthenticationMode(type="iam"),
        )

    def _name(self, of: str) -> str:
        return target_of(self).naming.name(f"{self._thing}-{of}", max_length=limits.CACHE_MAX_NAME_LENGTH)
