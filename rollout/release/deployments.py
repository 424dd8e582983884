"""Deployments: made, joined, read and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rollout.readback.check import Clients, pages
from rollout.refusals import error_code
from rollout.release.groups import ACTIVE_STATUSES, Group, read_group
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget

AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"
"""Deployment configuration of a rollback (CodeDeploy user guide)."""

_DESCRIPTION_CHARACTERS = 256
"""CodeDeploy quotas: characters of a deployment's description."""

_ENDS = {"ALARM_ACTIVE": "DEPLOYMENT_STOP_ON_ALARM", "MANUAL_STOP": "DEPLOYMENT_STOP_ON_REQUEST"}
"""The end that a rollback belongs to, by the error's code (codedeploy API model); any other is a failure."""

_NOT_BEGUN = frozenset({"DeploymentNotStartedException"})
_PASSED = frozenset({"Succeeded", "Pending", "Skipped"})


@dataclass(frozen=True)
class Deployment:
    """A deployment as it is now.

    Attributes:
        deployment_id: such as `d-ABCDEFGHI`.
        status: CodeDeploy's status.
        error: code and message of what ended it; empty when nothing did.
        event: the lifecycle event that runs, such as `BeforeAllowTraffic`; empty for none.
        failed_events: lifecycle events that did not succeed, one phrase each.
        rolls_back: whether CodeDeploy rolls it back after an end like its own.
        rollback_id: the deployment that rolls it back; empty for none.
        rollback_message: what CodeDeploy says of that rollback.
    """

    deployment_id: str
    status: str
    error: str
    event: str
    failed_events: tuple[str, ...]
    rolls_back: bool
    rollback_id: str
    rollback_message: str

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.status in ACTIVE_STATUSES


def read_deployment(clients: Clients, deployment_id: str) -> Deployment:
    """A deployment as it is now."""
    client: Any = clients("codedeploy")  # Any: clients are made from models at run time
    found = client.get_deployment(deploymentId=deployment_id)["deploymentInfo"]
    events = _events(client, deployment_id)
    error, rollback = found.get("errorInformation") or {}, found.get("rollbackInfo") or {}
    return Deployment(
        deployment_id=deployment_id,
        status=found["status"],
        error=": ".join(filter(None, (error.get("code"), error.get("message", "").rstrip(".")))),
        event=next((e["lifecycleEventName"] for e in events if e.get("status") == "InProgress"), ""),
        failed_events=tuple(
            _failed(e, error.get("message", ""))
            for e in events
            if e.get("status") not in {*_PASSED, "InProgress", None}
        ),
        rolls_back=_rolls_back(found.get("autoRollbackConfiguration") or {}, error.get("code", "")),
        rollback_id=rollback.get("rollbackDeploymentId", ""),
        rollback_message=rollback.get("rollbackMessage", "").rstrip("."),
    )


def create_deployment(
    clients: Clients,
    target: ReleaseTarget,
    revision: Revision,
    group: Group,
    *,
    ignored_alarms: Sequence[str] = (),
    reason: str = "",
) -> tuple[str, bool]:
    """Start a deployment as the group is set up, or join the one that shifts the same.

    A request that was sent again because its answer was lost finds the deployment of the first: it is joined too.

    Returns:
        The deployment's id, and whether it was there already.
    """
    said = f"version {revision.current_version} to {revision.target_version} by lambdanet"
    options: dict[str, Any] = {}
    if ignored_alarms:
        watched = [{"name": alarm.name} for alarm in group.alarms if alarm.name not in ignored_alarms]
        options["overrideAlarmConfiguration"] = {
            "enabled": bool(watched),
            "ignorePollAlarmFailure": group.ignores_unreadable,
            "alarms": watched,
        }
        said += f"; {', '.join(ignored_alarms)} ignored: {reason}"
    return _created(clients, target, revision, description=said, **options)


def create_rollback(clients: Clients, target: ReleaseTarget, revision: Revision, reason: str) -> tuple[str, bool]:
    """Start a deployment that goes back: at once, whatever alarms say, without hooks."""
    return _created(
        clients,
        target,
        revision,
        description=f"back to version {revision.target_version} by lambdanet; {reason}",
        deploymentConfigName=AT_ONCE,
        overrideAlarmConfiguration={"enabled": False, "alarms": []},
        autoRollbackConfiguration={"enabled": False},
    )


def stop_deployment(clients: Clients, deployment_id: str) -> None:
    """Stop a deployment and roll it back; one that has ended meanwhile is left as it is."""
    client: Any = clients("codedeploy")  # Any: as above
    try:
        client.stop_deployment(deploymentId=deployment_id, autoRollbackEnabled=True)
    except ClientError as error:
        if error_code(error) != "DeploymentAlreadyCompletedException":
            raise


def _created(
    clients: Clients, target: ReleaseTarget, revision: Revision, *, description: str, **options: Any
) -> tuple[str, bool]:
    client: Any = clients("codedeploy")  # Any: as above
    try:
        answer = client.create_deployment(
            applicationName=target.application,
            deploymentGroupName=target.deployment_group,
            revision=revision.location(),
            description=description[:_DESCRIPTION_CHARACTERS],
            **options,
        )
    except ClientError as error:
        active = read_group(clients, target).active if error_code(error) == "DeploymentLimitExceededException" else None
        if active is None or active.revision is None or not _shifts_the_same(active.revision, revision):
            raise
        return active.deployment_id, True
    return str(answer["deploymentId"]), False


def _shifts_the_same(one: Revision, other: Revision) -> bool:
    def shifted(revision: Revision) -> tuple[str, ...]:
        return (revision.function_name, revision.alias, revision.current_version, revision.target_version)

    return shifted(one) == shifted(other)


def _events(client: Any, deployment_id: str) -> list[dict[str, Any]]:
    try:
        ids = pages(client, "list_deployment_targets", "targetIds", deploymentId=deployment_id)
        if not ids:
            return []
        found = client.batch_get_deployment_targets(deploymentId=deployment_id, targetIds=ids)
    except ClientError as error:
        if error_code(error) not in _NOT_BEGUN:
            raise
        return []
    return [
        event
        for target in found.get("deploymentTargets", ())
        for event in (target.get("lambdaTarget") or {}).get("lifecycleEvents", ())
    ]


def _rolls_back(automatic: dict[str, Any], code: str) -> bool:
    """Whether CodeDeploy gives the traffic back after this end."""
    event = _ENDS.get(code, "DEPLOYMENT_FAILURE")
    return bool(automatic.get("enabled")) and event in automatic.get("events", (event,))


def _failed(event: dict[str, Any], known: str) -> str:
    """The event and why it failed, unless that is what ended the deployment and told with it."""
    diagnostics = event.get("diagnostics") or {}
    parts = (diagnostics.get("errorCode"), diagnostics.get("message", "").rstrip("."))
    why = "" if diagnostics.get("message") == known else ": ".join(filter(None, parts))
    return f"{event['lifecycleEventName']} {event['status']}" + (f" ({why})" if why else "")
