"""Hosts that a function's environment, its security groups, its file systems and its event sources name."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.reach import Kind
from tests.analysis.documents import ref, resource, text
from tests.analysis.reach.functions import FUNCTION, ROLE, certain, function, needed, uncertain

HOSTS = [
    ("aws_db_instance", "address", {"engine": "postgres"}, (5432,)),
    ("aws_db_instance", "endpoint", {"engine": "sqlserver-ex"}, (1433,)),
    ("aws_db_instance", "address", {"engine": "mysql", "port": 3307}, (3307,)),
    ("aws_db_instance", "address", {"engine": "custom-oracle-ee"}, ()),
    ("aws_rds_cluster", "reader_endpoint", {"engine": "aurora-mysql"}, (3306,)),
    ("aws_db_proxy", "endpoint", {"engine_family": "POSTGRESQL"}, (5432,)),
    ("aws_elasticache_replication_group", "primary_endpoint_address", {"engine": "valkey"}, (6379,)),
    ("aws_elasticache_cluster", "cluster_address", {"engine": "memcached"}, (11211,)),
    ("aws_elasticache_serverless_cache", "endpoint", {"engine": "redis"}, (6379,)),
    ("aws_msk_cluster", "bootstrap_brokers_sasl_iam", {}, (9098,)),
    ("aws_mq_broker", "instances", {"engine_type": "RabbitMQ"}, (5671,)),
    ("aws_opensearch_domain", "endpoint", {"vpc_options": [{"subnet_ids": []}]}, (443,)),
    ("aws_redshift_cluster", "endpoint", {}, (5439,)),
    ("aws_instance", "private_ip", {}, ()),
]


@pytest.mark.parametrize(("kind", "attribute", "values", "ports"), HOSTS)
def test_hosts_of_the_plan_and_their_ports(
    kind: str, attribute: str, values: dict[str, Any], ports: tuple[int, ...]
) -> None:
    host = resource(f"{kind}.h", values, unknown={attribute: True})
    for expression in (ref(f"{kind}.h.{attribute}"), text({"HOST": f"${{{kind}.h.{attribute}}}"})):
        found = needed(function(environment=expression), ROLE, host)
        assert certain(found) == [f"{kind}.h"]
        need = found[f"{kind}.h"]
        assert (need.destination.kind, need.destination.ports) == (Kind.RESOURCE, ports)
        assert need.reasons == (f"the environment of {FUNCTION} names {kind}.h.{attribute}",)
        assert need.destination.resource is not None


@pytest.mark.parametrize("attribute", ["username", "db_name", "port", "arn", "master_user_secret"])
def test_what_is_no_host_is_no_need(attribute: str) -> None:
    database = resource("aws_db_instance.h", {"engine": "postgres"}, unknown={attribute: True})
    assert needed(function(environment=ref(f"aws_db_instance.h.{attribute}")), ROLE, database) == {}


def test_the_endpoint_of_a_cluster_is_the_cluster() -> None:
    cluster = resource("aws_rds_cluster.c", {"engine": "aurora-postgresql"}, unknown={"id": True})
    reader = resource(
        "aws_rds_cluster_endpoint.r",
        expressions={"cluster_identifier": ref("aws_rds_cluster.c.id")},
        unknown={"cluster_identifier": True, "endpoint": True},
    )
    found = needed(function(environment=ref("aws_rds_cluster_endpoint.r.endpoint")), ROLE, cluster, reader)
    assert found["aws_rds_cluster.c"].destination.ports == (5432,)


def test_the_endpoint_of_a_proxy_has_the_port_of_the_proxy() -> None:
    proxy = resource("aws_db_proxy.p", {"name": "p", "engine_family": "MYSQL"})
    reader = resource("aws_db_proxy_endpoint.r", {"db_proxy_name": "p"}, unknown={"endpoint": True})
    found = needed(function(environment=ref("aws_db_proxy_endpoint.r.endpoint")), ROLE, proxy, reader)
    assert found["aws_db_proxy_endpoint.r"].destination.ports == (3306,)


def test_a_load_balancer_listens_where_its_listeners_do() -> None:
    balancer = resource("aws_lb.l", {"internal": True}, unknown={"arn": True, "dns_name": True})
    listener = resource("aws_lb_listener.l", {"port": 8080}, expressions={"load_balancer_arn": ref("aws_lb.l.arn")},
                        unknown={"load_balancer_arn": True})  # fmt: skip
    found = needed(function(environment=ref("aws_lb.l.dns_name")), ROLE, balancer, listener)
    assert found["aws_lb.l"].destination.ports == (8080,)


@pytest.mark.parametrize(
    ("kind", "attribute", "values"),
    [
        ("aws_lb", "dns_name", {"internal": False}),
        ("aws_opensearch_domain", "endpoint", {"vpc_options": []}),
        ("aws_apigatewayv2_api", "api_endpoint", {}),
        ("aws_lambda_function_url", "function_url", {}),
    ],
)
def test_public_hosts_are_on_the_internet(kind: str, attribute: str, values: dict[str, Any]) -> None:
    host = resource(f"{kind}.h", values, unknown={attribute: True})
    found = needed(function(environment=ref(f"{kind}.h.{attribute}")), ROLE, host)
    assert [need.destination.kind for need in found.values()] == [Kind.INTERNET]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("API", "https://api.stripe.com/v1", ("internet", "api.stripe.com", (443,))),
        ("API", "http://user:secret@api.example.com:8080/v1", ("internet", "api.example.com", (8080,))),
        ("QUEUE", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", ("service", "sqs", (443,))),
        ("API", "https://abc123.execute-api.eu-west-1.amazonaws.com/live", ("service", "execute-api", (443,))),
        ("STREAM", "https://kinesis.eu-west-1.amazonaws.com", ("service", "kinesis-streams", (443,))),
    ],
)
def test_known_addresses(name: str, value: str, expected: tuple[str, str, tuple[int, ...]]) -> None:
    found = needed(function({name: value}), ROLE)
    assert [(need.destination.kind, need.destination.name, need.destination.ports) for need in found.values()] == [
        expected
    ]
    assert certain(found) == [expected[1]]
    (reason,) = next(iter(found.values())).reasons
    assert reason.startswith(f"environment variable {name} of {FUNCTION} names ")
    assert "secret@" not in reason


@pytest.mark.parametrize(
    ("name", "value", "unknown"),
    [
        ("CORS_ORIGIN", "https://app.example.com", "whether app.example.com is called"),
        ("ISSUER", "https://login.example.com", "whether login.example.com is called"),
        ("SCHEME", "s3://orders.data/x", "whether orders.data is called"),
        ("HOST", "db.abc.eu-west-1.rds.amazonaws.com:5432", "belongs to no resource of the plan"),
        ("HOST", "cache.abc.0001.euw1.cache.amazonaws.com", "belongs to no resource of the plan"),
        ("URL", "http://10.0.1.5:8080", "10.0.1.5 belongs to no resource of the plan"),
        ("URL", "http://orders.internal", "orders.internal belongs to no resource of the plan"),
        ("SECRET", "arn:aws:secretsmanager:eu-west-1:1:secret:a", "no policy of its role names"),
    ],
)  # fmt: skip
def test_addresses_that_may_be_needed(name: str, value: str, unknown: str) -> None:
    (found,) = uncertain(needed(function({name: value}), ROLE)).values()
    assert unknown in found


@pytest.mark.parametrize(
    ("value", "destination"),
    [
        ("arn:aws:secretsmanager:eu-west-1:1:secret:a", "secretsmanager"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:a", "secretsmanager us-east-1"),
        ("https://sqs.us-east-1.amazonaws.com/1/jobs", "sqs us-east-1"),
        ("https://sqs.eu-west-1.amazonaws.com/1/jobs", "sqs"),
        ("https://files.s3.amazonaws.com", "s3"),
    ],
)
def test_another_region_is_named(value: str, destination: str) -> None:
    assert list(needed(function({"NAME": value}), ROLE)) == [destination]


@pytest.mark.parametrize(
    "value",
    ["", "dev", "http://localhost:2772", "http://169.254.169.254", "my.package.name", "arn:aws:iam::1:role/a", "5432"],
)
def test_values_that_name_nothing(value: str) -> None:
    assert needed(function({"NAME": value}), ROLE) == {}


@pytest.mark.parametrize(
    ("kind", "attribute", "service"),
    [
        ("aws_sqs_queue", "url", "sqs"),
        ("aws_s3_bucket", "bucket", "s3"),
        ("aws_dynamodb_table", "name", "dynamodb"),
        ("aws_secretsmanager_secret", "arn", "secretsmanager"),
        ("aws_ssm_parameter", "name", "ssm"),
        ("aws_sfn_state_machine", "arn", "states"),
    ],
)
def test_what_a_service_keeps_may_be_needed(kind: str, attribute: str, service: str) -> None:
    kept = resource(f"{kind}.k", unknown={attribute: True})
    found = needed(function(environment=ref(f"{kind}.k.{attribute}")), ROLE, kept)
    assert uncertain(found) == {service: f"no policy of its role allows an action of {service}"}


def test_the_value_of_a_parameter_is_no_need() -> None:
    parameter = resource("aws_ssm_parameter.k", unknown={"value": True})
    assert needed(function(environment=ref("aws_ssm_parameter.k.value")), ROLE, parameter) == {}


def test_after_apply_a_known_host_is_its_resource() -> None:
    host = "orders.abc.eu-west-1.rds.amazonaws.com"
    database = resource("aws_db_instance.h", {"engine": "postgres", "port": 5432, "address": host}, actions=("no-op",))
    found = needed(function({"DB_HOST": host}, environment=ref("local.host")), ROLE, database)
    assert certain(found) == ["aws_db_instance.h"]


def test_a_value_that_cannot_be_told_is_undecidable() -> None:
    assert uncertain(needed(function(environment=ref("local.host")), ROLE)) == {
        "local.host": "local.host is known only after apply, and what it names is not told"
    }


@pytest.mark.parametrize("attribute", ["endpoint", ""])
def test_a_local_value_beside_what_is_unknown_is_known(attribute: str) -> None:
    proxy = resource("aws_db_proxy.p", {"engine_family": "MYSQL"}, unknown={"endpoint": True})
    named = ref("local.stage", f"aws_db_proxy.p.{attribute}".rstrip("."))
    one = function({"STAGE": "dev"}, expressions={"environment": [{"variables": named}]},
                   unknown={"environment": [{"variables": {"DB_HOST": True}}]})  # fmt: skip
    assert uncertain(needed(one, ROLE, proxy)) == {}
    two = function(expressions={"environment": [{"variables": named}]},
                   unknown={"environment": [{"variables": {"DB_HOST": True, "OTHER": True}}]})  # fmt: skip
    assert list(uncertain(needed(two, ROLE, proxy))) == ["local.stage"]
