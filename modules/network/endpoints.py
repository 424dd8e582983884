"""VPC endpoints: private ways to AWS services, each with a policy that admits this account only."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.network.security_group import HTTPS, SecurityGroup


def _account_only_policy(target: Target) -> str:
    """Endpoint policies take no principal but `*`; the condition keeps other accounts' credentials out."""
    this_account = Statement(
        sid="ThisAccountOnly",
        actions=("*",),
        resources=("*",),
        principals=(Principal("AWS", ("*",)),),
        conditions=(Condition("StringEquals", "aws:PrincipalAccount", (target.account_id,)),),
    )
    return PolicyDocument([this_account]).json


class GatewayEndpoint(Construct):
    """A gateway endpoint for S3 or DynamoDB: routes in route tables, no address, no charge.

    Attributes:
        service: service suffix, such as `s3`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, service: str, vpc_id: str, route_table_ids: list[str]
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.service = service
        endpoint = VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{target.region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=route_table_ids,
            policy=_account_only_policy(target),
            tags={"Name": target.naming.name(service, max_length=255)},
        )
        self._prefix_list_id: str = endpoint.prefix_list_id

    def connection(self) -> Connection:
        """HTTPS to the service's prefix list; permissions come from the service's own grants."""
        return Connection(name=self.service, port=HTTPS, prefix_list_id=self._prefix_list_id)


class InterfaceEndpoint(Construct):
    """An interface endpoint: one address per private subnet, private DNS, a security group of its own.

    Attributes:
        service: service suffix, such as `secretsmanager`.
        security_group: admits HTTPS from whoever connects.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, service: str, vpc_id: str, subnet_ids: list[str]
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.service = service
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=f"{service}-endpoint",
            description=f"Interface endpoint of {service}",
            vpc_id=vpc_id,
        )
        VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{target.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=subnet_ids,
            security_group_ids=[self.security_group.id],
            private_dns_enabled=True,
            policy=_account_only_policy(target),
            tags={"Name": target.naming.name(service, max_length=255)},
        )

    def connection(self) -> Connection:
        """HTTPS to the endpoint; permissions come from the service's own grants."""
        return Connection(name=self.service, port=HTTPS, security_group=self.security_group)
