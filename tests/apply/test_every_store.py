"""Every store with a function of its own: applied, and every part of every connection is missed when it is lost."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.wiring import Gap, wiring_gaps
from modules.core.target import Target
from tests.apply.every_store import build
from tests.apply.harness import TARGET, Applied, Prove, synthesize
from tests.apply.secrecy import secret_values

IN_THE_VPC = ("rule", "action", "variable")
ENCRYPTED = (*IN_THE_VPC, "key")
STORES = {
    "bucket": ("aws_s3_bucket", ENCRYPTED),
    "bus": ("aws_cloudwatch_event_bus", IN_THE_VPC),
    "cache": ("aws_elasticache_replication_group", IN_THE_VPC),
    "database": ("aws_db_instance", IN_THE_VPC),
    "files": ("aws_efs_file_system", IN_THE_VPC),
    "key": ("aws_kms_key", IN_THE_VPC),
    "proxy": ("aws_db_proxy", IN_THE_VPC),
    "queue": ("aws_sqs_queue", ENCRYPTED),
    "secret": ("aws_secretsmanager_secret", ENCRYPTED),
    "stream": ("aws_kinesis_stream", ENCRYPTED),
    "table": ("aws_dynamodb_table", ENCRYPTED),
    "topic": ("aws_sns_topic", ENCRYPTED),
}
"""Name of a store to its resource type and the parts of a connection to it."""


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = synthesize(build, Target.parse(TARGET), tmp_path_factory.mktemp("stores"))
    document: dict[str, Any] = json.loads((Path(folder) / "cdk.tf.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture
def document(synthesized: Mapping[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(dict(synthesized))


def test_nothing_is_missing(document: dict[str, Any]) -> None:
    assert wiring_gaps(document) == ()


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name, (_, parts) in STORES.items() for part in parts], ids=str
)
def test_each_part_of_each_connection_is_missed(name: str, part: Any, document: dict[str, Any]) -> None:
    function, store = _address(document, "aws_lambda_function", f"to-{name}"), _store(document, name)

    lose = {"rule": _lose_rules, "action": _lose_actions, "key": _lose_key, "variable": _lose_variables}[part]
    lose(document, name, store)

    assert wiring_gaps(document) == (Gap(function, store, part),)


def _store(document: Mapping[str, Any], name: str) -> str:
    return _address(document, STORES[name][0], {"key": "signing"}.get(name, name))


def _address(document: Mapping[str, Any], kind: str, begins: str) -> str:
    (found,) = [name for name in document["resource"][kind] if name.startswith(f"{begins}_") and "dead" not in name]
    return f"{kind}.{found}"


def _of_function(document: dict[str, Any], kind: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource, body in list(document["resource"].get(kind, {}).items()):
        if resource.startswith(f"to-{name}_"):
            yield resource, body


def _lose_rules(document: dict[str, Any], name: str, _: str) -> None:
    kind = "aws_vpc_security_group_egress_rule"
    rules = list(_of_function(document, kind, name))
    assert len(rules) == 1, rules
    del document["resource"][kind][rules[0][0]]


def _lose_actions(document: dict[str, Any], name: str, store: str) -> None:
    lost = _lose_statements(document, name, lambda text: f"{store}." in text and "kms:ViaService" not in text)
    assert lost


def _lose_key(document: dict[str, Any], name: str, _: str) -> None:
    # the environment's key is used through Lambda, and is not the store's
    lost = _lose_statements(document, name, lambda text: "kms:ViaService" in text and '"lambda.' not in text)
    assert lost


def _lose_statements(document: dict[str, Any], name: str, is_lost: Any) -> int:
    ((_, policy),) = _of_function(document, "aws_iam_role_policy", name)
    head, mark, rest = policy["policy"].partition('"Statement":[')
    parts = rest.removesuffix("]}").split(',{"Sid"')
    statements = [part if part.startswith("{") else f'{{"Sid"{part}' for part in parts]
    kept = [statement for statement in statements if not is_lost(statement)]
    policy["policy"] = f"{head}{mark}{','.join(kept)}]}}"
    return len(statements) - len(kept)


def _lose_variables(document: dict[str, Any], name: str, store: str) -> None:
    ((_, function),) = _of_function(document, "aws_lambda_function", name)
    if "file_system_config" in function:
        del function["file_system_config"]
        return
    variables = function["environment"]["variables"]
    told = [variable for variable, value in variables.items() if f"{store}." in value]
    assert told
    for variable in told:
        del variables[variable]


VARIABLES = {
    "bucket": ["BUCKET_BUCKET"],
    "bus": ["BUS_BUS"],
    "cache": ["CACHE_HOST", "CACHE_NAME", "CACHE_PORT", "CACHE_USER"],
    "database": ["DB_HOST", "DB_NAME", "DB_PORT", "DB_USER"],
    "files": [],
    "key": ["SIGNING_KEY_ARN"],
    "proxy": ["DB_HOST", "DB_NAME", "DB_PORT", "DB_USER"],
    "queue": ["QUEUE_QUEUE_URL"],
    "secret": ["SECRET_SECRET_ARN"],
    "stream": ["STREAM_STREAM"],
    "table": ["TABLE_TABLE"],
    "topic": ["TOPIC_TOPIC_ARN"],
}
"""Name of a store to the variables that tell its function of it."""

UNSCANNED = (
    "the functions go without dead letters (CKV_AWS_116), the bucket without replicas, logs and events (CKV_AWS_144, "
    "CKV_AWS_18, CKV2_AWS_62), the secret without rotation (CKV2_AWS_57), the database without protection (CKV_AWS_293)"
)


def test_a_stack_with_every_store_is_applied(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        functions = {name: _configuration(applied, name) for name in STORES}
        told = {
            name: sorted(function.get("Environment", {}).get("Variables", {})) for name, function in functions.items()
        }
        assert told == VARIABLES
        assert functions["files"]["FileSystemConfigs"][0]["LocalMountPath"] == "/mnt/orders"
        groups = {name: function["VpcConfig"]["SecurityGroupIds"] for name, function in functions.items()}
        _each_group_leads_to_one_place(applied, {name: group for name, (group,) in groups.items()})
        _each_value_names_what_runs(applied, functions)
        _builds_stand_in_private_subnets(applied)
        _builds_and_executions_are_started(applied)
        secrets = secret_values(applied.client("secretsmanager"))
        assert len(secrets) >= 2, "the database's password and the generated one are what nothing may hold"


def _configuration(applied: Applied, name: str) -> dict[str, Any]:
    found: dict[str, Any] = applied.client("lambda").get_function_configuration(
        FunctionName=f"acme-dev-orders-to-{name}"
    )
    return found


def _each_group_leads_to_one_place(applied: Applied, groups: Mapping[str, str]) -> None:
    rules = applied.client("ec2").describe_security_group_rules(MaxResults=1000)["SecurityGroupRules"]
    out: dict[str, list[dict[str, Any]]] = {name: [] for name in groups}
    into: dict[str, list[str]] = {name: [] for name in groups}
    for rule in rules:
        for name, group in groups.items():
            if rule["GroupId"] == group:
                assert rule["IsEgress"], f"{name} is reached by somebody"
                out[name].append(rule)
            if not rule["IsEgress"] and rule.get("ReferencedGroupInfo", {}).get("GroupId") == group:
                into[name].append(rule["GroupId"])
    for name, (rule,) in out.items():
        if name in {"bucket", "table"}:
            assert rule["PrefixListId"].startswith("pl-")
        else:
            assert into[name] == [rule["ReferencedGroupInfo"]["GroupId"]]


def _each_value_names_what_runs(applied: Applied, functions: Mapping[str, Any]) -> None:
    def value(name: str, variable: str) -> str:
        text: str = functions[name]["Environment"]["Variables"][variable]
        return text

    rds, sqs = applied.client("rds"), applied.client("sqs")
    (proxy,) = rds.describe_db_proxies()["DBProxies"]
    (database,) = rds.describe_db_instances()["DBInstances"]
    assert value("proxy", "DB_HOST") == proxy["Endpoint"]
    assert value("database", "DB_HOST") == database["Endpoint"]["Address"]
    assert value("queue", "QUEUE_QUEUE_URL") == sqs.get_queue_url(QueueName="acme-dev-orders-queue")["QueueUrl"]
    assert value("table", "TABLE_TABLE") in applied.client("dynamodb").list_tables()["TableNames"]
    assert value("stream", "STREAM_STREAM") in applied.client("kinesis").list_streams()["StreamNames"]
    assert value("bucket", "BUCKET_BUCKET") in {each["Name"] for each in applied.client("s3").list_buckets()["Buckets"]}
    assert value("bus", "BUS_BUS") in {
        each["Name"] for each in applied.client("events").list_event_buses()["EventBuses"]
    }
    topics = {each["TopicArn"] for each in applied.client("sns").list_topics()["Topics"]}
    assert value("topic", "TOPIC_TOPIC_ARN") in topics
    secret = applied.client("secretsmanager").describe_secret(SecretId=value("secret", "SECRET_SECRET_ARN"))
    assert secret["KmsKeyId"]
    assert applied.client("kms").describe_key(KeyId=value("key", "SIGNING_KEY_ARN"))["KeyMetadata"]["Enabled"]
    (group,) = applied.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert value("cache", "CACHE_HOST") == group["NodeGroups"][0]["PrimaryEndpoint"]["Address"]


def _builds_stand_in_private_subnets(applied: Applied) -> None:
    (project,) = applied.client("codebuild").batch_get_projects(names=["acme-dev-orders-builds"])["projects"]
    assert project["vpcConfig"]["vpcId"] == applied.outputs["vpc_id"]
    subnets = [f"arn:aws:ec2:eu-west-1:123456789012:subnet/{each}" for each in project["vpcConfig"]["subnets"]]
    (group,) = project["vpcConfig"]["securityGroupIds"]
    statements = _statements(applied, "acme-dev-orders-builds-codebuild")
    lend = statements["LendInterfaces"]["Condition"]["StringEquals"]
    assert sorted(lend["ec2:Subnet"]) == sorted(subnets)
    assert lend["ec2:AuthorizedService"] == ["codebuild.amazonaws.com"]
    assert f"arn:aws:ec2:eu-west-1:123456789012:security-group/{group}" in statements["MakeInterfaces"]["Resource"]
    assert statements["DescribeNetwork"]["Resource"] == ["*"]
    rules = applied.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    found = rules["SecurityGroupRules"]
    assert all(rule["IsEgress"] and rule["ToPort"] == 443 for rule in found)
    assert sorted(rule["Description"] for rule in found if "ReferencedGroupInfo" in rule) == ["to logs", "to sqs"]


def _builds_and_executions_are_started(applied: Applied) -> None:
    (flow,) = applied.client("stepfunctions").list_state_machines()["stateMachines"]
    assert (flow["name"], flow["type"]) == ("acme-dev-orders-flow", "EXPRESS")
    found = applied.client("lambda").get_function_configuration(FunctionName="acme-dev-orders-starter")
    assert found["Environment"]["Variables"] == {
        "BUILDS_BUILD_PROJECT": "acme-dev-orders-builds",
        "FLOW_STATE_MACHINE_ARN": flow["stateMachineArn"],
    }
    statements = _statements(applied, "acme-dev-orders-starter")
    assert statements["StartFlow"]["Resource"] == [flow["stateMachineArn"]]
    assert statements["BuildBuilds"]["Resource"] == [
        "arn:aws:codebuild:eu-west-1:123456789012:project/acme-dev-orders-builds"
    ]


def _statements(applied: Applied, role: str) -> dict[str, dict[str, Any]]:
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {each["Sid"]: each for each in document["Statement"]}
