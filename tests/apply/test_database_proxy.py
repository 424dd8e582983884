"""An Aurora cluster behind a proxy: a user of its own, an endpoint of readers, and a function at each endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from modules.database import DatabaseCluster, DatabaseClusterConfig, DatabaseProxy, DatabaseProxyConfig
from modules.secret import Secret, SecretConfig
from stacks.base import TargetStack
from tests.apply.function_base import NAME, base
from tests.apply.harness import Applied, Prove, described

GONE = {"removal": "destroy", "removal_reason": "made by a test"}
CLUSTER = {
    "cluster_type": {"kind": "serverless_v2", "min_acu": 1, "max_acu": 8},
    "database_name": "orders",
    "master_username": "owner",
    **GONE,
}
USER = {
    "value": {"username": "shop", "engine": "postgres"},
    "rotation_off_reason": "made by a test",
    "recovery_window_days": 0,
    **GONE,
}
PROXY = {
    "max_connections_percent": 60,
    "max_idle_connections_percent": 0,
    "connection_borrow_timeout_seconds": 2,
    "idle_client_timeout_seconds": 600,
    "endpoints": {"reader": {"role": "READ_ONLY"}},
}
UNSCANNED = (
    "a cluster of a test is not protected (CKV_AWS_139), and has no plan of AWS Backup (CKV2_AWS_8); its user's secret "
    "is not rotated (CKV2_AWS_57); and Checkov does not see that a proxy has its group (CKV2_AWS_5)"
)


def build(**proxy: Any) -> Callable[[TargetStack], None]:
    def builder(stack: TargetStack) -> None:
        root = base(stack)
        cluster = DatabaseCluster(
            stack,
            "sales",
            config=DatabaseClusterConfig.parse(CLUSTER),
            network=root.network,
            key=root.key,
            alarm_topic=root.topic,
        )
        shop = Secret(stack, "shop", config=SecretConfig.parse(USER), key=root.key)
        made = DatabaseProxy(
            stack,
            "pool",
            database=cluster,
            config=DatabaseProxyConfig.parse({**PROXY, **proxy}),
            users={"shop": shop},
            alarm_topic=root.topic,
        )
        root.function("api").connect_to(made, user="shop")
        root.function("reports").connect_to(made, user="shop", endpoint="reader", environment_prefix="REPORTS")
        stack.output("proxy_name", made.name, "The proxy")
        stack.output("proxy_group", made.security_group.id, "Its group")
        stack.output("proxy_endpoint", made.endpoint, "Its default endpoint")
        stack.output("reader_endpoint", made.endpoints["reader"], "Its endpoint of readers")
        stack.output("cluster_group", cluster.security_group.id, "Group of the cluster")
        stack.output("secret_arns", [cluster.master_secret_arn, shop.arn], "Secrets of the proxy's users")
        stack.output("key_arn", root.key.arn, "The key")
        stack.output("isolated_subnet_ids", list(root.network.isolated_subnet_ids), "Subnets of the proxy")
        stack.output("proxy_alarms", list(made.alarm_names), "Alarms of the proxy")

    return builder


def test_a_proxy(prove: Prove) -> None:
    with prove(build(), unscanned_reason=UNSCANNED) as applied:
        proxy = the_proxy(applied)
        it_requires_tls_and_iam(applied, proxy)
        its_pool_and_targets(applied)
        its_role_reads_exactly_its_secrets(applied, proxy)
        its_endpoint_leads_to_readers(applied)
        both_pairs_of_groups_name_each_other(applied)
        functions_sign_in_as_their_user(applied, proxy["DBProxyArn"].rpartition(":")[2])
        it_is_watched(applied)
        one_setting_changes_one_resource(applied)


def the_proxy(applied: Applied) -> dict[str, Any]:
    [found] = applied.client("rds").describe_db_proxies(DBProxyName=applied.outputs["proxy_name"])["DBProxies"]
    proxy: dict[str, Any] = found
    return proxy


def it_requires_tls_and_iam(applied: Applied, proxy: Mapping[str, Any]) -> None:
    expected = {
        "DBProxyName": NAME.format("pool"), "Status": "available", "EngineFamily": "POSTGRESQL", "RequireTLS": True,
        "IdleClientTimeout": 600, "DebugLogging": False, "VpcSecurityGroupIds": [applied.outputs["proxy_group"]],
        "Endpoint": applied.outputs["proxy_endpoint"],
    }  # fmt: skip
    assert {name: proxy[name] for name in expected} == expected
    assert sorted(proxy["VpcSubnetIds"]) == sorted(applied.outputs["isolated_subnet_ids"])
    master, shop = applied.outputs["secret_arns"]
    scheme = {"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256"}
    assert sorted(proxy["Auth"], key=lambda entry: str(entry["Description"])) == [
        {**scheme, "Description": "user owner", "SecretArn": master},
        {**scheme, "Description": "user shop", "SecretArn": shop},
    ]


def its_pool_and_targets(applied: Applied) -> None:
    rds, name = applied.client("rds"), applied.outputs["proxy_name"]
    [group] = rds.describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"]
    assert group["ConnectionPoolConfig"] == {
        "MaxConnectionsPercent": 60, "MaxIdleConnectionsPercent": 0, "ConnectionBorrowTimeout": 2,
        "SessionPinningFilters": [],
    }  # fmt: skip
    targets = rds.describe_db_proxy_targets(DBProxyName=name)["Targets"]
    cluster = NAME.format("sales")
    [tracked, *instances] = targets
    assert (tracked["Type"], tracked["RdsResourceId"]) == ("TRACKED_CLUSTER", cluster)
    assert {each["RdsResourceId"] for each in instances} == {f"{cluster}-a", f"{cluster}-b"}
    assert sorted(each["Role"] for each in instances) == ["READ_ONLY", "READ_WRITE"]
    assert {each["TargetHealth"]["State"] for each in targets} == {"AVAILABLE"}


def its_role_reads_exactly_its_secrets(applied: Applied, proxy: Mapping[str, Any]) -> None:
    statements = policy(applied, proxy["RoleArn"].rpartition("/")[2])
    master, shop = applied.outputs["secret_arns"]
    assert {(each["Action"][0], each["Resource"][0]) for each in statements} == {
        ("secretsmanager:GetSecretValue", master),
        ("secretsmanager:GetSecretValue", shop),
        ("kms:Decrypt", applied.outputs["key_arn"]),
    }
    assert {len(each["Resource"]) for each in statements} == {1}
    via = "secretsmanager.eu-west-1.amazonaws.com"
    for each in statements:
        if each["Action"] == ["kms:Decrypt"]:
            assert each["Condition"]["StringEquals"]["kms:ViaService"] == [via]


def its_endpoint_leads_to_readers(applied: Applied) -> None:
    [found] = applied.client("rds").describe_db_proxy_endpoints(DBProxyName=applied.outputs["proxy_name"])[
        "DBProxyEndpoints"
    ]
    expected = {
        "DBProxyEndpointName": NAME.format("pool-reader"), "TargetRole": "READ_ONLY", "Status": "available",
        "VpcSecurityGroupIds": [applied.outputs["proxy_group"]], "Endpoint": applied.outputs["reader_endpoint"],
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert sorted(found["VpcSubnetIds"]) == sorted(applied.outputs["isolated_subnet_ids"])


def both_pairs_of_groups_name_each_other(applied: Applied) -> None:
    """Functions reach the proxy, the proxy reaches the cluster, and nobody else is let in anywhere."""
    rules = applied.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    outputs = applied.outputs
    found = {
        (each["IsEgress"], each["GroupId"], each["ReferencedGroupInfo"]["GroupId"])
        for each in rules
        if each.get("FromPort") == each.get("ToPort") == 5432
    }
    functions = {
        applied.client("lambda").get_function_configuration(FunctionName=NAME.format(name))["VpcConfig"][
            "SecurityGroupIds"
        ][0]
        for name in ("api", "reports")
    }
    proxy, cluster = outputs["proxy_group"], outputs["cluster_group"]
    pairs = {(function, proxy) for function in functions} | {(proxy, cluster)}
    assert found == {(True, one, other) for one, other in pairs} | {(False, other, one) for one, other in pairs}
    assert {each["GroupId"] for each in rules if not each["IsEgress"]} <= {proxy, cluster}


def functions_sign_in_as_their_user(applied: Applied, resource_id: str) -> None:
    user = f"arn:aws:rds-db:eu-west-1:123456789012:dbuser:{resource_id}/shop"
    for name, prefix, host in (("api", "DB", "proxy_endpoint"), ("reports", "REPORTS", "reader_endpoint")):
        function = applied.client("lambda").get_function_configuration(FunctionName=NAME.format(name))
        assert function["Environment"]["Variables"] == {
            f"{prefix}_HOST": applied.outputs[host],
            f"{prefix}_PORT": "5432",
            f"{prefix}_NAME": "orders",
            f"{prefix}_USER": "shop",
        }
        statements = policy(applied, function["Role"].rpartition("/")[2])
        assert [each["Resource"] for each in statements if each["Action"] == ["rds-db:connect"]] == [[user]]
        assert not [each for each in statements if "secretsmanager:GetSecretValue" in each["Action"]]


def it_is_watched(applied: Applied) -> None:
    names = applied.outputs["proxy_alarms"]
    alarms = applied.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == set(names)
    assert {name.removeprefix(NAME.format("pool-")) for name in names} == {
        "pool", "borrow-latency", "pinned", "failed-logins", "target-availability", "reader-availability",
    }  # fmt: skip


def one_setting_changes_one_resource(applied: Applied) -> None:
    plan = applied.apply(build(connection_borrow_timeout_seconds=4))
    changed = [(each.type, each.actions) for each in plan.resource_changes if not each.is_quiet]
    assert changed == [("aws_db_proxy_default_target_group", ("update",))], described(plan)
    [group] = applied.client("rds").describe_db_proxy_target_groups(DBProxyName=applied.outputs["proxy_name"])[
        "TargetGroups"
    ]
    assert group["ConnectionPoolConfig"]["ConnectionBorrowTimeout"] == 4


def policy(applied: Applied, role: str) -> list[dict[str, Any]]:
    iam = applied.client("iam")
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    read = json.loads(document) if isinstance(document, str) else document
    statements: list[dict[str, Any]] = [each for each in read["Statement"] if each["Effect"] == "Allow"]
    return statements
