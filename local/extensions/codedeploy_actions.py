"""What CodeDeploy answers about deployments of Lambda functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import CodeDeployBackend
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult

from local.extensions.codedeploy_configs import given
from local.extensions.codedeploy_deployments import CLOCK, Deployment, create, deployment_of, deployments, report, stop
from local.extensions.codedeploy_shift import Event
from local.extensions.patching import add_action, wrap

_CREATE = (
    "self application_name deployment_group_name revision deployment_config_name description "
    "ignore_application_stop_failures target_instances auto_rollback_configuration update_outdated_instances_only "
    "file_exists_behavior override_alarm_configuration"
)
_LIST = "self application_name deployment_group_name external_id include_only_statuses create_time_range"
_MOST_TARGETS = 25


def install() -> None:
    """Extend moto."""
    wrap(CodeDeployBackend, "create_deployment", _CREATE, _create)
    wrap(CodeDeployBackend, "get_deployment", "self deployment_id", _caught_up)
    wrap(CodeDeployBackend, "batch_get_deployments", "self deployment_ids", _caught_up)
    wrap(CodeDeployBackend, "get_deployment_group", "self application_name deployment_group_name", _caught_up)
    wrap(CodeDeployBackend, "list_deployments", _LIST, _list)
    wrap(responses, "_deployment_info", "deployment", _info)
    for action in (
        stop_deployment,
        get_deployment_target,
        batch_get_deployment_targets,
        list_deployment_targets,
        put_lifecycle_event_hook_execution_status,
    ):
        add_action(CodeDeployResponse, action)


def stop_deployment(response: Any) -> Any:
    """Stop a deployment that goes on, with or without a rollback."""
    backend, deployment = response.codedeploy_backend, _deployment(response)
    if not deployment.shift.is_active:
        identity = deployment.info.deployment_id
        message = f"The deployment {identity} has already completed."
        raise CodeDeployException("DeploymentAlreadyCompletedException", message)
    stop(backend, deployment, rolls_back=given(response, "autoRollbackEnabled"))
    return ActionResult({"status": "Succeeded", "statusMessage": "The deployment has been stopped."})


def get_deployment_target(response: Any) -> Any:
    """Describe the function that a deployment is about."""
    target = given(response, "targetId")
    return ActionResult({"deploymentTarget": _targets(response, [target])[0]})


def batch_get_deployment_targets(response: Any) -> Any:
    """Describe the functions that a deployment is about."""
    return ActionResult({"deploymentTargets": _targets(response, given(response, "targetIds"))})


def list_deployment_targets(response: Any) -> Any:
    """Name the functions that a deployment is about, on one page."""
    spec = _deployment(response).shift.spec
    return ActionResult({"targetIds": [spec.function] if spec else []})


def put_lifecycle_event_hook_execution_status(response: Any) -> Any:
    """Take what the function of a hook says."""
    deployment, status = _deployment(response), given(response, "status")
    identity = given(response, "lifecycleEventHookExecutionId")
    if status not in ("Succeeded", "Failed"):
        raise CodeDeployException(
            "InvalidLifecycleEventHookExecutionStatusException", f"A hook reports Succeeded or Failed, not {status}."
        )
    event = next((event for event in deployment.shift.events.values() if event.execution_id == identity), None)
    if event is None or not event.hook or event.began is None:
        raise CodeDeployException(
            "InvalidLifecycleEventHookExecutionIdException", f"No hook of this deployment has the id {identity}."
        )
    if event.status != "InProgress":
        raise CodeDeployException(
            "LifecycleEventAlreadyCompletedException", f"The lifecycle event {event.name} has already completed."
        )
    report(response.codedeploy_backend, deployment, event, status)
    return ActionResult({"lifecycleEventHookExecutionId": identity})


def moment(minutes: float | None) -> datetime | None:
    """A minute of the clock as a time."""
    return None if minutes is None else datetime.fromtimestamp(CLOCK.time_at(minutes), UTC)


def _deployment(response: Any) -> Deployment:
    return deployment_of(response.codedeploy_backend, given(response, "deploymentId"))


def _create(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    identity = original(backend, *args, **kwargs)
    info = backend.deployments[identity]
    if info.application.compute_platform != "Lambda":
        return identity
    backend.deployments.pop(identity)
    made = create(backend, info)
    backend.deployments[made] = info
    return made


def _caught_up(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    deployments(backend)
    return original(backend, *args, **kwargs)


def _list(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """The newest first, as CodeDeploy lists them."""
    return _caught_up(original, backend, *args, **kwargs)[::-1]


def _info(original: Any, info: Any) -> dict[str, Any]:
    described: dict[str, Any] = original(info)
    group = info.deployment_group
    known: Deployment | None = getattr(info, "lambdanet_deployment", None)
    if known is None:
        return described
    shift = known.shift
    done = {"Succeeded": "Succeeded", "Failed": "Failed", "Stopped": "Failed", "Created": "Pending"}
    described |= {
        "status": shift.status,
        "createTime": moment(shift.created),
        "startTime": moment(shift.started),
        "completeTime": moment(shift.ended),
        "previousRevision": known.previous,
        "errorInformation": _error(known),
        "rollbackInfo": known.rollback,
        "deploymentOverview": {
            **dict.fromkeys(described["deploymentOverview"], 0),
            done.get(shift.status, "InProgress"): 1,
        },
        "autoRollbackConfiguration": info.auto_rollback_configuration or group.auto_rollback_configuration,
    }
    return {name: value for name, value in described.items() if value not in (None, {})}


def _error(deployment: Deployment) -> dict[str, str]:
    error = deployment.shift.error
    return {} if error is None else {"code": error[0], "message": error[1]}


def _targets(response: Any, wanted: list[str]) -> list[dict[str, Any]]:
    deployment = _deployment(response)
    if len(wanted) > _MOST_TARGETS:
        raise CodeDeployException(
            "DeploymentTargetListSizeExceededException", f"At most {_MOST_TARGETS} targets are described at once."
        )
    shift = deployment.shift
    if shift.started is None and shift.is_active:
        raise CodeDeployException(
            "DeploymentNotStartedException", f"The deployment {deployment.info.deployment_id} has not started."
        )
    for target in wanted:
        if shift.spec is None or target != shift.spec.function:
            raise CodeDeployException(
                "DeploymentTargetDoesNotExistException", f"The deployment has no target {target}."
            )
    arn = f"arn:{response.partition}:lambda:{response.region}:{response.current_account}:function:"
    return [_target(deployment, arn + target) for target in wanted]


def _target(deployment: Deployment, arn: str) -> dict[str, Any]:
    shift, spec = deployment.shift, deployment.shift.spec
    assert spec is not None  # noqa: S101 - one without has no targets
    status = {"Succeeded": "Succeeded", "InProgress": "InProgress"}.get(shift.status, "Failed")
    times = [time for event in shift.events.values() for time in (event.began, event.ended) if time is not None]
    return {
        "deploymentTargetType": "LambdaTarget",
        "lambdaTarget": {
            "deploymentId": deployment.info.deployment_id,
            "targetId": spec.function,
            "targetArn": arn,
            "status": status,
            "lastUpdatedAt": moment(max(times, default=shift.created)),
            "lifecycleEvents": [_event(event) for event in shift.events.values()],
            "lambdaFunctionInfo": {
                "functionName": spec.function,
                "functionAlias": spec.alias,
                "currentVersion": spec.current,
                "targetVersion": spec.target,
                "targetVersionWeight": float(shift.percent),
            },
        },
    }


def _event(event: Event) -> dict[str, Any]:
    described: dict[str, Any] = {
        "lifecycleEventName": event.name,
        "status": event.status,
        "startTime": moment(event.began),
        "endTime": moment(event.ended),
    }
    if event.failure is not None:
        described["diagnostics"] = {"errorCode": "UnknownError", "message": event.failure[1]}
    return {name: value for name, value in described.items() if value is not None}
