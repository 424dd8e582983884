"""Network ACLs of a tier's subnets; each rule is a resource of its own, known by its name."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf_cdktf_provider_aws.network_acl import NetworkAcl as AwsNetworkAcl
from cdktf_cdktf_provider_aws.network_acl_association import NetworkAclAssociation
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from constructs import Construct

from modules.core.context import target_of
from modules.network.addresses import zone_letter
from modules.network.network_acl_config import IN_THE_VPC, NetworkAclConfig, NetworkAclRuleConfig

_PROTOCOLS = {"all": "-1", "tcp": "tcp", "udp": "udp"}


class NetworkAcl(Construct):
    """The network ACL of one tier.

    Attributes:
        id: its id, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        tier: str,
        config: NetworkAclConfig,
        vpc_id: str,
        vpc_cidrs: Mapping[str, str],
        subnet_ids: Mapping[str, str],
    ) -> None:
        """Make it.

        Args:
            scope: parent.
            construct_id: its id.
            tier: the tier's name.
            config: its rules.
            vpc_id: the VPC.
            vpc_cidrs: the VPC's IPv4 ranges, by a short constant that stays; the first one has the empty name.
            subnet_ids: the tier's subnets by zone.
        """
        super().__init__(scope, construct_id)
        name = target_of(self).naming.name(tier, max_length=255)
        made = AwsNetworkAcl(self, "acl", vpc_id=vpc_id, tags={"Name": name})
        self.id: str = made.id
        for direction, rules in (("ingress", config.ingress), ("egress", config.egress)):
            for rule_name, rule in sorted(rules.items()):
                self._add(f"{direction}-{rule_name}", rule, vpc_cidrs, is_egress=direction == "egress")
        for zone, subnet_id in sorted(subnet_ids.items()):
            NetworkAclAssociation(self, f"association-{zone_letter(zone)}", network_acl_id=self.id, subnet_id=subnet_id)

    def _add(self, name: str, rule: NetworkAclRuleConfig, vpc_cidrs: Mapping[str, str], *, is_egress: bool) -> None:
        """One rule; where it speaks of the whole VPC, one for each range, with the numbers that follow."""
        ranges = vpc_cidrs if rule.cidr == IN_THE_VPC else {"": rule.cidr}
        has_ports = rule.protocol != "all"
        for offset, (suffix, cidr) in enumerate(ranges.items()):
            NetworkAclRule(
                self,
                f"{name}-{suffix}" if suffix else name,
                network_acl_id=self.id,
                rule_number=rule.number + offset,
                rule_action=rule.action,
                egress=is_egress,
                protocol=_PROTOCOLS[rule.protocol],
                cidr_block=None if rule.is_ipv6 else cidr,
                ipv6_cidr_block=cidr if rule.is_ipv6 else None,
                from_port=rule.from_port if has_ports else None,
                to_port=rule.to_port if has_ports else None,
            )
