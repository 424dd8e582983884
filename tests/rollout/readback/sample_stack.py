"""The stack orders_api made with boto3 alone: what the checks read, without Terraform, in about two seconds."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rollout.readback.expected import DatabaseExpected, Expected, FunctionExpected, ProxyExpected
from tests.rollout.readback import sample_network, sample_release
from tests.rollout.readback import sample_policies as policies

REGION, ACCOUNT, PREFIX = "us-east-1", "123456789012", "acme-dev-orders-api"
FUNCTION, DATABASE, PROXY = f"{PREFIX}-api", f"{PREFIX}-database", f"{PREFIX}-proxy"
RELEASE = f"{PREFIX}-api-release"
TAGS = {"org": "acme", "env": "dev", "stack": "orders_api"}
ALARMS = (f"{PREFIX}-api-errors", f"{PREFIX}-database-cpu")
FLOW_LOG_GROUP = f"/aws/vpc-flow-logs/{PREFIX}"
LOG_GROUPS = (
    f"/aws/lambda/{FUNCTION}",
    FLOW_LOG_GROUP,
    f"/aws/rds/instance/{DATABASE}/postgresql",
    f"/aws/rds/instance/{DATABASE}/upgrade",
    f"/aws/rds/proxy/{PROXY}",
)

Clients = Callable[[str], Any]
"""Any clients: boto3 makes their methods at run time."""


@dataclass
class SampleStack:
    """Ids of what was made."""

    client: Clients
    network: sample_network.SampleNetwork
    key: str = ""
    topic: str = ""
    queue: str = ""
    queue_url: str = ""
    signing_profile: str = ""
    signing_config: str = ""
    secret: str = ""
    proxy_endpoint: str = ""
    proxy_id: str = ""
    code_sha256: str = ""
    zip: bytes = field(default=b"", repr=False)

    @property
    def outputs(self) -> dict[str, Any]:
        return {
            "vpc_id": self.network.vpc,
            "private_subnet_ids": list(self.network.tier("private")),
            "function_name": FUNCTION,
            "function_role_name": FUNCTION,
            "function_security_group_ids": [self.network.groups["api"]],
            "database_identifier": DATABASE,
            "proxy_name": PROXY,
            "proxy_endpoint": self.proxy_endpoint,
            "alarm_topic_arn": self.topic,
            "alarm_names": list(ALARMS),
            "dashboard_name": PREFIX,
            "releases": [sample_release.output(FUNCTION, RELEASE)],
        }

    @property
    def expected(self) -> Expected:
        return Expected(
            prefix=PREFIX,
            account_id=ACCOUNT,
            region=REGION,
            code_sha256=self.code_sha256,
            cidr="10.20.0.0/16",
            zones=("us-east-1a", "us-east-1b"),
            nat_zones=("us-east-1a", "us-east-1b"),
            gateway_endpoints=("s3",),
            interface_endpoints=("secretsmanager",),
            flow_log_retention_days=365,
            function=FunctionExpected(
                20, "python3.13", "arm64", "handler.handler", 512, 30, 512, 365, "INFO", "INFO", 3600, 2, 1209600,
                "Warn", reaches_internet=True, environment={"LEVEL": "7"},
            ),
            database=DatabaseExpected(
                "orders", "orders", "17", "db.t4g.medium", 5432, multi_az=True, deletion_protection=True,
                backup_retention_days=7, monitoring_interval_seconds=60, log_retention_days=365,
                master_password_rotation_days=7,
            ),
            proxy=ProxyExpected(90, 45, 20, 1800, 365),
            release=sample_release.EXPECTED,
        )  # fmt: skip


def build(client: Clients) -> SampleStack:
    stack = SampleStack(client, sample_network.build(client("ec2")))
    _key_topic_queue(stack)
    for name in LOG_GROUPS:
        client("logs").create_log_group(logGroupName=name, kmsKeyId=stack.key)
        client("logs").put_retention_policy(logGroupName=name, retentionInDays=365)
    _flow_log(stack)
    _database(stack)
    _proxy(stack)
    _function(stack)
    for name in ALARMS:
        client("cloudwatch").put_metric_alarm(**alarm(name, stack.topic))
    _release(stack)
    client("cloudwatch").put_dashboard(DashboardName=PREFIX, DashboardBody=sample_release.dashboard(FUNCTION))
    return stack


def alarm(name: str, topic: str, **changes: Any) -> dict[str, Any]:
    return {
        "AlarmName": name, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Period": 60,
        "Threshold": 0, "MetricName": "Errors", "Namespace": "AWS/Lambda", "Statistic": "Sum",
        "ActionsEnabled": True, "AlarmActions": [topic], "OKActions": [topic], **changes,
    }  # fmt: skip


def role(stack: SampleStack, name: str, trust: str, statements: list[dict[str, Any]]) -> str:
    iam = stack.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policies.document(*statements))
    return arn


def _key_topic_queue(stack: SampleStack) -> None:
    kms, sns, sqs = stack.client("kms"), stack.client("sns"), stack.client("sqs")
    tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items()]
    stack.key = kms.create_key(Policy=policies.key_policy(), Tags=tags)["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName=f"alias/{PREFIX}", TargetKeyId=stack.key)
    kms.enable_key_rotation(KeyId=stack.key, RotationPeriodInDays=365)
    topic = sns.create_topic(Name=f"{PREFIX}-alarms", Attributes={"KmsMasterKeyId": stack.key})
    stack.topic = topic["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=stack.topic, AttributeName="Policy", AttributeValue=policies.topic_policy(stack.topic)
    )
    stack.queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{FUNCTION}-dead-letters"
    stack.queue_url = sqs.create_queue(
        QueueName=f"{FUNCTION}-dead-letters",
        Attributes={
            "KmsMasterKeyId": stack.key,
            "MessageRetentionPeriod": "1209600",
            "Policy": policies.queue_policy(stack.queue),
        },
    )["QueueUrl"]


def _flow_log(stack: SampleStack) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{FLOW_LOG_GROUP}"
    arn = role(
        stack,
        f"{PREFIX}-flow-log",
        policies.trust("vpc-flow-logs.amazonaws.com", own_account=True),
        policies.flow_log_role(group),
    )
    stack.client("ec2").create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[stack.network.vpc],
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogDestination=group,
        DeliverLogsPermissionArn=arn,
    )


def _database(stack: SampleStack) -> None:
    rds = stack.client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName=DATABASE,
        DBSubnetGroupDescription="Isolated",
        SubnetIds=list(stack.network.tier("isolated")),
    )
    parameters = f"{DATABASE}-postgres17"
    rds.create_db_parameter_group(
        DBParameterGroupName=parameters, DBParameterGroupFamily="postgres17", Description="TLS required"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName=parameters,
        Parameters=[
            {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}
            for name, value in (("log_connections", "1"), ("log_statement", "ddl"), ("rds.force_ssl", "1"))
        ],
    )
    created = rds.create_db_instance(
        DBInstanceIdentifier=DATABASE, Engine="postgres", EngineVersion="17", DBInstanceClass="db.t4g.medium",
        DBName="orders", MasterUsername="orders", ManageMasterUserPassword=True, MasterUserSecretKmsKeyId=stack.key,
        AllocatedStorage=20, Port=5432, StorageEncrypted=True, KmsKeyId=stack.key, MultiAZ=True,
        EnableIAMDatabaseAuthentication=True, PubliclyAccessible=False, DeletionProtection=True,
        DBSubnetGroupName=DATABASE, VpcSecurityGroupIds=[stack.network.groups["db"]], BackupRetentionPeriod=7,
        DBParameterGroupName=parameters, EnableCloudwatchLogsExports=["postgresql", "upgrade"], MonitoringInterval=60,
        MonitoringRoleArn=f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-database-monitoring",
        EnablePerformanceInsights=True, PerformanceInsightsKMSKeyId=stack.key,
    )["DBInstance"]  # fmt: skip
    stack.secret = created["MasterUserSecret"]["SecretArn"]


def proxy_auth(secret: str, **changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": secret,
            "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256", **changes,
        }
    ]  # fmt: skip


def _proxy(stack: SampleStack) -> None:
    rds = stack.client("rds")
    arn = role(
        stack,
        PROXY,
        policies.trust("rds.amazonaws.com"),
        policies.proxy_role(key=stack.key, secret=stack.secret),
    )
    proxy = rds.create_db_proxy(
        DBProxyName=PROXY, EngineFamily="POSTGRESQL", Auth=proxy_auth(stack.secret), RoleArn=arn, RequireTLS=True,
        VpcSubnetIds=list(stack.network.tier("isolated")), VpcSecurityGroupIds=[stack.network.groups["proxy"]],
        IdleClientTimeout=1800, DebugLogging=False,
    )["DBProxy"]  # fmt: skip
    stack.proxy_endpoint, stack.proxy_id = proxy["Endpoint"], proxy["DBProxyArn"].rpartition(":")[2]
    rds.modify_db_proxy_target_group(DBProxyName=PROXY, TargetGroupName="default", ConnectionPoolConfig=pool())
    rds.register_db_proxy_targets(DBProxyName=PROXY, TargetGroupName="default", DBInstanceIdentifiers=[DATABASE])


def pool(**changes: int) -> dict[str, int]:
    return {"MaxConnectionsPercent": 90, "MaxIdleConnectionsPercent": 45, "ConnectionBorrowTimeout": 20, **changes}


def environment(stack: SampleStack, **changes: str) -> dict[str, Any]:
    own = {"DB_HOST": stack.proxy_endpoint, "DB_NAME": "orders", "DB_PORT": "5432", "DB_USER": "orders", "LEVEL": "7"}
    return {"Variables": {**own, **changes}}


def package(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("handler.py"), text)
    return buffer.getvalue()


def _function(stack: SampleStack) -> None:
    signer, client = stack.client("signer"), stack.client("lambda")
    stack.signing_profile = f"{PREFIX}-api".replace("-", "_") + "_1"
    profile = signer.put_signing_profile(profileName=stack.signing_profile, platformId="AWSLambda-SHA384-ECDSA")
    stack.signing_config = client.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [profile["profileVersionArn"]]},
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Warn"},
        Tags=TAGS,
    )["CodeSigningConfig"]["CodeSigningConfigArn"]
    arn = role(
        stack,
        FUNCTION,
        policies.trust("lambda.amazonaws.com"),
        policies.function_role(FUNCTION, key=stack.key, proxy_id=stack.proxy_id),
    )
    stack.zip = package("def handler(event, context): ...\n")
    stack.code_sha256 = base64.b64encode(hashlib.sha256(stack.zip).digest()).decode()
    client.create_function(
        FunctionName=FUNCTION, Role=arn, Runtime="python3.13", Handler="handler.handler", Code={"ZipFile": stack.zip},
        Architectures=["arm64"], MemorySize=512, Timeout=30, EphemeralStorage={"Size": 512},
        TracingConfig={"Mode": "Active"}, KMSKeyArn=stack.key, CodeSigningConfigArn=stack.signing_config,
        LoggingConfig={
            "LogFormat": "JSON", "LogGroup": f"/aws/lambda/{FUNCTION}", "ApplicationLogLevel": "INFO",
            "SystemLogLevel": "INFO",
        },
        DeadLetterConfig={"TargetArn": stack.queue}, Environment=environment(stack),
        VpcConfig={
            "SubnetIds": list(stack.network.tier("private")), "SecurityGroupIds": [stack.network.groups["api"]],
        },
    )  # fmt: skip
    client.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=20)
    client.put_function_event_invoke_config(
        FunctionName=FUNCTION, MaximumRetryAttempts=2, MaximumEventAgeInSeconds=3600
    )


def _release(stack: SampleStack) -> None:
    own = policies.release_role(FUNCTION, alias=sample_release.ALIAS, topic=stack.topic, key=stack.key)
    arn = role(stack, f"{RELEASE}-codedeploy", policies.trust("codedeploy.amazonaws.com"), own)
    stack.client("lambda").publish_version(FunctionName=FUNCTION)
    sample_release.build(
        stack.client, function=FUNCTION, application=RELEASE, role=arn, topic=stack.topic, alarm=ALARMS[0]
    )
