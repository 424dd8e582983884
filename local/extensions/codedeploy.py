"""CodeDeploy applications and deployment groups, and everything else of CodeDeploy.

moto 5.2.5 deletes neither, changes neither, takes any role, and forgets a group's alarms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.codedeploy import responses
from moto.codedeploy.exceptions import ApplicationAlreadyExistsException, CodeDeployException
from moto.codedeploy.models import CodeDeployBackend
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import iam_backends
from moto.moto_api._internal.urls import url_paths

from local.deployments import DEPLOYMENTS_PATH
from local.extensions import codedeploy_actions, codedeploy_configs, codedeploy_deployments
from local.extensions.codedeploy_actions import moment
from local.extensions.codedeploy_configs import OF_SERVERS, config_of, given
from local.extensions.codedeploy_control import control
from local.extensions.codedeploy_deployments import Deployment
from local.extensions.patching import add_action, wrap

_CREATE_GROUP = (
    "self application_name deployment_group_name deployment_config_name ec2_tag_filters "
    "on_premises_instance_tag_filters auto_scaling_groups service_role_arn trigger_configurations "
    "alarm_configuration auto_rollback_configuration outdated_instances_strategy deployment_style "
    "blue_green_deployment_configuration load_balancer_info ec2_tag_set ecs_services on_premises_tag_set tags "
    "termination_hook_enabled"
)
_CHANGEABLE = {
    "deploymentConfigName": "deployment_config_name",
    "serviceRoleArn": "service_role_arn",
    "triggerConfigurations": "trigger_configurations",
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "deploymentStyle": "deployment_style",
    "outdatedInstancesStrategy": "outdated_instances_strategy",
    "terminationHookEnabled": "termination_hook_enabled",
}
_LAMBDA_STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_MOST_ALARMS = 50  # CodeDeploy quotas
_MOST_TRIGGERS = 10  # CodeDeploy quotas


def install() -> None:
    """Extend moto."""
    for part in (codedeploy_configs, codedeploy_deployments, codedeploy_actions):
        part.install()
    wrap(CodeDeployBackend, "create_deployment_group", _CREATE_GROUP, _create_group)
    wrap(responses, "_deployment_group_info", "deployment_group", _group_info)
    for action in (update_application, delete_application, update_deployment_group, delete_deployment_group):
        add_action(CodeDeployResponse, action)
    url_paths["{0}" + DEPLOYMENTS_PATH] = control


def update_application(response: Any) -> Any:
    """Give an application another name."""
    backend, name, new = response.codedeploy_backend, *_both(response, "applicationName", "newApplicationName")
    application = backend.get_application(name)
    if new and new != name:
        if new in backend.applications:
            raise ApplicationAlreadyExistsException(f"Application already exists: {new}")
        application.application_name = new
        backend.applications[new] = backend.applications.pop(name)
        backend.deployment_groups[new] = backend.deployment_groups.pop(name, {})
    return EmptyResult()


def delete_application(response: Any) -> Any:
    """Delete an application with its groups; one that is not there, too."""
    backend, name = response.codedeploy_backend, given(response, "applicationName")
    for group in list(backend.deployment_groups.get(name, {})):
        _forget(backend, name, group)
    backend.deployment_groups.pop(name, None)
    if backend.applications.pop(name, None) is not None:
        backend.tagger.delete_all_tags_for_resource(backend._application_arn(name))  # noqa: SLF001 - moto's only name for it
    return EmptyResult()


def update_deployment_group(response: Any) -> Any:
    """Change what is given of a group."""
    backend = response.codedeploy_backend
    application, name = _both(response, "applicationName", "currentDeploymentGroupName")
    group = backend.get_deployment_group(application, name)
    values = {field: given(response, parameter) for parameter, field in _CHANGEABLE.items()}
    changed = {field: value for field, value in values.items() if value is not None}
    _require(backend, group.application, {**vars(group), **changed})
    for field, value in changed.items():
        setattr(group, field, value)
    new = given(response, "newDeploymentGroupName")
    if new and new != name:
        group.deployment_group_name = new
        backend.deployment_groups[application][new] = backend.deployment_groups[application].pop(name)
    return ActionResult({"hooksNotCleanedUp": []})


def delete_deployment_group(response: Any) -> Any:
    """Delete a group; one that is not there, too."""
    backend = response.codedeploy_backend
    _forget(backend, *_both(response, "applicationName", "deploymentGroupName"))
    return ActionResult({"hooksNotCleanedUp": []})


def _both(response: Any, first: str, second: str) -> tuple[Any, Any]:
    return given(response, first), given(response, second)


def _forget(backend: Any, application: str, name: str) -> None:
    if backend.deployment_groups.get(application, {}).pop(name, None) is not None:
        backend.tagger.delete_all_tags_for_resource(backend._deployment_group_arn(application, name))  # noqa: SLF001 - moto's only name for it


def _create_group(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    application = backend.applications.get(kwargs["application_name"])
    if application is not None:
        config = kwargs["deployment_config_name"]
        if not config and application.compute_platform == "Lambda":
            kwargs["deployment_config_name"] = "CodeDeployDefault.LambdaAllAtOnce"
        _require(backend, application, kwargs)
    return original(backend, *args, **kwargs)


def _require(backend: Any, application: Any, group: Mapping[str, Any]) -> None:
    """What CodeDeploy checks of a group when it is made or changed."""
    name = str(group["deployment_config_name"] or OF_SERVERS[-1])
    platform = config_of(backend, name)["computePlatform"]
    if application.compute_platform != platform:
        raise CodeDeployException(
            "InvalidDeploymentConfigNameException",
            f"{name} is a configuration for {platform}, and the application is one for {application.compute_platform}.",
        )
    _require_role(backend, group["service_role_arn"])
    if application.compute_platform == "Lambda" and group["deployment_style"] != _LAMBDA_STYLE:
        raise CodeDeployException(
            "InvalidDeploymentStyleException",
            "For Lambda deployment groups, the type is BLUE_GREEN and the option WITH_TRAFFIC_CONTROL.",
        )
    alarms = group["alarm_configuration"] or {}
    if alarms.get("enabled") and not alarms.get("alarms"):
        raise CodeDeployException("InvalidAlarmConfigException", "Alarms are enabled, and none is named.")
    if len(alarms.get("alarms") or ()) > _MOST_ALARMS:
        raise CodeDeployException("AlarmsLimitExceededException", f"A group has at most {_MOST_ALARMS} alarms.")
    rollback = group["auto_rollback_configuration"] or {}
    if rollback.get("enabled") and not rollback.get("events"):
        raise CodeDeployException("InvalidAutoRollbackConfigException", "Rollback is enabled, for no event.")
    if len(group["trigger_configurations"] or ()) > _MOST_TRIGGERS:
        raise CodeDeployException(
            "TriggerTargetsLimitExceededException", f"A group has at most {_MOST_TRIGGERS} triggers."
        )


def _require_role(backend: Any, arn: str) -> None:
    """A role that is there and trusts CodeDeploy."""
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    document = json.loads(role.assume_role_policy_document or "{}") if role else {}
    trusted = ("codedeploy.amazonaws.com", f"codedeploy.{backend.region_name}.amazonaws.com")
    if not any(service in json.dumps(document) for service in trusted):
        raise CodeDeployException(
            "InvalidRoleException",
            "AWS CodeDeploy does not have the permissions required to assume the role "
            f"{arn}; its trust policy must name codedeploy.amazonaws.com.",
        )


def _group_info(original: Any, group: Any) -> dict[str, Any]:
    described: dict[str, Any] = original(group)
    if group.alarm_configuration:
        described["alarmConfiguration"] = {"ignorePollAlarmFailure": False} | group.alarm_configuration
    described["autoRollbackConfiguration"] = group.auto_rollback_configuration
    tried = [each for each in getattr(group, "lambdanet_deployments", ()) if not each.shift.is_active]
    succeeded = [each for each in tried if each.shift.status == "Succeeded"]
    for name, found in (("lastAttemptedDeployment", tried), ("lastSuccessfulDeployment", succeeded)):
        described[name] = _last(found[-1]) if found else {}
    described["targetRevision"] = succeeded[-1].info.revision if succeeded else {}
    return {name: value for name, value in described.items() if value not in (None, {}, "")}


def _last(deployment: Deployment) -> dict[str, Any]:
    return {
        "deploymentId": deployment.info.deployment_id,
        "status": deployment.shift.status,
        "createTime": moment(deployment.shift.created),
        "endTime": moment(deployment.shift.ended),
    }
