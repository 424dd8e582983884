"""Proxies: what is refused once database, network and users are seen together."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.database import Database
from tests.constructs.functions import OFF, Made, refusal
from tests.constructs.proxies import WHERE, cluster, instance, proxy, secret

pytestmark = pytest.mark.synth


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"default_auth_scheme": "IAM_AUTH", "iam_users": ["web"]},
            'default_auth_scheme is "IAM_AUTH"; AWS provider 5 has no aws_db_proxy.default_auth_scheme',
        ),
        (
            {"endpoint_network_type": "DUAL"},
            'endpoint_network_type is "DUAL"; AWS provider 5 has no aws_db_proxy.endpoint_network_type',
        ),
    ],
)
def test_what_provider_5_cannot_write(made: Made, fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: proxy(made, instance(made), **fields)) == (
        f"{WHERE}: {sentence}, and the target allows >= 5.100, < 7; remove it, or set the target's "
        'aws_provider_version to ">= 6.69, < 7"'
    )


def test_a_wrong_password_type_and_an_init_query_and_filters_for_postgresql(made: Made) -> None:
    fields: dict[str, Any] = {
        "client_password_auth_type": "MYSQL_NATIVE_PASSWORD",
        "init_query": "SET x=1",
        "session_pinning_filters": ["EXCLUDE_VARIABLE_SETS"],
    }
    assert refusal(lambda: proxy(made, instance(made), **fields)) == (
        f'{WHERE}: client_password_auth_type is "MYSQL_NATIVE_PASSWORD"; RDS for PostgreSQL takes '
        "POSTGRES_SCRAM_SHA_256 or POSTGRES_MD5 (rds API model); set one of them, or remove it for "
        "POSTGRES_SCRAM_SHA_256\n"
        f'{WHERE}: init_query is "SET x=1"; a proxy runs none for PostgreSQL (RDS guide, RDS Proxy limitations); '
        "remove it, and set parameters with ALTER ROLE ... SET, or in the parameter group\n"
        f"{WHERE}: session_pinning_filters holds EXCLUDE_VARIABLE_SETS; a proxy has filters for MySQL and MariaDB only "
        "(rds API model); remove it; SET LOCAL in a transaction pins no session"
    )


def test_a_proxy_before_a_cluster_that_pauses(made: Made) -> None:
    assert refusal(lambda: proxy(made, cluster(made, min_acu=0))) == (
        f"{WHERE}: the cluster pauses at 0 capacity units; a proxy keeps connections open, so it would never pause "
        "(Aurora guide, auto-pause); set min_acu to 0.5 or more, or connect functions directly"
    )


def test_a_proxy_with_secrets_that_alternate_between_users(made: Made) -> None:
    users = {"web": secret(made, "web", rotation="alternating_users")}
    assert refusal(lambda: proxy(made, instance(made), users=users)) == (
        f'{WHERE}: users["web"] rotates between alternating_users; each rotation puts another user\'s name into the '
        "secret, so the proxy no longer signs in the user that functions name, and cuts the sessions of the one "
        "before; rotate it by single_user; a proxy keeps open sessions, and takes the new password for new ones"
    )
    proxy(made, instance_of(made), "other", users={"web": secret(made, "single", rotation="single_user")})


def instance_of(made: Made) -> Database:
    found = made.stack.node.find_child("database")
    assert isinstance(found, Database)
    return found


def test_secrets_of_somebody_else(made: Made) -> None:
    users = {"owner": secret(made, "owner"), "web": secret(made, "web", username="batch")}
    assert refusal(lambda: proxy(made, instance(made), users=users)) == (
        f'{WHERE}: users holds "owner"; it is the master user, whose secret the database has; remove it\n'
        f'{WHERE}: users["web"] holds the password of batch; a proxy signs in as the user whom the secret names (RDS '
        "guide, RDS Proxy); pass the secret under its own user"
    )


def test_readers_of_an_instance_and_of_a_cluster_without_any(made: Made) -> None:
    endpoints = {"reader": {"role": "READ_ONLY"}}
    assert refusal(lambda: proxy(made, instance(made), endpoints=endpoints)) == (
        f"{WHERE}: endpoints reader are READ_ONLY; the database is an instance, and only clusters have readers; remove "
        "them, or make the database a cluster"
    )


def test_a_replica_is_no_target(made: Made) -> None:
    own_password = {"master_password_rotation_off_reason": "RDS makes no replica otherwise"}
    database = instance(made, replicas={"one": {"alarms": OFF}}, **own_password)
    assert refusal(lambda: proxy(made, database.replicas["one"])) == (
        f"{WHERE}: the database is a read replica; a proxy takes no replica as its target (RDS guide, RDS Proxy "
        "limitations); put the proxy in front of the source, or connect functions directly"
    )


def test_an_endpoint_that_the_proxy_has_not(made: Made) -> None:
    through = proxy(made, instance(made))
    assert refusal(lambda: through.connection(user="owner", endpoint="reader")) == (
        f'{WHERE}: endpoint is "reader"; the proxy has none but its default one; add it to endpoints'
    )


def test_isolated_subnets_too_small_for_two_proxies(source: Any) -> None:
    isolated = {"eu-west-1a": "10.0.240.0/28", "eu-west-1b": "10.0.240.16/28"}
    made = Made(source, subnet_cidrs={"isolated": isolated})
    database = instance(made)
    proxy(made, database, max_connections_percent=40)
    with pytest.raises(ConfigError) as refused:
        proxy(
            made, database, "other", max_connections_percent=40,
            endpoints={"jobs": {"role": "READ_WRITE"}},
        )  # fmt: skip
    assert str(refused.value) == (
        "dev-main-eu-west-1-orders/other: 23 addresses are needed (dev-main-eu-west-1-orders/proxy 10, "
        "dev-main-eu-west-1-orders/other 13); the isolated subnets have 22 together (RDS guide, RDS Proxy "
        "prerequisites); widen subnet_cidrs.isolated, or the VPC's range"
    )
