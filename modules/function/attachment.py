"""A function's attachment to a VPC: its subnets and security groups, and how its network interfaces go away."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionVpcConfig
from constructs import Construct

from modules.core import limits
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.function.attachment_config import AttachmentConfig
from modules.network import NetworkBase, SecurityGroup
from modules.network.interfaces import InterfacePair, interface_pairs


class Attachment(Construct):
    """Where a function stands in a network; there is never any ingress, and no egress but what is asked for.

    Attributes:
        vpc_config: the function resource's `vpc_config`; absent unless the function is attached.
        replace_security_groups_on_destroy: the function resource's argument of that name; absent when off.
        replacement_security_group_ids: likewise; both are set or neither is.
        security_group: the group that `open` adds egress to; absent when the function brings groups or is detached.
        security_group_ids: all groups of the function.
        subnet_ids: its subnets.
        zones: their zones.
        single_zone_reason: why they lie in one zone; empty where they lie in several.
        is_attached: whether the function is in the VPC.
        keeps_eni_permissions: whether its role needs the permissions for network interfaces: while it is attached, and
            for the one apply that detaches it.

    Raises:
        ConfigError: the network lacks what the configuration asks for.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: AttachmentConfig,
        network: NetworkBase | None,
        function_name: str,
    ) -> None:
        super().__init__(scope, construct_id)
        config.require(target_of(self), where=self._where)
        self._config, self._network = config, network
        self.is_attached = config.state == "attached"
        self.keeps_eni_permissions = config.state != "detached"
        self.vpc_config: LambdaFunctionVpcConfig | None = None
        self.replace_security_groups_on_destroy: bool | None = None
        self.replacement_security_group_ids: list[str] | None = None
        self.security_group: SecurityGroup | None = None
        self.security_group_ids: tuple[str, ...] = ()
        self.subnet_ids: tuple[str, ...] = ()
        self.zones: tuple[str, ...] = ()
        self.single_zone_reason = ""
        if config.state == "detached":
            return
        if network is None:
            raise self._error(
                f'attachment.state is "{config.state}" and no network is given',
                "Lambda takes subnets and security groups of one VPC together (lambda API model)",
                "pass network=..., or detach the function",
            )
        self.security_group = self._own_group(config, network, function_name)
        if self.is_attached:
            self._attach(config, network)

    @property
    def interface_pairs(self) -> frozenset[InterfacePair]:
        """Network interfaces that the function needs; functions with the same pair share it."""
        return interface_pairs(self.subnet_ids, self.security_group_ids)

    def open(self, connection: Connection) -> None:
        """Open the way to what a connection leads to, by security group, prefix list or HTTPS to the internet.

        Raises:
            ConfigError: the function is detached, has groups whose rules are somebody else's, or the network has no
                route to the internet.
        """
        if connection.internet_reason:
            self.open_internet(connection.internet_reason)
        if connection.security_group is None and not connection.prefix_list_id:
            return
        group = self._group_for(connection.name)
        if connection.security_group is not None:
            group.allow_to(connection.security_group, port=connection.port, reason=connection.name)
        if connection.prefix_list_id:
            group.allow_to_prefix_list(connection.prefix_list_id, port=connection.port, reason=connection.name)

    def open_internet(self, reason: str) -> None:
        """Open HTTPS to the internet.

        Raises:
            ConfigError: no route leads there from the function's subnets.
        """
        if self._config.state == "detached":
            return  # without a VPC a function has Lambda's own way to the internet
        group, network = self._group_for("the internet"), self._network
        by_ipv6 = network is not None and network.reaches_internet_ipv6 and self._config.ipv6_allowed_for_dual_stack
        if network is None or self._config.tier == "isolated" or not (network.reaches_internet or by_ipv6):
            raise self._error(
                f'HTTPS to the internet is asked for ("{reason}")',
                "the function's subnets have no route there, so each call would hang until the function times out",
                "choose an egress of the network that leads to the internet, or name what is called in aws_services",
            )
        group.allow_to_internet(reason=reason)

    @property
    def _where(self) -> str:
        return str(self.node.scope.node.path) if self.node.scope else self.node.path

    def _error(self, given: str, allowed: str, fix: str) -> ConfigError:
        return ConfigError.single(self._where, given, allowed, fix)

    def _group_for(self, what: str) -> SecurityGroup:
        if self.security_group is None:
            given = f"a way to {what} is asked for"
            if self._config.state == "detached":
                raise self._error(
                    given, "the function is detached from its VPC", "remove the connection, or attach the function"
                )
            raise self._error(
                given,
                'attachment.security_group is "none", and rules of the groups in security_group_ids are left alone',
                "set security_group to application or own",
            )
        return self.security_group

    def _own_group(self, config: AttachmentConfig, network: NetworkBase, function_name: str) -> SecurityGroup | None:
        if config.security_group == "none":
            return None
        if config.security_group == "application":
            return network.application_security_group
        return SecurityGroup(
            self,
            "security-group",
            thing=str(self.node.scope.node.id) if self.node.scope else "",
            description=f"Lambda function {function_name}",
            vpc_id=network.vpc_id,
            is_dual_stack=network.is_dual_stack,
        )

    def _attach(self, config: AttachmentConfig, network: NetworkBase) -> None:
        self.zones, self.subnet_ids = self._subnets(config, network)
        own = (self.security_group.id,) if self.security_group else ()
        self.security_group_ids = (*own, *config.security_group_ids)
        self.vpc_config = LambdaFunctionVpcConfig(
            subnet_ids=list(self.subnet_ids),
            security_group_ids=list(self.security_group_ids),
            ipv6_allowed_for_dual_stack=config.ipv6_allowed_for_dual_stack or None,
        )
        network.interface_pairs |= self.interface_pairs
        if len(self.zones) == 1:
            self.single_zone_reason = config.single_zone_reason or network.single_zone_reason
        network.hosts_functions()
        if config.replace_security_groups_on_destroy:
            self.replace_security_groups_on_destroy = True
            self.replacement_security_group_ids = self._parking(config, network)

    def _subnets(self, config: AttachmentConfig, network: NetworkBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Zones and subnets of the function."""
        if config.subnets:
            public = [subnet.id for subnet in config.subnets if subnet.id in network.public_subnet_ids]
            if public:
                raise self._error(
                    f"attachment.subnets holds {', '.join(public)}",
                    "it is a public subnet, in which a function has neither a public address nor a way to the internet "
                    "(Lambda guide, VPC access)",
                    "name private subnets",
                )
            zones = {subnet.availability_zone for subnet in config.subnets}
            return tuple(sorted(zones)), tuple(subnet.id for subnet in config.subnets)
        by_zone = self._tier(config.tier, network)
        if not by_zone:
            raise self._error(
                f'attachment.tier is "{config.tier}"', "the network has no such subnets", "choose another tier"
            )
        missing = sorted(set(config.zones) - set(by_zone))
        if missing:
            raise self._error(
                f"attachment.zones holds {', '.join(missing)}",
                f"the network has such subnets in {', '.join(by_zone)}",
                "name zones of the network",
            )
        chosen = {zone: subnet for zone, subnet in by_zone.items() if not config.zones or zone in config.zones}
        ids = tuple(chosen.values())
        if len(ids) > limits.LAMBDA_MAX_SUBNETS:
            raise self._error(
                f"the network has {len(ids)} subnets for functions",
                f"Lambda takes {limits.LAMBDA_MAX_SUBNETS} (lambda API model)",
                "name some of them in attachment.subnets",
            )
        has_ipv6 = network.is_dual_stack and set(ids) <= set(network.function_subnet_ids)
        if config.ipv6_allowed_for_dual_stack and not has_ipv6:
            raise self._error(
                "attachment.ipv6_allowed_for_dual_stack is true",
                "every subnet of the function has to have IPv4 and IPv6 (Lambda guide), and these have IPv4 only",
                "make the network dual stack, or set it to false",
            )
        return tuple(chosen), ids

    def _tier(self, tier: str, network: NetworkBase) -> dict[str, str]:
        """Subnets of a tier by zone; empty when the network has none."""
        zones = network.availability_zones
        if tier == "private":
            return dict(zip(zones, network.private_subnet_ids, strict=bool(network.private_subnet_ids)))
        if tier == "isolated":
            return dict(zip(zones, network.isolated_subnet_ids, strict=bool(network.isolated_subnet_ids)))
        if tier == "lambda" and network.function_subnet_ids == network.private_subnet_ids:
            return {}
        return dict(zip(network.function_zones, network.function_subnet_ids, strict=True))

    def _parking(self, config: AttachmentConfig, network: NetworkBase) -> list[str]:
        if config.replacement_security_group_ids:
            return list(config.replacement_security_group_ids)
        if not network.parking_security_group_id:
            raise self._error(
                "attachment.replace_security_groups_on_destroy is true",
                "the network names no group that the function's network interfaces are moved to",
                "name a group without rules in the network's parking_security_group_id or in "
                "attachment.replacement_security_group_ids, or set it to false",
            )
        return [network.parking_security_group_id]
