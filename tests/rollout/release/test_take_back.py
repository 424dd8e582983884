"""Several functions that belong together: what becomes of the others when one fails."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rollout.release import OnFailure, ReleaseError, ShiftOptions, UnsettledError, shift
from tests.rollout.release.conftest import CANARY, Account, Clients, Heard, PassingClock

ALL = OnFailure.ROLL_BACK_ALL


def named(text: str) -> str:
    """With every deployment's id as `d-X`."""
    return re.sub(r"d-[A-Z0-9]{9}", "d-X", text)


@pytest.mark.parametrize(("choice", "other"), [(OnFailure.ROLL_BACK_FAILED, ("2", {})), (ALL, ("1", {}))])
def test_the_others_go_on_or_back_when_one_fails(
    account: Account,
    clients: Clients,
    clock: PassingClock,
    heard: Heard,
    choice: OnFailure,
    other: tuple[str, dict[str, float]],
) -> None:
    at_once = account.release("quick", config="CodeDeployDefault.LambdaAllAtOnce")
    slow, bad = account.release("slow"), account.release("bad")
    idle = account.release("idle", at=2)
    clock.during = lambda seconds: account.fire("bad") if seconds == 60 else None
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [at_once, slow, bad, idle], ShiftOptions(on_failure=choice), observer=heard, clock=clock)
    assert not isinstance(caught.value, UnsettledError)
    assert [account.alias(name) for name in ("quick", "slow", "bad", "idle")] == [
        other,
        other,
        ("1", {}),
        ("2", {}),
    ]
    told = named(str(caught.value))
    assert ("slow:live: deployment d-X from version 1 to 2 ended as Stopped" in told) == (choice is ALL)
    assert (
        "quick:live: all traffic went from version 1 to 2 (deployment d-X), and back to version 1, as another function "
        "of the release failed" in told
    ) == (choice is ALL)


@pytest.mark.parametrize("fault", ["refused", "failed"])
def test_one_that_cannot_be_taken_back_keeps_no_other_from_it(
    account: Account, clients: Clients, clock: PassingClock, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    one, two = (account.release(name, config="CodeDeployDefault.LambdaAllAtOnce") for name in ("one", "two"))
    bad = account.release("bad")
    clock.during = lambda seconds: account.fire("bad") if seconds == 60 else None
    create = clients("codedeploy").create_deployment

    def faulty(**request: Any) -> Any:
        if "autoRollbackConfiguration" in request:  # only what takes back overrides it
            if request["applicationName"] == "one":
                request["deploymentConfigName"] = CANARY
            elif fault == "refused":
                raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "No."}}, "CreateDeployment")
            else:
                content = request["revision"]["appSpecContent"]["content"].replace('"TargetVersion": "1"', '"x": "1"')
                request["revision"] = {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
        return create(**request)

    monkeypatch.setattr(clients("codedeploy"), "create_deployment", faulty)
    options = ShiftOptions(on_failure=ALL, settle_seconds=900)
    with pytest.raises(UnsettledError) as caught:
        shift(clients, [one, two, bad], options, clock=clock)
    assert [account.alias(name) for name in ("one", "two", "bad")] == [("1", {}), ("2", {}), ("1", {})]
    first, second = named(str(caught.value)).splitlines()[:2]
    assert first == (
        "one:live: all traffic went from version 1 to 2 (deployment d-X), and back to version 1, as another function "
        "of the release failed"
    )
    assert second.startswith("two:live: all traffic went from version 1 to 2 (deployment d-X); ")
