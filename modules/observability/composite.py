"""One alarm over many: what an incident sets off is told once."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import (
    CloudwatchCompositeAlarm,
    CloudwatchCompositeAlarmActionsSuppressor,
)
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.observability.alarm_topic import AlarmTopic
from modules.observability.composite_config import CompositeAlarmConfig
from modules.observability.construct import alarms_of_stack, register_alarm

_OPERATORS = {"any": " OR ", "all": " AND "}


class CompositeAlarm(Construct):
    """An alarm over the states of others, which publishes once for all of them.

    Attributes:
        name: its name.
        arn: its ARN, as a token.
        alarm_names: the same name, as other constructs have it.

    Raises:
        ConfigError: it has no alarms, or more than CloudWatch takes, or one that the stack does not make.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alarms: Iterable[str],
        topic: AlarmTopic,
        config: CompositeAlarmConfig | None = None,
        existing: Iterable[str] = (),
    ) -> None:
        """Make the alarm.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the alarm's name.
            alarms: names of alarms of this stack, such as `function.alarm_names`.
            topic: where it publishes, both when it fires and when it recovers.
            config: when it fires.
            existing: names of alarms that stand outside the stack.
        """
        super().__init__(scope, construct_id)
        config = config or CompositeAlarmConfig()
        of_stack = alarms_of_stack(self)
        own, others = sorted(set(alarms)), sorted(set(existing))
        self.name = target_of(self).naming.name(construct_id, max_length=limits.CLOUDWATCH_MAX_ALARM_NAME_LENGTH)
        rule = _OPERATORS[config.fires_with].join(f'ALARM("{name}")' for name in sorted({*own, *others}))
        problems = tuple(_problems(own, others, rule=rule, known=tuple(of_stack)))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        waits = [*own, *((config.suppressor,) if config.suppressor in of_stack else ())]
        alarm = CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=self.name,
            alarm_description=config.description
            or f"{config.fires_with.capitalize()} of {len({*own, *others})} alarms.",
            alarm_rule=rule,
            actions_enabled=True,
            actions_suppressor=_suppressor(config),
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            depends_on=[of_stack[name] for name in waits] or None,
        )
        self.arn: str = alarm.arn
        self.alarm_names = (self.name,)
        register_alarm(self, self.name, alarm)


def _suppressor(config: CompositeAlarmConfig) -> CloudwatchCompositeAlarmActionsSuppressor | None:
    if not config.suppressor:
        return None
    return CloudwatchCompositeAlarmActionsSuppressor(
        alarm=config.suppressor,
        wait_period=config.suppressor_wait_seconds,
        extension_period=config.suppressor_extension_seconds,
    )


def _problems(own: list[str], others: list[str], *, rule: str, known: tuple[str, ...]) -> Iterable[Problem]:
    count, most = len({*own, *others}), limits.CLOUDWATCH_MAX_COMPOSITE_ALARMS
    if not count:
        yield Problem("", "alarms is empty", "a composite alarm watches other alarms", "name at least one")
    if count > most:
        yield Problem(
            "",
            f"alarms names {count} alarms",
            f"a composite alarm takes {most} (PutCompositeAlarm)",
            "make composite alarms of parts, and one of these",
        )
    if len(rule) > limits.CLOUDWATCH_MAX_ALARM_RULE_LENGTH:
        yield Problem(
            "",
            f"the alarms make a rule of {len(rule)} characters",
            f"a rule has at most {limits.CLOUDWATCH_MAX_ALARM_RULE_LENGTH} (cloudwatch API model, AlarmRule)",
            "make composite alarms of parts, and one of these",
        )
    for name in own:
        if name not in known:
            yield Problem(
                "",
                f'alarms holds "{name}"',
                "the stack has made no such alarm so far",
                "make the composite alarm after it, or name one of another stack in existing",
            )
    for name in others:
        if name in known:
            yield Problem("", f'existing holds "{name}"', "the stack makes this alarm itself", "name it in alarms")
