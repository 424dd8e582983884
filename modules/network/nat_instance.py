"""An EC2 instance that translates addresses, for networks where a NAT gateway costs more than it is worth."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf import TerraformResource, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.eip_association import EipAssociation
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.instance import (
    Instance,
    InstanceMetadataOptions,
    InstanceNetworkInterface,
    InstanceRootBlockDevice,
)
from cdktf_cdktf_provider_aws.network_interface import NetworkInterface
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import service_trust
from modules.key import KeyBase
from modules.network.addresses import zone_letter
from modules.network.egress_config import NatInstance
from modules.network.security_group import SecurityGroup
from modules.network.subnets import Tier

_ALL_PROTOCOLS = "-1"
_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}"
_USER_DATA = """\
#!/bin/bash
set -euo pipefail
command -v nft > /dev/null || dnf install --assumeyes nftables
echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl --quiet --load=/etc/sysctl.d/90-nat.conf
interface=$(ip -oneline -4 route show default | awk '{print $5; exit}')
mkdir --parents /etc/nftables
cat > /etc/nftables/nat.nft <<END
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "$interface" masquerade
  }
}
END
echo 'include "/etc/nftables/nat.nft"' > /etc/sysconfig/nftables.conf
systemctl enable nftables
systemctl restart nftables
"""


class NatInstanceHost(Construct):
    """One instance in a public subnet, with a network interface of its own, so that routes outlive the instance.

    Attributes:
        network_interface_id: the interface that routes lead to, as a token.
        instance_id: the instance's id, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: NatInstance,
        vpc_id: str,
        public: Tier,
        served: Iterable[Tier],
        key: KeyBase,
    ) -> None:
        super().__init__(scope, construct_id)
        name = target_of(self).naming.name("nat", max_length=255)
        zone = config.zone or ""  # the configuration refuses a missing one
        interface = NetworkInterface(
            self,
            "interface",
            subnet_id=public.subnet_id(zone),
            description="NAT instance",
            source_dest_check=False,
            security_groups=[self._security_group(vpc_id, served).id],
            tags={"Name": name},
        )
        self.network_interface_id: str = interface.id
        address = self._address(config, name)
        instance = Instance(
            self,
            "instance",
            ami=config.ami_id or self._newest_image(config.architecture),
            instance_type=config.instance_type,
            network_interface=[
                InstanceNetworkInterface(device_index=0, network_interface_id=self.network_interface_id)
            ],
            iam_instance_profile=self._profile(session_manager=config.session_manager),
            user_data=_USER_DATA,
            user_data_replace_on_change=True,
            metadata_options=InstanceMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=InstanceRootBlockDevice(encrypted=True, kms_key_id=key.arn, volume_type="gp3"),
            ebs_optimized=True,
            monitoring=True,
            tags={"Name": name},
            depends_on=address,  # it fetches nftables over the address when it starts
            # a new image of Amazon's replaces nothing by itself: `terraform apply -replace` takes it when it suits
            lifecycle=None if config.ami_id else TerraformResourceLifecycle(ignore_changes=["ami"]),
        )
        self.instance_id: str = instance.id

    def _address(self, config: NatInstance, name: str) -> list[TerraformResource]:
        """The elastic IP of the interface: what to wait for."""
        own = None if config.elastic_ip_allocation_id else Eip(self, "address", domain="vpc", tags={"Name": name})
        association = EipAssociation(
            self,
            "address-association",
            allocation_id=own.allocation_id if own else config.elastic_ip_allocation_id,
            network_interface_id=self.network_interface_id,
        )
        return [association, *([own] if own else [])]

    def _security_group(self, vpc_id: str, served: Iterable[Tier]) -> SecurityGroup:
        group = SecurityGroup(self, "security-group", thing="nat", description="NAT instance", vpc_id=vpc_id)
        for tier in served:
            for zone, cidr in tier.cidrs.items():
                VpcSecurityGroupIngressRule(
                    self,
                    f"from-{tier.node.id}-{zone_letter(zone)}",
                    security_group_id=group.id,
                    cidr_ipv4=cidr,
                    ip_protocol=_ALL_PROTOCOLS,
                    description=f"from the {tier.node.id} subnet in {zone}",
                )
        VpcSecurityGroupEgressRule(
            self,
            "to-internet",
            security_group_id=group.id,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol=_ALL_PROTOCOLS,
            description="what the subnets it serves send; their own groups decide what that is",
        )
        return group

    def _newest_image(self, architecture: str) -> str:
        image: str = DataAwsSsmParameter(self, "image", name=_IMAGE.format(architecture)).insecure_value
        return image

    def _profile(self, *, session_manager: bool) -> str:
        """A role that may do nothing, unless Session Manager is asked for."""
        target = target_of(self)
        name = target.naming.name("nat-instance")
        trust = PolicyDocument([service_trust("ec2.amazonaws.com")]).json
        role: str = IamRole(self, "role", name=name, assume_role_policy=trust).name
        if session_manager:
            IamRolePolicyAttachment(
                self,
                "session-manager",
                role=role,
                policy_arn=f"arn:{target.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore",
            )
        profile: str = IamInstanceProfile(self, "profile", name=name, role=role).name
        return profile
