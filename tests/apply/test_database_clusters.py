"""Clusters: Aurora Serverless v2 with a function, a Multi-AZ DB cluster, and a global cluster with its primary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    GlobalDatabaseCluster,
    GlobalDatabaseClusterConfig,
)
from stacks.base import TargetStack
from tests.apply.function_base import NAME, base
from tests.apply.harness import Applied, Prove

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
NAMES = {"database_name": "orders", "master_username": "owner"}
SERVERLESS = {"kind": "serverless_v2", "min_acu": 0, "max_acu": 8, "seconds_until_auto_pause": 600}
SCALING = {
    "max_readers": 4,
    "target_value": 70,
    "schedules": {"morning": {"schedule": "cron(0 7 ? * MON-FRI *)", "min_readers": 2, "max_readers": 6}},
}
SALES = {
    "cluster_type": SERVERLESS,
    "data_api": True,
    "master_password_rotation_days": 30,
    "reader_scaling": SCALING,
    "custom_endpoint_instances": ["b"],
    **NAMES,
    **GONE,
}
REPORTS = {
    "engine": "mysql",
    "cluster_type": {"kind": "multi_az", "iops": 3_000},
    "parameters": {"innodb_print_all_deadlocks": "1"},
    **NAMES,
    **GONE,
}
WORLD = {
    "engine": "aurora-mysql",
    "engine_version": "8.0.mysql_aurora.3.08.0",
    "cluster_type": {"kind": "provisioned", "instances": 1, "storage_type": "aurora-iopt1"},
    "instance_parameters": {"sql_mode": "TRADITIONAL"},
    "master_password_rotation_off_reason": "RDS keeps none of a global cluster",
    **NAMES,
    **GONE,
}
UNSCANNED = (
    "clusters of a test are not protected (CKV_AWS_139), and have no plan of AWS Backup (CKV2_AWS_8), no audit log of "
    "every statement (CKV_AWS_325) and no backtracking, which a global cluster's members cannot have (CKV_AWS_326)"
)
REASON = "it sets up the users"


def build(*, instances: Any = 2, sales: Mapping[str, Any] | None = None) -> Callable[[TargetStack], None]:
    def builder(stack: TargetStack) -> None:
        endpoints = {"subnet_attachment": "inline", "gateway": []}
        root = base(stack, availability_zones=ZONES, egress="endpoints_only", endpoints=endpoints)

        def cluster(
            name: str, fields: Mapping[str, Any], joined: GlobalDatabaseCluster | None = None
        ) -> DatabaseCluster:
            made = DatabaseCluster(
                stack,
                name,
                config=DatabaseClusterConfig.parse(fields),
                network=root.network,
                key=root.key,
                global_cluster=joined,
                alarm_topic=root.topic,
            )
            stack.output(f"{name}_secret", made.master_secret_arn, "Secret of the master user")
            stack.output(f"{name}_group", made.security_group.id, "Its group")
            stack.output(f"{name}_alarms", list(made.alarm_names), "Its alarms")
            return made

        capacity = {**SERVERLESS, "instances": instances}
        made = cluster("sales", {**SALES, "cluster_type": capacity, **(sales or {})})
        cluster("reports", REPORTS)
        version = {"engine": WORLD["engine"], "engine_version": WORLD["engine_version"]}
        everywhere = GlobalDatabaseClusterConfig.parse({**version, **GONE})
        cluster("world", WORLD, GlobalDatabaseCluster(stack, "everywhere", config=everywhere))
        api = root.function("api")
        api.connect_to(made, user="sales_api")
        api.connect_to(made, user="sales_api", custom_endpoint=True, environment_prefix="REPORTS")
        api.connect_to(made, data_api=True, master_password_reason=REASON, environment_prefix="SQL")
        stack.output("key_arn", root.key.arn, "The key")

    return builder


def test_clusters(prove: Prove) -> None:
    with prove(build(), unscanned_reason=UNSCANNED) as applied:
        clusters = {
            each["DBClusterIdentifier"]: each for each in applied.client("rds").describe_db_clusters()["DBClusters"]
        }
        sales, reports, world = (clusters[NAME.format(name)] for name in ("sales", "reports", "world"))
        _every_cluster_is_safe(applied, sales, reports, world)
        _serverless(applied, sales)
        _readers_follow_the_load(applied)
        _multi_az(applied, reports)
        _global(applied, world)
        _parameters(applied)
        _function(applied, sales)

        longer = {**SERVERLESS, "seconds_until_auto_pause": 900}
        assert _does(applied.plan_of(build(sales={"cluster_type": {**longer, "instances": 2}}))) == {
            ("aws_rds_cluster", "update"): 1
        }
        more = _does(applied.plan_of(build(instances=3)))
        assert more.pop(("aws_rds_cluster_instance", "create")) == 1
        assert set(more) == {("aws_cloudwatch_metric_alarm", "create")}


def _every_cluster_is_safe(applied: Applied, *clusters: Mapping[str, Any]) -> None:
    secrets = applied.client("secretsmanager")
    for cluster in clusters:
        name = cluster["DBClusterIdentifier"].removeprefix("acme-dev-orders-")
        assert cluster["StorageEncrypted"]
        assert cluster["KmsKeyId"] == applied.outputs["key_arn"]
        assert cluster["IAMDatabaseAuthenticationEnabled"]
        assert not cluster["PubliclyAccessible"]
        assert cluster["CopyTagsToSnapshot"]
        assert cluster["BackupRetentionPeriod"] == 7
        assert (cluster["DatabaseName"], cluster["MasterUsername"]) == ("orders", "owner")
        secret = secrets.describe_secret(SecretId=applied.outputs[f"{name}_secret"])
        assert secret["KmsKeyId"] == applied.outputs["key_arn"]
        if name == "world":  # RDS keeps no password of a global cluster's primary
            assert "MasterUserSecret" not in cluster
            assert not secret.get("RotationEnabled")
        else:
            assert cluster["MasterUserSecret"]["KmsKeyId"] == applied.outputs["key_arn"]
            assert cluster["MasterUserSecret"]["SecretArn"] == applied.outputs[f"{name}_secret"]
            assert secret["RotationEnabled"]
            assert secret["RotationRules"]["AutomaticallyAfterDays"] == (30 if name == "sales" else 7)
        assert [group["VpcSecurityGroupId"] for group in cluster["VpcSecurityGroups"]] == [
            applied.outputs[f"{name}_group"]
        ]
        for kind in cluster["EnabledCloudwatchLogsExports"]:
            prefix = f"/aws/rds/cluster/{cluster['DBClusterIdentifier']}/{kind}"
            (group,) = applied.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
            assert (group["retentionInDays"], group["kmsKeyId"]) == (365, applied.outputs["key_arn"])


def _serverless(applied: Applied, sales: Mapping[str, Any]) -> None:
    rds = applied.client("rds")
    assert sales["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": 0.0, "MaxCapacity": 8.0, "SecondsUntilAutoPause": 600,
    }  # fmt: skip
    assert sales["HttpEndpointEnabled"]
    assert sales["EnabledCloudwatchLogsExports"] == ["postgresql"]
    for name in "ab":
        instance = _instance(rds, NAME.format(f"sales-{name}"))
        assert instance["DBInstanceClass"] == "db.serverless"
        assert not instance["PubliclyAccessible"]
        assert (instance["PerformanceInsightsEnabled"], instance["PerformanceInsightsKMSKeyId"]) == (
            True, applied.outputs["key_arn"],
        )  # fmt: skip
        assert instance["MonitoringInterval"] == 60
        assert instance["MonitoringRoleArn"].endswith(":role/acme-dev-orders-sales-monitoring")
        assert instance["PromotionTier"] == 1
        assert instance["DBParameterGroups"][0]["DBParameterGroupName"] == (
            "acme-dev-orders-sales-instance-aurora-postgresql17"
        )
    (endpoint,) = rds.describe_db_cluster_endpoints()["DBClusterEndpoints"]
    assert (endpoint["CustomEndpointType"], endpoint["StaticMembers"]) == ("ANY", [NAME.format("sales-b")])
    assert sales["CustomEndpoints"] == [endpoint["Endpoint"]]
    watched = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs["sales_alarms"])["MetricAlarms"]
    assert {alarm["MetricName"] for alarm in watched} == {
        "ACUUtilization", "AuroraReplicaLag", "BufferCacheHitRatio", "CPUUtilization", "DatabaseConnections",
        "FreeLocalStorage", "FreeableMemory", "MaximumUsedTransactionIDs",
    }  # fmt: skip
    assert len(watched) == 16


def _readers_follow_the_load(applied: Applied) -> None:
    scaling = applied.client("application-autoscaling")
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="rds")["ScalableTargets"]
    assert (target["ResourceId"], target["ScalableDimension"]) == (
        "cluster:acme-dev-orders-sales", "rds:cluster:ReadReplicaCount",
    )  # fmt: skip
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    assert scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]["stack"] == "orders"
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="rds")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "RDSReaderAverageCPUUtilization"},
        "TargetValue": 70,
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
        "DisableScaleIn": False,
    }
    (action,) = scaling.describe_scheduled_actions(ServiceNamespace="rds")["ScheduledActions"]
    assert (action["Schedule"], action["Timezone"]) == ("cron(0 7 ? * MON-FRI *)", "UTC")
    assert action["ScalableTargetAction"] == {"MinCapacity": 2, "MaxCapacity": 6}


def _multi_az(applied: Applied, reports: Mapping[str, Any]) -> None:
    assert reports["DBClusterInstanceClass"] == "db.m6gd.large"
    assert (reports["StorageType"], reports["AllocatedStorage"], reports["Iops"]) == ("io2", 100, 3_000)
    assert (reports["PerformanceInsightsEnabled"], reports["PerformanceInsightsKMSKeyId"]) == (
        True, applied.outputs["key_arn"],
    )  # fmt: skip
    assert reports["MonitoringInterval"] == 60
    assert reports["EnabledCloudwatchLogsExports"] == ["error", "slowquery"]
    instances = [_instance(applied.client("rds"), each["DBInstanceIdentifier"]) for each in reports["DBClusterMembers"]]
    assert sorted(each["AvailabilityZone"] for each in instances) == list(ZONES)
    watched = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs["reports_alarms"])["MetricAlarms"]
    names = {dimension["Value"] for alarm in watched for dimension in alarm["Dimensions"]}
    assert names == {each["DBInstanceIdentifier"] for each in instances}


def _global(applied: Applied, world: Mapping[str, Any]) -> None:
    (joined,) = applied.client("rds").describe_global_clusters()["GlobalClusters"]
    assert joined["StorageEncrypted"]
    assert joined["EngineVersion"] == world["EngineVersion"] == WORLD["engine_version"]
    assert world["GlobalClusterIdentifier"] == joined["GlobalClusterIdentifier"] == "acme-dev-orders-everywhere"
    assert [(member["DBClusterArn"], member["IsWriter"]) for member in joined["GlobalClusterMembers"]] == [
        (world["DBClusterArn"], True)
    ]
    assert world["StorageType"] == "aurora-iopt1"
    assert _instance(applied.client("rds"), NAME.format("world-a"))["DBInstanceClass"] == "db.r7g.large"


def _parameters(applied: Applied) -> None:
    rds = applied.client("rds")

    def of(group: str) -> dict[str, str]:
        found = rds.describe_db_cluster_parameters(DBClusterParameterGroupName=NAME.format(group), Source="user")
        return {each["ParameterName"]: each["ParameterValue"] for each in found["Parameters"]}

    assert of("sales-aurora-postgresql17") == {
        "log_connections": "1", "log_min_duration_statement": "1000", "log_statement": "ddl", "rds.force_ssl": "1",
    }  # fmt: skip
    slow = {"log_output": "FILE", "long_query_time": "1", "slow_query_log": "1"}
    assert of("reports-mysql8-4") == {**slow, "innodb_print_all_deadlocks": "1", "require_secure_transport": "1"}
    assert of("world-aurora-mysql8-0") == {"require_secure_transport": "ON"}
    group = NAME.format("world-instance-aurora-mysql8-0")
    own = rds.describe_db_parameters(DBParameterGroupName=group, Source="user")["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in own} == {**slow, "sql_mode": "TRADITIONAL"}


def _function(applied: Applied, sales: Mapping[str, Any]) -> None:
    name = NAME.format("api")
    function = applied.client("lambda").get_function_configuration(FunctionName=name)
    secret = applied.outputs["sales_secret"]
    assert function["Environment"]["Variables"] == {
        "DB_HOST": sales["Endpoint"], "DB_NAME": "orders", "DB_PORT": "5432", "DB_USER": "sales_api",
        "REPORTS_HOST": sales["CustomEndpoints"][0], "REPORTS_NAME": "orders", "REPORTS_PORT": "5432",
        "REPORTS_USER": "sales_api",
        "SQL_CLUSTER_ARN": sales["DBClusterArn"], "SQL_NAME": "orders", "SQL_SECRET_ARN": secret,
    }  # fmt: skip
    document = applied.client("iam").get_role_policy(RoleName=name, PolicyName=name)["PolicyDocument"]
    statements = {statement["Sid"]: statement for statement in document["Statement"]}
    (sign_in,) = [each for each in statements.values() if each["Action"] == ["rds-db:connect"]]
    resource_id = sales["DbClusterResourceId"]
    assert sign_in["Resource"] == [f"arn:aws:rds-db:eu-west-1:123456789012:dbuser:{resource_id}/sales_api"]
    assert statements["RunSqlOnSales"]["Resource"] == [sales["DBClusterArn"]]
    assert statements["ReadSalesMasterSecret"]["Resource"] == [secret]
    assert statements["DecryptSalesMasterSecret"]["Resource"] == [applied.outputs["key_arn"]]
    (group,) = function["VpcConfig"]["SecurityGroupIds"]
    ec2 = applied.client("ec2")
    rules = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [applied.outputs["sales_group"]]}]
    )
    assert [
        (rule["IsEgress"], rule["FromPort"], rule["ReferencedGroupInfo"]["GroupId"])
        for rule in rules["SecurityGroupRules"]
    ] == [(False, 5432, group)]
    (endpoint,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert endpoint["ServiceName"] == "com.amazonaws.eu-west-1.rds-data"


def _instance(rds: Any, identifier: str) -> dict[str, Any]:
    (found,) = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    instance: dict[str, Any] = found
    return instance


def _does(plan: Any) -> Counter[tuple[str, str]]:
    return Counter((change.type, "/".join(change.actions)) for change in plan.resource_changes if not change.is_quiet)
