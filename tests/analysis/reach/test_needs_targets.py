"""What rules between security groups, file systems and event sources say of where requests go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import Entry, plan, ref, resource
from tests.analysis.reach.functions import FUNCTION, ROLE, allow, by_name, certain, function, needed, policy, uncertain


def group(name: str, **values: Any) -> Entry:
    return resource(f"aws_security_group.{name}", values, unknown={"id": True})


API = function(
    vpc_config=[{"subnet_ids": ["subnet-0123456789abcdef0"]}],
    expressions={"vpc_config": [{"security_group_ids": ref("aws_security_group.api.id")}]},
    unknown={"vpc_config": [{"security_group_ids": True}]},
)
DATABASE = resource(
    "aws_db_instance.db",
    {"engine": "postgres"},
    expressions={"vpc_security_group_ids": ref("aws_security_group.db.id")},
    unknown={"vpc_security_group_ids": True},
)
GROUPS = (group("api"), group("db"))


def rule(kind: str, own: str, other: str, **values: Any) -> Entry:
    name = "source_security_group_id" if kind == "aws_security_group_rule" else "referenced_security_group_id"
    return resource(
        f"{kind}.r",
        {"from_port": 5432, "to_port": 5432, **values},
        expressions={
            "security_group_id": ref(f"aws_security_group.{own}.id"),
            name: ref(f"aws_security_group.{other}.id"),
        },
        unknown={"security_group_id": True, name: True},
    )


@pytest.mark.parametrize(
    "entry",
    [
        rule("aws_vpc_security_group_egress_rule", "api", "db"),
        rule("aws_vpc_security_group_ingress_rule", "db", "api"),
        rule("aws_security_group_rule", "api", "db", type="egress"),
        rule("aws_security_group_rule", "db", "api", type="ingress"),
    ],
)
def test_a_rule_to_the_group_of_a_database_is_a_need(entry: Entry) -> None:
    found = needed(API, ROLE, DATABASE, *GROUPS, entry)
    assert certain(found) == ["aws_db_instance.db"]
    assert found["aws_db_instance.db"].reasons == (
        f"{entry['address']} leads from aws_security_group.api to aws_security_group.db of aws_db_instance.db",
    )


@pytest.mark.parametrize(
    "entry",
    [
        rule("aws_vpc_security_group_egress_rule", "db", "api"),
        rule("aws_vpc_security_group_ingress_rule", "api", "db"),
        rule("aws_security_group_rule", "db", "api", type="egress"),
    ],
)
def test_a_rule_the_other_way_is_no_need(entry: Entry) -> None:
    assert needed(API, ROLE, DATABASE, *GROUPS, entry) == {}


def test_a_rule_within_the_group_that_names_another() -> None:
    inline = resource(
        "aws_security_group.db",
        {"ingress": [{"from_port": 5432, "to_port": 5432}]},
        expressions={"ingress": ref("aws_security_group.api.id")},
        unknown={"id": True, "ingress": [{"security_groups": True}]},
    )
    assert certain(needed(API, ROLE, DATABASE, group("api"), inline)) == ["aws_db_instance.db"]


def test_a_group_that_others_have_too_leaves_it_open() -> None:
    other = resource(
        "aws_lambda_function.other",
        expressions={"vpc_config": [{"security_group_ids": ref("aws_security_group.api.id")}]},
        unknown={"vpc_config": [{"security_group_ids": True}]},
    )
    entry = rule("aws_vpc_security_group_egress_rule", "api", "db")
    found = needed(API, ROLE, DATABASE, *GROUPS, entry, other)
    assert uncertain(found) == {"aws_db_instance.db": "aws_security_group.api is not the function's alone"}


def test_mount_targets_in_the_zones_of_the_function() -> None:
    subnets = [
        resource(f"aws_subnet.{zone}", {"availability_zone": f"eu-west-1{zone}"}, unknown={"id": True})
        for zone in "abc"
    ]
    mounts = function(
        file_system_config=[{}],
        vpc_config=[{}],
        expressions={
            "file_system_config": [{"arn": ref("aws_efs_access_point.p.arn")}],
            "vpc_config": [{"subnet_ids": ref("aws_subnet.a.id", "aws_subnet.b.id")}],
        },
        unknown={"file_system_config": [{"arn": True}], "vpc_config": [{"subnet_ids": True}]},
    )
    point = resource("aws_efs_access_point.p", expressions={"file_system_id": ref("aws_efs_file_system.f.id")},
                     unknown={"arn": True, "file_system_id": True})  # fmt: skip
    targets = [
        resource(
            f"aws_efs_mount_target.{zone}",
            expressions={"file_system_id": ref("aws_efs_file_system.f.id"), "subnet_id": ref(f"aws_subnet.{zone}.id")},
            unknown={"file_system_id": True, "subnet_id": True},
        )
        for zone in "abc"
    ]
    system = resource("aws_efs_file_system.f", unknown={"id": True})
    found = needed(mounts, ROLE, point, system, *targets, *subnets)
    assert certain(found) == ["aws_efs_mount_target.a", "aws_efs_mount_target.b"]
    assert found["aws_efs_mount_target.a"].destination.ports == (2049,)
    assert uncertain(needed(mounts, ROLE, point, system, *subnets)) == {
        "aws_efs_file_system.f": "the mount targets of aws_efs_file_system.f are not in the plan"
    }


MSK = resource(
    "aws_msk_cluster.k",
    {"client_authentication": [{"sasl": [{"iam": True}]}], "broker_node_group_info": [{}]},
    unknown={"arn": True, "broker_node_group_info": [{"client_subnets": True, "security_groups": True}]},
)


def polls(source: str, **values: Any) -> Entry:
    return resource(
        "aws_lambda_event_source_mapping.m",
        values,
        expressions={"event_source_arn": ref(source), "function_name": ref(f"{FUNCTION}.arn")},
        unknown={"event_source_arn": True, "function_name": True},
    )


SCRAM = [{"type": "SASL_SCRAM_512_AUTH", "uri": "arn:aws:secretsmanager:eu-west-1:1:secret:a"}]


@pytest.mark.parametrize(
    ("access", "expected", "ports"),
    [([], ["aws_msk_cluster.k", "lambda", "sts"], (9098,)),
     (SCRAM, ["aws_msk_cluster.k", "lambda", "secretsmanager", "sts"], (9096,))],
)  # fmt: skip
def test_pollers_of_msk_need_services_from_the_cluster(
    access: Any, expected: list[str], ports: tuple[int, ...]
) -> None:
    made = needed(
        function(vpc_config=[]), ROLE, MSK, polls("aws_msk_cluster.k.arn", source_access_configuration=access)
    )
    assert certain(made) == expected
    assert made["aws_msk_cluster.k"].destination.ports == ports
    for need in made.values():
        assert need.origin.resource.address == "aws_msk_cluster.k"
        assert need.origin.subnets == "broker_node_group_info.client_subnets"


def test_provisioned_pollers_need_nothing() -> None:
    entry = polls("aws_msk_cluster.k.arn", provisioned_poller_config=[{"minimum_pollers": 1}])
    assert needed(function(vpc_config=[]), ROLE, MSK, entry) == {}


@pytest.mark.parametrize(
    ("public", "expected"), [(True, []), (False, ["aws_mq_broker.b", "lambda", "secretsmanager", "sts"])]
)
def test_pollers_of_a_broker(public: bool, expected: list[str]) -> None:  # noqa: FBT001  # parametrized
    broker = resource(
        "aws_mq_broker.b", {"engine_type": "ActiveMQ", "publicly_accessible": public}, unknown={"arn": True}
    )
    access = [{"type": "BASIC_AUTH", "uri": "arn:aws:secretsmanager:eu-west-1:1:secret:a"}]
    entry = polls("aws_mq_broker.b.arn", source_access_configuration=access)
    assert certain(needed(function(vpc_config=[]), ROLE, broker, entry)) == expected


def test_pollers_of_a_kafka_cluster_elsewhere() -> None:
    access = [
        {"type": "VPC_SUBNET", "uri": "subnet:subnet-1"},
        {"type": "VPC_SECURITY_GROUP", "uri": "security_group:sg-1"},
    ]
    entry = resource(
        "aws_lambda_event_source_mapping.m",
        {"source_access_configuration": access, "self_managed_event_source": [{"endpoints": {}}]},
        expressions={"function_name": ref(f"{FUNCTION}.arn")},
        unknown={"function_name": True},
    )
    found = needed(function(vpc_config=[]), ROLE, entry)
    assert certain(found) == ["lambda", "sts"]
    assert found["sts"].origin.subnets == "source_access_configuration"


def test_the_extension_of_insights_writes_logs_itself() -> None:
    layer = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"
    found = needed(function(layers=[layer, "arn:aws:lambda:eu-west-1:1:layer:own:1"]), ROLE)
    assert certain(found) == ["logs"]
    assert found["logs"].reasons == (f"{FUNCTION} has the layer {layer}",)


@pytest.mark.parametrize(
    ("action", "kind", "values", "ports"),
    [
        ("rds-db:connect", "aws_db_proxy", {"engine_family": "POSTGRESQL"}, (5432,)),
        ("rds-db:*", "aws_rds_cluster", {"engine": "aurora-mysql"}, (3306,)),
        ("elasticache:Connect", "aws_elasticache_serverless_cache", {"engine": "valkey"}, (6379,)),
        ("kafka-cluster:Connect", "aws_msk_cluster", {}, (9098,)),
        ("es:ESHttpGet", "aws_opensearch_domain", {"vpc_options": [{}]}, (443,)),
    ],
)
def test_what_a_role_may_sign_in_to_is_a_need(action: str, kind: str, values: Any, ports: tuple[int, ...]) -> None:
    host = resource(f"{kind}.h", values, unknown={"arn": True, "resource_id": True})
    written = policy(allow(action, on=f"arn:aws:x:::user:${{{kind}.h.resource_id}}/api"))
    found = needed(function(), ROLE, host, written)
    assert certain(found) == [f"{kind}.h"]
    assert found[f"{kind}.h"].destination.ports == ports


def test_a_database_behind_a_proxy_may_be_meant_by_its_proxy() -> None:
    named = {"db_instance_identifier": ref("aws_db_instance.db.identifier")}
    target = resource("aws_db_proxy_target.t", expressions=named,
                      unknown={"db_instance_identifier": True})  # fmt: skip
    written = policy(allow("rds-db:connect", on="arn:aws:rds-db:::dbuser:${aws_db_instance.db.resource_id}/api"))
    assert uncertain(needed(function(), ROLE, DATABASE, target, written)) == {
        "aws_db_instance.db": "whether the function connects to aws_db_instance.db or to its proxy"
    }


def test_needs_are_the_same_in_any_order() -> None:
    entries = [API, ROLE, DATABASE, *GROUPS, rule("aws_vpc_security_group_egress_rule", "api", "db"), policy()]
    there, back = plan(*entries), plan(*reversed(entries))
    assert list(by_name(there)) == list(by_name(back))
    assert [need.reasons for need in by_name(there).values()] == [need.reasons for need in by_name(back).values()]
