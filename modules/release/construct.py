"""CodeDeploy for one function: application, deployment group, role, and what watches a shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import modules.core.engine

from cdktf_cdktf_provider_aws.codedeploy_app import CodedeployApp
from cdktf_cdktf_provider_aws.codedeploy_deployment_group import (
    CodedeployDeploymentGroup,
    CodedeployDeploymentGroupAlarmConfiguration,
    CodedeployDeploymentGroupAutoRollbackConfiguration,
    CodedeployDeploymentGroupDeploymentStyle,
    CodedeployDeploymentGroupTriggerConfiguration,
)
from constructs import Construct

from modules.core import limits
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.iam import Role
from modules.core.skips import skip
from modules.core.statements import service_trust
from modules.observability import AlarmTopic
from modules.release.checks import (
    alarm_problems,
    alarms_among,
    function_problems,
    hook_problems,
    other_problems,
    stack_of,
    topic_problems,
)
from modules.release.config import ON_ALARM, ReleaseConfig
from modules.release.statements import hook_statement, report_statement, shift_statements
from modules.release.traffic import deployment_config_name

if TYPE_CHECKING:
    from modules.function import Function
    from modules.topic import TopicBase

_HTTPS = 443

NO_WAY_BACK = ("CKV2_LNET_801",)
"""Checks that a deployment group skips whose alarms do not give traffic back."""


class Release(Construct):
    """Moves a function's alias to a new version step by step, and back when an alarm fires.

    Terraform publishes versions and makes everything here; a shift itself is started by `lambdanet release shift`.

    Attributes:
        output: what the command line needs, for the stack's output `releases`.
        application: name of the application, as a token.
        deployment_group: name of the deployment group, as a token.
        function_path: path of the function that is released.
        group_arn: ARN of the deployment group, for policies.
        role: CodeDeploy's role.

    Raises:
        ConfigError: the function has no alias that CodeDeploy moves, a hook is the function itself, alarms are missing
            or unknown, or nobody can be told.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: Function,
        config: ReleaseConfig | None = None,
        alarm_topic: AlarmTopic | None = None,
        notification_topic: TopicBase | None = None,
        alarms: Sequence[str] | None = None,
        before_traffic: Function | None = None,
        after_traffic: Function | None = None,
    ) -> None:
        """Make application, group and role.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the application's name.
            function: what is released; its alias has the shift `codedeploy`.
            config: how traffic is moved, and what is done when that fails.
            alarm_topic: is told of shifts.
            notification_topic: is told instead.
            alarms: names of alarms of this stack, made before, that stop a shift; by default the function's own for
                releases.
            before_traffic: function that CodeDeploy invokes before any traffic is moved, and waits for.
            after_traffic: likewise, after all traffic has moved.
        """
        super().__init__(scope, construct_id)
        self.function_path = function.node.path
        config = config or ReleaseConfig()
        hooks = {"before_traffic": before_traffic, "after_traffic": after_traffic}
        topic = notification_topic or alarm_topic
        alarms = function.release_alarm_names if alarms is None else alarms
        there = stack_of(self)
        made = alarms_among(there)
        others = {
            each.function_path: each.node.path for each in there if isinstance(each, Release) and each is not self
        }
        problems = [
            *function_problems(function),
            *other_problems(function, others),
            *(each for field, hook in hooks.items() for each in hook_problems(field, hook, function)),
            *alarm_problems(config, alarms, tuple(made)),
            *topic_problems(config, topic),
        ]
        live = function.live
        if problems or live is None:
            raise ConfigError(problems).within(self.node.path)
        target, self._word = target_of(self), construct_id
        name = target.naming.name(construct_id, max_length=limits.CODEDEPLOY_MAX_NAME_LENGTH)
        group_name = live.name[: limits.CODEDEPLOY_MAX_NAME_LENGTH]
        self.group_arn = target.arn("codedeploy", f"deploymentgroup:{name}/{group_name}")
        self.role = Role(
            self,
            "role",
            name=target.naming.name(f"{construct_id}-codedeploy", max_length=64),
            trust=service_trust("codedeploy.amazonaws.com"),
            statements=shift_statements(target, function_arn=function.arn, alias_arn=live.arn),
        )
        found = {field: hook.invocation.arn for field, hook in hooks.items() if hook is not None}
        if found:
            self.role.grant(hook_statement(list(found.values())))
        for hook in dict.fromkeys(hook for hook in hooks.values() if hook is not None):
            hook.connect_to(self)
        if topic is not None and config.notify_on:
            topic.grant_publish(self.role)

        app = CodedeployApp(self, "app", name=name, compute_platform="Lambda")
        self.application: str = app.name
        watching = sorted({*alarms, *config.existing_alarms})
        group = CodedeployDeploymentGroup(
            self,
            "group",
            app_name=self.application,
            deployment_group_name=group_name,
            service_role_arn=self.role.arn,
            deployment_config_name=deployment_config_name(self, config.traffic, thing=construct_id),
            deployment_style=CodedeployDeploymentGroupDeploymentStyle(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=_alarm_configuration(config, watching),
            auto_rollback_configuration=_rollback(config),
            trigger_configuration=_triggers(config, topic),
            depends_on=[*self.role.dependencies, *(made[name] for name in sorted(alarms) if name in made)],
        )
        if ON_ALARM not in config.rollback_on:
            skip(group, config.rollback_on_reason, *NO_WAY_BACK)
        self.deployment_group: str = group.deployment_group_name
        self.output = {
            "function_name": function.function_name,
            "alias": live.qualifier,
            "application": self.application,
            "deployment_group": self.deployment_group,
            "region": target.region,
            "account_id": target.account_id,
            **{field: found.get(field, "") for field in hooks},
        }

    def connection(self) -> Connection:
        """What a hook needs to tell CodeDeploy what it found: its role's statement, and a way to CodeDeploy."""
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=(report_statement(self._word, group_arn=self.group_arn),),
            services=("codedeploy",),
        )


def _alarm_configuration(
    config: ReleaseConfig, watching: Sequence[str]
) -> CodedeployDeploymentGroupAlarmConfiguration | None:
    if not watching:
        return None
    return CodedeployDeploymentGroupAlarmConfiguration(
        enabled=True, alarms=list(watching), ignore_poll_alarm_failure=config.ignore_alarm_polling_failure
    )


def _rollback(config: ReleaseConfig) -> CodedeployDeploymentGroupAutoRollbackConfiguration:
    if not config.rollback_on:
        return CodedeployDeploymentGroupAutoRollbackConfiguration(enabled=False)
    return CodedeployDeploymentGroupAutoRollbackConfiguration(enabled=True, events=sorted(config.rollback_on))


def _triggers(
    config: ReleaseConfig, topic: AlarmTopic | TopicBase | None
) -> list[CodedeployDeploymentGroupTriggerConfiguration] | None:
    if topic is None or not config.notify_on:
        return None
    return [
        CodedeployDeploymentGroupTriggerConfiguration(
            trigger_name="shifts", trigger_events=sorted(config.notify_on), trigger_target_arn=topic.arn
        )
    ]
