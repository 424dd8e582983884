"""IAM actions and the service whose API they call.

Sources: the service authorization reference for the prefixes of actions; the AWS PrivateLink guide's page of services
that integrate with it for what follows `com.amazonaws.REGION.` in the name of an endpoint. Read in November 2026.
"""

from __future__ import annotations

from analysis.iam import RolePolicies, covers, overlaps

_SAME = (
    "apigateway", "application-autoscaling", "athena", "cassandra", "cloudtrail", "codebuild", "codedeploy",
    "comprehend", "dynamodb", "ec2", "ecs", "elasticache", "elasticfilesystem", "events", "execute-api", "glue", "iam",
    "kms", "lambda", "logs", "pipes", "rds", "rds-data", "rekognition", "s3", "scheduler", "secretsmanager",
    "servicediscovery", "sns", "sqs", "ssm", "ssmmessages", "states", "sts", "textract", "translate",
    "verifiedpermissions", "xray",
)  # fmt: skip
_NAMED = {
    "appconfig": "appconfig",
    "bedrock": "bedrock",
    "cloudwatch": "monitoring",
    "ecr": "ecr.api",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
}
ENDPOINTS: dict[str, str] = {**{name: name for name in _SAME}, **_NAMED}
"""Prefix of an IAM action → suffix of the endpoint's service name."""

_OTHERS = {
    "appconfig:GetLatestConfiguration": "appconfigdata",
    "appconfig:StartConfigurationSession": "appconfigdata",
    "bedrock:ApplyGuardrail": "bedrock-runtime",
    "bedrock:Converse*": "bedrock-runtime",
    "bedrock:InvokeAgent": "bedrock-agent-runtime",
    "bedrock:InvokeModel*": "bedrock-runtime",
    "bedrock:Retrieve*": "bedrock-agent-runtime",
    "dynamodb:DescribeStream": "dynamodb-streams",
    "dynamodb:GetRecords": "dynamodb-streams",
    "dynamodb:GetShardIterator": "dynamodb-streams",
    "dynamodb:ListStreams": "dynamodb-streams",
    "iot:Publish": "iot.data",
    "states:StartSyncExecution": "sync-states",
}
"""Actions whose calls go to another endpoint than the rest of their service's."""

NO_CALLS = (
    "dsql:DbConnect*",
    "elasticache:Connect",
    "elasticfilesystem:Client*",
    "iam:PassRole",
    "kafka-cluster:*",
    "memorydb:Connect",
    "rds-db:*",
)
"""Actions that no API has: they sign in to a database, cache, cluster or file system, or let a service take a role."""

ARN_SERVICES = (
    "dynamodb", "events", "firehose", "kinesis", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs", "ssm", "states",
)  # fmt: skip
"""Services whose ARNs in an environment show that their API is called."""

TYPES: dict[str, str] = {
    "aws_cloudwatch_event_bus": "events",
    "aws_dynamodb_table": "dynamodb",
    "aws_kinesis_firehose_delivery_stream": "kinesis-firehose",
    "aws_kinesis_stream": "kinesis-streams",
    "aws_kms_alias": "kms",
    "aws_kms_key": "kms",
    "aws_lambda_alias": "lambda",
    "aws_lambda_function": "lambda",
    "aws_s3_bucket": "s3",
    "aws_scheduler_schedule_group": "scheduler",
    "aws_secretsmanager_secret": "secretsmanager",
    "aws_sfn_state_machine": "states",
    "aws_sns_topic": "sns",
    "aws_sqs_queue": "sqs",
    "aws_ssm_parameter": "ssm",
}
"""Resource type → service that is called to use one."""

IDENTIFYING = frozenset({
    "arn", "bucket", "bucket_domain_name", "bucket_regional_domain_name", "function_name", "id", "invoke_arn", "key_id",
    "name", "qualified_arn", "secret_id", "url",
})  # fmt: skip
"""Attributes that tell code which resource to call a service for."""


def is_no_call(action: str) -> bool:
    """Whether an action calls no API."""
    return any(covers(pattern, action) for pattern in NO_CALLS)


def endpoints_of(action: str) -> tuple[str, ...]:
    """Suffixes of the endpoints that an action calls; empty for an action whose service is not in the table."""
    prefix, _, _ = action.lower().partition(":")
    special = tuple(dict.fromkeys(suffix for pattern, suffix in _OTHERS.items() if covers(pattern, action)))
    if special:
        return special
    usual = ENDPOINTS.get(prefix)
    return () if usual is None else (usual,)


def is_in(action: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns holds all of an action."""
    return any(covers(pattern, action) for pattern in patterns)


def touches(action: str, patterns: tuple[str, ...]) -> bool:
    """Whether an action, which may be a pattern itself, has something in common with one of the patterns."""
    return any(overlaps(pattern, action) for pattern in patterns)


def is_by_data_api(policies: RolePolicies | None) -> bool:
    """Whether a role calls the Data API, for which RDS reads the secret of the database with the caller's rights."""
    return policies is not None and any(action.lower().startswith("rds-data:") for action, _ in policies.allows())
