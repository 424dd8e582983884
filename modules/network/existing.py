"""A network that stands outside the stack, and behaves like one of the stack's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import modules.core.engine

from constructs import Construct

from modules.core.context import target_of
from modules.network.addresses import zone_letter
from modules.network.base import NetworkBase
from modules.network.endpoint_registry import EndpointRegistry
from modules.network.endpoints import ExistingGatewayEndpoint, ExistingInterfaceEndpoint
from modules.network.existing_config import ExistingNetworkConfig, NetworkLookupConfig
from modules.network.security_group import SecurityGroup


class ExistingNetwork(NetworkBase):
    """A VPC that another stack, or nobody's Terraform, made; functions, databases and endpoints are added to it.

    Attributes:
        tiers: subnet ids by tier and zone.

    Raises:
        ConfigError: a zone lies outside the target's region, or an endpoint is to be added that stands already.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: ExistingNetworkConfig | NetworkLookupConfig
    ) -> None:
        """Take part in the network; nothing is created but the endpoints that are asked for."""
        super().__init__(scope, construct_id)
        config.require(target_of(self), where=self.node.path)
        self.vpc_id, self.tiers, tables = self._find(config)
        self.availability_zones = self.function_zones = tuple(sorted(self.tiers["private"]))
        self.private_subnet_ids = self._subnet_ids("private")
        self.isolated_subnet_ids = self._subnet_ids("isolated")
        self.public_subnet_ids = self._subnet_ids("public")
        self.function_subnet_ids = self._subnet_ids("lambda") or self.private_subnet_ids
        self.is_dual_stack = config.is_dual_stack
        self.single_zone_reason = config.single_zone_reason
        self.reaches_internet, self.reaches_internet_ipv6 = config.reaches_internet, config.reaches_internet_ipv6
        self.locked_security_group_id = self.parking_security_group_id = config.parking_security_group_id or ""
        self._adds_endpoints = config.adds_endpoints
        self._endpoints = EndpointRegistry(
            self,
            vpc_id=self.vpc_id,
            config=config.endpoints,
            route_table_ids={
                f"{tier}-{zone_letter(zone)}": table for tier, found in tables.items() for zone, table in found.items()
            },
            subnet_ids=self.tiers["private"],
            existing=tuple(self._existing_endpoints(config)),
            single_zone_reason=self.single_zone_reason,
        )

    def _find(
        self, config: ExistingNetworkConfig | NetworkLookupConfig
    ) -> tuple[str, Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
        """The VPC, its subnets and its route tables, by tier and zone."""
        if isinstance(config, NetworkLookupConfig):
            from modules.network.lookup import find_network  # noqa: PLC0415  # its data sources, only when looked for

            return find_network(self, config)
        return config.vpc_id, config.subnets, config.route_table_ids

    def _subnet_ids(self, tier: str) -> tuple[str, ...]:
        subnets = self.tiers.get(tier, {})
        return tuple(subnets[zone] for zone in sorted(subnets))

    def _existing_endpoints(
        self, config: ExistingNetworkConfig | NetworkLookupConfig
    ) -> Iterator[ExistingGatewayEndpoint | ExistingInterfaceEndpoint]:
        for service, found in sorted(config.existing_endpoints.items()):
            for endpoint in found:
                if endpoint.prefix_list_id:
                    yield ExistingGatewayEndpoint(service, prefix_list_id=endpoint.prefix_list_id)
                else:
                    group = SecurityGroup(
                        self,
                        f"endpoint-{service}-security-group",
                        thing=f"{service.replace('.', '-')}-endpoint",
                        description=f"Interface endpoint of {service}",
                        vpc_id=self.vpc_id,
                        existing_id=endpoint.security_group_id or "",
                    )
                    yield ExistingInterfaceEndpoint(service, security_group=group)
