"""Leftovers of releases."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, Clients


def test_applications_and_deployment_configurations(empty: Clients) -> None:
    codedeploy = empty("codedeploy")
    routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 25, "canaryInterval": 2}}
    for name in (f"{PREFIX}-release", "other-release"):
        codedeploy.create_application(applicationName=name, computePlatform="Lambda")
        codedeploy.create_deployment_config(
            deploymentConfigName=name, computePlatform="Lambda", trafficRoutingConfig=routing
        )
    assert leftovers(empty, prefix=PREFIX) == (
        f"deployment application {PREFIX}-release",
        f"deployment configuration {PREFIX}-release",
    )
