"""Where a path begins: one subnet of an origin, with its security groups."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.network import Answer, Check, Network
from analysis.network.answer import no, unknown
from analysis.network.peer import Peer, Port
from analysis.network.routes import Routes
from analysis.network.rules import EGRESS
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource
from analysis.reach.model import Need

_DUAL_STACK = "ipv6_allowed_for_dual_stack"
_VARIABLE = "environment.variables.AWS_USE_DUALSTACK_ENDPOINT"


@dataclass(frozen=True)
class Start:
    """One subnet of an origin.

    Attributes:
        network: the networks of the plan.
        resource: the origin.
        function: the function whose needs they are.
        subnet: the subnet.
        groups: security groups.
        doubts: why not all of the groups are known.
    """

    network: Network
    resource: Resource
    function: Resource
    subnet: Subnet
    groups: tuple[Part, ...]
    doubts: tuple[str, ...] = ()

    @property
    def routes(self) -> Routes:
        """Route tables of the plan."""
        return self.network.routes

    @property
    def peer(self) -> Peer:
        """How the other side sees it."""
        vpc = () if self.subnet.vpc is None else (self.subnet.vpc,)
        return Peer(
            name=self.resource.address,
            groups=self.groups,
            doubts=self.doubts,
            ranges=self.subnet.ranges,
            containers=frozenset((self.subnet.part, *vpc)),
        )

    def egress(self, peer: Peer, port: Port) -> Check:
        """Whether its security groups let a connection out."""
        check = self.network.groups.admits(self.groups, EGRESS, peer, port)
        if check.answer is not Answer.YES and self.doubts:
            return unknown(f"the security groups of {self.resource.address} ({', '.join(self.doubts)})")
        return check

    def ipv6(self) -> Check:
        """Whether it sends over IPv6."""
        subnet, function = self.subnet, self.resource
        if subnet.has_ipv6 is UNKNOWN:
            return unknown(f"whether {subnet} has an IPv6 range")
        if not subnet.has_ipv6:
            return no(f"an IPv6 range of {subnet}", "give the subnet an ipv6_cidr_block", str(subnet))
        allowed = self.network.lookups.setting(function, f"vpc_config.{_DUAL_STACK}")
        path = f"vpc_config.{_DUAL_STACK} of {function.address}"
        if allowed is UNKNOWN:
            return unknown(path, "set it to true", function.address)
        if allowed is not True:
            return no(path, f"set {_DUAL_STACK} to true", function.address)
        return Check(Answer.YES, "IPv6", function.address)

    def dual_stack_endpoints(self) -> Check:
        """Whether the function's AWS SDK asks for dual-stack endpoints, as it must over IPv6."""
        value = self.function.get(_VARIABLE)
        if str(value).lower() == "true":
            return Check(Answer.YES, "AWS_USE_DUALSTACK_ENDPOINT", self.function.address)
        fix = "set the variable AWS_USE_DUALSTACK_ENDPOINT to true"
        return unknown(f"whether {self.function.address} asks for dual-stack endpoints", fix, self.function.address)


def starts_of(network: Network, need: Need) -> tuple[tuple[Start, ...], tuple[str, ...]]:
    """Where a need begins, once for each subnet, and what of the subnets cannot be told."""
    origin = need.origin
    subnets, doubts = network.subnets_of(origin.resource, origin.subnets)
    groups, unsure = network.groups_of(origin.resource, origin.security_groups, subnets)
    reasons = tuple(doubt if doubt != origin.subnets else f"{origin.subnets} of {origin.resource}" for doubt in doubts)
    starts = tuple(Start(network, origin.resource, need.function, subnet, groups, unsure) for subnet in subnets)
    return starts, reasons
