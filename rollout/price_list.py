"""Where the AWS price list holds each item of a price table: service, filters and usage type.

A usage type begins with the code of its region (`EU-`, `USE1-`, `eu-west-1-`), which some of us-east-1 lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analysis.cost.items import unit_of

Filters = tuple[tuple[str, str], ...]
"""Attributes and their values, beside the region's."""

_REGION_CODE = r"EU|[A-Z]{2,3}[A-Z]\d{1,2}"
_HOME = "us-east-1"

UNITS: Mapping[str, frozenset[str]] = {
    "request": frozenset({"requests", "request", "api requests", "api calls", "ios", "count"}),
    "GB-second": frozenset({"lambda-gb-second", "gb-seconds", "gb-second", "second", "seconds"}),
    "hour": frozenset({"hrs", "hours", "hour"}),
    "GB": frozenset({"gb", "processed-gigabytes", "gigabytes"}),
    "GB-month": frozenset({"gb-mo", "gb-month"}),
    "vCPU-hour": frozenset({"hrs", "vcpu-hours", "vcpu-hour"}),
    "ACU-hour": frozenset({"acu-hr", "acu-hrs", "acu-hours", "hrs"}),
    "LCU-hour": frozenset({"lcu-hrs", "lcu-hours"}),
    "key-month": frozenset({"keys", "key"}),
    "secret-month": frozenset({"secrets", "secret"}),
    "alarm metric-month": frozenset({"alarms", "alarm"}),
    "metric-month": frozenset({"metrics", "metric"}),
    "read request unit": frozenset({"readrequestunits"}),
    "write request unit": frozenset({"writerequestunits"}),
}
"""Units of the price list that are the same as a unit of a price table, in lower case; any other is refused."""


@dataclass(frozen=True)
class Place:
    """Where an item stands in the price list.

    Attributes:
        service: service code.
        usage: usage types without the region's code; the same thing by whichever of these names.
        filters: attributes that narrow the products.
        contains: text in the usage type that narrows the products; empty for none.
        one_of: attribute and values, of which a product has one.
        region_attribute: attribute that holds the region's code name.
    """

    service: str
    usage: tuple[str, ...]
    filters: Filters = ()
    contains: str = ""
    one_of: tuple[str, frozenset[str]] | None = None
    region_attribute: str = "regionCode"


_NAT: Filters = (("productFamily", "NAT Gateway"),)
_ALB: Filters = (("productFamily", "Load Balancer-Application"),)
_SERVERLESS: Filters = (("productFamily", "ServerlessV2"),)
_AURORA_STORAGE: Filters = (("productFamily", "Database Storage"),)
_AURORA_REQUESTS: Filters = (("productFamily", "System Operation"),)
_OPEN_ENGINES = ("databaseEngine", frozenset({"Any", "PostgreSQL", "MySQL", "MariaDB"}))

PLACES: Mapping[str, Place] = {
    "lambda.requests": Place("AWSLambda", ("Request",)),
    "lambda.duration.x86_64": Place("AWSLambda", ("Lambda-GB-Second",)),
    "lambda.duration.arm64": Place("AWSLambda", ("Lambda-GB-Second-ARM",)),
    "lambda.provisioned.x86_64": Place("AWSLambda", ("Lambda-Provisioned-Concurrency",)),
    "lambda.provisioned.arm64": Place("AWSLambda", ("Lambda-Provisioned-Concurrency-ARM",)),
    "lambda.provisioned_duration.x86_64": Place("AWSLambda", ("Lambda-Provisioned-GB-Second",)),
    "lambda.provisioned_duration.arm64": Place("AWSLambda", ("Lambda-Provisioned-GB-Second-ARM",)),
    "lambda.ephemeral_storage": Place("AWSLambda", ("Lambda-Storage-GB-Second",)),
    "lambda.snapstart_cache": Place("AWSLambda", ("Lambda-SnapStart-Cached-GB-S",)),
    "lambda.snapstart_restore": Place("AWSLambda", ("Lambda-SnapStart-Restored-GB",)),
    "lambda.streaming": Place("AWSLambda", ("Lambda-Streaming-Response-Processed-Bytes",)),
    "nat_gateway.hours": Place("AmazonEC2", ("NatGateway-Hours",), _NAT),
    "nat_gateway.gb": Place("AmazonEC2", ("NatGateway-Bytes",), _NAT),
    "nat_gateway.regional_hours": Place("AmazonEC2", ("RegionalNatGateway-Hours",), _NAT),
    "nat_gateway.regional_gb": Place("AmazonEC2", ("RegionalNatGateway-Bytes",), _NAT),
    "public_ipv4.hours": Place("AmazonVPC", ("PublicIPv4:InUseAddress",)),
    "endpoint.hours": Place("AmazonVPC", ("VpcEndpoint-Hours",)),
    "endpoint.gb": Place("AmazonVPC", ("VpcEndpoint-Bytes",)),
    "internet.gb": Place(
        "AWSDataTransfer",
        ("DataTransfer-Out-Bytes",),
        (("transferType", "AWS Outbound"),),
        region_attribute="fromRegionCode",
    ),
    "cross_zone.gb": Place(
        "AWSDataTransfer",
        ("DataTransfer-Regional-Bytes",),
        (("transferType", "IntraRegion"),),
        region_attribute="fromRegionCode",
    ),
    "rds_proxy.vcpu_hours": Place("AmazonRDS", ("RDS:ProxyUsage",), contains="RDS:Proxy"),
    "rds_proxy.acu_hours": Place("AmazonRDS", ("RDS:Proxy-ASv2-Usage",), contains="RDS:Proxy"),
    "aurora.acu_hours": Place("AmazonRDS", ("Aurora:ServerlessV2Usage",), _SERVERLESS),
    "aurora.storage": Place("AmazonRDS", ("Aurora:StorageUsage",), _AURORA_STORAGE),
    "aurora.requests": Place("AmazonRDS", ("Aurora:StorageIOUsage",), _AURORA_REQUESTS),
    "logs.standard": Place("AmazonCloudWatch", ("DataProcessing-Bytes",)),
    "logs.stored": Place("AmazonCloudWatch", ("TimedStorage-ByteHrs",)),
    "alarms.metrics": Place("AmazonCloudWatch", ("CW:AlarmMonitorUsage",)),
    "metrics.custom": Place("AmazonCloudWatch", ("CW:MetricMonitorUsage",)),
    "api.http": Place("AmazonApiGateway", ("ApiGatewayHttpRequest",)),
    "api.rest": Place("AmazonApiGateway", ("ApiGatewayRequest",)),
    "alb.hours": Place("AWSELB", ("LoadBalancerUsage",), _ALB),
    "alb.lcu_hours": Place("AWSELB", ("LCUUsage",), _ALB),
    "sqs.standard": Place("AWSQueueService", ("Requests-RBP",)),
    "sqs.fifo": Place("AWSQueueService", ("Requests-FIFO-RBP",)),
    "kms.keys": Place("awskms", ("KMS-Keys",)),
    "kms.requests": Place("awskms", ("KMS-Requests",)),
    "secrets.secrets": Place("AWSSecretsManager", ("AWSSecretsManager-Secrets", "AWSSecretsManager-Secret")),
    "secrets.requests": Place("AWSSecretsManager", ("AWSSecretsManagerAPIRequest", "AWSSecretsManager-APIRequests")),
    "efs.standard": Place("AmazonEFS", ("TimedStorage-ByteHrs",)),
    "efs.infrequent": Place("AmazonEFS", ("IATimedStorage-ByteHrs",)),
    "efs.archive": Place("AmazonEFS", ("ArchiveTimedStorage-ByteHrs",)),
    "dynamodb.reads": Place("AmazonDynamoDB", ("ReadRequestUnits",)),
    "dynamodb.writes": Place("AmazonDynamoDB", ("WriteRequestUnits",)),
    "dynamodb.storage": Place("AmazonDynamoDB", ("TimedStorage-ByteHrs",)),
    **{
        f"rds.storage.{kind}.{zones}": Place(
            "AmazonRDS", (f"RDS:{prefix}{kind.upper()}-Storage",), _AURORA_STORAGE, one_of=_OPEN_ENGINES
        )
        for kind in ("gp2", "gp3")
        for zones, prefix in (("single", ""), ("multi", "Multi-AZ-"))
    },
}
"""Where each item stands; those that are missing have a usage type that is not documented."""

ENGINES: Mapping[str, str] = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "aurora-postgresql": "Aurora PostgreSQL",
    "aurora-mysql": "Aurora MySQL",
}
"""Engine of Terraform → `databaseEngine` of the price list."""

_ZONES = {"single": "InstanceUsage", "multi": "Multi-AZUsage"}
_SHORT_SIZE = re.compile(r"(\d*)xlarge$")


def instance_places(classes: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Where instances of these classes stand, such as `db.t4g.micro`, for every engine."""
    for name in sorted(set(classes)):
        short = _SHORT_SIZE.sub(r"\1xl", name)
        for engine, told in ENGINES.items():
            for zones, usage in _ZONES.items():
                if zones == "multi" and engine.startswith("aurora"):
                    continue  # an Aurora cluster has readers instead
                filters: Filters = (("productFamily", "Database Instance"), ("instanceType", name))
                place = Place(
                    "AmazonRDS",
                    (f"{usage}:{name}", f"{usage}:{short}"),
                    filters,
                    one_of=("databaseEngine", frozenset({told})),
                )
                yield f"rds.instance.{engine}.{name}.{zones}", place


def is_usage(found: str, usage: str, region: str) -> bool:
    """Whether a usage type of the price list is this one in a region."""
    if found == usage:
        return region == _HOME
    prefix = found.removesuffix(f"-{usage}")
    return prefix != found and (prefix == region or bool(re.fullmatch(_REGION_CODE, prefix, re.ASCII)))


def is_unit(found: str, item: str) -> bool:
    """Whether a unit of the price list is the one that an item is billed by."""
    return found.lower() in UNITS.get(unit_of(item), frozenset())
