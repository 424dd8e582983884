"""A bastion for port forwarding by Session Manager: no way in, no key pair, no address."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
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
from constructs import Construct

from modules.core.connections import Connectable
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.policy import PolicyDocument
from modules.core.statements import service_trust
from modules.key import KeyBase
from modules.network.base import NetworkBase
from modules.network.bastion_config import BastionConfig
from modules.network.security_group import SecurityGroup

_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}"
_SERVICES = ("ec2messages", "ssm", "ssmmessages")


class Bastion(Construct):
    """One instance in a private subnet; its group admits nothing, and leads only to what it is connected to.

    Attributes:
        instance_id: what `aws ssm start-session --target` takes, as a token.
        security_group: without ingress.

    Raises:
        ConfigError: the zone is none of the network's, or Session Manager has no way out.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: BastionConfig, network: NetworkBase, key: KeyBase
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        if config.zone not in network.availability_zones:
            raise ConfigError.single(
                self.node.path,
                f'zone is "{config.zone}"',
                f"the network has the zones {', '.join(network.availability_zones)}",
                "name one of them",
            )
        name = target.naming.name(construct_id)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=construct_id,
            description="Bastion for Session Manager",
            vpc_id=network.vpc_id,
            is_dual_stack=network.is_dual_stack,
        )
        for service in _SERVICES:
            self.connect_to(network.endpoint_for(service))
        interface = NetworkInterface(
            self,
            "interface",
            subnet_id=network.private_subnet_ids[network.availability_zones.index(config.zone)],
            description="Bastion",
            security_groups=[self.security_group.id],
            tags={"Name": name},
        )
        instance = Instance(
            self,
            "instance",
            ami=config.ami_id or self._newest_image(config.architecture),
            instance_type=config.instance_type,
            network_interface=[InstanceNetworkInterface(device_index=0, network_interface_id=interface.id)],
            iam_instance_profile=self._profile(name, target.partition),
            metadata_options=InstanceMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=InstanceRootBlockDevice(
                encrypted=True, kms_key_id=key.arn, volume_type="gp3", volume_size=config.volume_gb
            ),
            ebs_optimized=True,
            monitoring=True,
            tags={"Name": name},
            # a new image of Amazon's replaces nothing by itself: `terraform apply -replace` takes it when it suits
            lifecycle=None if config.ami_id else TerraformResourceLifecycle(ignore_changes=["ami"]),
        )
        self.instance_id: str = instance.id

    def connect_to(self, target: Connectable, **options: Any) -> None:
        """Open the security groups to something, such as a database proxy; who logs in brings the credentials.

        Args:
            target: what is reached.
            options: what `target.connection` takes.
        """
        connection = target.connection(**options)
        if connection.security_group is not None:
            self.security_group.allow_to(connection.security_group, port=connection.port, reason=connection.name)
        if connection.prefix_list_id:
            self.security_group.allow_to_prefix_list(
                connection.prefix_list_id, port=connection.port, reason=connection.name
            )
        if connection.internet_reason:
            self.security_group.allow_to_internet(reason=connection.internet_reason)

    def _newest_image(self, architecture: str) -> str:
        parameter = DataAwsSsmParameter(self, "image", name=_IMAGE.format(architecture))
        image: str = parameter.insecure_value
        return image

    def _profile(self, name: str, partition: str) -> str:
        role = IamRole(
            self,
            "role",
            name=name,
            assume_role_policy=PolicyDocument([service_trust("ec2.amazonaws.com")]).json,
        )
        IamRolePolicyAttachment(
            self, "policy", role=role.name, policy_arn=f"arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
        )
        profile = IamInstanceProfile(self, "profile", name=name, role=role.name)
        profile_name: str = profile.name
        return profile_name
