"""Proxies: what is refused once database, network and users are seen together, and what is synthesized."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.database import (
    Database,
    DatabaseCluster,
    DatabaseClusterConfig,
    DatabaseConfig,
    DatabaseProxy,
    DatabaseProxyConfig,
    ExistingProxyConfig,
)
from modules.database.base import DatabaseBase
from modules.secret import Secret, SecretBase
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/proxy"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:{}-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
PROVIDER_6 = ">= 6.69, < 7"


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source)


def instance(made: Made, **fields: Any) -> Database:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    config = DatabaseConfig.parse({**names, **fields})
    return Database(made.stack, "database", config=config, network=made.network, key=made.key)


def cluster(made: Made, **kind: Any) -> DatabaseCluster:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    config = DatabaseClusterConfig.parse({**names, "cluster_type": {"kind": "serverless_v2", **kind}})
    return DatabaseCluster(made.stack, "database", config=config, network=made.network, key=made.key)


def proxy(
    made: Made,
    database: DatabaseBase,
    name: str = "proxy",
    *,
    users: Mapping[str, SecretBase] | None = None,
    **fields: Any,
) -> DatabaseProxy:
    config = DatabaseProxyConfig.parse({"alarms": OFF, **fields})
    return DatabaseProxy(made.stack, name, database=database, config=config, users=users)


def secret(made: Made, name: str, **fields: Any) -> SecretBase:
    return Secret.from_existing(made.stack, f"{name}-secret", arn=ARN.format(name), key_arn=KEY, **fields)


def statements(made: Made, role: str) -> dict[str, dict[str, Any]]:
    policy = made.resources("aws_iam_role_policy")
    [found] = [each for name, each in policy.items() if name.startswith(role)]
    text = found["policy"].replace('split(":"', "split(':'")  # an expression's quotes are not escaped
    return {each["Sid"]: each for each in json.loads(text)["Statement"]}


def warnings(made: Made) -> list[str]:
    entries = (entry for node in made.stack.node.find_all() for entry in node.node.metadata)
    return [str(entry.data) for entry in entries if "warn" in entry.type]


@pytest.mark.parametrize(
    ("engine", "family", "port", "kind"),
    [
        ("postgres", "POSTGRESQL", 5432, "POSTGRES_SCRAM_SHA_256"),
        ("mysql", "MYSQL", 3306, "MYSQL_CACHING_SHA2_PASSWORD"),
        ("mariadb", "MYSQL", 3306, "MYSQL_NATIVE_PASSWORD"),
    ],
)
def test_family_port_and_passwords_follow_the_engine(
    made: Made, engine: str, family: str, port: int, kind: str
) -> None:
    api = made.function()
    database = instance(made, engine=engine, port=5_555)
    through = proxy(made, database)
    api.connect_to(through, user="owner")

    found = made.only("aws_db_proxy")
    assert (found["engine_family"], found["require_tls"], through.port) == (family, True, port)
    assert [(each["iam_auth"], each["client_password_auth_type"]) for each in found["auth"]] == [("REQUIRED", kind)]
    assert {each[2] for each in rules(made, "egress")} == {each[2] for each in rules(made, "ingress")} == {port, 5_555}
    assert made.only("aws_lambda_function")["environment"]["variables"]["DB_PORT"] == str(port)


def test_the_target_waits_for_the_writer(made: Made) -> None:
    proxy(made, cluster(made, min_acu=1))
    target = made.only("aws_db_proxy_target")
    instances = {f"aws_rds_cluster_instance.{name}" for name in made.resources("aws_rds_cluster_instance")}
    assert len(instances) == 2
    assert instances <= set(target["depends_on"])
    assert "db_instance_identifier" not in target
    [cluster_name] = made.resources("aws_rds_cluster")
    assert target["db_cluster_identifier"] == f"${{aws_rds_cluster.{cluster_name}.id}}"


def test_every_user_has_an_entry_in_a_stable_order(made: Made) -> None:
    users = {name: secret(made, name, username=name) for name in ("web", "batch")}
    through = proxy(made, instance(made), users=users)
    assert through.users == ("owner", "batch", "web")
    entries = made.only("aws_db_proxy")["auth"]
    assert [each["description"] for each in entries] == ["user owner", "user batch", "user web"]
    assert entries[1]["secret_arn"] == ARN.format("batch")


def test_the_role_reads_exactly_its_secrets_with_exactly_their_keys(made: Made) -> None:
    proxy(made, instance(made), users={"web": secret(made, "web")})
    found = statements(made, "proxy_role")
    assert {sid: each["Action"] for sid, each in found.items()} == {
        "ReadMasterSecret": ["secretsmanager:GetSecretValue"],
        "DecryptMasterSecret": ["kms:Decrypt"],
        "ReadWebSecret": ["secretsmanager:GetSecretValue"],
        "DecryptWebSecret": ["kms:Decrypt"],
    }
    assert found["ReadWebSecret"]["Resource"] == [ARN.format("web")]
    assert found["DecryptWebSecret"]["Resource"] == [KEY]
    assert all(len(each["Resource"]) == 1 and "*" not in each["Resource"][0] for each in found.values())


def test_a_function_gets_network_permission_and_variables_by_one_call(made: Made) -> None:
    api = made.function()
    through = proxy(made, instance(made), users={"web": secret(made, "web")})
    api.connect_to(through, user="web")

    [(sid, grant)] = [(sid, each) for sid, each in statements(made, "api_").items() if sid.startswith("ConnectProxy")]
    assert sid.startswith("ConnectProxyAsWeb")
    assert grant["Action"] == ["rds-db:connect"]
    [resource] = grant["Resource"]
    [name] = made.resources("aws_db_proxy")
    arn = f"element(split(':', aws_db_proxy.{name}.arn), 6)"
    assert resource == f"arn:aws:rds-db:eu-west-1:123456789012:dbuser:${{{arn}}}/web"
    function = made.only("aws_lambda_function")
    assert function["environment"]["variables"] == {
        "DB_HOST": f"${{aws_db_proxy.{name}.endpoint}}", "DB_PORT": "5432", "DB_NAME": "orders", "DB_USER": "web",
    }  # fmt: skip
    [target] = made.resources("aws_db_proxy_target")
    assert f"aws_db_proxy_target.{target}" in function["depends_on"]
    groups = [f"${{aws_security_group.{name}.id}}" for name in sorted(made.resources("aws_security_group"))]
    database, application, through_proxy = groups
    ways = ((application, through_proxy), (through_proxy, database))
    assert rules(made, "ingress") == {(reached, source, 5432) for source, reached in ways}
    assert rules(made, "egress") == {(source, reached, 5432) for source, reached in ways}


def rules(made: Made, direction: str) -> set[tuple[str, str, int]]:
    found = made.resources(f"aws_vpc_security_group_{direction}_rule").values()
    return {(each["security_group_id"], each["referenced_security_group_id"], each["from_port"]) for each in found}


def test_an_endpoint_of_readers_is_reached_with_the_same_permission(made: Made) -> None:
    api = made.function()
    endpoints = {"reader": {"role": "READ_ONLY"}, "jobs": {"role": "READ_WRITE"}}
    through = proxy(made, cluster(made, min_acu=1), endpoints=endpoints)
    api.connect_to(through, user="owner")
    api.connect_to(through, user="owner", endpoint="reader", environment_prefix="REPORTS")
    made_endpoints = made.resources("aws_db_proxy_endpoint")
    assert {each["db_proxy_endpoint_name"]: each["target_role"] for each in made_endpoints.values()} == {
        "acme-dev-orders-proxy-reader": "READ_ONLY",
        "acme-dev-orders-proxy-jobs": "READ_WRITE",
    }
    [target] = made.resources("aws_db_proxy_target")
    assert all(each["depends_on"] == [f"aws_db_proxy_target.{target}"] for each in made_endpoints.values())
    variables = made.only("aws_lambda_function")["environment"]["variables"]
    [reader] = [name for name in made_endpoints if "reader" in name]
    assert variables["REPORTS_HOST"] == f"${{aws_db_proxy_endpoint.{reader}.endpoint}}"
    assert len([sid for sid in statements(made, "api_") if sid.startswith("Connect")]) == 1
    assert through.addresses_needed == 10 + 2 * 3


def test_functions_sign_in_with_passwords_for_a_reason(source: Any) -> None:
    made = Made(source, egress="endpoints_only")
    api = made.function()
    through = proxy(
        made,
        instance(made),
        users={"web": secret(made, "web")},
        iam_auth="DISABLED",
        iam_auth_off_reason="its driver knows no tokens",
    )
    api.connect_to(through, user="web")
    assert {each["iam_auth"] for each in made.only("aws_db_proxy")["auth"]} == {"DISABLED"}
    found = statements(made, "api_")
    assert found["ReadWebSecret"]["Resource"] == [ARN.format("web")]
    assert not [each for each in found.values() if "rds-db:connect" in each["Action"]]
    variables = next(iter(made.resources("aws_lambda_function").values()))["environment"]["variables"]
    assert variables["DB_SECRET_ARN"] == ARN.format("web")


def test_end_to_end_iam_takes_no_secret(source: Any) -> None:
    made = Made(source, provider=PROVIDER_6)
    api = made.function()
    through = proxy(made, instance(made), default_auth_scheme="IAM_AUTH", iam_users=["web", "batch"])
    api.connect_to(through, user="web")
    found = made.only("aws_db_proxy")
    assert found["default_auth_scheme"] == "IAM_AUTH"
    assert not found.get("auth")
    [database] = made.resources("aws_db_instance")
    resource = f"arn:aws:rds-db:eu-west-1:123456789012:dbuser:${{aws_db_instance.{database}.resource_id}}"
    assert statements(made, "proxy_role") == {
        "SignInToDatabase": {
            "Sid": "SignInToDatabase", "Effect": "Allow", "Action": ["rds-db:connect"],
            "Resource": [f"{resource}/batch", f"{resource}/web"],
        },
    }  # fmt: skip


def test_network_types_are_written_on_provider_6(source: Any) -> None:
    made = Made(source, provider=PROVIDER_6, ipv6=True)
    proxy(made, instance(made), endpoint_network_type="DUAL", target_connection_network_type="IPV6")
    found = made.only("aws_db_proxy")
    assert (found["endpoint_network_type"], found["target_connection_network_type"]) == ("DUAL", "IPV6")


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


def test_mysql_takes_a_query_and_filters(made: Made) -> None:
    fields: dict[str, Any] = {"init_query": "SET x=1", "session_pinning_filters": ["EXCLUDE_VARIABLE_SETS"]}
    proxy(made, instance(made, engine="mysql"), **fields)
    pool = made.only("aws_db_proxy_default_target_group")["connection_pool_config"]
    assert (pool["init_query"], pool["session_pinning_filters"]) == ("SET x=1", ["EXCLUDE_VARIABLE_SETS"])


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
        f'{WHERE}: users holds "owner"; it is the master user, whose secret RDS manages; remove it\n'
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
    database = instance(made, replicas={"one": {"alarms": OFF}})
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


def test_functions_that_want_more_than_the_pool_holds(made: Made) -> None:
    through = proxy(made, instance(made))
    made.function(reserved_concurrency=400).connect_to(through, user="owner")
    worker = made.function("worker", reserved_concurrency=30)
    assert refusal(lambda: worker.connect_to(through, user="owner")) == (
        f"{WHERE}: 430 connections may be borrowed at once (dev-main-eu-west-1-orders/api 400 x 1, "
        "dev-main-eu-west-1-orders/worker 30 x 1); the pool holds 405 (90 percent of max_connections 450 (postgres, "
        "db.t4g.medium, at most, by its nominal memory)); set max_connections_percent to at least 96"
    )


def test_an_unbounded_function_is_warned_of(made: Made) -> None:
    through = proxy(made, instance(made))
    made.function(reserved_concurrency=None, unreserved_reason="a test").connect_to(through, user="owner")
    [told] = warnings(made)
    assert told == (
        f"{WHERE}: only the account's quota bounds the environments of dev-main-eu-west-1-orders/api; what exceeds the "
        "pool waits for connection_borrow_timeout_seconds and then fails; the pool holds 405 (90 percent of "
        "max_connections 450 (postgres, db.t4g.medium, at most, by its nominal memory)); set the reserved_concurrency "
        "of dev-main-eu-west-1-orders/api to at most 405"
    )


def test_two_proxies_share_what_the_database_has(made: Made) -> None:
    database = instance(made)
    proxy(made, database)
    with pytest.raises(ConfigError) as refused:
        proxy(made, database, "other", max_connections_percent=20)
    assert str(refused.value) == (
        "dev-main-eu-west-1-orders/other: max_connections_percent is 20, which is 90 connections; the database has "
        "max_connections 450 (postgres, db.t4g.medium, at most, by its nominal memory), and "
        f"{WHERE} has a pool of 405; set max_connections_percent to at most 10"
    )


def test_readers_have_a_pool_of_their_own(made: Made) -> None:
    through = proxy(made, cluster(made, min_acu=1, max_acu=1), endpoints={"reader": {}})
    made.function(reserved_concurrency=170).connect_to(through, user="owner")
    reports = made.function("reports", reserved_concurrency=171)
    assert refusal(lambda: reports.connect_to(through, user="owner", endpoint="reader")) == (
        f"{WHERE} endpoint reader: 171 connections may be borrowed at once (dev-main-eu-west-1-orders/reports 171 x "
        "1); the pool holds 170 (90 percent of max_connections 189 (aurora-postgresql, 1 ACU)); set "
        "max_connections_percent to at least 91"
    )


def existing(made: Made, **fields: Any) -> Any:
    config = ExistingProxyConfig.parse(
        {
            "name": "shared",
            "engine": "aurora-mysql",
            "host": "shared.proxy-abc.eu-west-1.rds.amazonaws.com",
            "endpoints": {"reader": "shared-ro.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com"},
            "resource_id": "prx-0123456789abcdef0",
            "security_group_id": "sg-0123456789abcdef0",
            "users": ["web"],
            "database_name": "orders",
            **fields,
        }
    )
    return DatabaseProxy.from_existing(made.stack, "shared", config=config, network=made.network)


def test_an_existing_proxy_is_connected_to_as_an_owned_one(made: Made) -> None:
    api = made.function()
    api.connect_to(existing(made, pool_connections=50), user="web", endpoint="reader")
    assert made.only("aws_lambda_function")["environment"]["variables"] == {
        "DB_HOST": "shared-ro.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com", "DB_PORT": "3306", "DB_NAME": "orders",
        "DB_USER": "web",
    }  # fmt: skip
    grants = [each for each in statements(made, "api_").values() if each["Action"] == ["rds-db:connect"]]
    assert [each["Resource"] for each in grants] == [
        ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-0123456789abcdef0/web"]
    ]
    [into] = made.resources("aws_vpc_security_group_ingress_rule").values()
    assert (into["security_group_id"], into["from_port"]) == ("sg-0123456789abcdef0", 3306)
    assert not made.resources("aws_db_proxy")


def test_an_existing_proxy_has_a_pool_when_it_is_told(made: Made) -> None:
    shared = existing(made, pool_connections=4)
    assert refusal(lambda: made.function().connect_to(shared, user="web")) == (
        "dev-main-eu-west-1-orders/shared: 5 connections may be borrowed at once (dev-main-eu-west-1-orders/api 5 x "
        "1); the pool holds 4 (100 percent of pool_connections 4 (shared)); set the reserved_concurrency of "
        "dev-main-eu-west-1-orders/api to at most 4"
    )


def test_an_existing_proxy_without_a_pool_is_warned_of(made: Made) -> None:
    made.function().connect_to(existing(made), user="web")
    [told] = warnings(made)
    assert told == (
        "dev-main-eu-west-1-orders/shared: pool_connections is not known (shared); whether the connections of "
        "functions and proxies fit cannot be judged; set pool_connections; a database reports its number for SHOW "
        "VARIABLES LIKE 'max_connections', or in PostgreSQL SHOW max_connections"
    )
