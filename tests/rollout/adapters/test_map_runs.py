"""Map runs that are slowed down while they go on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from rollout.adapters.map_runs import brake
from rollout.domain.errors import RolloutError

EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:acme-dev-waves:20261121-093000-a1b2c3-rest"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:acme-dev-waves"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Session:
    """Gives one client that was made before."""

    def __init__(self) -> None:
        self.made: Any = boto3.client(
            "stepfunctions", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
        )

    def client(self, service: str, **options: Any) -> Any:
        assert (service, options["region_name"]) == ("stepfunctions", "eu-west-1")
        return self.made


def map_run(name: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:states:eu-west-1:123456789012:mapRun:acme-dev-waves/units:{name}"
    return {"executionArn": EXECUTION, "mapRunArn": arn, "stateMachineArn": MACHINE, "startDate": NOW, **more}


def test_what_still_goes_on_is_slowed_down() -> None:
    session, ended, going = Session(), map_run("first", stopDate=NOW), map_run("second")
    with Stubber(session.made) as told:
        told.add_response("list_map_runs", {"mapRuns": [ended, going]}, {"executionArn": EXECUTION})
        told.add_response("update_map_run", {}, {"mapRunArn": going["mapRunArn"], "maxConcurrency": 1})
        assert brake(session, EXECUTION, max_concurrent=1) == (going["mapRunArn"],)
        told.assert_no_pending_responses()


def test_where_nothing_goes_on_nothing_is_changed() -> None:
    session = Session()
    with Stubber(session.made) as told:
        told.add_response("list_map_runs", {"mapRuns": []}, {"executionArn": EXECUTION})
        assert brake(session, EXECUTION, max_concurrent=5) == ()


def test_a_refusal_says_what_to_do() -> None:
    session = Session()
    with Stubber(session.made) as told:
        told.add_client_error("list_map_runs", "ExecutionDoesNotExist", "no", 400)
        with pytest.raises(RolloutError) as refused:
            brake(session, EXECUTION, max_concurrent=1)

    assert str(refused.value) == (
        f"{EXECUTION}: Step Functions refused ListMapRuns (ExecutionDoesNotExist); the execution is one of these "
        "credentials' account; correct that, and run the command again"
    )


def test_what_is_no_execution_is_refused() -> None:
    with pytest.raises(RolloutError) as refused:
        brake(Session(), MACHINE, max_concurrent=1)

    assert str(refused.value) == (
        f'--execution is "{MACHINE}"; an execution\'s ARN reads like arn:aws:states:us-east-1:123456789012:execution:'
        "<state machine>:<name>; `aws stepfunctions start-execution` printed it; copy it"
    )
