"""Application Auto Scaling of a provisioned table."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct

from modules.core.context import target_of
from modules.table.capacity_config import ProvisionedConfig, ScaledUnitsConfig

_SERVICE = "dynamodb"


def add_scaling(table: Construct, config: ProvisionedConfig, *, table_name: str) -> None:
    """Scale reads and writes between their bounds; nothing where the bounds are one."""
    for kind, units in (("Read", config.read), ("Write", config.write)):
        if units.scales:
            _scale(table, kind, units, table_name)


def _scale(table: Construct, kind: str, units: ScaledUnitsConfig, table_name: str) -> None:
    target = AppautoscalingTarget(
        table,
        f"scaling-{kind.lower()}",
        service_namespace=_SERVICE,
        resource_id=f"table/{table_name}",
        scalable_dimension=f"dynamodb:table:{kind}CapacityUnits",
        min_capacity=units.minimum_units,
        max_capacity=units.maximum_units,
    )
    metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
        predefined_metric_type=f"DynamoDB{kind}CapacityUtilization"
    )
    AppautoscalingPolicy(
        table,
        f"scaling-{kind.lower()}-policy",
        name=target_of(table).naming.name(f"{table.node.id}-{kind.lower()}", max_length=256),
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
            target_value=units.target_utilization_percent, predefined_metric_specification=metric
        ),
    )
