"""Configuration of a VPC-attached Lambda function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.target import Target
from modules.function.advanced_config import CapacityProviderConfig, DurableConfig, TenancyConfig
from modules.function.alarms_config import FunctionAlarmsConfig
from modules.function.alias_config import AliasConfig
from modules.function.asynchronous_config import AsynchronousConfig
from modules.function.attachment_config import AttachmentConfig
from modules.function.code import Code
from modules.function.insights_config import InsightsConfig
from modules.function.layer_config import LayerArn
from modules.function.logging_config import LoggingConfig
from modules.function.references_config import SecretsExtensionConfig
from modules.function.resource_policy_config import ResourcePolicyConfig
from modules.function.role_config import RoleConfig
from modules.function.settings_checks import setting_problems, target_problems
from modules.function.settings_config import RecursionConfig, ResourceTimeoutsConfig, RuntimeManagementConfig
from modules.function.signing_config import CodeSigningConfig
from modules.function.telemetry_config import TelemetryConfig
from modules.function.url_config import UrlConfig
from modules.key.arns import KmsKeyArn


class FunctionConfig(ConfigModel):
    """A Lambda function in the private subnets of a network.

    Its role, log group, dead-letter queue, tracing and JSON logs come with it.

    Raises:
        ConfigError: with every refused field.
    """

    code: Code = Field(description="What runs.")
    layers: tuple[LayerArn, ...] = Field(
        default=(), description="Layers that exist, by the ARN of a version; 5 with those built here (Lambda quotas)."
    )
    reserved_concurrency: Annotated[int, Within(limits.LAMBDA_RESERVED_CONCURRENCY, literal=True)] | None = Field(
        description="Executions kept for this function, and its most; bounds what it asks of a database. null takes "
        "them from what the account has left, with unreserved_reason."
    )
    unreserved_reason: Reason = Field(
        default="", description="Why nothing bounds the function but the account's quota; required with null."
    )
    disabled_reason: Reason = Field(
        default="", description="Why reserved_concurrency 0 stops the function; required then."
    )
    deprecated_runtime_reason: Reason = Field(
        default="", description="Why a runtime is used that AWS has deprecated; required then."
    )
    name: Annotated[
        str,
        Matching(
            r"[A-Za-z0-9_-]*",
            "a function's name has 1 to 64 letters, digits, hyphens and underscores (CreateFunction)",
            "shorten or correct it",
            limits.LAMBDA_MAX_NAME_LENGTH,
            literal=True,
        ),
    ] = Field(default="", description="Name of the function; empty makes it of the target's name and the construct id.")
    description: Annotated[
        str, Matching(r".*", "a description has at most 256 characters on one line", "shorten it", 256)
    ] = Field(default="", description="What the function is for.")
    memory_mb: Annotated[int, Within(limits.LAMBDA_MEMORY_MB)] = Field(
        default=512, description="Memory in MB; 1769 MB is one vCPU. 128 to 10240 (Lambda quotas)."
    )
    timeout_seconds: Annotated[int, Within(limits.LAMBDA_TIMEOUT_SECONDS, literal=True)] = Field(
        default=30, description="Timeout in seconds. 1 to 900 (Lambda quotas)."
    )
    ephemeral_storage_mb: Annotated[int, Within(limits.LAMBDA_EPHEMERAL_STORAGE_MB)] = Field(
        default=512, description="Size of /tmp in MB. 512 to 10240 (Lambda quotas)."
    )
    environment: dict[str, Text] = Field(
        default_factory=dict, description="Environment variables, 4 KB with those that connect_to adds; no secrets."
    )
    secrets_extension: SecretsExtensionConfig | None = Field(
        default=None, description="Layer that reads secrets and parameters for the code, with a cache."
    )
    insights: InsightsConfig | None = Field(
        default=None, description="CloudWatch Lambda Insights; none by default, as its metrics are charged for."
    )
    telemetry: TelemetryConfig | None = Field(
        default=None, description="OpenTelemetry by a layer, which instruments the code; none by default."
    )
    aws_services: tuple[
        Annotated[
            str,
            Matching(
                r"[a-z0-9]+(?:[.-][a-z0-9]+)*",
                "a service is named as its VPC endpoint is, such as sqs or ecr.api",
                "write what follows com.amazonaws.REGION. in the endpoint's name",
                literal=True,
            ),
        ],
        ...,
    ] = Field(
        default=(),
        description="AWS services that the code calls; each gets a way, by the network's endpoint or its NAT.",
    )
    internet_egress_reason: Annotated[
        str,
        Matching(
            r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*",
            "it stands in a security group rule, with at most 232 letters, digits, spaces and characters of "
            "._-:/()#,@[]+=&;{}!$* (EC2 API)",
            "shorten or reword it",
            limits.SECURITY_GROUP_RULE_DESCRIPTION_LENGTH - len("HTTPS to the internet: "),
            literal=True,
        ),
    ] = Field(default="", description="Why the function may open HTTPS to the internet; empty keeps it from it.")
    attachment: AttachmentConfig = Field(default_factory=AttachmentConfig, description="Subnets and security groups.")
    role: RoleConfig = Field(default_factory=RoleConfig, description="The function's role.")
    resource_policy: ResourcePolicyConfig = Field(
        default_factory=ResourcePolicyConfig, description="How the function's resource policy is kept."
    )
    tracing: Annotated[str, OneOf(("Active", "PassThrough"), "tracing", literal=True)] = Field(
        default="Active",
        description="Active samples requests for X-Ray; PassThrough traces what the caller has sampled (Lambda API).",
    )
    logging: LoggingConfig = Field(default_factory=LoggingConfig, description="Logs.")
    asynchronous: AsynchronousConfig = Field(default_factory=AsynchronousConfig, description="Failure path.")
    url: UrlConfig | None = Field(default=None, description="HTTPS endpoint of the function's own; none by default.")
    code_signing: CodeSigningConfig = Field(
        default_factory=CodeSigningConfig, description="Code signing; a container image has none."
    )
    publish: StrictBool = Field(
        default=False,
        description="Publish a version at every change of code or configuration; an alias implies it.",
    )
    publish_to: Annotated[str, OneOf(("", "LATEST_PUBLISHED"), "publish_to", literal=True)] = Field(
        default="",
        description="LATEST_PUBLISHED publishes to $LATEST.PUBLISHED instead of a new number, so that no versions pile "
        "up; managed instances only (AWS provider 6 only).",
    )
    alias: AliasConfig | None = Field(
        default=None,
        description="Alias under which the function is invoked, so that a version, once published, is never changed "
        "under its callers; null lets them invoke the code as it was written last.",
    )
    snap_start: Annotated[str, OneOf(("None", "PublishedVersions"), "snap_start", literal=True)] = Field(
        default="None",
        description="PublishedVersions starts environments of published versions from a snapshot (Lambda guide).",
    )
    runtime_management: RuntimeManagementConfig | None = Field(
        default=None, description="When the runtime is patched; Lambda's own choice is Auto."
    )
    recursion: RecursionConfig | None = Field(
        default=None, description="What Lambda does about loops; its own choice is Terminate."
    )
    resource_timeouts: ResourceTimeoutsConfig | None = Field(
        default=None, description="How long Terraform waits; the provider's own choice is 10 minutes."
    )
    skip_destroy_reason: Reason = Field(
        default="",
        description="Why destroy leaves the function and its versions in the account; empty deletes them. What a kept "
        "function needs (role, groups, subnets) has to be kept too.",
    )
    durable: DurableConfig | None = Field(default=None, description="Durable executions (AWS provider 6 only).")
    tenancy: TenancyConfig | None = Field(default=None, description="Tenant isolation (AWS provider 6 only).")
    capacity_provider: CapacityProviderConfig | None = Field(
        default=None, description="Lambda managed instances (AWS provider 6 only)."
    )
    source_kms_key_arn: KmsKeyArn = Field(
        default="", description="KMS key that Lambda encrypts the zip package with (AWS provider 6 only)."
    )
    alarms: FunctionAlarmsConfig = Field(default_factory=FunctionAlarmsConfig, description="Alarms of the function.")

    @property
    def publishes(self) -> bool:
        """Whether a version is published at every change."""
        return self.publish or bool(self.publish_to) or self.alias is not None

    @property
    def most_provisioned(self) -> int:
        """Most environments that may be kept ready at once; 0 without provisioned concurrency."""
        provisioned = self.alias.provisioned_concurrency if self.alias is not None else None
        return provisioned.most if provisioned is not None else 0

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Every part fits the target and every AWS provider that the target allows."""
        yield from target_problems(self, target)

    def cross_checks(self) -> Iterator[Problem]:
        """What several settings together rule out."""
        yield from setting_problems(self)
