"""A function's role: made for it, or an existing one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import modules.core.engine

from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.iam import Role, RoleOptions
from modules.core.iam_config import StatementConfig
from modules.core.iam_documents import hand_written
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.core.statements import Statement, service_trust
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.function.permissions import (
    ENI_ATTACHMENT,
    ENI_MANAGED_POLICY,
    code_leaves_network_alone,
    eni_statements,
    no_log_groups,
    telemetry_statements,
)
from modules.function.role_checks import eni_problems, grant_problems
from modules.function.role_config import ExistingRoleConfig, RoleConfig


class FunctionRole(Protocol):
    """What a function needs of its role.

    Attributes:
        arn: the role's ARN.
        name: its name.
        dependencies: resources that hold its permissions; the function depends on them, so that they are there before
            it and are destroyed after it.
        statements: what was granted through it.
    """

    arn: str
    name: str
    dependencies: tuple[Any, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was granted through it, and why."""
        ...

    def grant(self, *statements: Statement) -> None:
        """Add statements."""
        ...


_READ, _WRITTEN, _NAMEABLE = "CKV_AWS_288", "CKV_AWS_290", "CKV_AWS_355"
ON_EVERYTHING = {
    "iam:passrole": ("CKV_AWS_289", _NAMEABLE),
    "kms:decrypt": (_WRITTEN, _NAMEABLE),
    "s3:getobject": (_READ, _NAMEABLE),
    "secretsmanager:getsecretvalue": (_READ, _NAMEABLE),
    "ssm:getparameter": (_READ, _NAMEABLE),
    "ssm:getparameters": (_READ, _NAMEABLE),
    "ssm:getparametersbypath": (_READ, _NAMEABLE),
    "sts:assumerole": ("CKV_AWS_287", _WRITTEN, _NAMEABLE),
}
"""Checks that a role's policy skips which allows an action on every resource; of other actions they are not known."""
POWERFUL, ESCALATION = frozenset({"iam:passrole", "kms:decrypt", "sts:assumerole"}), ("CKV2_LNET_702",)
"""Actions that make a role powerful on every resource, and the checks that the role then skips."""


def function_role(
    scope: Construct,
    *,
    config: RoleConfig,
    function_name: str,
    log_group_arn: str,
    keeps_eni_permissions: bool = True,
    statements: Iterable[Statement] = (),
) -> FunctionRole:
    """The role of a function, as construct `role` of `scope`.

    Args:
        scope: the function.
        config: which role.
        function_name: the function's name; its role has the same.
        log_group_arn: the only log group that the role may write to.
        keeps_eni_permissions: whether Lambda makes or deletes network interfaces with it (`Attachment` says so).
        statements: what else the function needs.

    Raises:
        ConfigError: an existing role lacks what the function needs.
    """
    target = target_of(scope)
    config.require(target, where=scope.node.path)
    telemetry = telemetry_statements(target, log_group_arn=log_group_arn)
    guard = (code_leaves_network_alone(target, function_name),) if keeps_eni_permissions else ()
    if config.existing is not None:
        role = ExistingRole(
            scope, "role", config=config.existing, function_name=function_name, attached=keeps_eni_permissions
        )
        role.grant(*guard, *telemetry, *statements)
        return role
    made = Role(
        scope,
        "role",
        name=function_name,
        trust=service_trust("lambda.amazonaws.com"),
        statements=[
            *_network(config, target, keeps_eni_permissions=keeps_eni_permissions),
            *guard,
            *telemetry,
            *statements,
            *(statement.statement() for statement in config.statements),
            *hand_written("policies", config.policies)[0],
        ],
        options=_options(config, target, function_name, keeps_eni_permissions=keeps_eni_permissions),
    )
    for statement in config.statements:
        _skip_checks(made, statement)
    return made


def _skip_checks(role: Role, statement: StatementConfig) -> None:
    if statement.effect == "Allow" and "*" in statement.resources and not statement.conditions:
        for action in statement.actions:
            skip(role.ready, statement.wildcard_resource_reason, *ON_EVERYTHING.get(action.lower(), ()))
            if action.lower() in POWERFUL:
                skip(role.resource, statement.wildcard_resource_reason, *ESCALATION)


class ExistingRole(Construct):
    """A role that exists already; what it may do is known from its configuration only.

    Attributes:
        arn: the role's ARN.
        name: its name; empty when the ARN is known only later and no name is given.
        dependencies: the inline policy with what was granted, if grants are attached.

    Raises:
        ConfigError: its policies keep the Lambda service from network interfaces.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: ExistingRoleConfig, function_name: str, attached: bool
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._function_name = config, function_name
        self._document = PolicyDocument()
        self._policy: IamRolePolicy | None = None
        self.arn = config.arn
        self.name = config.name or ("" if is_token(config.arn) else config.arn.rsplit("/", 1)[-1])
        self.dependencies: tuple[Any, ...] = ()
        if config.policies and attached:
            problems = tuple(eni_problems(config.policies, role_arn=config.arn, target=target_of(self)))
            if problems:
                raise ConfigError(problems).within(f"{scope.node.path} role.existing")

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was granted, attached to the role or found in its policies."""
        return self._document.statements

    def grant(self, *statements: Statement) -> None:
        """Attach statements to the role, or hold them against its policies.

        Raises:
            ConfigError: grants are not attached, and the policies do not cover them.
        """
        if self._config.attach_grants:
            self._attach(statements)
        elif self._config.policies:
            allowing = [statement for statement in statements if statement.effect == "Allow"]
            problems = tuple(grant_problems(self._config.policies, allowing, role_arn=self.arn))
            if problems:
                raise ConfigError(problems).within(f"{self._where} role.existing")
        self._document.add(*statements)

    @property
    def _where(self) -> str:
        return str(self.node.scope.node.path) if self.node.scope else self.node.path

    def _attach(self, statements: Iterable[Statement]) -> None:
        document = PolicyDocument([*self._document.statements, *statements])
        if self._policy is None:
            self._policy = IamRolePolicy(self, "policy", name=self._function_name, role=self.name, policy=document.json)
            self.dependencies = (self._policy,)
        else:
            self._policy.policy = document.json


def _network(config: RoleConfig, target: Target, *, keeps_eni_permissions: bool) -> tuple[Statement, ...]:
    if not keeps_eni_permissions:
        return ()
    return (no_log_groups(),) if config.eni_permissions == "managed_policy" else eni_statements(target)


def _options(config: RoleConfig, target: Target, function_name: str, *, keeps_eni_permissions: bool) -> RoleOptions:
    managed = dict(config.managed_policy_arns)
    if keeps_eni_permissions and config.eni_permissions == "managed_policy":
        managed[ENI_ATTACHMENT] = f"arn:{target.partition}:iam::aws:policy/{ENI_MANAGED_POLICY}"
    return RoleOptions(
        path=config.path if config.path != "/" else "",
        description=config.description or f"Lambda function {function_name}",
        permissions_boundary_arn=config.permissions_boundary_arn,
        max_session_seconds=config.max_session_seconds,
        managed_policy_arns=managed,
        trusts=tuple(trust.statement(target.partition) for trust in config.trusts),
    )
