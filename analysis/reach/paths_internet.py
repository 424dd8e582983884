"""Paths to hosts with public addresses: over IPv4 by NAT, over IPv6 by an egress-only internet gateway."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.network import Answer, Check
from analysis.network.answer import no, unknown, yes
from analysis.network.peer import Peer, Port
from analysis.network.ranges import EVERYWHERE, IPV4, IPV6, covered
from analysis.network.routes import (
    EGRESS_ONLY,
    INTERFACE,
    INTERNET_GATEWAY,
    LOCAL,
    NAT_GATEWAY,
    PEERING,
    TRANSIT_GATEWAY,
    Route,
)
from analysis.network.rules import EGRESS, INGRESS
from analysis.network.strays import Part
from analysis.plan import Resource
from analysis.reach.paths_nat import nat_gateway, nat_instance
from analysis.reach.paths_vpcs import attachment
from analysis.reach.start import Start
from analysis.reach.surroundings import public_access
from analysis.reach.trail import Outcome, Trail, agreed, every

ROUTE, EGRESS_RULE, ACL = "route", "security group rule", "network ACL"
_NAT = "add a route from 0.0.0.0/0 to a NAT gateway"


def public_peer(name: str, version: int = 4, prefix_lists: frozenset[str] = frozenset()) -> Peer:
    """Hosts with public addresses."""
    return Peer(name=name, is_public=True, version=version, prefix_lists=prefix_lists)


def over_ipv4(start: Start, name: str, ports: Sequence[Port]) -> Outcome:
    """What comes of the way to a public host over IPv4."""
    peer = public_peer(name)
    return every(_trail(start, peer, port).outcome() for port in ports)


def over_ipv6(start: Start, name: str, ports: Sequence[Port]) -> Outcome:
    """What comes of the way to a public host over IPv6."""
    peer = public_peer(name, 6)
    outcomes = []
    for port in ports:
        trail = Trail()
        trail.add("IPv6", start.ipv6())
        trail.extend(_trail(start, peer, port))
        outcomes.append(trail.outcome())
    return every(outcomes)


def leave(start: Start, peer: Peer, port: Port) -> Trail:
    """The steps out of the origin's subnet, and the answers' way back into it."""
    trail, acls = Trail(), start.network.acls
    trail.add(EGRESS_RULE, start.egress(peer, port))
    trail.add(ACL, acls.request(start.subnet, EGRESS, peer, port))
    trail.add(ACL, acls.answers(start.subnet, INGRESS, peer))
    return trail


def _trail(start: Start, peer: Peer, port: Port) -> Trail:
    trail = leave(start, peer, port)
    parts = start.routes.table_of(start.subnet)
    doubt = parts.doubt(f"the route table of {start.subnet}")
    if parts.unknown:
        trail.add(ROUTE, unknown(parts.unknown[0], "check that it leads there"))
    else:
        trail.extend(agreed([_by(start, table, peer, port) for table in parts.known], ROUTE, doubt))
    return trail


def _by(start: Start, table: Part, peer: Peer, port: Port) -> Trail:
    """The steps by one route table."""
    trail, version = Trail(), peer.version
    blocked = public_access(start)
    if not blocked.passes:
        trail.add("public access", blocked)
    routes = start.network.default_routes(table, version)
    ranges = [entry for route in routes for entry in route.ranges if entry.version == version]
    whole = covered(EVERYWHERE[version], ranges)
    if whole is not Answer.YES:
        trail.add(ROUTE, _no_route(start, table, peer, whole))
        return trail
    for route in dict.fromkeys(routes):
        trail.add(ROUTE, yes(f"{peer.name} by the {route.kind}", route.address))
        trail.extend(_gateway(start, route, peer, port))
    return trail


def _no_route(start: Start, table: Part, peer: Peer, whole: Answer) -> Check:
    doubtful = [route for route in start.routes.routes(table) if route.unknown]
    doubt = start.routes.doubt(table) or (f"{doubtful[0].unknown[0]} of {doubtful[0].address}" if doubtful else "")
    if whole is Answer.UNKNOWN:
        doubt = doubt or f"whether the routes of {table} hold {peer.name}"
    if doubt:
        return unknown(doubt, f"check that {table} leads to {peer.name}", str(table))
    if peer.version == IPV4:
        return no(f"a route of {table} from 0.0.0.0/0 to a NAT gateway, for {start.subnet}", _NAT, str(table))
    fix = "add a route from ::/0 to an egress-only internet gateway"
    return no(f"a route of {table} from ::/0 to an egress-only internet gateway, for {start.subnet}", fix, str(table))


def _gateway(start: Start, route: Route, peer: Peer, port: Port) -> Trail:
    trail = Trail()
    target, kind = route.target, route.kind
    if peer.version == IPV6:
        trail.add(kind, _gateway_6(start, route))
    elif kind == INTERNET_GATEWAY:
        missing = f"a way from the public subnet {start.subnet}: a function's network interfaces have no public address"
        fix = "put the function into private subnets whose route table leads to a NAT gateway"
        trail.add(kind, no(missing, fix, route.address))
    elif kind == NAT_GATEWAY:
        trail = nat_gateway(start, target, route, peer, port)
    elif kind == INTERFACE and isinstance(target, Resource):
        trail = nat_instance(start, target, peer, port)
    elif kind == TRANSIT_GATEWAY:
        trail.add(kind, _by_transit_gateway(start, route))
    elif kind in {PEERING, EGRESS_ONLY, LOCAL}:
        trail.add(kind, no(f"a NAT gateway: a {kind} leads no request to the internet", _NAT, route.address))
    else:
        trail.add(kind, unknown(f"where {target or route.address} leads", "check it outside the plan", route.address))
    return trail


def _gateway_6(start: Start, route: Route) -> Check:
    if route.kind == EGRESS_ONLY and route.target is not None:
        return yes(f"IPv6 out of {start.subnet}", str(route.target))
    fix = "lead ::/0 to an egress-only internet gateway"
    return unknown(f"whether the {route.kind} of {route.address} takes IPv6 of a function", fix, route.address)


def _by_transit_gateway(start: Start, route: Route) -> Check:
    check = attachment(start.network, route.target, start.subnet)
    if check.answer is Answer.NO:
        return check
    name = route.target or f"the transit gateway of {route.address}"
    return unknown(f"whether {name} leads to the internet", "check its route tables", route.address)
