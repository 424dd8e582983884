"""CodeDeploy deployment configurations: those of AWS for Lambda, and one's own.

moto 5.2.5 has none of these actions.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult

from local.extensions.codedeploy_shift import ALL, steps
from local.extensions.patching import add_action, state

PREFIX = "CodeDeployDefault."
LONGEST_MINUTES = 2_880  # CodeDeploy quotas: 48 hours between the first and the last shift
_TYPES = ("TimeBasedCanary", "TimeBasedLinear", "AllAtOnce")


def _canary(percentage: int, interval: int) -> dict[str, Any]:
    return {
        "type": "TimeBasedCanary",
        "timeBasedCanary": {"canaryPercentage": percentage, "canaryInterval": interval},
    }


def _linear(percentage: int, interval: int) -> dict[str, Any]:
    return {
        "type": "TimeBasedLinear",
        "timeBasedLinear": {"linearPercentage": percentage, "linearInterval": interval},
    }


BUILT_IN = {
    f"{PREFIX}LambdaAllAtOnce": {"type": "AllAtOnce"},
    **{f"{PREFIX}LambdaCanary10Percent{minutes}Minutes": _canary(10, minutes) for minutes in (5, 10, 15, 30)},
    **{
        f"{PREFIX}LambdaLinear10PercentEvery{minutes}Minute{'s' if minutes > 1 else ''}": _linear(10, minutes)
        for minutes in (1, 2, 3, 10)
    },
}
"""Name to routing (CodeDeploy guide, deployment configurations)."""

OF_SERVERS = tuple(f"{PREFIX}{name}" for name in ("AllAtOnce", "HalfAtATime", "OneAtATime"))


def install() -> None:
    """Extend moto."""
    for action in (
        create_deployment_config,
        get_deployment_config,
        list_deployment_configs,
        delete_deployment_config,
    ):
        add_action(CodeDeployResponse, action)


def create_deployment_config(response: Any) -> Any:
    """Make a configuration."""
    name = given(response, "deploymentConfigName")
    configs = _own(response.codedeploy_backend)
    if name in configs or name.startswith(PREFIX):
        raise CodeDeployException("DeploymentConfigAlreadyExistsException", f"Deployment config {name} already exists.")
    platform = given(response, "computePlatform") or "Server"
    routing = given(response, "trafficRoutingConfig")
    if platform == "Lambda":
        _require_routing(routing)
    config = {
        "deploymentConfigId": str(uuid.uuid4()),
        "deploymentConfigName": name,
        "computePlatform": platform,
        "createTime": time.time(),
        "trafficRoutingConfig": routing,
        "minimumHealthyHosts": given(response, "minimumHealthyHosts"),
        "zonalConfig": given(response, "zonalConfig"),
    }
    configs[name] = {key: value for key, value in config.items() if value is not None}
    return ActionResult({"deploymentConfigId": config["deploymentConfigId"]})


def get_deployment_config(response: Any) -> Any:
    """Describe a configuration."""
    name = given(response, "deploymentConfigName")
    return ActionResult({"deploymentConfigInfo": config_of(response.codedeploy_backend, name)})


def list_deployment_configs(response: Any) -> Any:
    """Name every configuration, on one page."""
    return ActionResult({"deploymentConfigsList": [*OF_SERVERS, *BUILT_IN, *_own(response.codedeploy_backend)]})


def delete_deployment_config(response: Any) -> Any:
    """Delete a configuration that no group has."""
    name = given(response, "deploymentConfigName")
    backend = response.codedeploy_backend
    if name.startswith(PREFIX):
        raise CodeDeployException("InvalidOperationException", "A deployment configuration of AWS cannot be deleted.")
    groups = [group for groups in backend.deployment_groups.values() for group in groups.values()]
    if any(group.deployment_config_name == name for group in groups):
        raise CodeDeployException("DeploymentConfigInUseException", f"The deployment configuration {name} is in use.")
    _own(backend).pop(name, None)
    return EmptyResult()


def given(response: Any, name: str) -> Any:
    """A parameter of the request; None where it is not given."""
    return response._get_param(name)  # noqa: SLF001 - moto's way to read a parameter


def config_of(backend: Any, name: str) -> dict[str, Any]:
    """A configuration, AWS's or one's own.

    Raises:
        CodeDeployException: there is none of that name.
    """
    if name in BUILT_IN:
        return {"deploymentConfigName": name, "computePlatform": "Lambda", "trafficRoutingConfig": BUILT_IN[name]}
    if name in OF_SERVERS:
        return {"deploymentConfigName": name, "computePlatform": "Server"}
    found: dict[str, Any] | None = _own(backend).get(name)
    if found is None:
        raise CodeDeployException(
            "DeploymentConfigDoesNotExistException", f"No deployment configuration found for name: {name}"
        )
    return found


def _own(backend: Any) -> dict[str, dict[str, Any]]:
    return state(backend, "deployment_configs")


def _require_routing(routing: Mapping[str, Any] | None) -> None:
    kind = (routing or {}).get("type")
    if routing is None or kind not in _TYPES:
        raise _routing_error("A Lambda deployment configuration must say how traffic is routed.")
    named = {key for key in ("timeBasedCanary", "timeBasedLinear") if routing.get(key)}
    expected = {str(kind)[0].lower() + str(kind)[1:]} - {"allAtOnce"}
    if named != expected:
        raise _routing_error(f"A traffic routing of type {kind} does not go with {', '.join(sorted(named)) or 'none'}.")
    for values in (routing[key] for key in expected):
        percentage, interval = (next((v for k, v in values.items() if k.endswith(part)), 0) for part in _PARTS)
        if not 1 <= percentage < ALL or interval < 1 or steps(routing)[-1][0] > LONGEST_MINUTES:
            raise _routing_error("Percentages are 1 to 99; the last shift comes within 2880 minutes of the first.")


_PARTS = ("Percentage", "Interval")


def _routing_error(message: str) -> CodeDeployException:
    return CodeDeployException("InvalidTrafficRoutingConfigurationException", message)
