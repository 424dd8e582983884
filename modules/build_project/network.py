"""Where builds stand in a network: subnets, a group without ingress, and the ways that are asked for."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.codebuild_project import CodebuildProjectVpcConfig
from constructs import Construct

from modules.build_project.config import BuildProjectConfig
from modules.build_project.statements import network_statements
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.iam import Role
from modules.network import NetworkBase, SecurityGroup


class BuildNetwork(Construct):
    """The network of one project's builds.

    Attributes:
        security_group: of its builds; admits nothing.
        vpc_config: the project resource's argument.
    """

    def __init__(self, scope: Construct, construct_id: str, *, network: NetworkBase, role: Role) -> None:
        super().__init__(scope, construct_id)
        self._network = network
        self._thing = str(scope.node.id)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=self._thing,
            description="Builds of CodeBuild",
            vpc_id=network.vpc_id,
            is_dual_stack=network.is_dual_stack,
        )
        role.grant(*network_statements(target_of(self), network.private_subnet_ids, self.security_group.id))
        self.vpc_config = CodebuildProjectVpcConfig(
            vpc_id=network.vpc_id,
            subnets=list(network.private_subnet_ids),
            security_group_ids=[self.security_group.id],
        )

    def open(self, config: BuildProjectConfig, *, has_source: bool) -> None:
        """Open the ways that every build needs, and those that the configuration asks for.

        Raises:
            ConfigError: the network has none.
        """
        if config.internet_egress_reason:
            if not (self._network.reaches_internet or self._network.reaches_internet_ipv6):
                raise ConfigError.single(
                    str(self.node.scope.node.path) if self.node.scope else self.node.path,
                    f'HTTPS to the internet is asked for ("{config.internet_egress_reason}")',
                    "the network has no route there, so each call would hang until the build times out",
                    "choose an egress of the network that leads there, or name what is called in aws_services",
                )
            self.security_group.allow_to_internet(reason=config.internet_egress_reason)
        self._reach("logs", *(("s3",) if has_source else ()), *config.aws_services)

    def add(self, connection: Connection) -> None:
        """Open the way to what a connection leads to.

        Raises:
            ConfigError: the network has none.
        """
        if connection.security_group is not None:
            self.security_group.allow_to(connection.security_group, port=connection.port, reason=connection.name)
        if connection.prefix_list_id:
            self.security_group.allow_to_prefix_list(
                connection.prefix_list_id, port=connection.port, reason=connection.name
            )
        if connection.internet_reason:
            self.security_group.allow_to_internet(reason=connection.internet_reason)
        self._reach(*connection.services)

    def _reach(self, *services: str) -> None:
        for service in sorted(set(services)):
            try:
                way = self._network.endpoint_for(service)
            except ConfigError as error:
                raise error.within(str(self.node.scope.node.path) if self.node.scope else "") from None
            self.add(way.connection())
