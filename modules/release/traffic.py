"""The deployment configuration of a release: AWS's own, or one that is made."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.codedeploy_deployment_config import (
    CodedeployDeploymentConfig,
    CodedeployDeploymentConfigTrafficRoutingConfig,
    CodedeployDeploymentConfigTrafficRoutingConfigTimeBasedCanary,
    CodedeployDeploymentConfigTrafficRoutingConfigTimeBasedLinear,
)
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.release.traffic_config import CanaryConfig, LinearConfig, TrafficConfig


def deployment_config_name(scope: Construct, config: TrafficConfig, *, thing: str) -> str:
    """Name of the deployment configuration, which is made below `scope` where AWS has none.

    A configuration cannot be changed, nor deleted while a group has it: another one has another name, and is there
    before the old one goes.

    Args:
        scope: the release.
        config: how traffic is moved.
        thing: part of the name.
    """
    if config.built_in:
        return config.built_in
    assert isinstance(config, CanaryConfig | LinearConfig)  # noqa: S101  # all at once is AWS's own
    shape = f"{config.kind}-{config.percent}-percent-{config.interval_minutes}-minutes"
    name = target_of(scope).naming.name(f"{thing}-{shape}", max_length=limits.CODEDEPLOY_MAX_NAME_LENGTH)
    canary, linear = None, None
    if isinstance(config, CanaryConfig):
        canary = CodedeployDeploymentConfigTrafficRoutingConfigTimeBasedCanary(
            percentage=config.percent, interval=config.interval_minutes
        )
    else:
        linear = CodedeployDeploymentConfigTrafficRoutingConfigTimeBasedLinear(
            percentage=config.percent, interval=config.interval_minutes
        )
    made = CodedeployDeploymentConfig(
        scope,
        "traffic",
        deployment_config_name=name,
        compute_platform="Lambda",
        traffic_routing_config=CodedeployDeploymentConfigTrafficRoutingConfig(
            type="TimeBasedCanary" if canary else "TimeBasedLinear", time_based_canary=canary, time_based_linear=linear
        ),
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    token: str = made.id
    return token
