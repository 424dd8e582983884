"""CodeDeploy deployments of Lambda functions, which move the alias's weights in moto's Lambda.

moto 5.2.5 keeps a deployment as `Created` for ever, and has no targets, no hooks and no way to stop one. Here each
goes on by the clock of `local.deployments`; it catches up before anything that could see it is answered, and before an
alarm changes its state.
"""

from __future__ import annotations

import random
import string
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.codedeploy.exceptions import CodeDeployException, DeploymentDoesNotExistException
from moto.codedeploy.models import DeploymentInfo, codedeploy_backends

from local.deployments import DeploymentClock, LifecycleHook
from local.extensions.codedeploy_appspec import AppSpec, AppSpecError, RevisionError, content_of, parsed
from local.extensions.codedeploy_configs import PREFIX, config_of
from local.extensions.codedeploy_shift import Event, Failure, Shift, World
from local.extensions.patching import state, wrap

CLOCK = DeploymentClock()
_LOCK = threading.RLock()
_LATEST = "$LATEST"
_ROLLBACK_CONFIG = f"{PREFIX}LambdaAllAtOnce"
_ALARM_PARAMETERS = "self alarm_name reason reason_data state_value"


@dataclass
class Deployment:
    """moto's deployment, and how far it has come.

    Attributes:
        info: as moto keeps it.
        shift: its course.
        rollback: rollbackInfo.
        previous: revision that the group had before.
    """

    info: Any
    shift: Shift
    rollback: dict[str, str]
    previous: dict[str, Any]


def install() -> None:
    """Extend moto."""
    wrap(CloudWatchBackend, "set_alarm_state", _ALARM_PARAMETERS, _caught_up)
    wrap(LambdaBackend, "get_alias", "self name function_name", _caught_up)
    wrap(LambdaBackend, "list_aliases", "self function_name", _caught_up)
    wrap(LambdaBackend, "get_function", "self function_name_or_arn qualifier", _caught_up)


def deployments(backend: Any) -> dict[str, Deployment]:
    """Deployments of Lambda functions by id, caught up with the clock."""
    found: dict[str, Deployment] = state(backend, "deployments")
    with _LOCK:
        for deployment in list(found.values()):
            if deployment.shift.is_active:
                _advance(backend, deployment)
    return found


def deployment_of(backend: Any, deployment_id: str | None) -> Deployment:
    """A deployment.

    Raises:
        CodeDeployException: there is none of that id.
    """
    if not deployment_id:
        raise CodeDeployException("DeploymentIdRequiredException", "The deployment ID is required.")
    found = deployments(backend).get(deployment_id)
    if found is None:
        raise DeploymentDoesNotExistException(f"The deployment {deployment_id} could not be found")
    return found


def create(backend: Any, info: Any) -> str:
    """Begin what moto has just made.

    Raises:
        CodeDeployException: the revision is none, the configuration is not there, or another deployment goes on.
    """
    with _LOCK:
        known = deployments(backend)
        group = info.deployment_group
        of_group = [each for each in known.values() if each.info.deployment_group is group]
        active = next((each for each in of_group if each.shift.is_active), None)
        if active is not None:
            message = (
                f"The Deployment Group '{group.deployment_group_name}' already has an active Deployment "
                f"'{active.info.deployment_id}'"
            )
            raise CodeDeployException("DeploymentLimitExceededException", message)
        try:
            content = content_of(info.revision)
        except RevisionError as error:
            raise CodeDeployException("InvalidRevisionException", str(error)) from None
        routing = config_of(backend, info.deployment_config_name)["trafficRoutingConfig"]
        spec: AppSpec | None
        try:
            spec, broken = parsed(content), ""
        except AppSpecError as error:
            spec, broken = None, str(error)
        done = [each for each in of_group if each.shift.status == "Succeeded"]
        return _begin(backend, info, spec, routing, broken=broken, previous=done[-1].info.revision if done else {})


def stop(backend: Any, deployment: Deployment, *, rolls_back: bool | None) -> None:
    """Stop a deployment, and roll it back if it is asked for here or by its group."""
    with _LOCK:
        deployment.shift.end(
            "Stopped", ("MANUAL_STOP", "The deployment has been stopped on request."), "DEPLOYMENT_STOP_ON_REQUEST"
        )
        _after(backend, deployment, rolls_back=rolls_back)


def report(backend: Any, deployment: Deployment, event: Event, status: str) -> None:
    """Take what a hook says."""
    with _LOCK:
        deployment.shift.report(event, status)
        _after(backend, deployment)


def waiting_hooks() -> Iterator[LifecycleHook]:
    """Hooks that deployments of any account and region wait for."""
    for regions in list(codedeploy_backends.values()):
        for backend in list(regions.values()):
            for identity, deployment in deployments(backend).items():
                for event in deployment.shift.events.values():
                    if event.status == "InProgress" and event.hook:
                        yield LifecycleHook(identity, event.name, event.hook, event.execution_id)


def _begin(
    backend: Any, info: Any, spec: AppSpec | None, routing: Mapping[str, Any], *, broken: str = "",
    previous: Mapping[str, Any], now: float | None = None,
) -> str:  # fmt: skip
    aliases = lambda_backends[backend.account_id][backend.region_name]._lambdas  # noqa: SLF001 - moto's store has no public name
    is_rollback = info.creator != "user"

    def move(version: str, weights: Mapping[str, float]) -> None:
        assert spec is not None  # noqa: S101 - a deployment without one moves nothing
        alias = aliases.get_alias(spec.alias, spec.function)
        alias.function_version = version
        alias.routing_config = {"AdditionalVersionWeights": dict(weights)} if weights else {}
        alias.revision_id = info.deployment_id

    world = World(
        alarm=lambda: None if is_rollback else _alarm(backend, info),
        problem=lambda: (
            ("INVALID_REVISION", broken) if spec is None else _problem(aliases, spec, is_rollback=is_rollback)
        ),
        is_function=lambda name: _is_function(aliases, name),
        move=move,
    )
    info.deployment_id = "d-" + "".join(random.choices(string.ascii_uppercase + string.digits, k=9))  # noqa: S311 - an id, no secret
    shift = Shift(spec, routing, world, now=CLOCK.minutes() if now is None else now)
    info.lambdanet_deployment = Deployment(info, shift, {}, dict(previous))
    state(backend, "deployments")[info.deployment_id] = info.lambdanet_deployment
    vars(info.deployment_group).setdefault("lambdanet_deployments", []).append(info.lambdanet_deployment)
    return str(info.deployment_id)


def _advance(backend: Any, deployment: Deployment) -> None:
    deployment.shift.advance(CLOCK.minutes())
    _after(backend, deployment)


def _after(backend: Any, deployment: Deployment, *, rolls_back: bool | None = None) -> None:
    """Tell moto the status, and roll back what has ended badly and is to be."""
    shift, info = deployment.shift, deployment.info
    info.status = shift.status
    if shift.is_active or not shift.rollback_event or deployment.rollback or info.creator != "user":
        return
    config = info.auto_rollback_configuration or info.deployment_group.auto_rollback_configuration or {}
    by_config = bool(config.get("enabled")) and shift.rollback_event in config.get("events", ())
    if shift.spec is None or not (by_config if rolls_back is None else rolls_back):
        return
    spec = shift.spec.reversed()
    undoing = DeploymentInfo(
        info.application, info.deployment_group, spec.revision(), _ROLLBACK_CONFIG,
        f"Rollback of deployment {info.deployment_id}", None, None, None, None, None, None, "codeDeployRollback",
    )  # fmt: skip
    routing = config_of(backend, _ROLLBACK_CONFIG)["trafficRoutingConfig"]
    identity = _begin(backend, undoing, spec, routing, previous=info.revision, now=shift.ended)
    backend.deployments[identity] = undoing
    deployment.rollback = {
        "rollbackDeploymentId": identity,
        "rollbackMessage": f"Deployment {info.deployment_id} is rolled back by deployment {identity}.",
    }
    made = state(backend, "deployments")[identity]
    made.rollback = {"rollbackTriggeringDeploymentId": info.deployment_id}
    _advance(backend, made)


def _alarm(backend: Any, info: Any) -> Failure | None:
    """Why the group's alarms stop the deployment."""
    group = info.deployment_group
    config = info.override_alarm_configuration or group.alarm_configuration or {}
    if not config.get("enabled"):
        return None
    alarms = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    names = [alarm["name"] for alarm in config.get("alarms") or ()]
    missing = [name for name in names if name not in alarms]
    if missing and not config.get("ignorePollAlarmFailure"):
        return "ALARM_ACTIVE", f"The state of these alarms could not be retrieved: {', '.join(missing)}"
    firing = [name for name in names if name in alarms and alarms[name].state_value == "ALARM"]
    if not firing:
        return None
    return "ALARM_ACTIVE", f"Alarms have been activated, and the deployment has been stopped: {', '.join(firing)}"


def _problem(aliases: Any, spec: AppSpec, *, is_rollback: bool) -> Failure | None:
    """What of the AppSpec file is not so in Lambda."""
    if not _is_function(aliases, spec.function):
        return "INVALID_LAMBDA_FUNCTION", f"The Lambda function {spec.function} does not exist."
    found = {alias.name: alias for alias in aliases.list_aliases(spec.function)}
    if spec.alias not in found:
        return "INVALID_LAMBDA_CONFIGURATION", f"The function {spec.function} has no alias {spec.alias}."
    published = {str(version.version) for version in aliases.list_versions_by_function(spec.function)} - {_LATEST}
    for version in (spec.current, spec.target):
        if version not in published:
            return "INVALID_LAMBDA_CONFIGURATION", f"The function {spec.function} has no version {version}."
    has = found[spec.alias].function_version
    if has != spec.current and not is_rollback:
        message = f"The alias {spec.alias} has version {has}, and CurrentVersion is {spec.current}."
        return "INVALID_LAMBDA_CONFIGURATION", message
    return None


def _is_function(aliases: Any, name: str) -> bool:
    parts = name.split(":")
    named = parts[6:] if name.startswith("arn:") else parts
    return bool(named) and named[0] in aliases._functions  # noqa: SLF001 - moto's store has no public name


def _caught_up(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    deployments(codedeploy_backends[backend.account_id][backend.region_name])
    return original(backend, *args, **kwargs)
