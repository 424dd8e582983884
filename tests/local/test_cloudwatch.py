"""Composite alarms in the emulator: their rules, and the state that these give them."""

from __future__ import annotations

import botocore.exceptions
import pytest

from local.extensions.cloudwatch_rules import RuleError, holds, names_in
from tests.local.conftest import Clients

STATES = {"a": "ALARM", "b c": "OK", "d": "INSUFFICIENT_DATA"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(a)", True),
        ('ALARM("a")', True),
        ('ALARM("b c")', False),
        ('OK("b c") AND ALARM(a)', True),
        ("INSUFFICIENT_DATA( d )", True),
        ("ALARM(unknown)", False),
        ("TRUE", True),
        ("NOT TRUE", False),
        ("ALARM(a) OR ALARM(d) AND FALSE", True),
        ("(ALARM(a) OR ALARM(d)) AND FALSE", False),
        ("NOT (ALARM(d) OR FALSE)", True),
        ("FALSE OR NOT ALARM(d) AND ALARM(a)", True),
        ("ALARM(d) OR ALARM(a)\n", True),
    ],
)
def test_a_rule_holds_by_the_states_of_the_alarms_it_names(rule: str, expected: bool) -> None:  # noqa: FBT001  # a table
    assert holds(rule, STATES) is expected


@pytest.mark.parametrize("rule", ["", "ALARM", "ALARM()", "ALARM(a", "ALARM(a) OR", "ALARM(a) ALARM(d)", "a OR d",
                                  "(TRUE", "TRUE)", "AND TRUE", "alarm(a)"])  # fmt: skip
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        holds(rule, STATES)


def test_a_rule_names_alarms_by_name_or_arn() -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a"
    assert names_in(f'ALARM("b c") OR NOT OK({arn})') == {"b c", arn}


def test_a_composite_alarm_follows_its_members(clients: Clients) -> None:
    client = clients("cloudwatch")

    def states() -> dict[str, str]:
        found = client.describe_alarms(AlarmTypes=["CompositeAlarm"])
        assert found["MetricAlarms"] == []
        return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found["CompositeAlarms"]}

    for name in ("errors", "throttles"):
        client.put_metric_alarm(
            AlarmName=name, Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=60,
            EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
    client.put_composite_alarm(AlarmName="any", AlarmRule='ALARM("errors") OR ALARM("throttles")')
    client.put_composite_alarm(AlarmName="over", AlarmRule='ALARM("any") AND NOT ALARM("throttles")')
    assert states() == {"any": "INSUFFICIENT_DATA", "over": "INSUFFICIENT_DATA"}
    for alarm, state, expected in (
        ("errors", "ALARM", {"any": "ALARM", "over": "ALARM"}),
        ("throttles", "ALARM", {"any": "ALARM", "over": "OK"}),
        ("errors", "OK", {"any": "ALARM", "over": "OK"}),
        ("throttles", "OK", {"any": "OK", "over": "OK"}),
    ):
        client.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="the test says so")
        assert states() == expected
    assert client.describe_alarms()["CompositeAlarms"] == []  # they come when they are asked for
    assert len(client.describe_alarms()["MetricAlarms"]) == 2
    with pytest.raises(botocore.exceptions.ClientError, match="Invalid AlarmRule"):
        client.put_composite_alarm(AlarmName="broken", AlarmRule="ALARM(errors) OR")
