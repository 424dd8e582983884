"""Functions with versions, alias, alarm and deployment group, in an emulator whose minutes the tests let pass."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.emulator import Emulator
from rollout.release import ReleaseTarget, Result

REGION = "eu-west-1"
CANARY = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
TRUST = {"Effect": "Allow", "Principal": {"Service": "codedeploy.amazonaws.com"}, "Action": "sts:AssumeRole"}
Clients = Callable[[str], Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def made_clients() -> Iterator[dict[str, Any]]:
    made: dict[str, Any] = {}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture
def clients(emulator: Emulator, made_clients: dict[str, Any]) -> Clients:
    def client(service: str) -> Any:
        if service not in made_clients:
            made_clients[service] = emulator.client(service, REGION)
        return made_clients[service]

    return client


class PassingClock:
    """A clock whose sleep lets the emulator's minutes pass instead of the test's; `during` acts meanwhile."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator, self.seconds = emulator, 0.0
        self.during: Callable[[float], None] = lambda _seconds: None

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.emulator.pass_deployment_minutes(seconds / 60)
        self.during(self.seconds)


@pytest.fixture
def clock(emulator: Emulator) -> PassingClock:
    return PassingClock(emulator)


class Heard:
    """Keeps everything that a release tells."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.steps: dict[str, list[tuple[float, str]]] = {}
        self.results: list[Result] = []
        self.notes: list[str] = []

    def started(self, name: str, sentence: str) -> None:
        self.begun.append(f"{name}: {sentence}")

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        seen = self.steps.setdefault(name, [])
        if seen[-1:] != [(percent, sentence)]:
            seen.append((percent, sentence))

    def finished(self, result: Result) -> None:
        self.results.append(result)

    def noted(self, sentence: str) -> None:
        self.notes.append(sentence)


@pytest.fixture
def heard() -> Heard:
    return Heard()


class Account:
    """What the tests put into the emulator, and how they look at it."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        self.role: str = clients("iam").create_role(RoleName="deploys", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        self.codedeploy, self.functions, self.alarms = clients("codedeploy"), clients("lambda"), clients("cloudwatch")

    def function(self, name: str, versions: int = 2, **settings: Any) -> None:
        """A function with so many versions, each with code of its own."""
        self.functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler="a.b",
            Code={"ZipFile": archive("1")},
            **settings,
        )
        for number in range(1, versions + 1):
            if number > 1:
                self.change(name, str(number))
            self.functions.publish_version(FunctionName=name)

    def change(self, name: str, code: str) -> None:
        self.functions.update_function_code(FunctionName=name, ZipFile=archive(code))

    def release(
        self, name: str, versions: int = 2, at: int = 1, *, config: str = CANARY, rolls_back: bool = True,
        alarm: bool = True, **hooks: str,
    ) -> ReleaseTarget:  # fmt: skip
        """A function whose alias `live` a deployment group shifts."""
        self.function(name, versions)
        self.functions.create_alias(FunctionName=name, Name="live", FunctionVersion=str(at))
        if alarm:
            self.alarms.put_metric_alarm(
                AlarmName=f"{name}-errors", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=60,
                EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
            )  # fmt: skip
        self.codedeploy.create_application(applicationName=name, computePlatform="Lambda")
        self.codedeploy.create_deployment_group(
            applicationName=name,
            deploymentGroupName="live",
            serviceRoleArn=self.role,
            deploymentConfigName=config,
            deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            alarmConfiguration={"enabled": alarm, "alarms": [{"name": f"{name}-errors"}] if alarm else []},
            autoRollbackConfiguration={"enabled": rolls_back, "events": EVENTS if rolls_back else []},
        )
        return ReleaseTarget(name, "live", name, "live", **hooks)

    def fire(self, name: str, state: str = "ALARM") -> None:
        self.alarms.set_alarm_state(AlarmName=f"{name}-errors", StateValue=state, StateReason="said by a test")

    def alias(self, name: str) -> tuple[str, dict[str, float]]:
        found = self.functions.get_alias(FunctionName=name, Name="live")
        return found["FunctionVersion"], (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})

    def deployment(self, identity: str) -> dict[str, Any]:
        found: dict[str, Any] = self.codedeploy.get_deployment(deploymentId=identity)["deploymentInfo"]
        return found

    def deployments(self, name: str) -> list[str]:
        found: list[str] = self.codedeploy.list_deployments(applicationName=name, deploymentGroupName="live")[
            "deployments"
        ]
        return found


@pytest.fixture
def account(clients: Clients) -> Account:
    return Account(clients)


def archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.py", text)
    return buffer.getvalue()
