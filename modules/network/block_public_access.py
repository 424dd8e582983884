"""Block public access: internet gateways of an account and region, shut but for named VPCs."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.vpc_block_public_access_exclusion import VpcBlockPublicAccessExclusion
from cdktf_cdktf_provider_aws.vpc_block_public_access_options import VpcBlockPublicAccessOptions
from constructs import Construct

from modules.core.context import target_of
from modules.network.sharing_config import BlockPublicAccessConfig


class BlockPublicAccess(Construct):
    """The mode of the whole account and region, so one stack of them has it; destroying it opens the gateways again."""

    def __init__(self, scope: Construct, construct_id: str, *, config: BlockPublicAccessConfig) -> None:
        super().__init__(scope, construct_id)
        naming = target_of(self).naming
        exclusions = [
            VpcBlockPublicAccessExclusion(
                self,
                f"exclusion-{name}",
                vpc_id=exclusion.vpc_id,
                internet_gateway_exclusion_mode=exclusion.mode,
                tags={"Name": naming.name(name, max_length=255)},
            )
            for name, exclusion in sorted(config.exclusions.items())
        ]
        # what is left out is left out before the gateways are shut
        VpcBlockPublicAccessOptions(self, "options", internet_gateway_block_mode=config.mode, depends_on=exclusions)
