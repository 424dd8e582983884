"""A security group whose rules name other groups, never address ranges."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core.connections import SecurityGroupLike
from modules.core.context import target_of

HTTPS = 443


class SecurityGroup(Construct):
    """A security group without rules; each rule is a resource of its own with a description.

    Attributes:
        id: the group's id, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, thing: str, description: str, vpc_id: str) -> None:
        super().__init__(scope, construct_id)
        self._thing = thing
        name = target_of(self).naming.name(thing, max_length=255)
        group = AwsSecurityGroup(
            self,
            "group",
            name=name,
            description=description,
            vpc_id=vpc_id,
            tags={"Name": name},
        )
        self.id: str = group.id

    def allow_to(self, other: SecurityGroupLike, *, port: int, reason: str) -> None:
        """Open TCP `port` from this group to `other`: egress here, ingress there, each naming the other group.

        Args:
            other: the group of what is reached.
            port: TCP port.
            reason: short constant; construct id and description of both rules.
        """
        self._egress(reason, port=port, description=f"to {reason}", group_id=other.id)
        VpcSecurityGroupIngressRule(
            self,
            f"into-{reason}",
            security_group_id=other.id,
            referenced_security_group_id=self.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"from {self._thing}",
        )

    def allow_to_prefix_list(self, prefix_list_id: str, *, port: int, reason: str) -> None:
        """Open TCP `port` to an AWS-managed prefix list, as gateway endpoints need."""
        self._egress(reason, port=port, description=f"to {reason}", prefix_list_id=prefix_list_id)

    def allow_to_internet(self, *, reason: str) -> None:
        """Open HTTPS to any IPv4 address; it takes a stated reason and still needs a route."""
        self._egress("internet", port=HTTPS, description=f"HTTPS to the internet: {reason}", cidr="0.0.0.0/0")

    def _egress(
        self,
        peer: str,
        *,
        port: int,
        description: str,
        group_id: str | None = None,
        prefix_list_id: str | None = None,
        cidr: str | None = None,
    ) -> None:
        VpcSecurityGroupEgressRule(
            self,
            f"to-{peer}",
            security_group_id=self.id,
            referenced_security_group_id=group_id,
            prefix_list_id=prefix_list_id,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
        )
