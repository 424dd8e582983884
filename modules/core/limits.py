"""AWS limits, each stated once with its unit and source.

Sources are named by document: "Lambda quotas" is the AWS Lambda developer guide's quota page, "CreateFunction" its API
reference, "rds API model" and "lambda API model" the service models that botocore ships, "RDS guide" the Amazon RDS
user guide, "VPC guide" and "VPC quotas" the Amazon VPC user guide. Read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass

REGION = r"[a-z]{2}(?:-gov)?-[a-z]+-\d{1,2}"
"""Regions of the partitions aws, aws-cn and aws-us-gov; the isolated and sovereign ones have domains of their own."""


@dataclass(frozen=True)
class Range:
    """A closed integer range that AWS accepts.

    Attributes:
        minimum: smallest accepted value.
        maximum: largest accepted value.
        unit: unit of both, as AWS names it.
        subject: who takes the value, for the error sentence.
        source: document that states the range.
        step: distance between accepted values, counted from `minimum`.
    """

    minimum: int
    maximum: int
    unit: str
    subject: str
    source: str
    step: int = 1

    @property
    def sentence(self) -> str:
        """The rule in words, such as `a Lambda function's memory takes 128 to 10240 MB (Lambda quotas)`."""
        return f"{self.subject} takes {self.minimum} to {self.maximum} {self.unit} ({self.source})".replace("  ", " ")


LAMBDA_MEMORY_MB = Range(128, 10_240, "MB", "a Lambda function's memory", "Lambda quotas")
LAMBDA_TIMEOUT_SECONDS = Range(1, 900, "seconds", "a Lambda function's timeout", "Lambda quotas")
LAMBDA_EPHEMERAL_STORAGE_MB = Range(512, 10_240, "MB", "a Lambda function's /tmp", "Lambda quotas")
LAMBDA_RESERVED_CONCURRENCY = Range(
    0, 100_000, "executions", "reserved concurrency", "PutFunctionConcurrency; the account quota bounds it"
)
LAMBDA_ASYNC_EVENT_AGE_SECONDS = Range(60, 21_600, "seconds", "an asynchronous event's age", "lambda API model")
LAMBDA_ASYNC_RETRIES = Range(0, 2, "retries", "an asynchronous invocation", "lambda API model")
LAMBDA_MAX_SUBNETS = 16  # lambda API model, SubnetIds
LAMBDA_MAX_SECURITY_GROUPS = 5  # lambda API model, SecurityGroupIds
LAMBDA_MAX_ENVIRONMENT_BYTES = 4_096  # Lambda quotas: all names and values together
LAMBDA_MAX_NAME_LENGTH = 64  # CreateFunction
LAMBDA_MAX_ZIP_BYTES = 50 * 1024 * 1024  # Lambda quotas: direct upload, zipped
LAMBDA_MAX_UNZIPPED_BYTES = 250 * 1024 * 1024  # Lambda quotas: unzipped, layers included

LOG_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip  # CloudWatch Logs PutRetentionPolicy

SQS_RETENTION_SECONDS = Range(60, 1_209_600, "seconds", "an SQS queue's message retention", "SQS API reference")
KMS_DELETION_WINDOW_DAYS = Range(7, 30, "days", "a KMS key's deletion window", "KMS API reference")
KMS_ROTATION_DAYS = Range(90, 2_560, "days", "a KMS key's rotation period", "KMS API reference")

VPC_PREFIX_LENGTH = Range(16, 28, "bits", "a VPC's CIDR prefix", "VPC guide")
SECURITY_GROUP_RULE_DESCRIPTION_LENGTH = 255  # EC2 API reference
VPC_RESERVED_ADDRESSES_PER_SUBNET = 5  # VPC guide: the first four and the last

RDS_ALLOCATED_STORAGE_GB = Range(20, 65_536, "GiB", "an instance's storage", "rds API model")
RDS_BACKUP_RETENTION_DAYS = Range(1, 35, "days", "automated backups", "rds API model; 0 would switch them off")
RDS_MONITORING_INTERVALS_SECONDS = (1, 5, 10, 15, 30, 60)  # rds API model, MonitoringInterval without 0
RDS_PORT = Range(1_150, 65_535, "", "a database port", "rds API model")
PERFORMANCE_INSIGHTS_RETENTION_DAYS = (7, *(month * 31 for month in range(1, 24)), 731)  # rds API model

PROXY_CONNECTIONS_PERCENT = Range(1, 100, "percent of max_connections", "an RDS Proxy's pool", "rds API model")
PROXY_IDLE_CONNECTIONS_PERCENT = Range(
    0, 100, "percent of max_connections", "an RDS Proxy's idle pool", "rds API model"
)
PROXY_BORROW_TIMEOUT_SECONDS = Range(
    0, 300, "seconds", "an RDS Proxy's connection_borrow_timeout", "rds API model; the provider lets 3600 through"
)
PROXY_IDLE_CLIENT_TIMEOUT_SECONDS = Range(
    1, 28_800, "seconds", "an RDS Proxy's idle_client_timeout", "RDS guide: 8 hours"
)

PROXY_MAX_SECRETS = 200  # RDS guide, quotas of RDS Proxy
PROXY_MAX_ENDPOINTS = 20  # RDS guide, quotas of RDS Proxy: endpoints beside the default one
PROXY_MAX_ADDRESSES = 215  # RDS guide, RDS Proxy: network prerequisites

IAM_MAX_SESSION_SECONDS = Range(3_600, 43_200, "seconds", "a role's longest session", "iam API model")
IAM_MAX_INLINE_POLICY_CHARACTERS = 10_240  # IAM quotas: all inline policies of a role together, without white space
IAM_MAX_TRUST_POLICY_CHARACTERS = 2_048  # IAM quotas: role trust policy length
IAM_MAX_MANAGED_POLICIES = 10  # IAM quotas: managed policies attached to a role
LAMBDA_MAX_RESOURCE_POLICY_BYTES = 20_480  # Lambda quotas: resource-based policy of a function

LAMBDA_MAX_IMAGE_CONFIG_BYTES = 16 * 1024  # Lambda quotas: command, entry point and working directory together
LAMBDA_MAX_LAYERS = 5  # Lambda quotas

EFS_PROVISIONED_THROUGHPUT_MIBPS = Range(
    1, 3_414, "MiB/s", "a file system's provisioned throughput", "UpdateFileSystem; the region bounds it too"
)
EFS_TRANSITION_DAYS = (1, 7, 14, 30, 60, 90, 180, 270, 365)  # efs API model, TransitionToIA and TransitionToArchive
EFS_POSIX_ID = Range(0, 4_294_967_295, "", "a POSIX user or group id", "efs API model")
EFS_MAX_SECONDARY_GROUPS = 16  # efs API model, SecondaryGids
EFS_MAX_ACCESS_POINT_PATH_LENGTH = 100  # efs API model, Path: at most four subfolders
EFS_NFS_PORT = 2_049  # EFS guide
LAMBDA_MAX_MOUNT_PATH_LENGTH = 160  # lambda API model, LocalMountPath
LAMBDA_MOUNT_PATH = r"/mnt/[a-zA-Z0-9-_.]+"
"""What a function's mount path looks like (lambda API model, LocalMountPath)."""

S3_LIFECYCLE_DAYS = Range(1, 36_500, "days", "a rule of an S3 lifecycle", "S3 API: at least 1; a hundred years here")
S3_OBJECT_LOCK_DAYS = Range(1, 36_500, "days", "an object lock's retention", "S3 guide: a hundred years")
S3_MAX_BUCKET_NAME_LENGTH = 63  # S3 guide
S3_MAX_KEY_LENGTH = 1_024  # S3 guide

LAMBDA_URL_CORS_MAX_AGE_SECONDS = Range(0, 86_400, "seconds", "a CORS answer's age", "lambda API model, MaxAge")
LAMBDA_RESOURCE_TIMEOUT_MINUTES = Range(1, 120, "minutes", "a timeout of the function resource", "our bound")
LAMBDA_DURABLE_EXECUTION_SECONDS = Range(1, 31_622_400, "seconds", "a durable execution", "lambda API model: 366 days")
LAMBDA_DURABLE_RETENTION_DAYS = Range(1, 90, "days", "a durable execution's history", "lambda API model")
LAMBDA_INSTANCE_CONCURRENCY = Range(1, 1_600, "invocations", "an environment on managed instances", "lambda API model")
LAMBDA_INSTANCE_MEMORY_GIB_PER_VCPU = Range(2, 8, "GiB for each vCPU", "a managed instance", "lambda API model")
LAMBDA_MAX_LOG_GROUP_NAME_LENGTH = 512  # lambda API model, LogGroup
SECRETS_EXTENSION_CACHE_SIZE = Range(
    0, 1_000, "secrets and parameters", "a secrets extension's cache", "Secrets Manager guide, Lambda extension"
)
SECRETS_EXTENSION_TTL_SECONDS = Range(
    0, 300, "seconds", "an entry of a secrets extension's cache", "Secrets Manager guide, Lambda extension"
)
SECRETS_EXTENSION_PORT = Range(
    1, 65_535, "", "a secrets extension's HTTP port", "Secrets Manager guide, Lambda extension"
)
SECRETS_EXTENSION_CONNECTIONS = Range(
    1, 1_000, "connections", "a secrets extension", "our bound; Secrets Manager guide: at least 1"
)
SECRETS_EXTENSION_TIMEOUT_MILLISECONDS = Range(
    0,
    900_000,
    "milliseconds",
    "a secrets extension's request",
    "Secrets Manager guide: 0 waits; a function's longest run",
)

AURORA_BACKTRACK_SECONDS = Range(0, 259_200, "seconds", "an Aurora MySQL cluster's backtrack window", "rds API model")
AURORA_PROMOTION_TIER = Range(0, 15, "", "a cluster instance's promotion tier", "rds API model")
AURORA_REPLICAS = Range(1, 15, "readers", "an Aurora cluster", "Aurora guide: at most 15")
AURORA_AUTO_PAUSE_SECONDS = Range(300, 86_400, "seconds", "an idle time before a pause", "rds API model")
AURORA_MAX_INSTANCES = 16  # Aurora guide: a writer and at most 15 readers
AURORA_MAX_ACU = 256  # rds API model, ServerlessV2ScalingConfiguration, in half steps
AUTOSCALING_COOLDOWN_SECONDS = Range(0, 86_400, "seconds", "a scaling cooldown", "our bound: a day")
RDS_CLUSTER_STORAGE_GB = Range(100, 65_536, "GiB", "a Multi-AZ DB cluster's storage", "RDS guide, provisioned IOPS")
RDS_CLUSTER_IOPS = Range(1_000, 256_000, "IOPS", "a Multi-AZ DB cluster's storage", "RDS guide, provisioned IOPS")

SECRET_PASSWORD_LENGTH = Range(
    16, 128, "characters", "a generated password", "our lower bound; RDS guide: 128, for MySQL users 41"
)
SECRET_VALUE_VERSION = Range(1, 1_000_000, "", "a value's version", "our bound")
SECRET_RECOVERY_WINDOW_DAYS = Range(0, 30, "days", "a secret's recovery window", "DeleteSecret: 7 to 30, or 0 for none")
SECRET_SHORTEST_RECOVERY_WINDOW_DAYS = 7  # DeleteSecret
SECRET_ROTATION_DAYS = Range(1, 1_000, "days", "a secret's rotation", "secretsmanager API model")
SECRET_ROTATION_DEFAULT_DAYS = 30  # ours
SECRET_ROTATION_WINDOW_HOURS = Range(1, 24, "hours", "a secret's rotation window", "Secrets Manager guide")
SECRET_ROTATION_SHORTEST_HOURS = 4  # Secrets Manager guide, rotation schedules
SECRET_MAX_NAME_LENGTH = 512  # secretsmanager API model, Name
SSM_PARAMETER_LEVELS = 15  # ssm API model, PutParameter

CACHE_SHARDS = Range(1, 500, "shards", "a replication group in cluster mode", "ElastiCache guide")
CACHE_REPLICAS_PER_SHARD = Range(0, 5, "replicas", "a shard", "elasticache API model")
CACHE_MAX_NODES = 500  # ElastiCache guide: nodes in cluster mode; the account's quota begins at 90
CACHE_MAX_NAME_LENGTH = 40  # elasticache API model, ReplicationGroupId; ours for users and their groups
CACHE_SNAPSHOT_RETENTION_DAYS = Range(
    0, 35, "days", "a cache's snapshot retention", "elasticache API model, 0 for none"
)
CACHE_SHORTEST_WINDOW_MINUTES = 60  # elasticache API model, PreferredMaintenanceWindow; ElastiCache guide, backups
CACHE_PORT = Range(1_024, 65_535, "", "a cache's port", "our bound: no privileged port")
CACHE_SERVERLESS_STORAGE_GB = Range(
    1, 5_000, "GB", "a serverless cache's data storage", "ElastiCache guide, scaling limits"
)
CACHE_SERVERLESS_ECPU = Range(
    1_000, 15_000_000, "ECPU a second", "a serverless cache", "ElastiCache guide, scaling limits"
)
CACHE_SERVERLESS_ZONES = (2, 3)  # ElastiCache guide: subnets of a serverless cache lie in two or three zones
CACHE_MAX_USERS = 99  # ElastiCache quotas: 100 users of a user group, the default user among them
CACHE_MAX_GROUP_NAME_LENGTH = 255  # CreateCacheSubnetGroup; likewise for parameter groups, and ours for snapshots
CACHE_TOKEN_VERSION = Range(1, 1_000_000, "", "a token's version", "our bound")

RDS_GP3_IOPS = Range(12_000, 64_000, "IOPS", "gp3 storage from 400 GiB", "RDS guide")
RDS_GP3_THROUGHPUT_MIBPS = Range(500, 4_000, "MiB/s", "gp3 storage from 400 GiB", "RDS guide")
RDS_IO2_IOPS = Range(1_000, 256_000, "IOPS", "an instance's io2 storage", "RDS guide")
RDS_IOPS = Range(1_000, 256_000, "IOPS", "an instance's storage", "RDS guide")
RDS_THROUGHPUT_MIBPS = Range(500, 4_000, "MiB/s", "an instance's storage", "RDS guide")
RDS_MAX_CONNECTIONS = Range(10, 100_000, "connections", "a database's max_connections", "MySQL and MariaDB manuals")
RDS_SLOW_STATEMENT_MS = Range(1, 2_147_483_647, "ms", "a slow statement's duration", "PostgreSQL manual")
RDS_MAX_REPLICAS = 15  # RDS guide: read replicas of one instance of PostgreSQL, MySQL or MariaDB
RDS_LOG_EXPORTS = ("postgresql", "upgrade", "audit", "error", "general", "slowquery", "iam-db-auth-error")
"""Logs of instances that CloudWatch Logs can get; each engine has some of them (rds API model)."""
RDS_CA_CERTIFICATES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")  # RDS guide

SQS_VISIBILITY_TIMEOUT_SECONDS = Range(0, 43_200, "seconds", "a message's visibility timeout", "SQS API reference")
SQS_DELAY_SECONDS = Range(0, 900, "seconds", "an SQS queue's delay", "SQS API reference")
SQS_RECEIVE_WAIT_SECONDS = Range(0, 20, "seconds", "an SQS queue's receive wait", "SQS API reference")
SQS_MESSAGE_BYTES = Range(1_024, 1_048_576, "bytes", "an SQS queue's largest message", "SQS API reference")
SQS_MESSAGE_BYTES_OF_PROVIDER_5 = 262_144  # AWS provider 5.100 refuses more, although SQS takes it
SQS_DATA_KEY_REUSE_SECONDS = Range(60, 86_400, "seconds", "an SQS queue's reuse of a data key", "SQS API reference")
SQS_MAX_RECEIVE_COUNT = Range(1, 1_000, "receives", "a redrive policy's maxReceiveCount", "SQS guide")
SQS_FEWEST_RECEIVES_WITH_LAMBDA = 5  # Lambda guide, using Lambda with Amazon SQS
SQS_MAX_NAME_LENGTH = 80  # SQS quotas, the suffix .fifo included
SQS_MESSAGES_IN_FLIGHT = 120_000  # SQS quotas, of standard and FIFO queues
SQS_REDRIVE_SOURCES = 10  # SQS API reference, sourceQueueArns
SQS_VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT = 6  # Lambda guide, configuring a queue for Lambda

SNS_MAX_NAME_LENGTH = 256  # CreateTopic, the suffix .fifo included
SNS_FILTER_POLICY_KEYS = 5  # SNS guide, filter policy constraints
SNS_FILTER_POLICY_COMBINATIONS = 150  # SNS guide, filter policy constraints: product of the values of all keys
SNS_SUCCESS_SAMPLE_PERCENT = Range(0, 100, "percent", "a sample of delivered messages", "SNS guide")

EVENTS_MAX_BUS_NAME_LENGTH = 256  # events API model, EventBusName
EVENTS_MAX_ARCHIVE_NAME_LENGTH = 48  # events API model, ArchiveName
EVENTS_ARCHIVE_RETENTION_DAYS = Range(1, 36_500, "days", "an archive's retention", "a hundred years here")

KINESIS_RETENTION_HOURS = Range(24, 8_760, "hours", "a stream's retention", "IncreaseStreamRetentionPeriod")
KINESIS_SHARDS = Range(1, 20_000, "shards", "a provisioned stream", "Kinesis quotas; the account's quota bounds it")
KINESIS_MAX_NAME_LENGTH = 128  # kinesis API model, StreamName and ConsumerName
KINESIS_MAX_CONSUMERS = 20  # Kinesis quotas: registered consumers of a stream

DYNAMODB_CAPACITY_UNITS = Range(
    1, 40_000, "units", "a table's provisioned capacity", "DynamoDB quotas: the default quota of a table"
)
DYNAMODB_REQUEST_UNITS = Range(
    1, 40_000, "units a second", "a table's on-demand maximum", "DynamoDB quotas: the default quota of a table"
)
DYNAMODB_TARGET_UTILIZATION_PERCENT = Range(20, 90, "percent", "a table's target utilization", "DynamoDB guide")
DYNAMODB_RECOVERY_DAYS = Range(1, 35, "days", "a table's recovery period", "dynamodb API model, RecoveryPeriodInDays")
DYNAMODB_MAX_GLOBAL_INDEXES = 20  # DynamoDB quotas: the default quota
DYNAMODB_MAX_LOCAL_INDEXES = 5  # DynamoDB quotas
DYNAMODB_MAX_NON_KEY_ATTRIBUTES = 20  # dynamodb API model, NonKeyAttributeNameList
DYNAMODB_MAX_PROJECTED_ATTRIBUTES = 100  # DynamoDB quotas: of all indexes with INCLUDE together
DYNAMODB_MAX_NAME_LENGTH = 255  # dynamodb API model, TableName

LAMBDA_PROVISIONED_CONCURRENCY = Range(
    1, 100_000, "executions", "an alias's provisioned concurrency", "lambda API model; the account quota bounds it"
)
LAMBDA_PROVISIONED_UTILIZATION_PERCENT = Range(
    10, 90, "percent", "a target utilization of provisioned concurrency", "Lambda guide, provisioned concurrency"
)
LAMBDA_VERSION = Range(1, 1_000_000, "", "a published version's number", "PublishVersion counts from 1; our bound")
LAMBDA_INSTANCE_ENVIRONMENTS = Range(
    0, 15_000, "execution environments", "a function on managed instances", "lambda API model"
)
LAMBDA_ALIAS_WEIGHT_PERCENT = Range(
    1, 99, "percent", "an alias's second version", "lambda API model; with 0 or 100 one version gets all"
)
LAMBDA_MAX_ALIAS_LENGTH = 128  # lambda API model, Alias
AUTOSCALING_MAX_SCHEDULE_LENGTH = 1_600  # application-autoscaling API model, Schedule

CLOUDWATCH_MAX_DASHBOARD_NAME_LENGTH = 255  # PutDashboard
CLOUDWATCH_MAX_DASHBOARD_WIDGETS = 500  # CloudWatch API, dashboard body
CLOUDWATCH_MAX_WIDGET_METRICS = 500  # CloudWatch quotas: with those that only expressions read
CLOUDWATCH_MAX_DASHBOARD_METRICS = 2_500  # CloudWatch quotas: of all widgets together
CLOUDWATCH_MAX_WIDGET_ALARMS = 100  # CloudWatch API, dashboard body: alarms of an alarm widget
LOGS_MAX_QUERY_LOG_GROUPS = 50  # CloudWatch Logs quotas: log groups that one query names
LOGS_MAX_QUERY_CHARACTERS = 10_000  # logs API model, QueryDefinitionString
LOGS_MAX_QUERY_NAME_LENGTH = 255  # logs API model, QueryDefinitionName
LOGS_MAX_SUBSCRIPTION_FILTERS = 2  # PutSubscriptionFilter: of one log group
LOGS_MAX_METRIC_FILTERS = 100  # PutMetricFilter: of one log group
LOGS_MAX_FILTER_PATTERN_CHARACTERS = 1_024  # logs API model, FilterPattern
LOGS_MAX_FILTER_NAME_LENGTH = 512  # logs API model, FilterName
LAMBDA_UNRESERVED_CONCURRENCY = 100  # Lambda guide, reserved concurrency: executions that stay unreserved

CLOUDWATCH_MAX_ALARM_NAME_LENGTH = 255  # cloudwatch API model, AlarmName
CLOUDWATCH_MAX_ALARM_RULE_LENGTH = 10_240  # cloudwatch API model, AlarmRule
CLOUDWATCH_MAX_COMPOSITE_ALARMS = 100  # PutCompositeAlarm: alarms that one rule names
CLOUDWATCH_SUPPRESSOR_SECONDS = Range(
    1, 86_400, "seconds", "an actions suppressor", "PutCompositeAlarm names no bound; a day here"
)
LAMBDA_ACCOUNT_CONCURRENCY = Range(
    1, 1_000_000, "executions", "a quota of concurrent executions", "Lambda quotas name no maximum; our bound"
)

CODEDEPLOY_SHIFT_PERCENT = Range(
    1, 99, "percent", "a share of a function's traffic", "CodeDeploy guide, configurations"
)
CODEDEPLOY_SHIFT_MINUTES = Range(1, 2_880, "minutes", "a shift of all traffic", "CodeDeploy quotas: 48 hours")
CODEDEPLOY_MAX_NAME_LENGTH = 100  # codedeploy API model, ApplicationName, DeploymentGroupName, DeploymentConfigName
CODEDEPLOY_MAX_ALARMS = 50  # CodeDeploy quotas: the default quota, of one deployment group
