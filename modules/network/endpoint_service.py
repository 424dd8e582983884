"""A service of one's own, offered to other VPCs through PrivateLink."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.vpc_endpoint_service import VpcEndpointService
from constructs import Construct

from modules.core.context import target_of
from modules.core.skips import skip
from modules.network.sharing_config import EndpointServiceConfig

ACCEPTED_UNSEEN = ("CKV_AWS_123",)
"""Checks that a service skips which accepts endpoints unseen."""


class EndpointService(Construct):
    """An endpoint service behind network load balancers; each endpoint waits for acceptance unless told otherwise.

    Attributes:
        id: the service's id, as a token.
        service_name: what other VPCs make their endpoints with, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EndpointServiceConfig) -> None:
        super().__init__(scope, construct_id)
        service = VpcEndpointService(
            self,
            "service",
            acceptance_required=not config.automatic_acceptance_reason,
            network_load_balancer_arns=list(config.network_load_balancer_arns),
            allowed_principals=list(config.allowed_principals) or None,
            supported_ip_address_types=list(config.supported_ip_address_types),
            tags={"Name": target_of(self).naming.name(construct_id, max_length=255)},
        )
        skip(service, config.automatic_acceptance_reason, *ACCEPTED_UNSEEN)
        self.id: str = service.id
        self.service_name: str = service.service_name
