"""What a release cannot be made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import modules.core.engine

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core import limits
from modules.core.errors import Problem
from modules.core.tokens import is_token
from modules.release.config import ON_ALARM, ReleaseConfig

if TYPE_CHECKING:
    from modules.function import Function
    from modules.observability import AlarmTopic
    from modules.topic import TopicBase

Alarm = CloudwatchCompositeAlarm | CloudwatchMetricAlarm


def stack_of(scope: Construct) -> list[Any]:
    """Everything in the stack so far; `Any`, as the engine's constructs share no type that tells them apart."""
    return list(TerraformStack.of(scope).node.find_all())


def alarms_among(constructs: Sequence[Any]) -> dict[str, Alarm]:
    """The alarms among constructs, by name."""
    return {each.alarm_name_input or "": each for each in constructs if isinstance(each, Alarm)}


def function_problems(function: Function) -> Iterator[Problem]:
    """A function without an alias that CodeDeploy moves."""
    name, live = function.node.path, function.live
    if live is None:
        yield Problem(
            "",
            f"{name} has no alias",
            "CodeDeploy moves an alias from version to version",
            'set its alias to {"shift": "codedeploy"}',
        )
    elif live.shift != "codedeploy":
        yield Problem(
            "",
            f'the alias {live.name} of {name} has the shift "{live.shift}"',
            "Terraform would take back what CodeDeploy shifts",
            'set alias.shift to "codedeploy"',
        )


def other_problems(function: Function, others: Mapping[str, str]) -> Iterator[Problem]:
    """Another release that moves the same alias.

    Args:
        function: what is released.
        others: path of each other release's function to the path of that release.
    """
    other = others.get(function.node.path)
    if other is not None:
        yield Problem(
            "",
            f"{other} releases {function.node.path}, too",
            "two deployment groups would move one alias at once",
            "keep one of them",
        )


def hook_problems(field: str, hook: Function | None, function: Function) -> Iterator[Problem]:
    """A hook that is what it should judge."""
    if hook is not None and hook.node.path == function.node.path:
        yield Problem(
            "",
            f"{field} is {hook.node.path}, the function that is released",
            "a hook judges the new version and tells CodeDeploy, apart from it",
            "write a function of its own",
        )


def alarm_problems(config: ReleaseConfig, alarms: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    """Alarms that are not there, too many, or missing.

    Args:
        config: of the release.
        alarms: names of the stack's alarms that watch it.
        known: names of all of the stack's alarms.
    """
    watching = (*alarms, *config.existing_alarms)
    for name in sorted({name for name in alarms if not is_token(name) and name not in known}):
        yield Problem(
            "",
            f'alarms holds "{name}"',
            "the stack has no alarm of that name so far",
            "take names from the alarm_names of what is watched, or put those of other stacks into existing_alarms",
        )
    for name in sorted({name for name in watching if watching.count(name) > 1}):
        yield Problem("", f'"{name}" is given twice', "each alarm once", "remove one")
    most = limits.CODEDEPLOY_MAX_ALARMS
    if len(watching) > most:
        yield Problem(
            "",
            f"{len(watching)} alarms watch the release",
            f"a deployment group has at most {most} (CodeDeploy quotas, default)",
            "join some in a composite alarm",
        )
    if not watching and ON_ALARM in config.rollback_on:
        yield Problem(
            "",
            f"alarms is empty and rollback_on holds {ON_ALARM}",
            "nothing would notice a version that fails",
            "leave the function's alarms on, pass alarms, or leave the event out of rollback_on and set "
            "rollback_on_reason",
        )
    if not watching and config.ignore_alarm_polling_failure:
        yield Problem("", "ignore_alarm_polling_failure is True and alarms is empty", "no alarm is polled", "remove it")


def topic_problems(config: ReleaseConfig, topic: AlarmTopic | TopicBase | None) -> Iterator[Problem]:
    """Nobody who is told, or a topic that CodeDeploy does not publish to."""
    if config.notify_on and topic is None:
        yield Problem(
            "",
            "alarm_topic is missing",
            f"CodeDeploy would tell nobody of {', '.join(config.notify_on)}",
            "pass alarm_topic=AlarmTopic(...) or notification_topic, or set notify_on to ()",
        )
    if getattr(topic, "is_fifo", False):
        yield Problem(
            "",
            "notification_topic is a FIFO topic",
            "CodeDeploy publishes to standard topics: its messages have no group (SNS guide, FIFO topics)",
            "use a standard topic",
        )
