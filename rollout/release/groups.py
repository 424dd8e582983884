"""What CodeDeploy says of a deployment group: how it shifts, which alarms it watches, what is running."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rollout.readback.check import Clients, pages
from rollout.refusals import error_code
from rollout.release.errors import ReleaseError
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget

ACTIVE_STATUSES = ("Created", "Queued", "InProgress", "Baking", "Ready")
"""Statuses of a deployment that has not ended (codedeploy API model)."""

_ALL_AT_ONCE, _CANARY, _LINEAR = "AllAtOnce", "TimeBasedCanary", "TimeBasedLinear"


@dataclass(frozen=True)
class Traffic:
    """How a deployment configuration shifts traffic.

    Attributes:
        name: its name, such as `CodeDeployDefault.LambdaCanary10Percent5Minutes`.
        kind: `AllAtOnce`, `TimeBasedCanary` or `TimeBasedLinear`.
        percent: traffic that one step shifts, from 1 to 99; 100 for all at once.
        interval_minutes: minutes between two steps; 0 for all at once.
    """

    name: str
    kind: str = _ALL_AT_ONCE
    percent: int = 100
    interval_minutes: int = 0

    @property
    def divides(self) -> bool:
        """Whether both versions take traffic for a while."""
        return self.kind != _ALL_AT_ONCE

    @property
    def minutes(self) -> int:
        """Minutes from the first step to the last, at most."""
        if self.kind == _LINEAR:
            return math.ceil(100 / self.percent) * self.interval_minutes
        return self.interval_minutes

    def __str__(self) -> str:
        """The steps, such as `10 percent, then the rest after 5 minutes`."""
        if self.kind == _CANARY:
            return f"{self.percent} percent, then the rest after {self.interval_minutes} minutes"
        if self.kind == _LINEAR:
            return f"{self.percent} percent every {self.interval_minutes} minutes"
        return "all traffic at once"


@dataclass(frozen=True)
class AlarmState:
    """An alarm of the group.

    Attributes:
        name: its name.
        state: `OK`, `ALARM` or `INSUFFICIENT_DATA`; empty when there is no such alarm.
    """

    name: str
    state: str


@dataclass(frozen=True)
class ActiveDeployment:
    """A deployment that has not ended.

    Attributes:
        deployment_id: such as `d-ABCDEFGHI`.
        status: CodeDeploy's status.
        revision: what it shifts; None when CodeDeploy does not tell.
    """

    deployment_id: str
    status: str
    revision: Revision | None


@dataclass(frozen=True)
class Group:
    """A deployment group as it is now.

    Attributes:
        traffic: how it shifts.
        alarms: what it watches, with their states.
        ignores_unreadable: whether a deployment goes on while an alarm's state cannot be read.
        rolls_back: whether it rolls back by itself when a deployment fails, or an alarm fires.
        active: its deployment that has not ended; None for none.
        last_successful: id of its last deployment that succeeded; empty for none.
    """

    traffic: Traffic
    alarms: tuple[AlarmState, ...]
    ignores_unreadable: bool
    rolls_back: bool
    active: ActiveDeployment | None
    last_successful: str


def read_group(clients: Clients, target: ReleaseTarget) -> Group:
    """The target's deployment group.

    Raises:
        ReleaseError: it does not exist.
    """
    client: Any = clients("codedeploy")  # Any: clients are made from models at run time
    named = {"applicationName": target.application, "deploymentGroupName": target.deployment_group}
    try:
        found = client.get_deployment_group(**named)["deploymentGroupInfo"]
    except ClientError as error:
        if error_code(error) not in {"ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException"}:
            raise
        raise ReleaseError(
            f"{target.name}: CodeDeploy has no deployment group {target.deployment_group} in the application "
            f"{target.application}; the stack makes both; apply the stack first"
        ) from error
    watched = found.get("alarmConfiguration") or {}
    names = [alarm["name"] for alarm in watched.get("alarms") or ()] if watched.get("enabled") else []
    return Group(
        traffic=_traffic(client, found["deploymentConfigName"]),
        alarms=alarm_states(clients, names),
        ignores_unreadable=bool(watched.get("ignorePollAlarmFailure")),
        rolls_back=bool((found.get("autoRollbackConfiguration") or {}).get("enabled")),
        active=_active(client, named),
        last_successful=(found.get("lastSuccessfulDeployment") or {}).get("deploymentId", ""),
    )


def alarm_states(clients: Clients, names: list[str]) -> tuple[AlarmState, ...]:
    """The alarms' states, in the order of the names."""
    if not names:
        return ()
    client: Any = clients("cloudwatch")  # Any: as above
    found = client.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    states = {
        alarm["AlarmName"]: alarm["StateValue"]
        for alarm in (*found.get("MetricAlarms", ()), *found.get("CompositeAlarms", ()))
    }
    return tuple(AlarmState(name, states.get(name, "")) for name in names)


def revision_of(clients: Clients, deployment_id: str) -> Revision | None:
    """What a deployment shifts, or has shifted; None when CodeDeploy does not tell."""
    client: Any = clients("codedeploy")  # Any: as above
    found = client.get_deployment(deploymentId=deployment_id)["deploymentInfo"]
    return Revision.from_location(found.get("revision") or {})


def _traffic(client: Any, name: str) -> Traffic:
    info = client.get_deployment_config(deploymentConfigName=name)["deploymentConfigInfo"]
    routing = info.get("trafficRoutingConfig") or {}
    if routing.get("type") == _CANARY:
        step = routing["timeBasedCanary"]
        return Traffic(name, _CANARY, step["canaryPercentage"], step["canaryInterval"])
    if routing.get("type") == _LINEAR:
        step = routing["timeBasedLinear"]
        return Traffic(name, _LINEAR, step["linearPercentage"], step["linearInterval"])
    return Traffic(name)


def _active(client: Any, named: dict[str, str]) -> ActiveDeployment | None:
    """CodeDeploy runs one deployment of a group at a time."""
    listed = pages(client, "list_deployments", "deployments", **named, includeOnlyStatuses=list(ACTIVE_STATUSES))
    for deployment_id in listed:
        found = client.get_deployment(deploymentId=deployment_id)["deploymentInfo"]
        if found["status"] in ACTIVE_STATUSES:
            return ActiveDeployment(deployment_id, found["status"], Revision.from_location(found.get("revision") or {}))
    return None
