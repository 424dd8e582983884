"""AWS services with VPC endpoints, as a dated table.

Read in November 2026: the AWS PrivateLink guide's page of services that integrate with it (service names), the pages
of single services (private DNS, companions), and `DescribeVpcEndpointServices` (endpoint policies).
"""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.target import Target

CATALOGUE_DATE = "2026-11-20"
"""When the table was last compared with its sources."""


@dataclass(frozen=True)
class CatalogueEntry:
    """A service that an endpoint leads to.

    Attributes:
        suffix: how the service is called here: what follows `com.amazonaws.REGION.` in its name, such as `sqs`.
        has_gateway: whether there is a gateway endpoint too, which costs nothing.
        has_private_dns: whether the service's own host names can lead to the interface endpoint.
        supports_policy: whether it takes an endpoint policy; None where the sources do not say.
        companions: interface endpoints that it is of no use without.
        needs_s3_gateway: whether it hands out addresses in S3, which need a way of their own.
        name: the whole service name where it is not `com.amazonaws.REGION.SUFFIX`; `{region}` stands for the region.
    """

    suffix: str
    has_gateway: bool = False
    has_private_dns: bool = True
    supports_policy: bool | None = None
    companions: tuple[str, ...] = ()
    needs_s3_gateway: bool = False
    name: str = ""

    def service_name(self, target: Target, *, interface: bool) -> str:
        """The name that `CreateVpcEndpoint` takes in the target's region."""
        is_chinese = target.partition == "aws-cn" and interface and self.suffix in _CHINESE_NAMES
        name = self.name or f"{'cn.' if is_chinese else ''}com.amazonaws.{{region}}.{self.suffix}"
        return name.format(region=target.region)


_CHINESE_NAMES = frozenset(
    (
        "application-autoscaling", "athena", "cassandra", "ec2", "ecr.api", "ecr.dkr", "elasticache",
        "elasticfilesystem", "execute-api", "iot.data", "kinesis-streams", "lambda", "monitoring", "rds", "s3", "sqs",
        "states", "sts", "sync-states", "xray",
    )
)  # fmt: skip
"""Interface endpoints whose names begin with `cn.com.amazonaws` in the partition aws-cn."""

_WITH_POLICY = (
    "ec2", "events", "execute-api", "kinesis-streams", "kms", "lambda", "logs", "monitoring", "secretsmanager", "sns",
    "sqs", "ssm", "states", "sts",
)  # fmt: skip
_OTHERS = (
    "apigateway", "appconfig", "appconfigdata", "application-autoscaling", "athena", "bedrock-agent-runtime",
    "bedrock-runtime", "cassandra", "cloudtrail", "codebuild", "codedeploy", "comprehend", "dynamodb-streams",
    "ec2messages", "ecs", "elasticache", "elasticfilesystem", "email-smtp", "glue", "iot.data", "kinesis-firehose",
    "pipes", "rds", "rds-data", "rekognition", "scheduler", "servicediscovery", "ssmmessages", "sync-states",
    "textract", "translate", "verifiedpermissions", "xray",
)  # fmt: skip
_SPECIAL = (
    CatalogueEntry("dynamodb", has_gateway=True, has_private_dns=False, supports_policy=True),
    CatalogueEntry("ecr.api", supports_policy=True, needs_s3_gateway=True),
    CatalogueEntry("ecr.dkr", supports_policy=True, companions=("ecr.api",), needs_s3_gateway=True),
    CatalogueEntry("iam", name="com.amazonaws.iam"),
    CatalogueEntry("s3", has_gateway=True, supports_policy=True),
    CatalogueEntry("s3files", name="aws.api.{region}.s3files"),
)

ENDPOINT_SERVICES: dict[str, CatalogueEntry] = {
    service.suffix: service
    for service in sorted(
        (
            *(CatalogueEntry(suffix, supports_policy=True) for suffix in _WITH_POLICY),
            *(CatalogueEntry(suffix) for suffix in _OTHERS),
            *_SPECIAL,
        ),
        key=lambda service: service.suffix,
    )
}
"""Services by suffix, sorted."""

INTERFACE_ENDPOINTS = tuple(ENDPOINT_SERVICES)
"""Services offered as interface endpoints, by the suffix of their service name (AWS PrivateLink guide)."""

GATEWAY_ENDPOINTS = tuple(suffix for suffix, service in ENDPOINT_SERVICES.items() if service.has_gateway)
"""Services with gateway endpoints; they cost nothing (AWS PrivateLink guide)."""
