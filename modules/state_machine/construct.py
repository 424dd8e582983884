"""A Step Functions state machine: encrypted, logged, traced, and checked before it is planned."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.sfn_state_machine import (
    SfnStateMachine,
    SfnStateMachineEncryptionConfiguration,
    SfnStateMachineLoggingConfiguration,
    SfnStateMachineTracingConfiguration,
)
from constructs import Construct

from modules.core import build_limits
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.iam import Role
from modules.core.skips import skip
from modules.core.statements import Statement, service_trust
from modules.core.store import Store
from modules.key import KeyBase
from modules.observability import AlarmTopic, LogGroup, create_alarms
from modules.state_machine.alarms import state_machine_alarms
from modules.state_machine.config import StateMachineConfig
from modules.state_machine.definition import definition_problems, has_distributed_map
from modules.state_machine.statements import (
    ACCESS,
    access_statements,
    execution_statements,
    log_delivery_key_statement,
)

_HTTPS = 443
_MAX_ROLE_NAME_LENGTH = 64  # IAM quotas

WITHOUT_DATA = ("CKV_AWS_285",)
"""Checks that a state machine skips which logs neither input nor output."""


class StateMachine(Store):
    """A state machine, named after stack and construct.

    Attributes:
        name: its name, known at synth.
        arn: its ARN, as a token.
        role: what its steps do is granted to this role.
        log_group: where executions are logged.
        alarm_names: its alarms.
        dependencies: Terraform resources to wait for before it is started.

    Raises:
        ConfigError: Step Functions would refuse the definition, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        definition: Mapping[str, Any],
        config: StateMachineConfig | None = None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the state machine.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the state machine's name.
            definition: what it does, in the Amazon States Language, as plain data; values may be tokens, names of
                states may not.
            config: everything else.
            key: encrypts definition, executions and logs.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        config = config or StateMachineConfig()
        target = self._target = target_of(self)
        text = json.dumps({**definition, "TimeoutSeconds": config.execution_seconds}, separators=(",", ":"))
        problems = [*definition_problems(definition, is_express=config.is_express), *_own_problems(definition, text)]
        if problems:
            raise ConfigError(problems).within(self.node.path)
        name = self.name = target.naming.name(construct_id, max_length=build_limits.STATE_MACHINE_MAX_NAME_LENGTH)
        self.log_group = LogGroup(
            self,
            "logs",
            # log delivery to groups of this prefix adds nothing to the account's one resource policy
            name=f"/aws/vendedlogs/states/{name}",
            retention_days=config.log_retention_days,
            key=key,
        )
        key.allow(log_delivery_key_statement(target))
        self.role = Role(
            self,
            "role",
            name=target.naming.name(f"{construct_id}-states", max_length=_MAX_ROLE_NAME_LENGTH),
            trust=service_trust("states.amazonaws.com", account_id=target.account_id),
            statements=execution_statements(target, name=name, key_arn=key.arn, maps=has_distributed_map(definition)),
        )
        machine = SfnStateMachine(
            self,
            "machine",
            name=name,
            type=config.type,
            role_arn=self.role.arn,
            definition=text,
            logging_configuration=SfnStateMachineLoggingConfiguration(
                level=config.log_level,
                include_execution_data=not config.execution_data_off_reason,
                log_destination=f"{self.log_group.arn}:*",
            ),
            tracing_configuration=SfnStateMachineTracingConfiguration(enabled=True),
            encryption_configuration=SfnStateMachineEncryptionConfiguration(
                type="CUSTOMER_MANAGED_KMS_KEY",
                kms_key_id=key.arn,
                kms_data_key_reuse_period_seconds=config.kms_data_key_reuse_seconds,
            ),
            depends_on=list(self.role.dependencies),
        )
        skip(machine, config.execution_data_off_reason, *WITHOUT_DATA)
        self.arn: str = machine.arn
        self.dependencies: tuple[Any, ...] = (machine,)
        specs = state_machine_alarms(self.arn)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    def grant_start(self, grantee: Grantee) -> None:
        """Let a role start executions.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements("start"))

    def grant_operate(self, grantee: Grantee) -> None:
        """Let a role see, stop and redrive executions, and brake Map runs. The argument is that of `grant_start`."""
        role_of(grantee).grant(*self._statements("operate"))

    def connection(self, *, access: str = "start", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the ARN, and a way to Step Functions.

        Args:
            access: `start` or `operate`.
            environment_name: variable that gets the ARN; by default `PAY_STATE_MACHINE_ARN` for a construct `pay`.

        Raises:
            ConfigError: the access is unknown.
        """
        self._require_access(access, ACCESS)
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access),
            environment={environment_name or variable_name(self.node.id, "STATE_MACHINE_ARN"): self.arn},
            services=("states",),
        )

    def _statements(self, access: str) -> tuple[Statement, ...]:
        return access_statements(access, self.word, self._target, arn=self.arn, name=self.name)


def _own_problems(definition: Mapping[str, Any], text: str) -> Iterator[Problem]:
    if "TimeoutSeconds" in definition:
        yield Problem(
            "",
            f"definition.TimeoutSeconds is {definition['TimeoutSeconds']}",
            "the configuration says how long an execution may take",
            "remove it, and set timeout_seconds",
        )
    most = build_limits.STATE_MACHINE_MAX_DEFINITION_CHARACTERS
    if len(text) > most:
        given = f"definition has at least {len(text)} characters"
        yield Problem(
            "", given, f"Step Functions takes {most} (stepfunctions API model)", "move steps into another one"
        )
