from __future__ import annotations

from functools import partial

import pytest

from rollout.readback.check import guarded
from rollout.readback.release import dashboard_checks
from tests.rollout.readback import sample_release as release
from tests.rollout.readback.breaking import Case, Step, call, verify
from tests.rollout.readback.sample_stack import FUNCTION, PREFIX, SampleStack


def put_dashboard(function: str) -> Step:
    return call("cloudwatch", "put_dashboard", DashboardName=PREFIX, DashboardBody=release.dashboard(function))


@pytest.mark.parametrize("function", ["other", f"{FUNCTION}-2"])
def test_a_dashboard_that_does_not_show_the_function(stack: SampleStack, function: str) -> None:
    shows = [(f"dashboard {PREFIX}: shows", FUNCTION, "(nothing)")]
    case = Case(function, put_dashboard(function), put_dashboard(FUNCTION), lambda _: shows)
    verify(case, stack, dashboard_checks)


def test_a_dashboard_that_is_gone_is_one_failed_check(stack: SampleStack) -> None:
    outputs = {**stack.outputs, "dashboard_name": "gone"}
    checks = guarded("dashboard", partial(dashboard_checks, stack.client, outputs, stack.expected))
    assert [str(check) for check in checks] == [
        "FAILED dashboard: expected readable, found ResourceNotFound: Dashboard does not exist"
    ]


def test_a_stack_without_a_dashboard_has_nothing_to_check(stack: SampleStack) -> None:
    outputs = {name: value for name, value in stack.outputs.items() if name != "dashboard_name"}
    assert list(dashboard_checks(stack.client, outputs, stack.expected)) == []
