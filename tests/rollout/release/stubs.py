"""botocore's own stubs, fed with answers of the services' real shapes: what the emulator cannot be brought to."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3
from botocore.stub import Stubber

from rollout.release import ReleaseTarget, client_config
from rollout.release.revision import Revision

TARGET = ReleaseTarget("orders", "live", "orders", "live")
GROUP = {"applicationName": "orders", "deploymentGroupName": "live"}


class Stubs:
    """Clients that answer what they are told to, in that order, and fail on any other request."""

    def __init__(self) -> None:
        self.clients = {name: _client(name) for name in _SERVICES}
        self.stubbers = {name: Stubber(client) for name, client in self.clients.items()}

    def __call__(self, service: str) -> Any:
        return self.clients[service]

    def answer(self, service: str, operation: str, response: dict[str, Any], expected: Any = None) -> None:
        self.stubbers[service].add_response(operation, response, expected)

    def refuse(self, service: str, operation: str, code: str, message: str) -> None:
        self.stubbers[service].add_client_error(operation, code, message)

    def alias(self, version: str, weights: dict[str, float] | None = None) -> None:
        routing = {"RoutingConfig": {"AdditionalVersionWeights": weights}} if weights else {}
        self.answer("lambda", "get_alias", {"FunctionVersion": version, **routing})

    def group(self, *, alarm: str = "", active: str = "", to: str = "2", unwatched: bool = False) -> None:
        watched = [{"name": "errors"}] if alarm else []
        alarms = {"enabled": bool(alarm), "ignorePollAlarmFailure": unwatched, "alarms": watched}
        info = {**GROUP, "deploymentConfigName": "CodeDeployDefault.LambdaAllAtOnce", "alarmConfiguration": alarms}
        self.answer("codedeploy", "get_deployment_group", {"deploymentGroupInfo": info})
        config = {"trafficRoutingConfig": {"type": "AllAtOnce"}}
        self.answer("codedeploy", "get_deployment_config", {"deploymentConfigInfo": config})
        if alarm:
            found = {"MetricAlarms": [{"AlarmName": "errors", "StateValue": alarm}]}
            self.answer("cloudwatch", "describe_alarms", found)
        self.answer("codedeploy", "list_deployments", {"deployments": [active] if active else []})
        if active:
            revision = Revision("orders", "live", "1", to).location()
            self.deployment(active, "InProgress", events=None, revision=revision)

    def version(self, number: str, **more: Any) -> None:
        found = {"Version": number, "CodeSha256": number, "State": "Active", **more}
        self.answer("lambda", "get_function_configuration", found)

    def planned(self) -> None:
        """Everything that a plan of version 1 to 2 reads."""
        self.alias("1")
        self.group()
        self.answer(
            "lambda", "list_versions_by_function", {"Versions": [{"Version": v} for v in ("$LATEST", "1", "2")]}
        )
        for number in ("2", "$LATEST", "1"):
            self.version(number, CodeSha256="1" if number == "1" else "2")

    def deployment(
        self, identity: str, status: str, *, events: Sequence[Mapping[str, Any]] | None = (), **more: Any
    ) -> None:
        """A deployment and, unless `events` is None, its lifecycle events."""
        self.answer("codedeploy", "get_deployment", {"deploymentInfo": {"status": status, **more}})
        if events is None:
            return
        self.answer("codedeploy", "list_deployment_targets", {"targetIds": ["orders:live"]})
        target = {"deploymentTargetType": "LambdaTarget", "lambdaTarget": {"lifecycleEvents": list(events)}}
        expected = {"deploymentId": identity, "targetIds": ["orders:live"]}
        self.answer("codedeploy", "batch_get_deployment_targets", {"deploymentTargets": [target]}, expected)


@functools.cache
def _client(service: str) -> Any:
    """Made once: a stubbed client never opens a connection."""
    session: Any = boto3.session.Session(
        region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    return session.client(service, config=client_config())


_SERVICES = ("lambda", "codedeploy", "cloudwatch")


@contextmanager
def stubbed() -> Iterator[Stubs]:
    """Stubs, all of whose answers must have been asked for at the end."""
    stubs = Stubs()
    with ExitStack() as active:
        for stubber in stubs.stubbers.values():
            active.enter_context(stubber)
        yield stubs
    for stubber in stubs.stubbers.values():
        stubber.assert_no_pending_responses()


def started(stubs: Stubs) -> None:
    """Everything that is asked until a deployment of version 1 to 2 has started."""
    stubs.planned()
    stubs.version("2")
    stubs.answer("codedeploy", "create_deployment", {"deploymentId": "d-ABCDEFGHI"})


class Instant:
    """A clock whose waiting takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
