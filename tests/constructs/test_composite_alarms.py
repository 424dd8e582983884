"""Composite alarms: their rules, what they wait for, and what CloudWatch would refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.observability import (
    AlarmsConfig,
    AlarmSpec,
    AlarmTopic,
    CompositeAlarm,
    CompositeAlarmConfig,
    create_alarms,
)
from tests.constructs.functions import Made
from tests.modules.core.samples import sentence

COMPOSITE = "aws_cloudwatch_composite_alarm"
WHERE = "dev-main-eu-west-1-orders/incident"
SILENT = AlarmsConfig(notify=False)


class Alarms:
    """A stack with a topic and alarms."""

    def __init__(self, source: Path) -> None:
        self.made = Made(source)
        self.topic = AlarmTopic(self.made.stack, "topic", key=self.made.key)

    def make(self, *things: str) -> tuple[str, ...]:
        errors = AlarmSpec(
            id="errors", description="Errors.", namespace="AWS/Lambda", metric="Errors", statistic="Sum",
            dimensions={"FunctionName": "api"}, comparison="GreaterThanThreshold", threshold=0, periods=1, datapoints=1,
        )  # fmt: skip
        names: tuple[str, ...] = ()
        for thing in things:
            scope = AlarmTopic(self.made.stack, f"of-{thing}", key=self.made.key)  # any construct
            names += create_alarms(scope, [errors], thing=thing, config=SILENT, topic=None)
        return names

    def composite(self, *names: str, existing: tuple[str, ...] = (), **fields: Any) -> CompositeAlarm:
        config = CompositeAlarmConfig.parse(fields) if fields else None
        return CompositeAlarm(
            self.made.stack, "incident", alarms=names, topic=self.topic, config=config, existing=existing
        )

    def refused(self, *names: str, existing: tuple[str, ...] = ()) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            self.composite(*names, existing=existing)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def alarms(source: Path) -> Alarms:
    return Alarms(source)


def test_one_alarm_tells_of_any(alarms: Alarms) -> None:
    names = alarms.make("b", "a")
    composite = alarms.composite(*names)
    body = alarms.made.only(COMPOSITE)
    assert composite.name == body["alarm_name"] == "acme-dev-orders-incident"
    assert composite.alarm_names == (composite.name,)
    assert body["alarm_rule"] == 'ALARM("acme-dev-orders-a-errors") OR ALARM("acme-dev-orders-b-errors")'
    assert body["alarm_description"] == "Any of 2 alarms."
    assert len(body["depends_on"]) == 2
    assert all(each.startswith("aws_cloudwatch_metric_alarm.") for each in body["depends_on"])
    assert body["alarm_actions"] == body["ok_actions"]
    assert len(body["alarm_actions"]) == 1
    assert "actions_suppressor" not in body


def test_the_order_and_number_of_names_change_nothing(source: Path) -> None:
    bodies = []
    for order in (("a", "b"), ("b", "a")):
        alarms = Alarms(source)
        one, other = alarms.make("a", "b")
        picked = {"a": one, "b": other}
        alarms.composite(*(picked[name] for name in order), one)
        bodies.append(alarms.made.only(COMPOSITE))
    assert bodies[0] == bodies[1]


def test_all_must_fire_where_that_is_asked_for_and_a_maintenance_keeps_it_quiet(alarms: Alarms) -> None:
    names = alarms.make("a", "b", "maintenance")
    alarms.composite(*names[:2], fires_with="all", suppressor=names[2], suppressor_wait_seconds=120)
    body = alarms.made.only(COMPOSITE)
    assert body["alarm_rule"] == 'ALARM("acme-dev-orders-a-errors") AND ALARM("acme-dev-orders-b-errors")'
    assert body["actions_suppressor"] == {"alarm": names[2], "wait_period": 120, "extension_period": 60}
    assert len(body["depends_on"]) == 3


def test_alarms_of_other_stacks_and_other_composite_alarms_are_members_too(alarms: Alarms) -> None:
    [name] = alarms.make("a")
    first = alarms.composite(name, existing=("acme-dev-network-nat",))
    second = CompositeAlarm(alarms.made.stack, "everything", alarms=first.alarm_names, topic=alarms.topic)
    rules = {body["alarm_name"]: body for body in alarms.made.resources(COMPOSITE).values()}
    assert rules[first.name]["alarm_rule"] == 'ALARM("acme-dev-network-nat") OR ALARM("acme-dev-orders-a-errors")'
    assert len(rules[first.name]["depends_on"]) == 1
    assert rules[second.name]["alarm_rule"] == 'ALARM("acme-dev-orders-incident")'
    assert rules[second.name]["depends_on"][0].startswith(COMPOSITE)


def test_a_composite_alarm_of_nothing_is_refused(alarms: Alarms) -> None:
    assert alarms.refused() == [f"{WHERE}: alarms is empty; a composite alarm watches other alarms; name at least one"]


def test_a_misspelt_name_is_refused(alarms: Alarms) -> None:
    alarms.make("a")
    assert alarms.refused("acme-dev-orders-a-error") == [
        (
            f'{WHERE}: alarms holds "acme-dev-orders-a-error"; the stack has made no such alarm so far; make the '
            "composite alarm after it, or name one of another stack in existing"
        )
    ]


def test_an_alarm_of_this_stack_is_not_an_existing_one(alarms: Alarms) -> None:
    [name] = alarms.make("a")
    assert alarms.refused(existing=(name,)) == [
        f'{WHERE}: existing holds "{name}"; the stack makes this alarm itself; name it in alarms'
    ]


def test_more_than_cloudwatch_takes_is_refused(alarms: Alarms) -> None:
    most = tuple(f"alarm-{number:03}" for number in range(101))
    assert alarms.refused(existing=most) == [
        (
            f"{WHERE}: alarms names 101 alarms; a composite alarm takes 100 (PutCompositeAlarm); make composite alarms "
            "of parts, and one of these"
        )
    ]


def test_a_rule_that_is_too_long_is_refused(alarms: Alarms) -> None:
    long = tuple(f"alarm-{number:03}-{'x' * 150}" for number in range(100))
    assert alarms.refused(existing=long) == [
        (
            f"{WHERE}: the alarms make a rule of 17296 characters; a rule has at most 10240 (cloudwatch API model, "
            "AlarmRule); make composite alarms of parts, and one of these"
        )
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"fires_with": "some"},
            'fires_with is "some"; fires_with is one of any, all; choose one of them',
        ),
        (
            {"suppressor_wait_seconds": 30},
            (
                "suppressor_wait_seconds is set without a suppressor; it is a time of the suppressor's; set "
                "suppressor, or remove it"
            ),
        ),
        (
            {"suppressor": 'a"b'},
            'suppressor is "a"b"; an alarm\'s name has 1 to 255 characters (PutMetricAlarm); correct it',
        ),
        (
            {"suppressor": "x", "suppressor_extension_seconds": 0},
            (
                "suppressor_extension_seconds is 0; an actions suppressor takes 1 to 86400 seconds (PutCompositeAlarm "
                "names no bound; a day here); set a value from 1 to 86400"
            ),
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(given: dict[str, Any], expected: str) -> None:
    assert sentence(CompositeAlarmConfig, given) == expected
