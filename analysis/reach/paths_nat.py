"""NAT gateways and NAT instances on the way to the internet."""

from __future__ import annotations

from analysis.network import Answer, Check
from analysis.network.answer import no, unknown, yes
from analysis.network.peer import Peer, Port
from analysis.network.routes import INTERFACE, NAT_GATEWAY, Route
from analysis.network.rules import EGRESS, INGRESS
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource
from analysis.reach.start import Start
from analysis.reach.trail import Trail, agreed

_ACL = "network ACL"
_CHECK = "source_dest_check"


def nat_gateway(start: Start, target: Part | None, route: Route, peer: Peer, port: Port) -> Trail:
    """The steps through a NAT gateway: it is public, and its own subnet leads to the internet."""
    trail = Trail()
    if not isinstance(target, Resource):
        name = f"{target}, which is outside the plan," if target else f"the NAT gateway of {route.address}"
        trail.add(NAT_GATEWAY, unknown(f"whether {name} leads to the internet", "", route.address))
        return trail
    lookups = start.network.lookups
    kind = lookups.setting(target, "connectivity_type", "public")
    if kind == "private":
        missing = f"a public NAT gateway: {target} has private connectivity, which leads to no internet gateway"
        trail.add(NAT_GATEWAY, no(missing, "set connectivity_type to public", target.address))
        return trail
    if kind is UNKNOWN:
        trail.add(NAT_GATEWAY, unknown(f"connectivity_type of {target}", "set it to public", target.address))
    if lookups.setting(target, "availability_mode", "zonal") == "regional":
        trail.add(NAT_GATEWAY, yes("regional NAT gateway", target.address))
        trail.add("internet gateway", start.network.internet_gateway(lookups.vpc_of(target)))
        return trail
    trail.add(NAT_GATEWAY, yes("NAT gateway", target.address))
    trail.extend(_out_of(start, target, "subnet_id", peer, port))
    return trail


def nat_instance(start: Start, target: Resource, peer: Peer, port: Port) -> Trail:
    """The steps through an instance that forwards: no check of addresses, its groups, and its own subnet."""
    trail, network = Trail(), start.network
    lookups = network.lookups
    check = lookups.setting(target, _CHECK, default=True)
    if check is UNKNOWN:
        trail.add(INTERFACE, unknown(f"{_CHECK} of {target}", "set it to false", target.address))
    elif check is not False:
        missing = f"{_CHECK} = false of {target}, without which AWS drops what it forwards"
        trail.add(INTERFACE, no(missing, f"set {_CHECK} to false", target.address))
    path = "vpc_security_group_ids" if target.type == "aws_instance" else "security_groups"
    subnets, _ = network.subnets_of(target, "subnet_id")
    groups, doubts = network.groups_of(target, path, subnets)
    for direction, other in ((INGRESS, start.peer), (EGRESS, peer)):
        admitted = network.groups.admits(groups, direction, other, port)
        if doubts and admitted.answer is not Answer.YES:
            admitted = unknown(f"the security groups of {target}")
        trail.add("security group rule", admitted)
    trail.add("public address", _public_address(start, target, subnets))
    trail.extend(_out_of(start, target, "subnet_id", peer, port))
    return trail


def _public_address(start: Start, target: Resource, subnets: tuple[Subnet, ...]) -> Check:
    plan, lookups = start.network.plan, start.network.lookups
    if lookups.setting(target, "associate_public_ip_address") is True:
        return yes("public address", target.address)
    addresses = plan.referrers(target, "aws_eip", "aws_eip_association")
    if addresses:
        return yes("elastic IP address", addresses[0].address)
    for subnet in subnets:
        if isinstance(subnet.part, Resource) and subnet.part.get("map_public_ip_on_launch") is True:
            return yes("public address of the subnet", str(subnet))
    return unknown(f"whether {target} has a public address", "give it an aws_eip", target.address)


def _out_of(start: Start, target: Resource, path: str, peer: Peer, port: Port) -> Trail:
    """The steps through the subnet of a NAT gateway or instance; which of several it lies in may not be known."""
    subnets, doubts = start.network.subnets_of(target, path)
    doubt = f"the subnet of {target}"
    if subnets and not doubts:
        return agreed([_through(start, subnet, peer, port) for subnet in subnets], "subnet", doubt)
    trail = Trail()
    trail.add("subnet", unknown(doubt, "check that it is public", target.address))
    return trail


def _through(start: Start, subnet: Subnet, peer: Peer, port: Port) -> Trail:
    """The steps through a public subnet: its ACL on both sides, and its internet gateway."""
    trail, acls = Trail(), start.network.acls
    if subnet.part != start.subnet.part:
        trail.add(_ACL, acls.request(subnet, INGRESS, start.peer, port))
        trail.add(_ACL, acls.answers(subnet, EGRESS, start.peer))
    trail.add(_ACL, acls.request(subnet, EGRESS, peer, port))
    trail.add(_ACL, acls.answers(subnet, INGRESS, peer))
    trail.add("internet gateway", start.network.is_public(subnet))
    return trail
