"""Caches that exist already, and those whose clients sign in with a token."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest

from modules.cache import Cache, CacheConfig, ServerlessCache, SignIn
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:legacy-AbCdEf"
TOKEN: dict[str, Any] = {"users": {}, "authentication": "token", "token_reason": "an old client"}
WHERE = "dev-main-eu-west-1-orders/sessions: "
GROUP = "aws_elasticache_replication_group"


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


def cache(made: Made, **fields: Any) -> Cache:
    config = CacheConfig.parse({"alarms": OFF, **fields})
    return Cache(made.stack, "sessions", config=config, network=made.network, key=made.key)


def existing(made: Made, **other: Any) -> Any:
    fields: dict[str, Any] = {
        "name": "acme-sessions",
        "host": "master.acme-sessions.abc123.euw1.cache.amazonaws.com",
        "security_group_id": "sg-0123456789abcdef0",
        "users": {"orders": "acme-orders"},
    }
    return Cache.from_existing(made.stack, "sessions", **{**fields, **other})


def synthesized(made: Made) -> dict[str, Any]:
    document: dict[str, Any] = made.stack.to_terraform()
    return document


def test_a_token_is_copied_from_a_secret_by_provider_6_only(source: Path) -> None:
    made = Made(source, provider=">= 6.69, < 7")
    sessions = cache(made, **TOKEN)
    document = synthesized(made)
    (name,) = document["resource"][GROUP]
    group = document["resource"][GROUP][name]
    value = f"${{jsondecode(ephemeral.aws_secretsmanager_secret_version.{name}.secret_string).password}}"
    assert (group["auth_token_wo"], group["auth_token_wo_version"]) == (value, 1)
    assert not {"auth_token", "user_group_ids"} & set(group)
    read = document["ephemeral"]["aws_secretsmanager_secret_version"][name]
    (version,) = document["resource"]["aws_secretsmanager_secret_version"]
    assert f"aws_secretsmanager_secret_version.{version}" in read["depends_on"]
    (password,) = document["ephemeral"]["aws_secretsmanager_random_password"].values()
    assert set(password["exclude_characters"]) == set(string.punctuation + " ") - set("!&#$^<>-")
    connection = sessions.connection()
    assert sorted(connection.environment) == [f"SESSIONS_{suffix}" for suffix in ("HOST", "NAME", "PORT", "SECRET_ARN")]
    assert [statement.actions for statement in connection.statements] == [
        ("secretsmanager:GetSecretValue",),
        ("kms:Decrypt",),
    ]
    assert refusal(lambda: sessions.connection(user="orders")) == (
        WHERE + 'user is "orders"; the cache has no users but a token for all; remove it'
    )


def test_another_version_of_a_token_is_one_of_both(source: Path) -> None:
    made = Made(source, provider=">= 6.69, < 7")
    cache(made, **TOKEN, token_version=2)
    assert made.only(GROUP)["auth_token_wo_version"] == 2
    assert made.only("aws_secretsmanager_secret_version")["secret_string_wo_version"] == 2


def test_a_token_is_refused_where_provider_5_is_allowed(made: Made) -> None:
    assert refusal(lambda: cache(made, **TOKEN)) == (
        WHERE + 'authentication is "token"; AWS provider 5 has no aws_elasticache_replication_group.auth_token_wo and '
        "keeps a token in state, and the target allows >= 5.100, < 7; use iam, or set the target's "
        'aws_provider_version to ">= 6.69, < 7"'
    )


def test_a_cache_that_exists(made: Made) -> None:
    sessions = existing(made, reader_host="replica.acme-sessions.abc123.euw1.cache.amazonaws.com")
    connection = sessions.connection(reader=True)
    assert connection.environment == {
        "SESSIONS_READER_HOST": "replica.acme-sessions.abc123.euw1.cache.amazonaws.com",
        "SESSIONS_READER_PORT": "6379",
        "SESSIONS_NAME": "acme-sessions",
        "SESSIONS_USER": "acme-orders",
    }
    (statement,) = connection.statements
    where = "arn:aws:elasticache:eu-west-1:123456789012"
    assert statement.resources == (f"{where}:replicationgroup:acme-sessions", f"{where}:user:acme-orders")
    assert connection.security_group is not None
    assert connection.security_group.id == "sg-0123456789abcdef0"
    made.function().connect_to(sessions)


def test_a_serverless_cache_that_exists(made: Made) -> None:
    results = ServerlessCache.from_existing(
        made.stack,
        "results",
        name="acme-results",
        host="acme-results-abc123.serverless.euw1.cache.amazonaws.com",
        security_group_id="sg-0123456789abcdef0",
        users={"legacy": SignIn("legacy", secret_arn=SECRET)},
    )
    connection = results.connection(reader=True)
    assert (connection.port, connection.environment["RESULTS_READER_PORT"]) == (6380, "6380")
    assert [statement.actions for statement in connection.statements] == [("secretsmanager:GetSecretValue",)]


def test_a_cache_that_exists_without_readers(made: Made) -> None:
    assert refusal(lambda: existing(made).connection(reader=True)) == (
        WHERE + "reader is True; the cache has no reader endpoint: in cluster mode clients find replicas themselves, "
        "and without replicas there is none; remove it"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"name": "acme--sessions"},
            (
                'name is "acme--sessions"; it has 1 to 40 lowercase letters, digits and single inner hyphens, a letter '
                "first (elasticache API model); copy it from ElastiCache or EC2"
            ),
        ),
        (
            {"host": "localhost"},
            'host is "localhost"; a host name has letters, digits, hyphens and dots; copy it from ElastiCache or EC2',
        ),
        (
            {"reader_host": "10.0.0.1:6379"},
            (
                'reader_host is "10.0.0.1:6379"; a host name has letters, digits, hyphens and dots; copy it from '
                "ElastiCache or EC2"
            ),
        ),
        (
            {"security_group_id": "default"},
            (
                'security_group_id is "default"; a security group\'s id reads like sg-0123456789abcdef0; copy it from '
                "ElastiCache or EC2"
            ),
        ),
        (
            {"users": {"orders": "Orders"}},
            (
                'users.orders is "Orders"; it has 1 to 40 lowercase letters, digits and single inner hyphens, a letter '
                "first (elasticache API model); copy it from ElastiCache or EC2"
            ),
        ),
        ({"users": {}}, "users is empty; a function signs in as one of them; name one"),
        ({"port": 0}, "port is 0; a TCP port takes 1 to 65535; copy it from ElastiCache"),
        (
            {"users": {"orders-1": "acme-1", "orders1": "acme-2"}},
            (
                "users holds orders-1 and orders1; names of statements are made of them, in which they read alike; "
                "rename one"
            ),
        ),
    ],
)
def test_an_existing_cache_by_wrong_ids(made: Made, given: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: existing(made, **given)) == WHERE + sentence
