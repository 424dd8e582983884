"""What AWS bills for, item by item: the names that price tables, usage and lines share."""

from __future__ import annotations

import re

_GB_SECOND, _HOUR, _GB, _GB_MONTH, _REQUEST = "GB-second", "hour", "GB", "GB-month", "request"

ITEMS = {
    "lambda.requests": (_REQUEST, "requests"),
    "lambda.duration.x86_64": (_GB_SECOND, "duration on x86_64"),
    "lambda.duration.arm64": (_GB_SECOND, "duration on arm64"),
    "lambda.provisioned.x86_64": (_GB_SECOND, "provisioned concurrency on x86_64"),
    "lambda.provisioned.arm64": (_GB_SECOND, "provisioned concurrency on arm64"),
    "lambda.provisioned_duration.x86_64": (_GB_SECOND, "duration on provisioned concurrency, x86_64"),
    "lambda.provisioned_duration.arm64": (_GB_SECOND, "duration on provisioned concurrency, arm64"),
    "lambda.ephemeral_storage": (_GB_SECOND, "ephemeral storage above 512 MB"),
    "lambda.snapstart_cache": (_GB_SECOND, "SnapStart snapshot"),
    "lambda.snapstart_restore": (_GB, "SnapStart restores"),
    "lambda.streaming": (_GB, "streamed responses beyond 6 MB each"),
    "lambda.poller_sqs": (_HOUR, "provisioned pollers, SQS"),
    "lambda.poller_kafka": ("EPU-hour", "provisioned pollers, Kafka"),
    "nat_gateway.hours": (_HOUR, "NAT gateway"),
    "nat_gateway.gb": (_GB, "data through the NAT gateway"),
    "nat_gateway.regional_hours": (_HOUR, "regional NAT gateway, for each zone"),
    "nat_gateway.regional_gb": (_GB, "data through the regional NAT gateway"),
    "public_ipv4.hours": (_HOUR, "public IPv4 address"),
    "endpoint.hours": (_HOUR, "interface endpoint, for each zone"),
    "endpoint.gb": (_GB, "data through the interface endpoint"),
    "internet.gb": (_GB, "data to the internet"),
    "cross_zone.gb": (_GB, "data between zones, each way"),
    "rds_proxy.vcpu_hours": ("vCPU-hour", "RDS Proxy, by vCPU"),
    "rds_proxy.acu_hours": ("ACU-hour", "RDS Proxy, by Aurora capacity unit"),
    "aurora.acu_hours": ("ACU-hour", "Aurora Serverless v2 capacity"),
    "aurora.storage": (_GB_MONTH, "Aurora storage"),
    "aurora.requests": (_REQUEST, "Aurora storage requests"),
    "logs.lambda": (_GB, "log ingestion of Lambda"),
    "logs.standard": (_GB, "log ingestion"),
    "logs.stored": (_GB_MONTH, "log storage"),
    "alarms.metrics": ("alarm metric-month", "alarm, for each metric"),
    "metrics.custom": ("metric-month", "custom metrics"),
    "dashboards": ("dashboard-month", "dashboard"),
    "api.http": (_REQUEST, "HTTP API requests"),
    "api.rest": (_REQUEST, "REST API requests"),
    "alb.hours": (_HOUR, "Application Load Balancer"),
    "alb.lcu_hours": ("LCU-hour", "load balancer capacity units"),
    "sqs.standard": (_REQUEST, "requests to standard queues, of 64 KB each"),
    "sqs.fifo": (_REQUEST, "requests to FIFO queues, of 64 KB each"),
    "kms.keys": ("key-month", "KMS key"),
    "kms.requests": (_REQUEST, "KMS requests"),
    "secrets.secrets": ("secret-month", "secret"),
    "secrets.requests": (_REQUEST, "Secrets Manager requests"),
    "efs.standard": (_GB_MONTH, "EFS Standard storage"),
    "efs.infrequent": (_GB_MONTH, "EFS Infrequent Access storage"),
    "efs.archive": (_GB_MONTH, "EFS Archive storage"),
    "efs.read": (_GB, "EFS elastic throughput, read"),
    "efs.written": (_GB, "EFS elastic throughput, written"),
    "scheduler.invocations": ("invocation", "EventBridge Scheduler invocations"),
    "dynamodb.reads": ("read request unit", "DynamoDB on-demand reads"),
    "dynamodb.writes": ("write request unit", "DynamoDB on-demand writes"),
    "dynamodb.storage": (_GB_MONTH, "DynamoDB storage"),
}
"""Unit and name of each item, by its key in a price table."""

DECLARED_IN = {
    "alb": "load_balancers",
    "api": "apis",
    "aurora": "clusters",
    "dynamodb": "tables",
    "efs": "file_systems",
    "endpoint": "endpoints",
    "kms": "keys",
    "lambda": "functions",
    "logs": "log_groups",
    "nat_gateway": "nat_gateways",
    "rds_proxy": "clusters",
    "scheduler": "schedules",
    "secrets": "secrets",
    "sqs": "queues",
}
"""Beginning of an item's key → the field of the usage that declares its quantity."""

FREE_ITEMS = {"gateway endpoint": "gateway endpoints of S3 and DynamoDB are free (VPC guide)"}
"""What costs nothing anywhere, with the document that says so."""

INSTANCE = re.compile(
    r"rds\.instance\.(postgres|mysql|mariadb|aurora-postgresql|aurora-mysql)\.(db\.[a-z0-9]+\.[a-z0-9]+)\.(single|multi)",
    re.ASCII,
)
"""Key of a database instance: engine, class, and whether it has a standby in another zone."""

STORAGE = re.compile(r"rds\.storage\.(gp2|gp3|io1|io2|standard)\.(single|multi)", re.ASCII)
"""Key of a database instance's storage."""


def is_item(name: str) -> bool:
    """Whether a price table may hold an item of this name."""
    return name in ITEMS or bool(INSTANCE.fullmatch(name) or STORAGE.fullmatch(name))


def unit_of(name: str) -> str:
    """The unit an item is billed by; empty where it is no item of a price table."""
    if INSTANCE.fullmatch(name):
        return _HOUR
    return _GB_MONTH if STORAGE.fullmatch(name) else ITEMS.get(name, ("", ""))[0]


def title_of(name: str) -> str:
    """What an item is, in words."""
    if found := INSTANCE.fullmatch(name):
        return f"{found[1]} instance {found[2]}{', Multi-AZ' if found[3] == 'multi' else ''}"
    if found := STORAGE.fullmatch(name):
        return f"{found[1]} storage{', Multi-AZ' if found[2] == 'multi' else ''}"
    return ITEMS.get(name, ("", name))[1]
