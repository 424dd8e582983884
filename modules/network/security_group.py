"""A security group whose rules name other groups, never address ranges."""

from __future__ import annotations

from dataclasses import dataclass

import modules.core.engine

from cdktf_cdktf_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core import limits
from modules.core.connections import SecurityGroupLike
from modules.core.context import target_of
from modules.core.errors import ConfigError

HTTPS = 443


@dataclass(frozen=True)
class _Peer:
    """Where a rule leads: the id of a group or a prefix list, and a TCP port."""

    id: str
    port: int


class SecurityGroup(Construct):
    """A security group without rules; each rule is a resource of its own with a description.

    Several functions may share a group, so asking twice for the same rule makes it once. A group that exists already
    keeps its rules; those asked for here stand beside them.

    Attributes:
        id: the group's id, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        thing: str,
        description: str,
        vpc_id: str,
        is_dual_stack: bool = False,
        existing_id: str = "",
    ) -> None:
        super().__init__(scope, construct_id)
        self._thing = thing
        self._families = ("ipv4", "ipv6") if is_dual_stack else ("ipv4",)
        self._peers: dict[str, _Peer] = {}
        self._internet_reasons: set[str] = set()
        self._internet_rules: list[VpcSecurityGroupEgressRule] = []
        self.id: str = existing_id or self._make(description, vpc_id)

    def allow_to(self, other: SecurityGroupLike, *, port: int, reason: str) -> None:
        """Open TCP `port` from this group to `other`: egress here, ingress there, each naming the other group.

        Args:
            other: the group of what is reached.
            port: TCP port.
            reason: short constant; construct id and description of both rules. When a rule to the same group and port
                stands under another reason already, that one serves, as EC2 takes no rule twice.

        Raises:
            ConfigError: the reason is taken by another group or port.
        """
        if not self._is_new(reason, _Peer(other.id, port)):
            return
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
        """Open TCP `port` to an AWS-managed prefix list, as gateway endpoints need.

        Raises:
            ConfigError: the reason is taken by another prefix list, group or port.
        """
        if self._is_new(reason, _Peer(prefix_list_id, port)):
            self._egress(reason, port=port, description=f"to {reason}", prefix_list_id=prefix_list_id)

    def allow_to_internet(self, *, reason: str) -> None:
        """Open HTTPS to any address; it takes a stated reason and still needs a route.

        All reasons share one rule per address family, whose description names them.
        """
        self._internet_reasons.add(reason)
        reasons = ", ".join(sorted(self._internet_reasons))
        description = f"HTTPS to the internet: {reasons}"[: limits.SECURITY_GROUP_RULE_DESCRIPTION_LENGTH]
        for rule in self._internet_rules:
            rule.description = description
        if not self._internet_rules:
            self._internet_rules = [
                self._egress(f"internet{suffix}", port=HTTPS, description=description, **{f"cidr_{family}": anywhere})
                for family, (suffix, anywhere) in _ANYWHERE.items()
                if family in self._families
            ]

    def _make(self, description: str, vpc_id: str) -> str:
        name = target_of(self).naming.name(self._thing, max_length=255)
        group = AwsSecurityGroup(self, "group", name=name, description=description, vpc_id=vpc_id, tags={"Name": name})
        made: str = group.id
        return made

    def _is_new(self, reason: str, peer: _Peer) -> bool:
        known = self._peers.get(reason)
        if known is not None and known != peer:
            raise ConfigError.single(
                self.node.path,
                f'a rule for "{reason}" to port {peer.port} is asked for',
                f'the group has a rule for "{reason}" to {_difference(known, peer)}',
                "give one of the two another name",
            )
        is_new = peer not in self._peers.values()
        self._peers[reason] = peer
        return is_new

    def _egress(
        self,
        peer: str,
        *,
        port: int,
        description: str,
        group_id: str | None = None,
        prefix_list_id: str | None = None,
        cidr_ipv4: str | None = None,
        cidr_ipv6: str | None = None,
    ) -> VpcSecurityGroupEgressRule:
        return VpcSecurityGroupEgressRule(
            self,
            f"to-{peer}",
            security_group_id=self.id,
            referenced_security_group_id=group_id,
            prefix_list_id=prefix_list_id,
            cidr_ipv4=cidr_ipv4,
            cidr_ipv6=cidr_ipv6,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
        )


_ANYWHERE = {"ipv4": ("", "0.0.0.0/0"), "ipv6": ("-ipv6", "::/0")}
"""Address family → suffix of the rule's construct id, and every address."""


def _difference(known: _Peer, peer: _Peer) -> str:
    return f"port {known.port}" if known.port != peer.port else "another group"
