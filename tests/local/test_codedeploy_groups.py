"""The extension of CodeDeploy: applications, groups and deployment configurations."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import Emulator
from tests.local.codedeploy_base import EVENTS, GROUP, STYLE, Start, alias, grouped, starting
from tests.local.conftest import Clients


@pytest.fixture
def codedeploy(clients: Clients) -> Any:
    return grouped(clients)


@pytest.fixture
def start(codedeploy: Any, emulator: Emulator) -> Start:
    return starting(codedeploy, emulator)


def test_a_configuration_of_ones_own(codedeploy: Any, start: Start, clients: Clients, emulator: Emulator) -> None:
    routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 25, "canaryInterval": 2}}
    own = {"deploymentConfigName": "own", "computePlatform": "Lambda", "trafficRoutingConfig": routing}
    codedeploy.create_deployment_config(**own)
    found = codedeploy.get_deployment_config(deploymentConfigName="own")["deploymentConfigInfo"]
    assert {name: found[name] for name in own} == own
    assert "own" in codedeploy.list_deployment_configs()["deploymentConfigsList"]
    codedeploy.update_deployment_group(
        applicationName="orders", currentDeploymentGroupName="live", deploymentConfigName="own"
    )
    with pytest.raises(ClientError, match="DeploymentConfigInUseException"):
        codedeploy.delete_deployment_config(deploymentConfigName="own")
    start()
    assert alias(clients) == ("1", {"2": 0.25})
    emulator.pass_deployment_minutes(2.1)
    assert alias(clients) == ("2", {})
    codedeploy.delete_deployment_group(**GROUP)
    codedeploy.delete_deployment_config(deploymentConfigName="own")
    with pytest.raises(ClientError, match="DeploymentConfigDoesNotExistException"):
        codedeploy.get_deployment_config(deploymentConfigName="own")


@pytest.mark.parametrize(
    "routing",
    [
        {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 100, "canaryInterval": 5}},
        {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 2881}},
        {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 1, "linearInterval": 30}},
        {"type": "TimeBasedLinear", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5}},
    ],
)
def test_routing_that_codedeploy_does_not_take_is_refused(clients: Clients, routing: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidTrafficRoutingConfigurationException"):
        clients("codedeploy").create_deployment_config(
            deploymentConfigName="own", computePlatform="Lambda", trafficRoutingConfig=routing
        )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"deploymentConfigName": "none"}, "DeploymentConfigDoesNotExistException"),
        ({"deploymentConfigName": "CodeDeployDefault.OneAtATime"}, "InvalidDeploymentConfigNameException"),
        ({"serviceRoleArn": "arn:aws:iam::123456789012:role/none"}, "InvalidRoleException"),
        ({"deploymentStyle": STYLE | {"deploymentType": "IN_PLACE"}}, "InvalidDeploymentStyleException"),
        ({"alarmConfiguration": {"enabled": True}}, "InvalidAlarmConfigException"),
        ({"autoRollbackConfiguration": {"enabled": True}}, "InvalidAutoRollbackConfigException"),
    ],
)
def test_a_group_that_codedeploy_does_not_take_is_refused(codedeploy: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        codedeploy.update_deployment_group(applicationName="orders", currentDeploymentGroupName="live", **changed)


def test_groups_and_applications_go_and_get_other_names(codedeploy: Any) -> None:
    group = codedeploy.get_deployment_group(**GROUP)["deploymentGroupInfo"]
    assert group["alarmConfiguration"]["alarms"] == [{"name": "errors"}]
    assert group["autoRollbackConfiguration"]["events"] == EVENTS
    codedeploy.update_application(applicationName="orders", newApplicationName="shop")
    assert codedeploy.list_deployment_groups(applicationName="shop")["deploymentGroups"] == ["live"]
    codedeploy.delete_deployment_group(applicationName="shop", deploymentGroupName="live")
    codedeploy.delete_application(applicationName="shop")
    assert codedeploy.list_applications()["applications"] == []
