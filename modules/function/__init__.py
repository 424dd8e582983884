"""VPC-attached Lambda functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.function.advanced_config import (
    CapacityProviderConfig,
    DurableConfig,
    InstanceScalingConfig,
    TenancyConfig,
)
from modules.function.alarms_config import FunctionAlarmsConfig
from modules.function.alias_config import AliasConfig, RoutingConfig
from modules.function.asynchronous_config import AsynchronousConfig, AsynchronousInvocationConfig
from modules.function.attachment_config import AttachmentConfig, SubnetConfig
from modules.function.code import (
    ArtifactStoreConfig,
    BuildCode,
    ImageCode,
    InlineCode,
    NodeCode,
    PythonCode,
    S3Code,
    ZipCode,
)
from modules.function.config import FunctionConfig
from modules.function.destinations_config import (
    DestinationConfig,
    ExistingDeadLettersConfig,
    NewDeadLetterQueueConfig,
    NoDeadLettersConfig,
)
from modules.function.insights_config import InsightsConfig
from modules.function.layer_config import LayerConfig
from modules.function.logging_config import LoggingConfig
from modules.function.provisioned_config import (
    ProvisionedConcurrencyConfig,
    ScheduledProvisionedConcurrencyConfig,
)
from modules.function.references_config import SecretsExtensionConfig
from modules.function.resource_policy_config import InvokeConfig, ResourcePolicyConfig
from modules.function.role_config import ExistingRoleConfig, RoleConfig
from modules.function.settings_config import RecursionConfig, ResourceTimeoutsConfig, RuntimeManagementConfig
from modules.function.signing_config import CodeSigningConfig
from modules.function.telemetry_config import TelemetryConfig
from modules.function.url_config import CorsConfig, UrlConfig

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias
    from modules.function.construct import Function
    from modules.function.existing import ExistingFunction
    from modules.function.existing_config import ExistingFunctionConfig
    from modules.function.layer import Layer

__all__ = [
    "AliasConfig",
    "ArtifactStoreConfig",
    "AsynchronousConfig",
    "AsynchronousInvocationConfig",
    "AttachmentConfig",
    "BuildCode",
    "CapacityProviderConfig",
    "CodeSigningConfig",
    "CorsConfig",
    "DestinationConfig",
    "DurableConfig",
    "ExistingDeadLettersConfig",
    "ExistingFunction",
    "ExistingFunctionConfig",
    "ExistingRoleConfig",
    "Function",
    "FunctionAlarmsConfig",
    "FunctionAlias",
    "FunctionConfig",
    "ImageCode",
    "InlineCode",
    "InsightsConfig",
    "InstanceScalingConfig",
    "InvokeConfig",
    "Layer",
    "LayerConfig",
    "LoggingConfig",
    "NewDeadLetterQueueConfig",
    "NoDeadLettersConfig",
    "NodeCode",
    "ProvisionedConcurrencyConfig",
    "PythonCode",
    "RecursionConfig",
    "ResourcePolicyConfig",
    "ResourceTimeoutsConfig",
    "RoleConfig",
    "RoutingConfig",
    "RuntimeManagementConfig",
    "S3Code",
    "ScheduledProvisionedConcurrencyConfig",
    "SecretsExtensionConfig",
    "SubnetConfig",
    "TelemetryConfig",
    "TenancyConfig",
    "UrlConfig",
    "ZipCode",
]

__getattr__ = on_first_use(
    __name__,
    {
        "ExistingFunction": "existing",
        "ExistingFunctionConfig": "existing_config",
        "Function": "construct",
        "FunctionAlias": "alias",
        "Layer": "layer",
    },
)
