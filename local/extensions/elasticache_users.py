"""ElastiCache users and user groups.

moto 5.2.5 has no user groups and no `ModifyUser`, says `no-password-required` of a user without a password where AWS
says `no-password`, and lets IAM sign in a user whose id is not its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.elasticache.exceptions import UserNotFound
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from local.extensions.elasticache_errors import refused
from local.extensions.patching import add_action, state, wrap

_CREATE = "self user_id user_name engine passwords access_string no_password_required authentication_type tags"


def install() -> None:
    """Extend moto."""
    wrap(ElastiCacheBackend, "create_user", _CREATE, _create_user)
    wrap(ElastiCacheBackend, "delete_user", "self user_id", _delete_user)
    for action in (modify_user, create_user_group, describe_user_groups, modify_user_group, delete_user_group):
        add_action(ElastiCacheResponse, action)


def groups_of(backend: Any) -> dict[str, dict[str, Any]]:
    """Id to user group, with what uses it."""
    return state(backend, "cache_user_groups")


def group_of(backend: Any, identity: str) -> dict[str, Any]:
    """A group by id; one that does not exist is refused."""
    if identity not in groups_of(backend):
        raise refused("UserGroupNotFound", f"User Group {identity} not found.")
    return groups_of(backend)[identity]


def modify_user(response: Any) -> Any:
    """Another access string, or another engine."""
    backend, given = response.elasticache_backend, response.params
    user = backend.users.get(given["UserId"])
    if user is None:
        raise UserNotFound(given["UserId"])
    user.access_string = given.get("AccessString") or user.access_string
    user.engine = given.get("Engine") or user.engine
    return ActionResult(user)


def create_user_group(response: Any) -> Any:
    """Make a group of users, one of them with the name default."""
    backend, given = response.elasticache_backend, response.params
    identity, engine = given["UserGroupId"].lower(), given["Engine"].lower()
    if identity in groups_of(backend):
        raise refused("UserGroupAlreadyExists", f"User Group {identity} already exists.")
    users = list(given.get("UserIds") or [])
    _require_users(backend, engine, users)
    group = {
        "UserGroupId": identity,
        "Status": "active",
        "Engine": engine,
        "UserIds": users,
        "MinimumEngineVersion": "6.0" if engine == "redis" else "7.2",
        "ARN": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:usergroup:{identity}",
    }
    backend.tagging_service.tag_resource(group["ARN"], given.get("Tags") or [])
    groups_of(backend)[identity] = group
    _tell_users(backend)
    return ActionResult(_shown(backend, group))


def describe_user_groups(response: Any) -> Any:
    """One group, or all."""
    backend, identity = response.elasticache_backend, response.params.get("UserGroupId")
    found = [group_of(backend, identity)] if identity else list(groups_of(backend).values())
    return ActionResult({"UserGroups": [_shown(backend, group) for group in found]})


def modify_user_group(response: Any) -> Any:
    """Take users in and let users go."""
    backend, given = response.elasticache_backend, response.params
    group = group_of(backend, given["UserGroupId"])
    gone = given.get("UserIdsToRemove") or []
    users = [user for user in group["UserIds"] if user not in gone] + list(given.get("UserIdsToAdd") or [])
    _require_users(backend, group["Engine"], users)
    group["UserIds"] = users
    _tell_users(backend)
    return ActionResult(_shown(backend, group))


def delete_user_group(response: Any) -> Any:
    """Forget a group; one that a cache uses is refused."""
    backend, identity = response.elasticache_backend, response.params["UserGroupId"]
    shown = _shown(backend, group_of(backend, identity))
    if shown["ReplicationGroups"] or shown["ServerlessCaches"]:
        raise refused("InvalidUserGroupState", f"User Group {identity} is used by a cache.")
    del groups_of(backend)[identity]
    _tell_users(backend)
    return ActionResult({**shown, "Status": "deleting"})


def _require_users(backend: Any, engine: str, identities: Iterable[str]) -> None:
    """Users that exist, of different names, one of them default; with Valkey's engine none without a password."""
    users = []
    for identity in identities:
        if identity not in backend.users:
            raise UserNotFound(identity)
        users.append(backend.users[identity])
    names = [user.name for user in users]
    if len(set(names)) != len(names):
        raise refused("DuplicateUserName", "User group contains users with the same name.")
    if "default" not in names:
        raise refused("DefaultUserRequired", "User group needs to contain a user with the user name default.")
    if engine == "valkey" and any(user.no_password_required for user in users):
        raise refused(
            "InvalidParameterCombination", "A user group of the engine valkey takes no user without password."
        )


def _tell_users(backend: Any) -> None:
    for identity, user in backend.users.items():
        user.user_group_ids = [name for name, group in groups_of(backend).items() if identity in group["UserIds"]]


def _shown(backend: Any, group: dict[str, Any]) -> dict[str, Any]:
    identity = group["UserGroupId"]
    nodes = [name for name, each in backend.replication_groups.items() if identity in each.user_group_ids]
    caches = state(backend, "serverless_caches")
    serverless = [name for name, each in caches.items() if each.get("UserGroupId") == identity]
    return {**group, "ReplicationGroups": nodes, "ServerlessCaches": serverless}


def _create_user(original: Any, backend: Any, **given: Any) -> Any:
    if given["authentication_type"] == "iam" and given["user_id"] != given["user_name"]:
        message = "User Id and User name must be same for authentication type: iam"
        raise refused("InvalidParameterCombination", message)
    return original(backend, **given)


def _delete_user(original: Any, backend: Any, user_id: str) -> Any:
    user = original(backend, user_id)
    for group in groups_of(backend).values():
        group["UserIds"] = [identity for identity in group["UserIds"] if identity != user_id]
    return user
