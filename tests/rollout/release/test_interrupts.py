"""Commands that are ended while a deployment is made or stopped, by botocore's stubs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rollout.release import OnInterrupt, ShiftOptions, shift
from tests.rollout.release.conftest import Heard
from tests.rollout.release.stubs import TARGET, Instant, Stubs, started, stubbed

STOPPED = {"deploymentId": "d-ABCDEFGHI", "autoRollbackEnabled": True}


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    with stubbed() as stubs:
        yield stubs


def test_a_deployment_whose_answer_was_cut_off_is_stopped_too(
    stubs: Stubs, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubs.planned()
    stubs.version("2")

    def ended(**_: Any) -> None:
        raise SystemExit(143)

    monkeypatch.setattr(stubs("codedeploy"), "create_deployment", ended)
    stubs.group(active="d-ABCDEFGHI")
    stubs.answer("codedeploy", "stop_deployment", {"status": "Succeeded"}, STOPPED)
    error = {"code": "MANUAL_STOP", "message": "Stopped."}
    stubs.deployment("d-ABCDEFGHI", "Stopped", errorInformation=error)
    stubs.alias("1")
    stubs.group()
    with pytest.raises(SystemExit):
        shift(stubs, [TARGET], ShiftOptions(on_interrupt=OnInterrupt.ROLL_BACK), observer=heard, clock=Instant())
    assert [str(result) for result in heard.results] == [
        (
            "orders:live: deployment d-ABCDEFGHI from version 1 to 2 ended as Stopped (MANUAL_STOP: Stopped) because "
            "interrupted; all traffic is at version 1"
        )
    ]


def test_what_cannot_be_stopped_is_told_and_left(stubs: Stubs, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    started(stubs)
    stubs.deployment("d-ABCDEFGHI", "InProgress")
    stubs.alias("1", {"2": 0.1})
    stubs.refuse("codedeploy", "stop_deployment", "AccessDeniedException", "No.")
    clock = Instant()

    def ended(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", ended)
    with pytest.raises(KeyboardInterrupt):
        shift(stubs, [TARGET], ShiftOptions(on_interrupt=OnInterrupt.ROLL_BACK), observer=heard, clock=clock)
    assert heard.notes == [
        "interrupted: stopping d-ABCDEFGHI",
        (
            "orders:live: AWS refused StopDeployment (AccessDeniedException: No); the deployment goes on in "
            "CodeDeploy; run the command again, which joins it"
        ),
    ]
    assert [str(result) for result in heard.results] == [
        (
            "orders:live: deployment d-ABCDEFGHI from version 1 to 2 goes on in CodeDeploy (interrupted); run the "
            "command again, which joins it, or end it with `lambdanet release rollback`"
        )
    ]


def test_a_group_that_cannot_be_read_after_the_end_is_told(
    stubs: Stubs, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubs.planned()
    stubs.version("2")

    def ended(**_: Any) -> None:
        raise SystemExit(143)

    monkeypatch.setattr(stubs("codedeploy"), "create_deployment", ended)
    stubs.refuse("codedeploy", "get_deployment_group", "AccessDeniedException", "No.")
    with pytest.raises(SystemExit):
        shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert heard.notes == [
        (
            "orders:live: AWS refused GetDeploymentGroup (AccessDeniedException: No); see with `lambdanet release "
            "plan` whether a deployment was started"
        )
    ]
