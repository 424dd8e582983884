"""Proxies: what is synthesized."""

from __future__ import annotations

from typing import Any

import pytest

from tests.constructs.functions import Made
from tests.constructs.proxies import ARN, KEY, PROVIDER_6, cluster, instance, proxy, rules, secret, statements

pytestmark = pytest.mark.synth


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source)


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


def test_mysql_takes_a_query_and_filters(made: Made) -> None:
    fields: dict[str, Any] = {"init_query": "SET x=1", "session_pinning_filters": ["EXCLUDE_VARIABLE_SETS"]}
    proxy(made, instance(made, engine="mysql"), **fields)
    pool = made.only("aws_db_proxy_default_target_group")["connection_pool_config"]
    assert (pool["init_query"], pool["session_pinning_filters"]) == ("SET x=1", ["EXCLUDE_VARIABLE_SETS"])
