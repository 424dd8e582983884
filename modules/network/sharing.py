"""Subnets of a network that other accounts use, through AWS RAM."""

from __future__ import annotations

import hashlib

import modules.core.engine

from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.network.addresses import zone_letter
from modules.network.base import NetworkBase
from modules.network.sharing_config import SubnetShareConfig


class SubnetShare(Construct):
    """A resource share of the subnets of some tiers.

    Attributes:
        arn: the share's ARN, as a token.

    Raises:
        ConfigError: the network has no subnets of a tier that is to be shared.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: SubnetShareConfig, network: NetworkBase) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        share = RamResourceShare(
            self,
            "share",
            name=target.naming.name(construct_id),
            allow_external_principals=bool(config.external_principals_reason),
        )
        self.arn: str = share.arn
        for principal in sorted(config.principals):
            RamPrincipalAssociation(
                self, f"principal-{_word(principal)}", principal=principal, resource_share_arn=self.arn
            )
        for tier in sorted(config.tiers):
            for zone, subnet_id in self._subnets(network, tier):
                RamResourceAssociation(
                    self,
                    f"subnet-{tier}-{zone_letter(zone)}",
                    resource_arn=target.arn("ec2", f"subnet/{subnet_id}"),
                    resource_share_arn=self.arn,
                )

    def _subnets(self, network: NetworkBase, tier: str) -> list[tuple[str, str]]:
        by_tier = {
            "private": network.private_subnet_ids,
            "isolated": network.isolated_subnet_ids,
            "public": network.public_subnet_ids,
            "lambda": network.function_subnet_ids if network.function_subnet_ids != network.private_subnet_ids else (),
        }
        if not by_tier[tier]:
            raise ConfigError.single(
                self.node.path,
                f'tiers holds "{tier}"',
                f"the network has subnets in {', '.join(name for name, found in by_tier.items() if found)}",
                "remove it",
            )
        return list(zip(network.availability_zones, by_tier[tier], strict=True))


def _word(principal: str) -> str:
    """A short constant for a construct id; an ARN's is its hash, as ids take no colons."""
    return principal if principal.isdigit() else hashlib.sha256(principal.encode()).hexdigest()[:8]
