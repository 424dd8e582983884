"""What a stack tells of its releases."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError, TargetError
from rollout.release import ReleaseTarget, ShiftOptions, release_targets

ORDERS = {"function_name": "orders", "alias": "live", "application": "shop", "deployment_group": "orders"}
BILLS = {**ORDERS, "function_name": "bills", "before_traffic": "check", "region": "eu-west-1", "more": "later"}


@pytest.mark.parametrize("outputs", [{"releases": [ORDERS, BILLS]}, {"releases": {"value": [ORDERS, BILLS]}}])
def test_releases_are_read_from_values_and_from_what_terraform_prints(outputs: dict[str, Any]) -> None:
    assert release_targets(outputs) == (
        ReleaseTarget("orders", "live", "shop", "orders"),
        ReleaseTarget("bills", "live", "shop", "orders", before_traffic="check", region="eu-west-1"),
    )
    assert [target.name for target in release_targets(outputs, only=["bills"])] == ["bills:live"]
    assert [target.name for target in release_targets(outputs, only=["orders:live"])] == ["orders:live"]


def test_a_name_that_is_no_release_is_refused() -> None:
    with pytest.raises(TargetError) as caught:
        release_targets({"releases": [ORDERS]}, only=["orders", "other"])
    assert str(caught.value) == "other is no release of the stack; it has orders:live; name one of them"


@pytest.mark.parametrize("outputs", [{}, {"releases": "orders"}, {"releases": ["orders"]}, {"releases": {"a": 1}}])
def test_a_stack_without_the_output_is_refused(outputs: dict[str, Any]) -> None:
    with pytest.raises(TargetError) as caught:
        release_targets(outputs)
    assert str(caught.value) == (
        "the stack has no output releases that is a list of objects; `lambdanet release` shifts what it lists; output "
        "`release.output` of each Release of the stack, and apply it"
    )


def test_every_missing_key_is_told_at_once() -> None:
    with pytest.raises(TargetError) as caught:
        ReleaseTarget.from_output({"function_name": "orders", "alias": "", "application": 7})
    assert str(caught.value) == (
        "output releases: application, alias, deployment_group of orders is missing or no text; every release names "
        "function_name, alias, application and deployment_group; output `release.output` of each Release of the stack"
    )


@pytest.mark.parametrize(
    ("alarms", "reason", "given"),
    [(("errors",), " ", "alarms are ignored without a reason"), ((), "why", "a reason is given for nothing")],
)
def test_alarms_are_ignored_by_name_and_with_a_reason(alarms: tuple[str, ...], reason: str, given: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ShiftOptions(ignored_alarms=alarms, reason=reason)
    assert str(caught.value) == (
        f"release shift: {given}; an alarm is ignored by its name, with a reason that stands in the deployment's "
        "description; give --ignore-alarm and --reason, or neither"
    )
