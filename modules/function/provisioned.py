"""Provisioned concurrency of an alias, and Application Auto Scaling of it."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import (
    AppautoscalingScheduledAction,
    AppautoscalingScheduledActionScalableTargetAction,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_provisioned_concurrency_config import LambdaProvisionedConcurrencyConfig
from constructs import Construct

from modules.core.context import target_of
from modules.function.provisioned_config import ProvisionedConcurrencyConfig

_SERVICE, _DIMENSION = "lambda", "lambda:function:ProvisionedConcurrency"
_METRIC = "LambdaProvisionedConcurrencyUtilization"
_MAX_NAME_LENGTH = 256  # application-autoscaling API model, PolicyName and ScheduledActionName


def provision(
    scope: Construct, config: ProvisionedConcurrencyConfig, *, thing: str, alias: LambdaAlias, name: str
) -> LambdaProvisionedConcurrencyConfig:
    """Keep environments of an alias ready.

    They belong to the alias and not to a version, so that they move with it. The function is given by its name: with an
    ARN the provider loses the resource when the function changes.

    Args:
        scope: the alias's construct.
        config: how many, and when.
        thing: the function's construct id, for the names of what scales.
        alias: the alias in Terraform.
        name: the function's name, as a token.
    """
    qualifier: str = alias.name
    count = "provisioned_concurrent_executions"
    provisioned = LambdaProvisionedConcurrencyConfig(
        scope,
        "provisioned-concurrency",
        function_name=name,
        qualifier=qualifier,
        provisioned_concurrent_executions=config.minimum,
        lifecycle=TerraformResourceLifecycle(ignore_changes=[count]) if config.is_scaled else None,
        depends_on=[alias],
    )
    if config.is_scaled:
        _scale(scope, config, thing=thing, resource_id=f"function:{name}:{qualifier}", provisioned=provisioned)
    return provisioned


def _scale(
    scope: Construct,
    config: ProvisionedConcurrencyConfig,
    *,
    thing: str,
    resource_id: str,
    provisioned: LambdaProvisionedConcurrencyConfig,
) -> None:
    """Scale between the bounds; scheduled actions change the bounds themselves, so Terraform leaves them alone then."""
    bounds = ["min_capacity", "max_capacity"]
    naming = target_of(scope).naming
    target = AppautoscalingTarget(
        scope,
        "provisioned-scaling",
        service_namespace=_SERVICE,
        scalable_dimension=_DIMENSION,
        resource_id=resource_id,
        min_capacity=config.minimum,
        max_capacity=config.minimum if config.maximum is None else config.maximum,
        lifecycle=TerraformResourceLifecycle(ignore_changes=bounds) if config.schedules else None,
        depends_on=[provisioned],
    )
    scaled: str = target.resource_id
    if config.tracks_utilization:
        metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
            predefined_metric_type=_METRIC
        )
        AppautoscalingPolicy(
            scope,
            "provisioned-scaling-policy",
            name=naming.name(f"{thing}-provisioned", max_length=_MAX_NAME_LENGTH),
            policy_type="TargetTrackingScaling",
            service_namespace=_SERVICE,
            scalable_dimension=_DIMENSION,
            resource_id=scaled,
            target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                predefined_metric_specification=metric,
                target_value=config.target_utilization_percent / 100,
                scale_in_cooldown=config.scale_in_cooldown_seconds,
                scale_out_cooldown=config.scale_out_cooldown_seconds,
                disable_scale_in=not config.scale_in,
            ),
        )
    for key, scheduled in sorted(config.schedules.items()):
        AppautoscalingScheduledAction(
            scope,
            f"scheduled-{key}",
            name=naming.name(f"{thing}-provisioned-{key}", max_length=_MAX_NAME_LENGTH),
            service_namespace=_SERVICE,
            scalable_dimension=_DIMENSION,
            resource_id=scaled,
            schedule=scheduled.schedule,
            timezone=scheduled.timezone,
            scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                min_capacity=str(scheduled.minimum), max_capacity=str(scheduled.most)
            ),
        )
