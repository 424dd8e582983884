"""The configuration of state machines and their alarms."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core import build_limits
from modules.core.errors import ConfigError
from modules.state_machine import StateMachineConfig
from modules.state_machine.alarms import state_machine_alarms

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:acme-dev-orders-flow"


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as refused:
        StateMachineConfig.parse(data)
    return str(refused.value)


def test_executions_end_after_a_day_or_five_minutes() -> None:
    assert StateMachineConfig().execution_seconds == 86_400
    assert StateMachineConfig(type="EXPRESS").execution_seconds == 300
    assert StateMachineConfig(type="EXPRESS", timeout_seconds=60).execution_seconds == 60


def test_an_express_execution_takes_five_minutes_at_most() -> None:
    assert refusal({"type": "EXPRESS", "timeout_seconds": 301}) == (
        'timeout_seconds is 301 and type is "EXPRESS"; an Express execution takes at most 300 seconds (Step Functions '
        "quotas); set timeout_seconds to at most 300, or type to STANDARD"
    )


@pytest.mark.parametrize("seconds", [0, build_limits.EXECUTION_SECONDS.maximum + 1])
def test_no_execution_takes_longer_than_a_year(seconds: int) -> None:
    assert refusal({"timeout_seconds": seconds}) == (
        f"timeout_seconds is {seconds}; an execution takes 1 to 31536000 seconds (Step Functions quotas: a year); set "
        "a value from 1 to 31536000"
    )


def test_what_fails_takes_too_long_or_is_held_back_is_told() -> None:
    specs = state_machine_alarms(ARN)
    assert [(spec.metric, spec.statistic, spec.threshold, spec.periods) for spec in specs] == [
        ("ExecutionsFailed", "Sum", 0, 1),
        ("ExecutionsTimedOut", "Sum", 0, 1),
        ("ExecutionThrottled", "Sum", 0, 5),
    ]
    assert {spec.missing_data for spec in specs} == {"notBreaching"}
    assert all(spec.dimensions == {"StateMachineArn": ARN} for spec in specs)
