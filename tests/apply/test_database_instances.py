"""A MySQL instance with a read replica and a MariaDB instance, each reached directly by a function."""

from __future__ import annotations

import json
from typing import Any

from modules.database import Database, DatabaseConfig
from stacks.base import TargetStack
from tests.apply.function_base import base
from tests.apply.harness import Applied, Build, Prove, described

UNSCANNED = (
    "Checkov wants deletion protection (CKV_AWS_293), without which the test could not destroy, and a standby of every "
    "replica (CKV_AWS_157)"
)
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
ORDERS: dict[str, Any] = {
    "engine": "mysql",
    "database_name": "orders",
    "master_username": "owner",
    "master_password_rotation_off_reason": "RDS makes no replica of an instance whose password it keeps",
    "instance_class": "db.m7g.large",
    "storage_type": "io2",
    "allocated_storage_gb": 100,
    "max_allocated_storage_gb": 200,
    "iops": 3_000,
    "port": 3_307,
    "backup_window": "02:00-02:30",
    "maintenance_window": "sun:03:00-sun:03:30",
    "max_connections": 500,
    "parameters": {"innodb_lock_wait_timeout": "20"},
    "pending_reboot_parameters": {"innodb_autoinc_lock_mode": "2"},
    "log_exports": ["slowquery", "error", "iam-db-auth-error"],
    "slow_query_milliseconds": 250,
    "replicas": {"a": {"instance_class": "db.m7g.xlarge", "availability_zone": "eu-west-1b"}},
    **GONE,
}
STOCK: dict[str, Any] = {
    "engine": "mariadb",
    "database_name": "stock",
    "master_username": "owner",
    "master_password_rotation_days": 30,
    "instance_class": "db.t4g.small",
    "ca_certificate": "rds-ca-ecc384-g1",
    "performance_insights_off_reason": "the class has none with MariaDB",
    "multi_az": False,
    "multi_az_off_reason": "a trial",
    **GONE,
}


def built(**changed: Any) -> Build:
    """A stack with both; `changed` are fields of the MySQL instance."""

    def build(stack: TargetStack) -> None:
        made = base(stack, endpoints={"interface": ["secretsmanager"]})

        def database(name: str, fields: dict[str, Any]) -> Database:
            config = DatabaseConfig.parse(fields)
            return Database(stack, name, config=config, network=made.network, key=made.key, alarm_topic=made.topic)

        orders, stock = database("orders-db", {**ORDERS, **changed}), database("stock-db", STOCK)
        api = made.function("api")
        api.connect_to(orders, user="api")
        api.connect_to(orders.replicas["a"], user="api", environment_prefix="READ_DB")
        api.connect_to(stock, master_password_reason="makes the users", environment_prefix="STOCK_DB")
        stack.output("key_arn", made.key.arn, "The key")
        stack.output("alarms", [*orders.alarm_names, *stock.alarm_names], "Alarms of the instances")

    return build


def test_instances_of_mysql_and_mariadb_and_a_function_that_reaches_them(prove: Prove) -> None:
    with prove(built(), unscanned_reason=UNSCANNED) as applied:
        found = {
            instance["DBInstanceIdentifier"]: instance
            for instance in applied.client("rds").describe_db_instances()["DBInstances"]
        }
        orders, replica, stock = (found[f"acme-dev-orders-{name}"] for name in ("orders-db", "orders-db-a", "stock-db"))
        for instance in (orders, replica, stock):
            _is_private_encrypted_and_watched(applied, instance)
        _is_as_configured(orders, stock)
        _replicates(orders, replica)
        _requires_tls(applied)
        _rotates_the_master_password(applied, stock)
        _keeps_a_password_of_its_own(applied, orders)
        _logs_are_kept(applied, orders, replica, stock)
        _alarms_know_the_class(applied)
        _the_function_signs_in(applied, orders, replica, stock)
        _one_change_changes_nothing_else(applied)


def _is_private_encrypted_and_watched(applied: Applied, instance: dict[str, Any]) -> None:
    key = applied.outputs["key_arn"]
    assert (instance["StorageEncrypted"], instance["KmsKeyId"]) == (True, key)
    assert instance["PubliclyAccessible"] is False
    assert instance["IAMDatabaseAuthenticationEnabled"] is True
    assert (instance["AutoMinorVersionUpgrade"], instance["CopyTagsToSnapshot"]) == (True, True)
    assert instance["MonitoringInterval"] == 60
    assert instance["DBSubnetGroup"]["VpcId"] == applied.outputs["vpc_id"]
    role = instance["MonitoringRoleArn"].rpartition("/")[2]
    [statement] = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]["Statement"]
    assert statement["Sid"] == "WriteEnhancedMonitoring"
    has_insights = instance["Engine"] == "mysql"
    assert instance["PerformanceInsightsEnabled"] is has_insights
    assert instance.get("PerformanceInsightsKMSKeyId") == (key if has_insights else None)


def _is_as_configured(orders: dict[str, Any], stock: dict[str, Any]) -> None:
    names = ("Engine", "EngineVersion", "DBInstanceClass", "DbInstancePort", "MultiAZ", "StorageType", "Iops",
             "AllocatedStorage", "MaxAllocatedStorage", "DBName", "MasterUsername")  # fmt: skip
    assert [orders.get(name) for name in names] == [
        "mysql", "8.4", "db.m7g.large", 3_307, True, "io2", 3_000, 100, 200, "orders", "owner",
    ]  # fmt: skip
    assert [stock.get(name) for name in names] == [
        "mariadb", "11.4", "db.t4g.small", 3_306, False, "gp3", None, 20, 100, "stock", "owner",
    ]  # fmt: skip
    assert (orders["PreferredBackupWindow"], orders["PreferredMaintenanceWindow"]) == (
        "02:00-02:30",
        "sun:03:00-sun:03:30",
    )
    authorities = [instance["CACertificateIdentifier"] for instance in (orders, stock)]
    assert authorities == ["rds-ca-rsa2048-g1", "rds-ca-ecc384-g1"]
    assert [instance["BackupRetentionPeriod"] for instance in (orders, stock)] == [7, 7]


def _replicates(orders: dict[str, Any], replica: dict[str, Any]) -> None:
    assert orders["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceIdentifier"]]
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == orders["DBInstanceIdentifier"]
    assert (replica["DBInstanceClass"], replica["AvailabilityZone"]) == ("db.m7g.xlarge", "eu-west-1b")
    assert replica["DbiResourceId"] != orders["DbiResourceId"]
    for name in ("VpcSecurityGroups", "DbInstancePort", "DBParameterGroups", "MaxAllocatedStorage"):
        assert replica[name] == orders[name]
    assert "MasterUserSecret" not in replica


def _requires_tls(applied: Applied) -> None:
    rds = applied.client("rds")

    def parameters(group: str) -> dict[str, tuple[str, str]]:
        found = rds.describe_db_parameters(DBParameterGroupName=f"acme-dev-orders-{group}", Source="user")
        return {each["ParameterName"]: (each["ParameterValue"], each["ApplyMethod"]) for each in found["Parameters"]}

    logged = {"log_output": ("FILE", "immediate"), "slow_query_log": ("1", "immediate")}
    assert parameters("orders-db-mysql8-4") == {
        **logged,
        "innodb_autoinc_lock_mode": ("2", "pending-reboot"),
        "innodb_lock_wait_timeout": ("20", "immediate"),
        "long_query_time": ("0.25", "immediate"),
        "max_connections": ("500", "immediate"),
        "require_secure_transport": ("1", "immediate"),
    }
    assert parameters("stock-db-mariadb11-4") == {
        **logged,
        "long_query_time": ("1", "immediate"),
        "require_secure_transport": ("1", "immediate"),
    }
    families = {each["DBParameterGroupName"]: each["DBParameterGroupFamily"]
                for each in rds.describe_db_parameter_groups()["DBParameterGroups"]}  # fmt: skip
    assert families["acme-dev-orders-orders-db-mysql8-4"] == "mysql8.4"
    assert families["acme-dev-orders-stock-db-mariadb11-4"] == "mariadb11.4"


def _rotates_the_master_password(applied: Applied, stock: dict[str, Any]) -> None:
    managed = stock["MasterUserSecret"]
    assert managed["KmsKeyId"] == applied.outputs["key_arn"]
    secret = applied.client("secretsmanager").describe_secret(SecretId=managed["SecretArn"])
    assert (secret["OwningService"], secret["RotationEnabled"]) == ("rds", True)
    assert secret["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert len(secret["VersionIdsToStages"]) == 1  # the schedule itself rotated nothing


def _keeps_a_password_of_its_own(applied: Applied, orders: dict[str, Any]) -> None:
    assert "MasterUserSecret" not in orders
    secrets = applied.client("secretsmanager")
    secret = secrets.describe_secret(SecretId="acme-dev-orders-orders-db-master")
    assert (secret["KmsKeyId"], secret.get("RotationEnabled", False)) == (applied.outputs["key_arn"], False)
    value = json.loads(secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"])
    assert (value["username"], len(value["password"])) == ("owner", 32)
    assert value["password"] not in json.dumps(applied.document)


def _logs_are_kept(applied: Applied, orders: dict[str, Any], replica: dict[str, Any], stock: dict[str, Any]) -> None:
    exported = {
        instance["DBInstanceIdentifier"]: instance["EnabledCloudwatchLogsExports"]
        for instance in (orders, replica, stock)
    }
    chosen = ["error", "slowquery", "iam-db-auth-error"]
    assert {name: sorted(logs) for name, logs in exported.items()} == {
        "acme-dev-orders-orders-db": sorted(chosen),
        "acme-dev-orders-orders-db-a": sorted(chosen),
        "acme-dev-orders-stock-db": ["error", "slowquery"],
    }
    groups = applied.client("logs").describe_log_groups(logGroupNamePrefix="/aws/rds/")["logGroups"]
    assert {group["logGroupName"] for group in groups} == {
        f"/aws/rds/instance/{name}/{log}" for name, logs in exported.items() for log in logs
    }
    assert {(group["retentionInDays"], group["kmsKeyId"]) for group in groups} == {(365, applied.outputs["key_arn"])}


def _alarms_know_the_class(applied: Applied) -> None:
    pages = applied.client("cloudwatch").get_paginator("describe_alarms").paginate()
    found = {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}
    assert set(applied.outputs["alarms"]) <= found.keys()
    thresholds = {
        "orders-db-connections": 450, "orders-db-free-memory": 2 * 2**30, "orders-db-db-load": 2,
        "orders-db-a-connections": 450, "orders-db-a-free-memory": 4 * 2**30, "orders-db-a-db-load": 4,
        "orders-db-a-replica-lag": 60, "orders-db-free-storage": 10 * 2**30, "stock-db-free-memory": 2**29,
        "stock-db-connections": 76,
    }  # fmt: skip
    assert {name: found[f"acme-dev-orders-{name}"]["Threshold"] for name in thresholds} == thresholds
    watched = {alarm["Dimensions"][0]["Value"] for name, alarm in found.items() if name.endswith("-cpu")}
    assert watched == {f"acme-dev-orders-{name}" for name in ("orders-db", "orders-db-a", "stock-db")}
    assert not [name for name in found if name.endswith(("transaction-ids", "stock-db-db-load"))]


def _the_function_signs_in(
    applied: Applied, orders: dict[str, Any], replica: dict[str, Any], stock: dict[str, Any]
) -> None:
    function = applied.client("lambda").get_function_configuration(FunctionName="acme-dev-orders-api")
    secret = stock["MasterUserSecret"]["SecretArn"]
    assert function["Environment"]["Variables"] == {
        "DB_HOST": orders["Endpoint"]["Address"], "DB_PORT": "3307", "DB_NAME": "orders", "DB_USER": "api",
        "READ_DB_HOST": replica["Endpoint"]["Address"], "READ_DB_PORT": "3307", "READ_DB_NAME": "orders",
        "READ_DB_USER": "api", "STOCK_DB_HOST": stock["Endpoint"]["Address"], "STOCK_DB_PORT": "3306",
        "STOCK_DB_NAME": "stock", "STOCK_DB_USER": "owner", "STOCK_DB_SECRET_ARN": secret,
    }  # fmt: skip
    name = "acme-dev-orders-api"
    document = applied.client("iam").get_role_policy(RoleName=name, PolicyName=name)["PolicyDocument"]
    statements = {statement["Sid"]: statement for statement in document["Statement"]}
    users = "arn:aws:rds-db:eu-west-1:123456789012:dbuser"
    assert {sid: each["Resource"] for sid, each in statements.items() if each["Action"] == ["rds-db:connect"]} == {
        "ConnectOrdersDbAsApi14c252": [f"{users}:{orders['DbiResourceId']}/api"],
        "ConnectOrdersDbReplicaAAsApi14c252": [f"{users}:{replica['DbiResourceId']}/api"],
    }
    assert statements["ReadStockDbMasterSecret"]["Resource"] == [secret]
    assert statements["DecryptStockDbMasterSecret"]["Resource"] == [applied.outputs["key_arn"]]

    [group] = function["VpcConfig"]["SecurityGroupIds"]
    rules = applied.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    into = {
        (rule["GroupId"], rule["FromPort"])
        for rule in rules
        if not rule["IsEgress"] and rule.get("ReferencedGroupInfo", {}).get("GroupId") == group
    }
    out = {
        (rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"])
        for rule in rules
        if rule["IsEgress"] and rule["GroupId"] == group and "ReferencedGroupInfo" in rule
    }
    own = {(each["VpcSecurityGroups"][0]["VpcSecurityGroupId"], each["DbInstancePort"]) for each in (orders, stock)}
    assert own <= into
    assert into == out  # each opened from both sides; besides the databases only the endpoint of Secrets Manager
    assert {port for _, port in into - own} == {443}


def _one_change_changes_nothing_else(applied: Applied) -> None:
    plan = applied.plan_of(built(backup_retention_days=14))
    assert [(change.type, change.actions) for change in plan.resource_changes if not change.is_quiet] == [
        ("aws_db_instance", ("update",))
    ], described(plan)
    another = applied.plan_of(built(replicas={**ORDERS["replicas"], "b": {}}))
    assert {change.actions for change in another.resource_changes if not change.is_quiet} == {("create",)}
