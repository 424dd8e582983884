"""The number of an Aurora cluster's readers, as Application Auto Scaling keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
from constructs import Construct

from modules.core.context import target_of
from modules.database.cluster_scaling_config import ReaderScalingConfig

_SERVICE, _DIMENSION = "rds", "rds:cluster:ReadReplicaCount"


def scale_readers(
    scope: Construct, *, cluster_identifier: str, config: ReaderScalingConfig, instances: Iterable[Any]
) -> None:
    """Let Application Auto Scaling add and remove readers.

    Scheduled actions change the bounds themselves, so Terraform leaves these alone then.

    Readers that it added are not in Terraform's state. AWS refuses to delete a cluster that still has one, so before a
    destroy `reader_scaling` is removed and these readers are deleted.

    Args:
        scope: the cluster's construct.
        cluster_identifier: the cluster, as a token.
        config: the configuration.
        instances: the instances of the configuration, without which there is nothing to measure.
    """
    naming = target_of(scope).naming
    target = AppautoscalingTarget(
        scope,
        "reader-scaling",
        service_namespace=_SERVICE,
        scalable_dimension=_DIMENSION,
        resource_id=f"cluster:{cluster_identifier}",
        min_capacity=config.min_readers,
        max_capacity=config.max_readers,
        lifecycle=TerraformResourceLifecycle(ignore_changes=["min_capacity", "max_capacity"])
        if config.schedules
        else None,
        depends_on=list(instances),
    )
    resource_id: str = target.resource_id
    metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
        predefined_metric_type=config.metric
    )
    AppautoscalingPolicy(
        scope,
        "reader-scaling-policy",
        name=naming.name(f"{scope.node.id}-readers", max_length=256),
        policy_type="TargetTrackingScaling",
        service_namespace=_SERVICE,
        scalable_dimension=_DIMENSION,
        resource_id=resource_id,
        target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
            predefined_metric_specification=metric,
            target_value=config.target_value,
            scale_in_cooldown=config.scale_in_cooldown_seconds,
            scale_out_cooldown=config.scale_out_cooldown_seconds,
            disable_scale_in=not config.scale_in,
        ),
    )
    for name, scheduled in sorted(config.schedules.items()):
        AppautoscalingScheduledAction(
            scope,
            f"reader-scaling-{name}",
            name=naming.name(f"{scope.node.id}-{name}", max_length=256),
            service_namespace=_SERVICE,
            scalable_dimension=_DIMENSION,
            resource_id=resource_id,
            schedule=scheduled.schedule,
            timezone=scheduled.timezone,
            scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                min_capacity=str(scheduled.min_readers), max_capacity=str(scheduled.max_readers)
            ),
        )
