"""From a function's settings to what the function resource takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import modules.core.engine

from cdktf import TerraformResource, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEphemeralStorage,
    LambdaFunctionSnapStart,
    LambdaFunctionTimeouts,
    LambdaFunctionTracingConfig,
)
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.function.advanced_config import InstanceScalingConfig
from modules.function.code import CodeArguments
from modules.function.config import FunctionConfig
from modules.function.extensions import extension_layers
from modules.function.layer_checks import BuiltLayer, layer_problems
from modules.function.settings_config import ResourceTimeoutsConfig

_LATEST_PUBLISHED = "$LATEST.PUBLISHED"


def setting_arguments(config: FunctionConfig, code: CodeArguments) -> dict[str, Any]:
    """Keyword arguments of `LambdaFunction`; those that are None keep the JSON as it is."""
    ignored = list(code.ignore_changes)
    return {
        **code.arguments,
        "lifecycle": TerraformResourceLifecycle(ignore_changes=ignored) if ignored else None,
        "description": config.description or None,
        "memory_size": config.memory_mb,
        "timeout": config.timeout_seconds,
        "ephemeral_storage": LambdaFunctionEphemeralStorage(size=config.ephemeral_storage_mb),
        "reserved_concurrent_executions": config.reserved_concurrency,
        "tracing_config": LambdaFunctionTracingConfig(mode=config.tracing),
        "publish": config.publishes or None,
        "snap_start": LambdaFunctionSnapStart(apply_on=config.snap_start) if config.snap_start != "None" else None,
        "skip_destroy": True if config.skip_destroy_reason else None,
        "timeouts": _timeouts(config.resource_timeouts) if config.resource_timeouts else None,
    }


def write_provider_6_arguments(function: LambdaFunction, config: FunctionConfig) -> None:
    """Arguments that the bindings, which are those of AWS provider 5.100, do not have."""
    if config.durable is not None:
        function.add_override(
            "durable_config",
            {
                "execution_timeout": config.durable.execution_timeout_seconds,
                "retention_period": config.durable.retention_days,
            },
        )
    if config.tenancy is not None:
        function.add_override("tenancy_config", {"tenant_isolation_mode": config.tenancy.tenant_isolation_mode})
    if config.capacity_provider is not None:
        given = {
            "capacity_provider_arn": config.capacity_provider.capacity_provider_arn,
            "execution_environment_memory_gib_per_vcpu": config.capacity_provider.memory_gib_per_vcpu,
            "per_execution_environment_max_concurrency": config.capacity_provider.max_concurrency,
        }
        instances = {name: value for name, value in given.items() if value is not None}
        function.add_override(
            "capacity_provider_config", {"lambda_managed_instances_capacity_provider_config": instances}
        )
    if config.publish_to:
        function.add_override("publish_to", config.publish_to)
    if config.source_kms_key_arn:
        function.add_override("source_kms_key_arn", config.source_kms_key_arn)


def function_layers(
    scope: Construct, config: FunctionConfig, *, code: CodeArguments, built: Sequence[BuiltLayer]
) -> list[str] | None:
    """ARNs in the order in which Lambda unpacks them; a later one wins.

    Raises:
        ConfigError: they do not fit the function, or are too many.
    """
    layers: list[str | BuiltLayer] = [*built, *config.layers, *extension_layers(config)]
    problems = tuple(
        layer_problems(
            layers,
            runtime=code.runtime or "",
            architecture=code.architecture,
            region=target_of(scope).region,
            unzipped_bytes=code.unzipped_bytes,
        )
    )
    if problems:
        raise ConfigError(problems).within(scope.node.path)
    return [layer if isinstance(layer, str) else layer.arn for layer in layers] or None


def add_settings(scope: Construct, config: FunctionConfig, *, function_name: str, version: str) -> None:
    """Settings that are resources of their own: runtime management, recursion, and bounds of managed instances.

    Args:
        scope: the function.
        config: its configuration.
        function_name: its name, as a token.
        version: number of the version that was published last, as a token.
    """
    scaling = config.capacity_provider.scaling if config.capacity_provider is not None else None
    if scaling is not None:
        _scale_instances(
            scope, scaling, function_name=function_name, qualifier=_LATEST_PUBLISHED if config.publish_to else version
        )
    if config.runtime_management is not None:
        from cdktf_cdktf_provider_aws.lambda_runtime_management_config import (  # noqa: PLC0415  # rarely needed
            LambdaRuntimeManagementConfig,
        )

        LambdaRuntimeManagementConfig(
            scope,
            "runtime-management",
            function_name=function_name,
            update_runtime_on=config.runtime_management.update_runtime_on,
            runtime_version_arn=config.runtime_management.runtime_version_arn or None,
        )
    if config.recursion is not None:
        from cdktf_cdktf_provider_aws.lambda_function_recursion_config import (  # noqa: PLC0415  # rarely needed
            LambdaFunctionRecursionConfig,
        )

        LambdaFunctionRecursionConfig(
            scope, "recursion", function_name=function_name, recursive_loop=config.recursion.recursive_loop
        )


def _scale_instances(scope: Construct, scaling: InstanceScalingConfig, *, function_name: str, qualifier: str) -> None:
    """A resource that the bindings, which are those of AWS provider 5.100, do not have."""
    resource = TerraformResource(scope, "scaling", terraform_resource_type="aws_lambda_function_scaling_config")
    resource.add_override("function_name", function_name)
    resource.add_override("qualifier", qualifier)
    given = {
        "min_execution_environments": scaling.min_execution_environments,
        "max_execution_environments": scaling.max_execution_environments,
    }
    bounds = {name: value for name, value in given.items() if value is not None}
    resource.add_override("function_scaling_config", [bounds])


def _timeouts(config: ResourceTimeoutsConfig) -> LambdaFunctionTimeouts:
    return LambdaFunctionTimeouts(
        create=f"{config.create_minutes}m", update=f"{config.update_minutes}m", delete=f"{config.delete_minutes}m"
    )
