"""What AWS can answer and the emulator does not: throttling, races, broken hooks, alarms that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.awsrequest
import pytest
from botocore.compat import HTTPHeaders

from rollout.release import (
    Outcome,
    ReleaseError,
    client_config,
    plan,
    prune,
    shift,
)
from rollout.release.aws import ATTEMPTS, asking
from rollout.release.functions import read_alias
from tests.rollout.release.conftest import Heard
from tests.rollout.release.stubs import TARGET, Instant, Stubs, stubbed


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    with stubbed() as stubs:
        yield stubs


class Server:
    """Answers each request of a client with the next of these statuses and bodies, over the real retry handlers."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, request: Any, **_: Any) -> Any:
        self.asked += 1
        status, body = self.answers.pop(0)
        headers = {"x-amzn-errortype": body["__type"]} if status != 200 else {}
        raw = type("Raw", (), {"stream": lambda _self, **_k: iter([json.dumps(body).encode()])})()
        return botocore.awsrequest.AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), raw)


def serving(server: Server) -> Any:
    session: Any = boto3.session.Session(
        region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    client = session.client("lambda", config=client_config())
    client.meta.events.register("before-send.lambda.*", server)
    return client


THROTTLED = (429, {"__type": "TooManyRequestsException", "Message": "Rate exceeded"})


def test_a_throttled_request_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    server = Server(THROTTLED, THROTTLED, THROTTLED, (200, {"FunctionVersion": "7"}))
    client = serving(server)
    assert read_alias(lambda _service: client, TARGET).version == "7"
    assert (server.asked, len(slept)) == (4, 3)
    assert client.meta.config.retries == {"mode": "adaptive", "total_max_attempts": ATTEMPTS}
    client.close()


def test_a_request_that_stays_throttled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("botocore.retries.throttling.CubicCalculator.error_received", lambda *_: 1e6)
    server = Server(*[THROTTLED] * ATTEMPTS)
    client = serving(server)
    with pytest.raises(ReleaseError) as caught, asking("orders:live", "wait"):
        read_alias(lambda _service: client, TARGET)
    assert str(caught.value) == ("orders:live: AWS refused GetAlias (TooManyRequestsException: Rate exceeded); wait")
    client.close()


def test_credentials_that_are_missing_are_told() -> None:
    session: Any = boto3.session.Session(region_name="eu-west-1")
    client = session.client("lambda", config=client_config())
    client._request_signer._credentials = None
    with pytest.raises(ReleaseError) as caught:
        plan(lambda _service: client, [TARGET])
    assert str(caught.value) == (
        "orders:live: AWS could not be asked (Unable to locate credentials); correct that and run the command again, "
        "which goes on where it was"
    )
    client.close()


def test_a_refused_request_before_anything_starts_is_one_sentence(stubs: Stubs) -> None:
    stubs.refuse("lambda", "get_alias", "AccessDeniedException", "User is not authorized to perform lambda:GetAlias.")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: AWS refused GetAlias (AccessDeniedException: User is not authorized to perform lambda:GetAlias); "
        "correct that and run the command again, which goes on where it was"
    )


def test_a_deployment_that_another_run_started_meanwhile_is_joined(stubs: Stubs, heard: Heard) -> None:
    stubs.planned()
    stubs.version("2")
    message = "The Deployment Group 'live' already has an active Deployment 'd-OTHERS123'"
    stubs.refuse("codedeploy", "create_deployment", "DeploymentLimitExceededException", message)
    stubs.group(active="d-OTHERS123")
    stubs.deployment("d-OTHERS123", "Succeeded")
    stubs.alias("2")
    (result,) = shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert (result.outcome, result.deployment_id) == (Outcome.SHIFTED, "d-OTHERS123")
    assert heard.begun == ["orders:live: version 1 to 2: all traffic at once (deployment d-OTHERS123 joined)"]


def test_a_deployment_of_others_that_started_meanwhile_fails(stubs: Stubs) -> None:
    stubs.planned()
    stubs.version("2")
    message = "The Deployment Group 'live' already has an active Deployment 'd-OTHERS123'"
    stubs.refuse("codedeploy", "create_deployment", "DeploymentLimitExceededException", message)
    stubs.group(active="d-OTHERS123", to="9")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: AWS refused CreateDeployment (DeploymentLimitExceededException: The Deployment Group 'live' "
        "already has an active Deployment 'd-OTHERS123'); correct that and run the command again, which goes on where "
        "it was"
    )


def test_every_version_that_could_not_be_deleted_is_told(stubs: Stubs) -> None:
    versions = {"Versions": [{"Version": number} for number in ("$LATEST", "1", "2", "3", "4")]}
    stubs.answer("lambda", "list_versions_by_function", versions)
    stubs.answer("lambda", "list_aliases", {"Aliases": [{"Name": "live", "FunctionVersion": "4"}]})
    stubs.answer("lambda", "list_provisioned_concurrency_configs", {"ProvisionedConcurrencyConfigs": []})
    stubs.answer("lambda", "list_function_event_invoke_configs", {"FunctionEventInvokeConfigs": []})
    stubs.answer("lambda", "list_event_source_mappings", {"EventSourceMappings": []})
    stubs.alias("4")
    stubs.group()
    named = {"FunctionName": "orders"}
    stubs.refuse("lambda", "delete_function", "ResourceConflictException", "An alias refers to it.")
    stubs.answer("lambda", "delete_function", {}, {**named, "Qualifier": "2"})
    with pytest.raises(ReleaseError) as caught:
        prune(stubs, [TARGET], keep=1)
    assert str(caught.value) == (
        "version 1 of orders: AWS refused DeleteFunction (ResourceConflictException: An alias refers to it); see what "
        "needs that version, and run the command again"
    )
