"""A function that exists already: security group rules and permissions as for an owned one."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.core.concurrency import Concurrency
from modules.core.connections import Connectable
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.invocation import InvocationTarget
from modules.core.policy import PolicyDocument, as_text
from modules.core.statements import Statement
from modules.core.tokens import is_token
from modules.function.existing_config import ExistingFunctionConfig
from modules.function.resource_policy import ResourcePolicy
from modules.function.resource_policy_config import ResourcePolicyConfig
from modules.network import NetworkBase, SecurityGroup


class ExistingFunction(Construct):
    """A function of somebody else's; nothing about it is changed but who may invoke it and what its group may reach.

    Attributes:
        function_name: the function's name; its ARN where that is known only later, which Lambda takes as well.
        arn: its ARN without a qualifier.
        invocation: what triggers invoke: the alias, or the unqualified function where none is named.
        security_group: its group, whose rules so far stay; absent when none is named.
        environment: variables that connections would set, for the function's owner.

    Raises:
        ConfigError: the function lies outside the target's account or region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ExistingFunctionConfig,
        network: NetworkBase | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        config.require(target_of(self), where=self.node.path)
        self._config, self._network = config, network
        self.arn = config.function_arn
        self.function_name = self.arn if is_token(self.arn) else self.arn.rsplit(":", 1)[-1]
        self.invocation = self._invocation()
        self.security_group: SecurityGroup | None = None
        if config.security_group_id is not None:
            self.security_group = SecurityGroup(
                self,
                "security-group",
                thing=construct_id,
                description="",
                vpc_id="",
                existing_id=config.security_group_id,
                is_dual_stack=network is not None and network.is_dual_stack,
            )
        self.environment: dict[str, str] = {}
        self._granted = PolicyDocument()
        self._policy: IamRolePolicy | None = None
        self._resource_policy = ResourcePolicy(
            self,
            "resource-policy",
            config=ResourcePolicyConfig(),
            function_name=self.function_name,
            function_arn=self.arn,
        )

    def connect_to(self, other: Connectable, **choices: Any) -> None:
        """Open both security groups and grant the role what reaching `other` takes.

        Args:
            other: a database proxy, an endpoint, or anything else with a `connection`.
            choices: what `other` lets one choose, such as `user="orders"`.

        Raises:
            ConfigError: the function has no security group here, its role gets no grants, or the connection mounts a
                file system, which only the function's owner can do.
        """
        connection = other.connection(**choices)
        if connection.file_system is not None:
            raise self._error(
                f"the connection {connection.name} mounts a file system",
                "only the function's owner can mount one",
                "mount it where the function is deployed",
            )
        if connection.security_group is not None or connection.prefix_list_id or connection.internet_reason:
            group = self._group(connection.name)
            if connection.security_group is not None:
                group.allow_to(connection.security_group, port=connection.port, reason=connection.name)
            if connection.prefix_list_id:
                group.allow_to_prefix_list(connection.prefix_list_id, port=connection.port, reason=connection.name)
            if connection.internet_reason:
                group.allow_to_internet(reason=connection.internet_reason)
        if connection.demand is not None:
            connection.demand.admit(Concurrency(self.node.path, self._config.reserved_concurrency))
        self.environment.update(connection.environment)
        if connection.statements and not self._config.granted_elsewhere_reason:
            self._grant(connection.name, connection.statements)
        for service in connection.services:
            self._reach(service, connection.name)

    def allow_invoke(
        self,
        statement_id: str,
        *,
        principal: str,
        source_arn: str = "",
        source_account: str = "",
        org_id: str = "",
        qualifier: str | None = None,
    ) -> TerraformResource:
        """Let somebody invoke the function; see `InvokeConfig` for what is asked of whom.

        Args:
            statement_id: short constant, unique in the function.
            principal: service, account, role, user, or `*` with `org_id`.
            source_arn: what a service acts for.
            source_account: account of that.
            org_id: organisation to which everybody is narrowed.
            qualifier: version or alias; None is the alias of the configuration if there is one, "" the unqualified
                function.

        Returns:
            The resource that lets it, for whoever must wait until the function can be invoked.

        Raises:
            ConfigError: the statement is refused, or its id is taken by another.
        """
        return self._resource_policy.allow(
            statement_id,
            principal=principal,
            source_arn=source_arn,
            source_account=source_account,
            org_id=org_id,
            qualifier=self.invocation.qualifier if qualifier is None else qualifier,
        )

    def _invocation(self) -> InvocationTarget:
        alias, target = self._config.alias, target_of(self)
        arn = f"{self.arn}:{alias}" if alias else self.arn
        invoke_arn = (
            f"arn:{target.partition}:apigateway:{target.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
        )
        return InvocationTarget(self.function_name, alias, arn, invoke_arn)

    def _group(self, name: str) -> SecurityGroup:
        if self.security_group is None:
            raise self._error(
                f"the connection {name} opens a way in the network",
                "the function has no security group here to open it from",
                "set security_group_id",
            )
        return self.security_group

    def _grant(self, name: str, statements: tuple[Statement, ...]) -> None:
        if not self._config.attach_grants:
            raise self._error(
                f"the connection {name} needs permissions",
                "the function's role is left as it is",
                f"set attach_grants and role_arn, or add {as_text(statements)} to the role and say so in "
                "granted_elsewhere_reason",
            )
        self._granted.add(*statements)
        if self._policy is None:
            target = target_of(self)
            self._policy = IamRolePolicy(
                self,
                "policy",
                name=target.naming.name(self.node.id),
                role=self._role_name(),
                policy=self._granted.json,
            )
        self._policy.policy = self._granted.json

    def _role_name(self) -> str:
        arn = self._config.role_arn or ""
        return self._config.role_name or arn.rsplit("/", 1)[-1]

    def _reach(self, service: str, name: str) -> None:
        if self._network is None:
            raise self._error(
                f"the connection {name} needs a way to the service {service}",
                "it leads through an endpoint or the internet, of which the network knows",
                "pass network=...",
            )
        self.connect_to(self._network.endpoint_for(service))

    def _error(self, given: str, allowed: str, fix: str) -> ConfigError:
        return ConfigError.single(self.node.path, given, allowed, fix)
