"""Paths from one VPC into another: peering connections and transit gateways, with routes both ways."""

from __future__ import annotations

from analysis.network import Answer, Check, Network
from analysis.network.answer import no, unknown, yes
from analysis.network.ranges import holds, meet
from analysis.network.routes import EGRESS_ONLY, INTERNET_GATEWAY, NAT_GATEWAY, PEERING, TRANSIT_GATEWAY, Route
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import UNKNOWN, Resource
from analysis.reach.trail import Trail

_ATTACHMENT = "aws_ec2_transit_gateway_vpc_attachment"
_TO_INTERNET = frozenset({EGRESS_ONLY, INTERNET_GATEWAY, NAT_GATEWAY})
_OWN_TABLES = (
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ec2_transit_gateway_route",
)


def route_between(network: Network, here: Subnet, there: Subnet) -> tuple[Check, Route | None]:
    """The route from one subnet's table to another subnet."""
    parts = network.routes.table_of(here)
    table = parts.only
    if table is None:
        doubt = parts.unknown[0] if parts.unknown else parts.doubt(f"the route table of {here}")
        return unknown(doubt, f"check that it leads to {there}"), None
    best, width, open_ = None, -1, dict[Route, str]()
    for route in network.routes.routes(table):
        length, unsure = _fit(route, there)
        if unsure:
            open_[route] = unsure
        if length > width:
            best, width = route, length
    others = [unsure for route, unsure in open_.items() if best is None or route.target != best.target]
    doubt = next(iter(others), "") or ("" if best is not None and width > 0 else network.routes.doubt(table))
    if best is not None and not doubt:
        return yes(f"{there} by the {best.kind}", best.address), best
    if doubt:
        return unknown(doubt, f"check that {table} leads to {there}", str(table)), None
    return no(f"a route of {table} from {here} to {there}", "add the route", str(table)), None


def between(network: Network, here: Subnet, there: Subnet) -> tuple[Trail, bool]:
    """The steps from a subnet to one in another VPC and back, and whether rules may name groups across."""
    trail = Trail()
    out, route = route_between(network, here, there)
    trail.add("route", out)
    if route is None:
        return trail, True
    by_group = True
    if route.kind == PEERING:
        trail.add(PEERING, _peering(network, route, here, there))
    elif route.kind == TRANSIT_GATEWAY:
        trail.add(TRANSIT_GATEWAY, _transit(network, route, here, there))
        target = route.target
        by_group = isinstance(target, Resource) and target.get("security_group_referencing_support") == "enable"
    elif route.kind in _TO_INTERNET:
        missing = f"a route from {here} to {there} (its {route.kind} leads to the internet)"
        trail.add("route", no(missing, "add a route to the other VPC", route.address))
    else:
        trail.add(route.kind, unknown(f"whether the {route.kind} of {route.address} leads to {there}"))
    back, other = route_between(network, there, here)
    trail.add("route", back)
    if other is not None and other.kind != route.kind:
        trail.add("route", unknown(f"whether answers come back by the {other.kind} of {other.address}"))
    return trail, by_group


def attachment(network: Network, gateway: Part | None, subnet: Subnet) -> Check:
    """Whether the VPC of a subnet is attached to a transit gateway, in the subnet's zone."""
    if not isinstance(gateway, Resource):
        return unknown(f"the attachments of {gateway or 'the transit gateway'}")
    if gateway.mode == "data" or subnet.vpc is None:
        return unknown(f"the attachments of {gateway}, which is outside the plan")
    lookups, unsure = network.lookups, False
    for entry in network.plan.referrers(gateway, _ATTACHMENT, via="transit_gateway_id"):
        same = network.same_vpc(lookups.vpc_of(entry), subnet.vpc)
        unsure = unsure or same is Answer.UNKNOWN
        if same is Answer.YES:
            return _in_zone(network, entry, subnet)
    if unsure:
        return unknown(f"the attachments of {gateway}", "", gateway.address)
    fix = "add an aws_ec2_transit_gateway_vpc_attachment"
    return no(f"an attachment of {subnet.vpc} to {gateway}", fix, gateway.address)


def _in_zone(network: Network, entry: Resource, subnet: Subnet) -> Check:
    subnets, doubts = network.subnets_of(entry, "subnet_ids")
    zones = {other.zone for other in subnets}
    if subnet.part in {other.part for other in subnets} or (subnet.zone and subnet.zone in zones):
        return yes("attachment", entry.address)
    if doubts or "" in zones or not subnet.zone:
        return unknown(f"the zones of {entry.address}", "attach a subnet in each zone", entry.address)
    fix = f"add a subnet in {subnet.zone} to its subnet_ids"
    return no(f"a subnet of {entry.address} in {subnet.zone}, the zone of {subnet}", fix, entry.address)


def _fit(route: Route, there: Subnet) -> tuple[int, str]:
    """Length of the route's prefix that holds a subnet, or -1; and why that is not certain."""
    lengths = [r.prefixlen for r in route.ranges if there.ranges and all(holds(r, each) for each in there.ranges)]
    if lengths:
        return max(lengths), ""
    if route.containers & {there.part, there.vpc}:
        return 0, ""
    if route.unknown:
        return -1, f"{route.unknown[0]} of {route.address}"
    partly = any(meet(r, each) for r in route.ranges for each in there.ranges)
    doubtful = partly or (not there.ranges and (route.ranges or route.containers))
    return -1, f"whether {route.address} holds all of {there}" if doubtful else ""


def _peering(network: Network, route: Route, here: Subnet, there: Subnet) -> Check:
    peering, lookups = route.target, network.lookups
    if not isinstance(peering, Resource):
        return unknown(f"which VPCs {peering or f'the peering connection of {route.address}'} joins", "", route.address)
    if peering.type == "aws_vpc_peering_connection_accepter":
        found = network.plan.links(peering, "vpc_peering_connection_id", "aws_vpc_peering_connection").only
        if found is None:
            return unknown(f"which VPCs {peering} joins", "", peering.address)
        peering = found
    ends = (lookups.vpc_of(peering), lookups.vpc_of(peering, "peer_vpc_id"))
    straight = _both(network, ends, (here.vpc, there.vpc)), _both(network, ends, (there.vpc, here.vpc))
    if Answer.YES not in straight:
        if Answer.UNKNOWN in straight:
            return unknown(f"which VPCs {peering} joins", "", peering.address)
        return no(f"a peering connection of {here.vpc} and {there.vpc}", f"correct {route.address}", peering.address)
    accepters = network.plan.referrers(peering, "aws_vpc_peering_connection_accepter", via="vpc_peering_connection_id")
    accepted = any(entry.get("auto_accept") is True for entry in (peering, *accepters))
    if accepted or peering.get("accept_status") == "active":
        return yes("peering connection", peering.address)
    return unknown(f"whether {peering} is accepted", "set auto_accept to true", peering.address)


def _both(network: Network, ends: tuple[Part | None, Part | None], wanted: tuple[Part | None, Part | None]) -> Answer:
    answers = {network.same_vpc(*pair) for pair in zip(ends, wanted, strict=True)}
    if Answer.NO in answers:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def _transit(network: Network, route: Route, here: Subnet, there: Subnet) -> Check:
    gateway = route.target
    for subnet in (here, there):
        check = attachment(network, gateway, subnet)
        if not check.passes:
            return check
    if not isinstance(gateway, Resource):
        return unknown(f"the routes of {gateway}")
    lookups, plan = network.lookups, network.plan
    settings = [
        lookups.setting(gateway, f"default_route_table_{name}", "enable") for name in ("association", "propagation")
    ]
    for entry in plan.referrers(gateway, _ATTACHMENT, via="transit_gateway_id"):
        for name in ("association", "propagation"):
            value = lookups.setting(entry, f"transit_gateway_default_route_table_{name}", default=True)
            settings.append("enable" if value is True else value)
    if any(value is UNKNOWN or value != "enable" for value in settings) or plan.of(*_OWN_TABLES):
        return unknown(f"the route tables of {gateway}", "check that they lead both ways", gateway.address)
    return yes("transit gateway", gateway.address)
