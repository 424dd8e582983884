"""VPC endpoints: private ways to AWS services, each with a policy that admits this account only."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf import Fn, Op, Precondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_vpc_endpoint_service import DataAwsVpcEndpointService
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint, VpcEndpointDnsOptions
from cdktf_cdktf_provider_aws.vpc_endpoint_route_table_association import VpcEndpointRouteTableAssociation
from cdktf_cdktf_provider_aws.vpc_endpoint_subnet_association import VpcEndpointSubnetAssociation
from constructs import Construct

from modules.core.connections import Connection, SecurityGroupLike
from modules.core.context import target_of
from modules.core.skips import skip
from modules.network.addresses import zone_letter
from modules.network.endpoint_catalogue import ENDPOINT_SERVICES
from modules.network.endpoint_config import EndpointPolicyConfig, EndpointsConfig
from modules.network.endpoint_policy import endpoint_policy
from modules.network.security_group import HTTPS, SecurityGroup

FULL_ACCESS, ONE_ZONE = ("CKV2_LNET_109",), ("CKV2_LNET_107",)
"""Checks that an endpoint without a policy skips, and those that one in a single zone does."""
HELD_TO_A_POLICY = frozenset({"dynamodb", "s3", "secretsmanager"})
"""Services whose endpoints the checks want a policy of."""


class GatewayEndpoint(Construct):
    """A gateway endpoint for S3 or DynamoDB: routes in route tables, no address, no charge.

    Attributes:
        service: service suffix, such as `s3`.
        id: the endpoint's id, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str,
        vpc_id: str,
        route_table_ids: Mapping[str, str],
        policy: EndpointPolicyConfig,
    ) -> None:
        """Make it.

        Args:
            scope: parent.
            construct_id: its id.
            service: service suffix.
            vpc_id: the VPC.
            route_table_ids: route tables by a short constant of tier and zone, such as `private-a`.
            policy: who may pass.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.service = service
        endpoint = VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc_id,
            service_name=ENDPOINT_SERVICES[service].service_name(target, interface=False),
            vpc_endpoint_type="Gateway",
            policy=endpoint_policy(target, policy),
            tags={"Name": target.naming.name(service, max_length=255)},
        )
        _skip_full_access(endpoint, service, policy)
        self.id: str = endpoint.id
        self._prefix_list_id: str = endpoint.prefix_list_id
        for place, route_table_id in sorted(route_table_ids.items()):
            VpcEndpointRouteTableAssociation(
                self, f"routes-{place}", route_table_id=route_table_id, vpc_endpoint_id=self.id
            )

    def connection(self) -> Connection:
        """HTTPS to the service's prefix list; permissions come from the service's own grants."""
        return Connection(name=self.service, port=HTTPS, prefix_list_id=self._prefix_list_id)


class InterfaceEndpoint(Construct):
    """An interface endpoint: one address per private subnet, private DNS, a security group of its own.

    Attributes:
        service: service suffix, such as `secretsmanager`.
        id: the endpoint's id, as a token.
        security_group: admits HTTPS from whoever connects.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str,
        vpc_id: str,
        subnet_ids: Mapping[str, str],
        config: EndpointsConfig,
        single_zone_reason: str = "",
    ) -> None:
        """Make it.

        Args:
            scope: parent.
            construct_id: its id.
            service: service suffix.
            vpc_id: the VPC.
            subnet_ids: one subnet for each zone, by the zone's name.
            config: policies, and how subnets are attached.
            single_zone_reason: why the network has one zone only; empty where it has several.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        entry, self.service = ENDPOINT_SERVICES[service], service
        name, service_name = service.replace(".", "-"), entry.service_name(target, interface=True)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=f"{name}-endpoint",
            description=f"Interface endpoint of {service}",
            vpc_id=vpc_id,
        )
        inline = config.subnet_attachment == "inline"
        has_private_dns = entry.has_private_dns and not (service == "s3" and config.s3_private_dns == "none")
        policy = config.policies.get(service, EndpointPolicyConfig())
        for_s3 = service == "s3"
        endpoint = VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc_id,
            service_name=service_name,
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet_ids[zone] for zone in sorted(subnet_ids)] if inline else None,
            security_group_ids=[self.security_group.id],
            private_dns_enabled=has_private_dns,
            dns_options=_s3_dns(config.s3_private_dns) if for_s3 else None,
            policy=endpoint_policy(target, policy),
            tags={"Name": target.naming.name(f"{name}-interface" if for_s3 else name, max_length=255)},
        )
        self.id: str = endpoint.id
        self.service_name = service_name
        _skip_full_access(endpoint, service, policy)
        if has_private_dns:  # without it the checks fail for another reason than the zone
            skip(endpoint, single_zone_reason, *ONE_ZONE)
        if not config.unchecked_zones_reason:
            endpoint.lifecycle = self._checks(service_name, sorted(subnet_ids), policy)
        for zone, subnet_id in sorted(subnet_ids.items()):
            if not inline:
                VpcEndpointSubnetAssociation(
                    self, f"subnet-{zone_letter(zone)}", subnet_id=subnet_id, vpc_endpoint_id=self.id
                )

    def connection(self) -> Connection:
        """HTTPS to the endpoint; permissions come from the service's own grants."""
        return Connection(name=self.service, port=HTTPS, security_group=self.security_group)

    def _checks(self, service_name: str, zones: list[str], policy: EndpointPolicyConfig) -> TerraformResourceLifecycle:
        """What a plan asks AWS about the service: that every zone has it, and that it takes a policy."""
        offered = DataAwsVpcEndpointService(self, "service", service_name=service_name, service_type="Interface")
        missing = Fn.setsubtract(zones, offered.availability_zones)
        checks = [
            Precondition(
                condition=Op.lt(Fn.length_of(missing), 1),  # cdktf writes a 0 as `undefined`
                error_message=f"{self.node.path}: the endpoint stands in {', '.join(zones)}; the service "
                f"{service_name} is not offered in all of them; name those that have it in "
                f"endpoints.zones.{self.service}",
            )
        ]
        if policy.full_access_reason == "":
            checks.append(
                Precondition(
                    condition=offered.vpc_endpoint_policy_supported,
                    error_message=f"{self.node.path}: the endpoint has a policy; the service {service_name} takes "
                    f"none; set endpoints.policies.{self.service}.full_access_reason",
                )
            )
        return TerraformResourceLifecycle(precondition=checks)


class ExistingGatewayEndpoint:
    """A gateway endpoint that stands outside the stack.

    Attributes:
        service: service suffix, such as `s3`.
    """

    def __init__(self, service: str, *, prefix_list_id: str) -> None:
        self.service = service
        self._prefix_list_id = prefix_list_id

    def connection(self) -> Connection:
        """HTTPS to the service's prefix list."""
        return Connection(name=self.service, port=HTTPS, prefix_list_id=self._prefix_list_id)


class ExistingInterfaceEndpoint:
    """An interface endpoint that stands outside the stack; its group gets a rule for who connects.

    Attributes:
        service: service suffix, such as `secretsmanager`.
        security_group: the endpoint's group.
    """

    def __init__(self, service: str, *, security_group: SecurityGroupLike) -> None:
        self.service = service
        self.security_group = security_group

    def connection(self) -> Connection:
        """HTTPS to the endpoint."""
        return Connection(name=self.service, port=HTTPS, security_group=self.security_group)


def _skip_full_access(endpoint: VpcEndpoint, service: str, policy: EndpointPolicyConfig) -> None:
    if service in HELD_TO_A_POLICY:
        skip(endpoint, policy.full_access_reason, *FULL_ACCESS)


def _s3_dns(private_dns: str) -> VpcEndpointDnsOptions | None:
    """Only an endpoint with private DNS takes the option."""
    if private_dns == "none":
        return None
    return VpcEndpointDnsOptions(private_dns_only_for_inbound_resolver_endpoint=private_dns == "inbound_resolver")


Endpoint = GatewayEndpoint | InterfaceEndpoint | ExistingGatewayEndpoint | ExistingInterfaceEndpoint
