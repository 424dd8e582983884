"""Users of caches: no password anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from modules.cache import CacheConfig, ExistingUserConfig, IamUserConfig, ServerlessCacheConfig
from modules.core.errors import ConfigError

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:legacy-AbCdEf"
EXISTING = {"kind": "existing", "user_id": "legacy", "secret_arn": SECRET}


def refusal(users: dict[str, Any], model: type[CacheConfig | ServerlessCacheConfig] = CacheConfig) -> str:
    with pytest.raises(ConfigError) as refused:
        model.parse({"users": users})
    return str(refused.value)


def test_a_user_is_signed_in_by_iam_and_may_do_nothing_dangerous() -> None:
    user = CacheConfig.parse({"users": {"orders": {}}}).users["orders"]
    assert user == IamUserConfig(access_string="on ~* +@all -@dangerous")


def test_a_user_that_exists_brings_its_secret() -> None:
    user = CacheConfig.parse({"users": {"legacy": EXISTING}}).users["legacy"]
    assert isinstance(user, ExistingUserConfig)
    assert (user.user_id, user.user_name, user.secret_arn) == ("legacy", None, SECRET)


@pytest.mark.parametrize(
    ("access_string", "sentence"),
    [
        (
            "on ~* +@all >hunter2hunter2hunter2",
            (
                "users.orders: access_string begins a word with >; an access string takes neither passwords nor what "
                "resets them (ElastiCache guide, RBAC); remove it; IAM signs the user in"
            ),
        ),
        (
            "on ~* +@all nopass",
            (
                "users.orders: access_string holds nopass; an access string takes neither passwords nor what resets "
                "them (ElastiCache guide, RBAC); remove it; IAM signs the user in"
            ),
        ),
        (
            "~* +@all",
            (
                'users.orders: access_string is "~* +@all"; it begins with on, or the user cannot sign in, '
                "and has single spaces (ElastiCache guide, RBAC); correct it, such as on ~orders:* +@read"
            ),
        ),
        (
            "~*  #hunter2",
            (
                "users.orders: access_string begins a word with #; an access string takes neither passwords nor what "
                "resets them (ElastiCache guide, RBAC); remove it; IAM signs the user in"
            ),
        ),
        (
            "${var.rights}",
            (
                'users.orders.access_string is "${var.rights}"; it decides what is synthesized, so it cannot be a '
                "value that is known only later; write the value itself"
            ),
        ),
    ],
)
def test_access_strings(access_string: str, sentence: str) -> None:
    told = refusal({"orders": {"access_string": access_string}})
    assert told == sentence
    assert "hunter2" not in told


@pytest.mark.parametrize("name", ["Orders", "default", "1st", "a" * 21, "orders_api"])
def test_names(name: str) -> None:
    assert refusal({name: {}}) == (
        f'users.{name} is "{name}"; a cache user\'s name has lowercase letters, digits and inner hyphens, a letter '
        "first, and is not default; rename it"
    )


@pytest.mark.parametrize("model", [CacheConfig, ServerlessCacheConfig])
def test_a_password_is_no_field(model: type[CacheConfig | ServerlessCacheConfig]) -> None:
    told = refusal({"orders": {"passwords": ["hunter2hunter2hunter2"]}}, model)
    assert told == "users.orders.passwords is not a field; remove it, or check its spelling"


def test_users_that_exist_are_told_by_their_ids() -> None:
    assert refusal({"legacy": {**EXISTING, "user_id": "default"}}) == (
        'users.legacy.user_id is "default"; a user of ElastiCache has letters, digits and single inner hyphens, a '
        "letter first, and is not default; copy it from ElastiCache"
    )
    assert refusal({"legacy": {**EXISTING, "secret_arn": "legacy"}}) == (
        'users.legacy.secret_arn is "legacy"; a secret\'s ARN ends in its name, a hyphen and 6 characters that Secrets '
        "Manager adds; copy the whole ARN"
    )
    assert refusal({"legacy": EXISTING, "other": {**EXISTING, "user_id": "Legacy"}}) == (
        'users.other.user_id is "Legacy"; users.legacy has it too; remove one of them'
    )
    assert refusal({"legacy": EXISTING, "other": {**EXISTING, "user_id": "second", "user_name": "legacy"}}) == (
        'users.other signs in as "legacy"; users.legacy does so too, and a user group has each user name once '
        "(CreateUserGroup); remove one of them"
    )


def test_a_kind_that_is_none() -> None:
    assert refusal({"orders": {"kind": "password"}}) == (
        'users.orders.kind is "password"; it is one of iam, existing; choose one of them'
    )


def test_more_users_than_a_group_takes() -> None:
    many: dict[str, Any] = {f"user-{number}": {} for number in range(100)}
    assert refusal(many) == (
        "users has 100 entries; with the default user a user group has at most 100 (ElastiCache quotas); remove some"
    )


def test_users_that_read_alike() -> None:
    assert refusal({"orders1": {}, "orders-1": {}}) == (
        "users holds orders-1 and orders1; names of statements are made of them, in which they read alike; rename one"
    )
