"""Executions of a state machine that starts builds, in an AWS inside of this process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)

REGION, ROLE = "us-east-1", "arn:aws:iam::123456789012:role/waves"
_LONGEST_SECONDS = 20

Variables = Mapping[str, str]


@dataclass
class Builds:
    """Builds that were started, and how each ends.

    Attributes:
        ends: status that a build ends in, by its environment.
        message: what CodeBuild tells about the phases of a build, by its environment.
        started: environment of each build, in the order in which they were started.
        parameters: everything else that each was started with.
        ids: their ids.
    """

    ends: Callable[[Variables], str]
    message: Callable[[Variables], str] = lambda _: ""
    started: list[dict[str, str]] = field(default_factory=list)
    parameters: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    _by_id: dict[str, dict[str, str]] = field(default_factory=dict)

    def attach(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let moto's CodeBuild end builds so, and its Step Functions pass fields by the names of the API."""
        start = CodeBuildResponse.start_build

        def start_build(response: Any) -> Any:
            given = json.loads(response.body)
            answer = start(response)
            variables = {each["name"]: each["value"] for each in given.pop("environmentVariablesOverride")}
            self.started.append(variables)
            self.parameters.append(given)
            self.ids.append(response.codebuild_backend.build_metadata[given["projectName"]].build_metadata["id"])
            self._by_id[self.ids[-1]] = variables
            return answer

        def batch_get_builds(_: Any, ids: list[str]) -> list[dict[str, Any]]:
            return [
                {"id": each, "buildStatus": self.ends(self._by_id[each]), "phases": self._phases(self._by_id[each])}
                for each in ids
            ]

        monkeypatch.setattr(CodeBuildResponse, "start_build", start_build)
        monkeypatch.setattr(CodeBuildBackend, "batch_get_builds", batch_get_builds)
        monkeypatch.setattr(StateTaskServiceAwsSdk, "_normalise_parameters", _to_api)
        monkeypatch.setattr(StateTaskServiceAwsSdk, "_normalise_response", _from_api)

    def _phases(self, variables: Variables) -> list[dict[str, Any]]:
        """As CodeBuild gives them: phases that have ended have contexts, whose message is empty where all went well."""
        told = self.message(variables)
        phases = {"SUBMITTED": None, "INSTALL": "", "BUILD": told, "COMPLETED": None}
        return [
            {"phaseType": name, **({} if message is None else {"contexts": [{"statusCode": "", "message": message}]})}
            for name, message in phases.items()
        ]


class Clients:
    """Clients of one region that moto's interpreter shares; by itself it makes one for each step."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def client(self, *, service_name: str, **arguments: Any) -> Any:
        """A client, of which only the service differs."""
        if service_name not in self._made:
            make: Any = boto3.client  # its overloads are one for each service
            self._made[service_name] = make(service_name, **arguments)
        return self._made[service_name]

    def close(self) -> None:
        """Close them all."""
        for client in self._made.values():
            client.close()


def deployed(states: Any, definition: Mapping[str, Any]) -> str:
    """ARN of a state machine that carries a definition out; moto takes as long to read one as to carry it out."""
    text = json.dumps(definition)
    return str(states.create_state_machine(name="waves", definition=text, roleArn=ROLE)["stateMachineArn"])


def execute(states: Any, machine_arn: str, given: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Carry a state machine out by an execution of this name, and return how it ended."""
    started = states.start_execution(stateMachineArn=machine_arn, input=json.dumps(given), name=name)
    end = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < end:
        found: dict[str, Any] = states.describe_execution(executionArn=started["executionArn"])
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.02)
    raise AssertionError("the execution does not end")


def _to_api(task: Any, parameters: dict[str, Any], *_: Any, **__: Any) -> None:
    task._to_boto_request(parameters, _operation(task).input_shape)


def _from_api(task: Any, response: Any, *_: Any, **__: Any) -> None:
    task._from_boto_response(response, _operation(task).output_shape)


def _operation(task: Any) -> Any:
    name = task.resource.api_action
    return _model(task.resource.api_name).operation_model(name[0].upper() + name[1:])


@cache
def _model(service: str) -> Any:
    return ServiceModel(Loader().load_service_model(service, "service-2"))
